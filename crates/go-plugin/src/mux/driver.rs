//! The one task that owns the yamux connection and the socket: it lets all ready work run, then writes once and reads once.

use std::future::Future;
use std::io;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use bytes::Buf;
use futures_util::io::AsyncWrite as _;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite};
use tokio::sync::{mpsc, oneshot};

use super::bell::Bell;
use super::stream::Stream;
use super::wire::Wire;
use super::{MAX_STREAMS, MuxError};

/// After how many turns without anything new the driver goes to the socket. A turn lets every other ready task run once;
/// two, because a task that was woken may have spawned the one that has something to send.
const QUIET_TURNS: u8 = 2;

/// How many turns there are at most before what was produced so far is written: tasks that never rest
/// must not starve the socket.
const MAX_TURNS: u8 = 32;

/// How much is read from the socket at once. A host's round seldom has more.
const READ_SIZE: usize = 32 * 1024;

/// An empty buffer larger than this is given back after a burst.
const IDLE_BUFFER: usize = 64 * 1024;

/// A request of the rest of the process to the driver.
#[derive(Debug)]
pub(super) struct Open {
    /// Goes out in the same frame that opens the stream.
    pub(super) first: Vec<u8>,
    pub(super) reply: oneshot::Sender<Result<Stream, MuxError>>,
}

/// Moves bytes between socket and yamux, streams between yamux and the process. Ends when the connection ends.
pub(crate) struct Driver<S> {
    socket: S,
    wire: Wire,
    connection: yamux::Connection<Wire>,
    bell: Arc<Bell>,
    opens: mpsc::UnboundedReceiver<Open>,
    /// An `Open` that waits until yamux may open one more stream.
    waiting: Option<Open>,
    closing_sender: mpsc::UnboundedSender<yamux::Stream>,
    closing: mpsc::UnboundedReceiver<yamux::Stream>,
    unclosed: Vec<yamux::Stream>,
    accepted: mpsc::Sender<Stream>,
    turns: Turns,
}

/// The turns since the socket was last attended to.
#[derive(Debug, Default)]
struct Turns {
    all: u8,
    quiet: u8,
    /// How much there was to write at the last turn.
    outbound: usize,
}

impl Turns {
    /// Counts a turn; `true` when it is the socket's turn now.
    fn is_over(&mut self, handed_out: bool, outbound: usize) -> bool {
        let quiet = !handed_out && outbound == self.outbound;
        self.all += 1;
        self.quiet = if quiet { self.quiet + 1 } else { 0 };
        self.outbound = outbound;
        self.quiet >= QUIET_TURNS || self.all >= MAX_TURNS
    }
}

