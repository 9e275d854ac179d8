//! Multiplexing: many streams over the one connection to the host, by hashicorp's yamux protocol.
//!
//! One [`Table`] holds all streams and the bytes that are for the socket, and does no I/O.
//! A [`Stream`] works on it from any task; the [`Driver`] alone has the socket.

mod driver;
mod entry;
mod frame;
mod inbound;
mod outbound;
mod stream;
mod table;
#[cfg(test)]
mod tests;

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};

use tokio::io::{AsyncRead, AsyncWrite};

use driver::Driver;
pub use frame::ProtocolError;
pub use stream::Stream;
use table::Table;

/// How many streams may exist at once; one more is not opened, or refused. A request holds two.
pub(crate) const MAX_STREAMS: usize = 4096;

/// How many streams of the host may wait to be taken. A host opens four in its life (control, stdout, stderr, hooks);
/// each may fill a window of 256 KiB before anybody looks at it.
pub(crate) const MAX_INBOUND_STREAMS: usize = 32;

/// Why the connection to the host ended, or a stream could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum MuxError {
    /// The host has closed the connection, or ended.
    #[error("the host has closed the connection")]
    Ended,
    /// The host gives the connection up, for the reason of that number: 1 says that the plugin broke the protocol.
    #[error("the host has given up the connection, with code {0}")]
    GoAway(u32),
    /// The host takes no further streams; those that are open go on.
    #[error("the host takes no further streams")]
    NoMoreStreams,
    /// What the host sent is no yamux.
    #[error("the host broke the multiplexing protocol: {0}")]
    Protocol(#[from] ProtocolError),
    /// The socket failed.
    #[error("the connection to the host failed: {0}")]
    Io(#[from] std::io::Error),
    /// The first bytes of a stream do not fit into one frame.
    #[error("the first bytes of a stream did not fit into its first frame")]
    FirstBytes,
    /// No further stream can be opened before another is closed.
    #[error("{MAX_STREAMS} streams are open")]
    TooManyStreams,
}

/// What the driver and the streams of a connection have in common.
///
/// Wakers are used under the lock. They are a runtime's, which puts a task into a queue and runs none.
struct Shared(Mutex<Table>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Table> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for Shared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Shared").finish_non_exhaustive()
    }
}

/// Opens streams; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Opener(Arc<Shared>);

impl Opener {
    /// Opens a stream whose first frame carries the pieces of `first` (at most 16 KiB).
    /// It waits while the host has not answered 256 others, or does not read.
    pub(crate) async fn open(&self, first: &[&[u8]]) -> Result<Stream, MuxError> {
        let id = poll_fn(|cx| self.0.lock().poll_open(cx, first)).await?;
        Ok(Stream::new(&self.0, id))
    }
}

/// The streams that the host opens.
#[derive(Debug)]
pub(crate) struct Acceptor(Arc<Shared>);

impl Acceptor {
    /// Accepts the next stream; nothing at the connection's end.
    pub(crate) async fn accept(&mut self) -> Option<Stream> {
        let id = poll_fn(|cx| self.0.lock().poll_accept(cx)).await?;
        Some(Stream::new(&self.0, id))
    }
}

/// The plugin's end of a connection: the driver, which must be polled, the opener, and the streams that the host opens.
pub(crate) fn plugin<S>(socket: S) -> (Driver<S>, Opener, Acceptor)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    connection(socket, Table::new(2, MAX_INBOUND_STREAMS))
}

/// The host's end.
#[cfg(any(test, feature = "test-util"))]
pub(crate) fn host<S>(socket: S) -> (Driver<S>, Opener, Acceptor)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    connection(socket, Table::new(1, table::BACKLOG))
}

fn connection<S>(socket: S, table: Table) -> (Driver<S>, Opener, Acceptor)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let shared = Arc::new(Shared(Mutex::new(table)));
    let driver = Driver::new(socket, Arc::clone(&shared));
    (driver, Opener(Arc::clone(&shared)), Acceptor(shared))
}

/// Puts the task into a slot where it waits; a task that waits there already is not cloned anew.
fn wait(slot: &mut Option<Waker>, cx: &Context<'_>) {
    match slot {
        Some(waker) => waker.clone_from(cx.waker()),
        None => *slot = Some(cx.waker().clone()),
    }
}

/// Wakes all tasks of a list, which is empty then; `false` when it was before.
fn wake_all(list: &mut Vec<Waker>) -> bool {
    let woken = !list.is_empty();
    list.drain(..).for_each(Waker::wake);
    woken
}

/// Wakes the task that waits in a slot; `false` when none does.
fn wake(slot: &mut Option<Waker>) -> bool {
    slot.take().map(Waker::wake).is_some()
}
