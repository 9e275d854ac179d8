//! All streams of a connection, as their owners in this process see them: open, accept, read, write, close.
//!
//! Nothing here does I/O. What the host sends comes in through `inbound.rs`; what is for the host is appended to
//! [`Outbound`], and the driver carries it to the socket.

use std::collections::VecDeque;
use std::io;
use std::task::{Context, Poll, Waker};

use bytes::{Buf, BytesMut};
use rustc_hash::FxHashMap;

use super::entry::Entry;
use super::frame::{ACK, Cutter, FIN, Kind, RST, SYN};
use super::outbound::Outbound;
use super::{MAX_STREAMS, MuxError};

/// How much data a frame carries at most: a stream that has a lot to say lets the others have their turn.
pub(super) const MAX_FRAME: usize = 16 * 1024;

/// How many streams may be open that the peer has not answered. hashicorp's yamux resets the stream that finds 256 others
/// in the queue of its accept loop (`AcceptBacklog`).
pub(super) const BACKLOG: usize = 256;

/// A table of streams with room for more than this gives the room back once it is nearly empty.
const IDLE_STREAMS: usize = 256;

#[derive(Debug)]
pub(super) struct Table {
    pub(super) streams: FxHashMap<u32, Entry>,
    /// The peer's streams that nobody has accepted.
    pub(super) queue: VecDeque<u32>,
    pub(super) max_queue: usize,
    pub(super) acceptor: Option<Waker>,
    /// The number of the next stream that this side opens; the peer's are odd where these are even.
    pub(super) next: u32,
    /// How many of this side's streams the peer has not answered, the dropped ones included.
    pub(super) unanswered: usize,
    pub(super) openers: Vec<Waker>,
    pub(super) outbound: Outbound,
    pub(super) cutter: Cutter,
    /// The stream whose body is coming; 0 if it is for nobody.
    pub(super) receiving: u32,
    /// That body's frame is the stream's last.
    pub(super) is_last: bool,
    /// The peer takes no further streams.
    pub(super) is_leaving: bool,
    ended: bool,
}

impl Table {
    /// A side that numbers its streams from `first` on and lets `max_queue` of the peer's wait.
    pub(super) fn new(first: u32, max_queue: usize) -> Self {
        Self {
            streams: FxHashMap::default(),
            queue: VecDeque::new(),
            max_queue,
            acceptor: None,
            next: first,
            unanswered: 0,
            openers: Vec::new(),
            outbound: Outbound::default(),
            cutter: Cutter::default(),
            receiving: 0,
            is_last: false,
            is_leaving: false,
            ended: false,
        }
    }

    /// Opens a stream and sends `first` in the frame that opens it: a stream that is open and silent blocks
    /// the host's accept loop, which reads the number of each before it takes the next (`MuxBroker.Run`).
    pub(super) fn poll_open(
        &mut self,
        cx: &Context<'_>,
        first: &[&[u8]],
    ) -> Poll<Result<u32, MuxError>> {
        if self.ended {
            return Poll::Ready(Err(MuxError::Ended));
        }
        if self.is_leaving {
            return Poll::Ready(Err(MuxError::NoMoreStreams));
        }
        let length = first.iter().map(|piece| piece.len()).sum::<usize>();
        if length > MAX_FRAME {
            return Poll::Ready(Err(MuxError::FirstBytes));
        }
        if self.streams.len() >= MAX_STREAMS {
            return Poll::Ready(Err(MuxError::TooManyStreams));
        }
        if self.unanswered >= BACKLOG || self.outbound.is_full() {
            let waker = cx.waker();
            if !self.openers.iter().any(|opener| opener.will_wake(waker)) {
                self.openers.push(waker.clone());
            }
            return Poll::Pending;
        }
        let id = self.next_id();
        let mut entry = Entry::new(false);
        // At most `MAX_FRAME`.
        let length = u32::try_from(length).unwrap_or_default();
        entry.send_window -= length;
        self.streams.insert(id, entry);
        self.unanswered += 1;
        self.outbound.data(SYN, id, length, first);
        Poll::Ready(Ok(id))
    }

    /// After two thousand million streams the numbers begin anew; a few may still be in use then.
    fn next_id(&mut self) -> u32 {
        loop {
            let id = self.next;
            self.next = id.wrapping_add(2);
            if id != 0 && !self.streams.contains_key(&id) {
                return id;
            }
        }
    }