impl<S> std::fmt::Debug for Driver<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Driver").finish_non_exhaustive()
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Driver<S> {
    pub(super) fn new(
        socket: S,
        mode: yamux::Mode,
        opens: mpsc::UnboundedReceiver<Open>,
        accepted: mpsc::Sender<Stream>,
    ) -> Self {
        let mut config = yamux::Config::default();
        // The setters check each other, hence the first. Exactly the sum of the initial windows: none grows.
        config.set_max_connection_receive_window(None);
        config.set_max_num_streams(MAX_STREAMS);
        config
            .set_max_connection_receive_window(Some(MAX_STREAMS * yamux::DEFAULT_CREDIT as usize));
        let wire = Wire::default();
        let (closing_sender, closing) = mpsc::unbounded_channel();
        Self {
            socket,
            connection: yamux::Connection::new(wire.clone(), config, mode),
            wire,
            bell: Bell::new(),
            opens,
            waiting: None,
            closing_sender,
            closing,
            unclosed: Vec::new(),
            accepted,
            turns: Turns::default(),
        }
    }

    /// Lets yamux work off what is there. `true` when another task has got something to do by it.
    fn process(&mut self, cx: &mut Context<'_>) -> Result<bool, MuxError> {
        self.bell.register(cx.waker());
        let bell = Waker::from(Arc::clone(&self.bell));
        let mut of_yamux = Context::from_waker(&bell);
        let mut handed_out = self.bell.take() && self.process_inbound(&mut of_yamux)?;
        if self.process_opens(cx, &mut of_yamux)? {
            // The frames of a stream that yamux does not know yet ring for nobody.
            self.bell.ring();
            handed_out = true;
        }
        self.process_closing(cx, &mut of_yamux);
        Ok(handed_out)
    }

    fn process_inbound(&mut self, cx: &mut Context<'_>) -> Result<bool, MuxError> {
        let before = self.wire.with(|buffers| buffers.inbound.len());
        loop {
            match self.connection.poll_next_inbound(cx) {
                Poll::Ready(Some(Ok(stream))) => self.hand_over(stream),
                Poll::Ready(Some(Err(error))) => return Err(error.into()),
                Poll::Ready(None) => return Err(MuxError::Ended),
                Poll::Pending => break,
            }
        }
        Ok(self.wire.with(|buffers| buffers.inbound.len()) != before)
    }

    fn hand_over(&mut self, stream: yamux::Stream) {
        let stream = Stream::new(stream, self.closing_sender.clone());
        if let Err(error) = self.accepted.try_send(stream) {
            // Dropping it closes it: a host opens four streams, a flood of them is no host's.
            tracing::warn!("a stream of the host was refused: {error}");
        }
    }

    fn process_opens(
        &mut self,
        cx: &mut Context<'_>,
        of_yamux: &mut Context<'_>,
    ) -> Result<bool, MuxError> {
        let mut handed_out = false;
        loop {
            let Some(open) = self.waiting.take() else {
                match self.opens.poll_recv(cx) {
                    Poll::Ready(Some(open)) => {
                        self.waiting = Some(open);
                        continue;
                    }
                    Poll::Ready(None) | Poll::Pending => return Ok(handed_out),
                }
            };
            if open.reply.is_closed() {
                continue;
            }
            let mut stream = match self.connection.poll_new_outbound(of_yamux) {
                Poll::Ready(Ok(stream)) => stream,
                Poll::Ready(Err(error)) => return Err(error.into()),
                Poll::Pending => {
                    self.waiting = Some(open);
                    return Ok(handed_out);
                }
            };
            // The stream's first bytes go out with its SYN: a stream that is open and silent blocks
            // the host's accept loop, which reads the id of each before it takes the next (MuxBroker.Run).
            let written = Pin::new(&mut stream).poll_write(of_yamux, &open.first);
            let stream = Stream::new(stream, self.closing_sender.clone());
            let result = match written {
                Poll::Ready(Ok(count)) if count == open.first.len() => Ok(stream),
                _ => Err(MuxError::FirstBytes),
            };
            handed_out = true;
            // When the caller has gone meanwhile the stream comes back and is closed by its drop.
            drop(open.reply.send(result));
        }
    }

    fn process_closing(&mut self, cx: &mut Context<'_>, of_yamux: &mut Context<'_>) {
        while let Poll::Ready(Some(stream)) = self.closing.poll_recv(cx) {
            self.unclosed.push(stream);
        }
        self.unclosed
            .retain_mut(|stream| Pin::new(stream).poll_close(of_yamux).is_pending());
    }

    /// Writes as much as the socket takes.
    fn write(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        let Self { socket, wire, .. } = self;
        wire.with(|buffers| {
            while !buffers.outbound.is_empty() {
                match Pin::new(&mut *socket).poll_write(cx, &buffers.outbound) {
                    Poll::Ready(Ok(0)) => return Err(io::ErrorKind::WriteZero.into()),
                    Poll::Ready(Ok(count)) => buffers.outbound.advance(count),
                    Poll::Ready(Err(error)) => return Err(error),
                    Poll::Pending => return Ok(()),
                }
            }
            if buffers.outbound.capacity() > IDLE_BUFFER {
                buffers.outbound = bytes::BytesMut::new();
            }
            Ok(())
        })
    }

    /// Reads once. `true` when there is something for yamux, be it the end.
    fn read(&mut self, cx: &mut Context<'_>) -> io::Result<bool> {
        let Self { socket, wire, .. } = self;
        wire.with(|buffers| {
            // What yamux leaves unread for want of room in `outbound` is bounded here.
            if buffers.ended || buffers.inbound.len() >= READ_SIZE {
                return Ok(false);
            }
            buffers.inbound.reserve(READ_SIZE);
            match pin!(socket.read_buf(&mut buffers.inbound)).poll(cx) {
                Poll::Pending => Ok(false),
                Poll::Ready(Ok(count)) => {
                    buffers.ended = count == 0;
                    Ok(true)
                }
                Poll::Ready(Err(error)) => Err(error),
            }
        })
    }

    fn poll_round(&mut self, cx: &mut Context<'_>) -> Result<(), MuxError> {
        loop {
            let handed_out = self.process(cx)?;
            let outbound = self.wire.with(|buffers| buffers.outbound.len());
            if !self.turns.is_over(handed_out, outbound) {
                // All others run before this task does again: their frames then go out in one write.
                cx.waker().wake_by_ref();
                return Ok(());
            }
            self.turns = Turns::default();
            let was_full = self.wire.is_full();
            self.write(cx)?;
            if (was_full && !self.wire.is_full()) || self.read(cx)? {
                self.bell.ring();
                continue;
            }
            return Ok(());
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> Future for Driver<S> {
    /// Why the connection ended; [`MuxError::Ended`] is the ordinary end.
    type Output = MuxError;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<MuxError> {
        match self.poll_round(cx) {
            Ok(()) => Poll::Pending,
            // A host that leaves closes its end under what is still being written: an end like any other.
            Err(MuxError::Io(error)) if is_end(error.kind()) => Poll::Ready(MuxError::Ended),
            Err(error) => Poll::Ready(error),
        }
    }
}

fn is_end(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof, WriteZero};
    matches!(
        kind,
        BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof | WriteZero
    )
}
