//! The one task that owns the socket: it lets all ready work run, then writes once and reads once.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

use super::frame::{Kind, PROTOCOL_ERROR};
use super::table::Table;
use super::{MuxError, Shared};

/// After how many turns without anything new the driver goes to the socket. A turn lets every other ready task run once;
/// two, because a task that was woken may have spawned the one that has something to send.
const QUIET_TURNS: u8 = 2;

/// How many turns there are at most before what was produced so far is written: tasks that never rest
/// must not starve the socket.
const MAX_TURNS: u8 = 32;

/// How much is read from the socket at once. A host's round seldom has more.
const READ_SIZE: usize = 32 * 1024;

/// Moves bytes between the socket and the streams. Ends when the connection ends.
pub(crate) struct Driver<S> {
    socket: S,
    shared: Arc<Shared>,
    inbound: Box<[u8]>,
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
    pub(super) fn new(socket: S, shared: Arc<Shared>) -> Self {
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
        let mut table = shared.lock();
        // When nobody but the socket has woken the driver, nobody has anything to say that could be waited for.
        let mut is_over = table.outbound.awake() || turns.is_over(table.outbound.bytes().len());
        while is_over {
            *turns = Turns::default();
            let room = write(socket, &mut table, cx)?;
            if !room && table.outbound.is_overfull() {
                table.outbound.sleep(cx);
                return Poll::Pending;
            }
            // Before the lock is given back: what is appended from now on wakes the driver again.
            table.outbound.sleep(cx);
            drop(table);
            let mut bytes = ReadBuf::new(inbound);
            let read = Pin::new(&mut *socket).poll_read(cx, &mut bytes)?;
            if read.is_pending() && !room {
                return Poll::Pending;
            }
            if read.is_ready() && bytes.filled().is_empty() {
                return Poll::Ready(Err(MuxError::Ended));
            }
            table = shared.lock();
            table.outbound.awake();
            is_over = !(table.receive(bytes.filled())? | room);
        }
        turns.outbound = table.outbound.bytes().len();
        // All others run before this task does again: their frames then go out in one write.
        cx.waker().wake_by_ref();
        Poll::Pending
    }

    /// Tells the host, if the socket takes it, that it was at fault.
    fn go_away(&mut self, cx: &mut Context<'_>) {
        let mut table = self.shared.lock();
        let outbound = &mut table.outbound;
        outbound.control(Kind::GoAway, 0, 0, PROTOCOL_ERROR);
        drop(write(&mut self.socket, &mut table, cx));
    }
}

/// Writes as much as the socket takes; `true` when somebody waited for that.
fn write<S: AsyncWrite + Unpin>(
    socket: &mut S,
    table: &mut Table,
    cx: &mut Context<'_>,
) -> io::Result<bool> {
    let mut woken = false;
    while !table.outbound.bytes().is_empty() {
        match Pin::new(&mut *socket).poll_write(cx, table.outbound.bytes())? {
            Poll::Ready(0) => return Err(io::ErrorKind::WriteZero.into()),
            Poll::Ready(count) => woken |= table.advance(count),
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
            // A host that leaves closes its end under what is still being written: an end like any other.
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