    /// Accepts the peer's next stream; nothing at the connection's end.
    ///
    /// The acknowledgement goes out at once and by itself. Where the plugin never writes (the copies of stdout and stderr)
    /// nothing else would carry it, and hashicorp's yamux ends the whole session after 75 seconds
    /// (`StreamOpenTimeout`, yamux 0.1.2).
    pub(super) fn poll_accept(&mut self, cx: &Context<'_>) -> Poll<Option<u32>> {
        if self.ended {
            return Poll::Ready(None);
        }
        while let Some(id) = self.queue.pop_front() {
            if self.streams.get(&id).is_some_and(|entry| entry.reset) {
                self.streams.remove(&id);
                continue;
            }
            self.outbound.control(Kind::Data, ACK, id, 0);
            return Poll::Ready(Some(id));
        }
        super::wait(&mut self.acceptor, cx);
        Poll::Pending
    }

    /// Appends what the peer sent to `into`; `false` at the end of the stream, or the connection.
    pub(super) fn poll_read(
        &mut self,
        cx: &Context<'_>,
        id: u32,
        into: &mut BytesMut,
    ) -> Poll<io::Result<bool>> {
        let entry = entry(&mut self.streams, id)?;
        if entry.inbound.is_empty() {
            if entry.finished || self.ended {
                return Poll::Ready(Ok(false));
            }
            super::wait(&mut entry.reader, cx);
            return Poll::Pending;
        }
        if let Some(more) = entry.hand_over(into) {
            self.outbound.control(Kind::WindowUpdate, 0, id, more);
        }
        Poll::Ready(Ok(true))
    }

    /// Sends all of `from`, as far as the peer's window and the socket's backlog allow.
    pub(super) fn poll_write(
        &mut self,
        cx: &Context<'_>,
        id: u32,
        from: &mut BytesMut,
    ) -> Poll<io::Result<()>> {
        if self.ended {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let entry = entry(&mut self.streams, id)?;
        while !from.is_empty() {
            if entry.send_window == 0 || self.outbound.is_full() {
                super::wait(&mut entry.writer, cx);
                return Poll::Pending;
            }
            let length = from.len().min(MAX_FRAME);
            let length = u32::try_from(length)
                .map_or(entry.send_window, |length| length.min(entry.send_window));
            entry.send_window -= length;
            let (body, _) = from.split_at(length as usize);
            self.outbound.data(0, id, length, &[body]);
            from.advance(length as usize);
        }
        Poll::Ready(Ok(()))
    }

    /// Forgets a stream, and tells the peer that nothing more will come.
    ///
    /// With a FIN in a frame of its own: hashicorp's yamux loses the data of a frame that carries one. What the peer
    /// still sends is for nobody and dropped. A peer that has used up its window and may be waiting for more would wait
    /// for ever: that one is told by a reset. (Whose last bytes are still under way waits until it closes the stream itself.)
    pub(super) fn close(&mut self, id: u32) {
        let Some(entry) = self.streams.get_mut(&id) else {
            return;
        };
        if !self.ended && !entry.reset {
            let is_stuck = entry.receive_window == 0 && !entry.finished;
            let flag = if is_stuck { RST } else { FIN };
            self.outbound.control(Kind::WindowUpdate, flag, id, 0);
            if !entry.answered {
                // It still stands in the peer's queue.
                *entry = Entry {
                    dropped: true,
                    ..Entry::new(false)
                };
                return;
            }
        }
        self.streams.remove(&id);
    }

    /// Notes that the socket has taken the first `count` bytes; `true` when somebody waited for that.
    pub(super) fn advance(&mut self, count: usize) -> bool {
        let was_full = self.outbound.is_full();
        self.outbound.advance(count);
        let capacity = self.streams.capacity();
        if capacity > IDLE_STREAMS && self.streams.len() < capacity / 16 {
            self.streams.shrink_to(IDLE_STREAMS / 2);
        }
        if !was_full || self.outbound.is_full() {
            return false;
        }
        let mut woken = super::wake_all(&mut self.openers);
        for entry in self.streams.values_mut() {
            woken |= entry.send_window > 0 && super::wake(&mut entry.writer);
        }
        woken
    }

    /// The connection has ended: whoever waits for anything learns it.
    pub(super) fn end(&mut self) {
        self.ended = true;
        self.outbound = Outbound::default();
        super::wake(&mut self.acceptor);
        super::wake_all(&mut self.openers);
        for entry in self.streams.values_mut() {
            entry.wake();
        }
    }
}

/// A stream that can be used.
fn entry(streams: &mut FxHashMap<u32, Entry>, id: u32) -> io::Result<&mut Entry> {
    match streams.get_mut(&id) {
        Some(entry) if !entry.reset => Ok(entry),
        _ => Err(io::ErrorKind::ConnectionReset.into()),
    }
}
