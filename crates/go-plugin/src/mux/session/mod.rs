//! A yamux session: all streams of a connection, as this process uses them: open, accept, read, write, close.
//!
//! Nothing here does I/O. What the peer sends is handled in `receive.rs`; what is sent to the peer is appended to
//! [`Outbound`], and the driver carries it to the socket.

mod outbound;
mod receive;
mod stream_state;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;
use std::io;
use std::task::{Context, Poll, Waker};

use bytes::{Buf, BytesMut};
use rustc_hash::FxHashMap;

use self::outbound::Outbound;
use self::stream_state::StreamState;
use super::frame::{ACK, FIN, FrameReader, Kind, RST, SYN};
use super::{MAX_STREAMS, MuxError};

/// The largest body of a data frame in bytes. A stream with a lot to send must not hold up the others.
const MAX_FRAME: usize = 16 * 1024;

/// How many streams may be open that the peer has not acknowledged. hashicorp's yamux resets a stream that arrives
/// while 256 others wait to be accepted (`AcceptBacklog`).
pub(super) const ACCEPT_BACKLOG: usize = 256;

/// A session with room for more streams than this gives the room back once it is nearly empty.
const IDLE_STREAMS: usize = 256;

#[derive(Debug)]
pub(super) struct Session {
    streams: FxHashMap<u32, StreamState>,
    /// The peer's streams that have not been accepted.
    accept_queue: VecDeque<u32>,
    accept_backlog: usize,
    acceptor: Option<Waker>,
    /// The id of the next stream that this side opens; the peer's ids are odd where these are even.
    next_id: u32,
    /// How many of this side's streams the peer has not acknowledged, including those that were closed since.
    inflight: usize,
    openers: Vec<Waker>,
    outbound: Outbound,
    frames: FrameReader,
    /// The stream whose frame is being read; 0 if its body is discarded.
    receiving: u32,
    /// Whether that frame has the flag FIN.
    receiving_fin: bool,
    /// The peer accepts no further streams.
    remote_go_away: bool,
    ended: bool,
}

impl Session {
    /// A side whose streams have the ids `first_id`, `first_id + 2` and so on, and which lets `accept_backlog` streams of
    /// the peer wait to be accepted.
    pub(super) fn new(first_id: u32, accept_backlog: usize) -> Self {
        Self {
            streams: FxHashMap::default(),
            accept_queue: VecDeque::new(),
            accept_backlog,
            acceptor: None,
            next_id: first_id,
            inflight: 0,
            openers: Vec::new(),
            outbound: Outbound::default(),
            frames: FrameReader::default(),
            receiving: 0,
            receiving_fin: false,
            remote_go_away: false,
            ended: false,
        }
    }

    /// Opens a stream and sends `first` in the frame that opens it. A stream that stays silent after it was opened would
    /// block the host's accept loop, which reads each stream's broker id before it takes the next (`MuxBroker.Run`).
    pub(super) fn poll_open(
        &mut self,
        cx: &Context<'_>,
        first: &[&[u8]],
    ) -> Poll<Result<u32, MuxError>> {
        if self.ended {
            return Poll::Ready(Err(MuxError::Ended));
        }
        if self.remote_go_away {
            return Poll::Ready(Err(MuxError::NoMoreStreams));
        }
        let length = first.iter().map(|piece| piece.len()).sum::<usize>();
        if length > MAX_FRAME {
            return Poll::Ready(Err(MuxError::FirstBytes));
        }
        if self.streams.len() >= MAX_STREAMS {
            return Poll::Ready(Err(MuxError::TooManyStreams));
        }
        if self.inflight >= ACCEPT_BACKLOG || self.outbound.is_full() {
            let waker = cx.waker();
            if !self.openers.iter().any(|opener| opener.will_wake(waker)) {
                self.openers.push(waker.clone());
            }
            return Poll::Pending;
        }
        let id = self.take_id();
        let mut stream = StreamState::new(false);
        // At most `MAX_FRAME`.
        let length = u32::try_from(length).unwrap_or_default();
        stream.send_window -= length;
        self.streams.insert(id, stream);
        self.inflight += 1;
        self.outbound.data(SYN, id, length, first);
        Poll::Ready(Ok(id))
    }

    /// The ids begin again after two thousand million streams; some may still be in use then.
    fn take_id(&mut self) -> u32 {
        loop {
            let id = self.next_id;
            self.next_id = id.wrapping_add(2);
            if id != 0 && !self.streams.contains_key(&id) {
                return id;
            }
        }
    }

    /// Accepts the peer's next stream; nothing at the end of the connection.
    ///
    /// The acknowledgement is sent at once, in a frame of its own. On a stream that the plugin never writes to (the
    /// copies of stdout and stderr) no other frame would carry it, and hashicorp's yamux ends the whole session after
    /// 75 seconds (`StreamOpenTimeout`, yamux 0.1.2).
    pub(super) fn poll_accept(&mut self, cx: &Context<'_>) -> Poll<Option<u32>> {
        if self.ended {
            return Poll::Ready(None);
        }
        while let Some(id) = self.accept_queue.pop_front() {
            if self.streams.get(&id).is_some_and(|stream| stream.reset) {
                self.streams.remove(&id);
                continue;
            }
            self.outbound.control(Kind::Data, ACK, id, 0);
            return Poll::Ready(Some(id));
        }
        super::wait(&mut self.acceptor, cx);
        Poll::Pending
    }

