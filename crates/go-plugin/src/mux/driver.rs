//! The one task that owns the socket: it lets all ready work run, then writes once and reads once.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::frame::PROTOCOL_ERROR;
use super::session::Session;
use super::{MuxError, SharedSession};

/// After how many turns in which nothing new was sent the driver goes to the socket. A turn lets every other ready task run
/// once. Two, because a task that was woken may have spawned the one that has something to send.
const QUIET_TURNS: u8 = 2;

/// How many turns there are at most between two visits to the socket: tasks that never stop sending must not starve it.
const MAX_TURNS: u8 = 32;

/// How many bytes are read from the socket at once. A host rarely sends more between two reads.
const READ_SIZE: usize = 32 * 1024;

/// Moves bytes between the socket and the streams. Ends when the connection ends.
pub(crate) struct Driver<S> {
    socket: S,
    shared: Arc<SharedSession>,
    inbound: Box<[u8]>,
    turns: Turns,
}

/// The turns since the driver last went to the socket.
#[derive(Debug, Default)]
struct Turns {
    all: u8,
    quiet: u8,
    /// How many bytes there were to write at the last turn.
    outbound: usize,
}

impl Turns {
    /// Counts a turn; `true` when the socket is next.
    fn is_over(&mut self, outbound: usize) -> bool {
        let quiet = outbound == self.outbound;
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
    pub(super) fn new(socket: S, shared: Arc<SharedSession>) -> Self {
        Self {
            socket,
            shared,
            inbound: vec![0; READ_SIZE].into(),
            turns: Turns::default(),
        }
    }

    fn poll_round(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), MuxError>> {
        let Self {
            socket,
            shared,
            inbound,
            turns,
        } = self;
        let mut session = shared.lock();
        // When only the socket has woken the driver, no task has anything to send that would be worth waiting for.
        let mut is_over = session.driver_runs() || turns.is_over(session.unsent().len());
        while is_over {
            *turns = Turns::default();
            let room = write(socket, &mut session, cx)?;
            if !room && session.is_overfull() {
                session.put_driver_to_sleep(cx);
                return Poll::Pending;
            }
            // While the lock is held: whatever is appended after it wakes the driver again.
            session.put_driver_to_sleep(cx);
            drop(session);
            let mut bytes = ReadBuf::new(inbound);
            let read = Pin::new(&mut *socket).poll_read(cx, &mut bytes)?;
            if read.is_pending() && !room {
                return Poll::Pending;
            }
            if read.is_ready() && bytes.filled().is_empty() {
                return Poll::Ready(Err(MuxError::Ended));
            }
            session = shared.lock();
            session.driver_runs();
            is_over = !(session.receive(bytes.filled())? | room);
        }
        turns.outbound = session.unsent().len();
        // All other tasks run before this one does again, and their frames then go out in one write.
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Tells the host, if the socket takes it, that it broke the protocol.
    fn go_away(&mut self, cx: &mut Context<'_>) {
        let mut session = self.shared.lock();
        session.go_away(PROTOCOL_ERROR);
        drop(write(&mut self.socket, &mut session, cx));
    }
}

/// Writes as much as the socket takes; `true` when that has woken a task.
fn write<S: AsyncWrite + Unpin>(
    socket: &mut S,
    session: &mut Session,
    cx: &mut Context<'_>,
) -> io::Result<bool> {
    let mut woken = false;
    while !session.unsent().is_empty() {
        match Pin::new(&mut *socket).poll_write(cx, session.unsent())? {
            Poll::Ready(0) => return Err(io::ErrorKind::WriteZero.into()),
            Poll::Ready(count) => woken |= session.advance(count),
            Poll::Pending => break,
        }
    }
    Ok(woken)
}

impl<S: AsyncRead + AsyncWrite + Unpin> Future for Driver<S> {
    /// Why the connection ended; [`MuxError::Ended`] is the ordinary end.
    type Output = MuxError;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<MuxError> {
        let Err(error) = ready!(self.poll_round(cx)) else {
            return Poll::Pending;
        };
        Poll::Ready(match error {
            // A host that leaves closes its end while something is still being written: an ordinary end.
            MuxError::Io(error) if is_end(error.kind()) => MuxError::Ended,
            MuxError::Protocol(error) => {
                self.go_away(cx);
                MuxError::Protocol(error)
            }
            error => error,
        })
    }
}

impl<S> Drop for Driver<S> {
    fn drop(&mut self) {
        self.shared.lock().end();
    }
}

fn is_end(kind: io::ErrorKind) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof, WriteZero};
    matches!(
        kind,
        BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof | WriteZero
    )
}