    /// Appends what the peer sent to `into`; `false` at the end of the stream, or of the connection.
    pub(super) fn poll_read(
        &mut self,
        cx: &Context<'_>,
        id: u32,
        into: &mut BytesMut,
    ) -> Poll<io::Result<bool>> {
        let stream = usable(&mut self.streams, id)?;
        if stream.recv_buf.is_empty() {
            if stream.remote_closed || self.ended {
                return Poll::Ready(Ok(false));
            }
            super::wait(&mut stream.reader, cx);
            return Poll::Pending;
        }
        if let Some(delta) = stream.read(into) {
            self.outbound.control(Kind::WindowUpdate, 0, id, delta);
        }
        Poll::Ready(Ok(true))
    }

    /// Sends all of `from`, as far as the peer's window and the bytes that wait for the socket allow.
    pub(super) fn poll_write(
        &mut self,
        cx: &Context<'_>,
        id: u32,
        from: &mut BytesMut,
    ) -> Poll<io::Result<()>> {
        if self.ended {
            return Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()));
        }
        let stream = usable(&mut self.streams, id)?;
        while !from.is_empty() {
            if stream.send_window == 0 || self.outbound.is_full() {
                super::wait(&mut stream.writer, cx);
                return Poll::Pending;
            }
            let length = from.len().min(MAX_FRAME);
            let length = u32::try_from(length)
                .map_or(stream.send_window, |length| length.min(stream.send_window));
            stream.send_window -= length;
            let (body, _) = from.split_at(length as usize);
            self.outbound.data(0, id, length, &[body]);
            from.advance(length as usize);
        }
        Poll::Ready(Ok(()))
    }

    /// Forgets a stream, and tells the peer that nothing more will be sent on it.
    ///
    /// FIN goes in a frame of its own: hashicorp's yamux loses the data of a frame that carries it. What the peer still
    /// sends is discarded. A peer that has used up its window would wait for ever for a window update, so it gets a reset
    /// instead. (A peer whose last bytes are still on the way when the stream is closed waits until it closes the
    /// stream itself.)
    pub(super) fn close(&mut self, id: u32) {
        let Some(stream) = self.streams.get_mut(&id) else {
            return;
        };
        if !self.ended && !stream.reset {
            let is_stuck = stream.recv_window == 0 && !stream.remote_closed;
            let flag = if is_stuck { RST } else { FIN };
            self.outbound.control(Kind::WindowUpdate, flag, id, 0);
            if !stream.acknowledged {
                // It is still in the peer's accept queue, and counts there.
                *stream = StreamState {
                    local_closed: true,
                    ..StreamState::new(false)
                };
                return;
            }
        }
        self.streams.remove(&id);
    }

    /// Forgets a stream, and tells the peer that it has not received all of it. One that the peer has not acknowledged has
    /// carried nothing, and is only closed.
    pub(super) fn reset(&mut self, id: u32) {
        match self.streams.get(&id) {
            Some(stream) if stream.acknowledged && !stream.reset && !self.ended => {
                self.outbound.control(Kind::WindowUpdate, RST, id, 0);
                self.streams.remove(&id);
            }
            _ => self.close(id),
        }
    }

    /// Whether the peer has acknowledged a stream that this side has opened.
    #[cfg(any(test, feature = "test-util"))]
    pub(super) fn is_acknowledged(&self, id: u32) -> bool {
        let stream = self.streams.get(&id);
        stream.is_some_and(|stream| stream.acknowledged && !stream.reset)
    }

    /// The bytes that wait for the socket.
    pub(super) fn unsent(&self) -> &[u8] {
        self.outbound.bytes()
    }

    /// Whether so much waits for the socket that nothing more may be read from it.
    pub(super) fn is_overfull(&self) -> bool {
        self.outbound.is_overfull()
    }

    /// Notes that the socket has taken the first `count` bytes; `true` when that has woken a task.
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
        for stream in self.streams.values_mut() {
            woken |= stream.send_window > 0 && super::wake(&mut stream.writer);
        }
        woken
    }

    /// From now on the next frame wakes the driver.
    pub(super) fn put_driver_to_sleep(&mut self, cx: &Context<'_>) {
        self.outbound.sleep(cx);
    }

    /// Notes that the driver runs; `true` when it slept until now, so that only the socket can have woken it.
    pub(super) fn driver_runs(&mut self) -> bool {
        self.outbound.awake()
    }

    /// Tells the peer that the session ends, with the code of the reason.
    pub(super) fn go_away(&mut self, code: u32) {
        self.outbound.control(Kind::GoAway, 0, 0, code);
    }

    /// Ends the session and wakes every task that waits for something.
    pub(super) fn end(&mut self) {
        self.ended = true;
        self.outbound = Outbound::default();
        super::wake(&mut self.acceptor);
        super::wake_all(&mut self.openers);
        for stream in self.streams.values_mut() {
            stream.wake();
        }
    }
}

/// A stream that exists and was not reset.
fn usable(streams: &mut FxHashMap<u32, StreamState>, id: u32) -> io::Result<&mut StreamState> {
    match streams.get_mut(&id) {
        Some(stream) if !stream.reset => Ok(stream),
        _ => Err(io::ErrorKind::ConnectionReset.into()),
    }
}
