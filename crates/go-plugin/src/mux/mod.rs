//! Multiplexing: many streams over the one connection to the host, by hashicorp's yamux protocol.
//!
//! One [`Session`] holds all streams and the bytes that wait for the socket, and does no I/O.
//! A [`Stream`] uses it from any task; only the [`Driver`] has the socket.

mod driver;
mod frame;
mod session;
mod stream;

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Waker};

use tokio::io::{AsyncRead, AsyncWrite};

use driver::Driver;
pub use frame::ProtocolError;
use session::Session;
pub use stream::Stream;

/// How many streams may exist at once; one more is not opened, or refused. A request holds two.
pub(crate) const MAX_STREAMS: usize = 4096;

/// How many streams of the host may wait to be accepted. A host opens four in its life (control, stdout, stderr, hooks);
/// each may fill a window of 256 KiB before it is accepted.
pub(crate) const MAX_INBOUND_STREAMS: usize = 32;

/// Why the connection to the host ended, or a stream could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum MuxError {
    /// The host has closed the connection, or ended.
    #[error("the host has closed the connection")]
    Ended,
    /// The host gives the connection up, with yamux's code for the reason: 1 says that the plugin broke the protocol.
    #[error("the host has given up the connection, with code {0}")]
    GoAway(u32),
    /// The host accepts no further streams; those that are open go on.
    #[error("the host takes no further streams")]
    NoMoreStreams,
    /// What the host sent is not yamux.
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

/// The session, which the driver and the streams of a connection share.
///
/// Wakers are called while the lock is held. They are a runtime's, which only puts the task into a queue.
struct SharedSession(Mutex<Session>);

impl SharedSession {
    fn lock(&self) -> MutexGuard<'_, Session> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Debug for SharedSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SharedSession").finish_non_exhaustive()
    }
}

/// Opens streams; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Opener(Arc<SharedSession>);

impl Opener {
    /// Opens a stream whose first frame carries the pieces of `first` (at most 16 KiB).
    /// It waits while the host has not acknowledged 256 others, or does not read.
    pub(crate) async fn open(&self, first: &[&[u8]]) -> Result<Stream, MuxError> {
        let id = poll_fn(|cx| self.0.lock().poll_open(cx, first)).await?;
        Ok(Stream::new(&self.0, id))
    }
}

/// The streams that the host opens.
#[derive(Debug)]
pub(crate) struct Acceptor(Arc<SharedSession>);

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
    connection(socket, Session::new(2, MAX_INBOUND_STREAMS))
}

/// The host's end.
#[cfg(any(test, feature = "test-util"))]
pub(crate) fn host<S>(socket: S) -> (Driver<S>, Opener, Acceptor)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    connection(socket, Session::new(1, session::ACCEPT_BACKLOG))
}

fn connection<S>(socket: S, session: Session) -> (Driver<S>, Opener, Acceptor)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let shared = Arc::new(SharedSession(Mutex::new(session)));
    let driver = Driver::new(socket, Arc::clone(&shared));
    (driver, Opener(Arc::clone(&shared)), Acceptor(shared))
}

/// Puts the task's waker into a slot; a waker of the same task that is there already is kept.
fn wait(slot: &mut Option<Waker>, cx: &Context<'_>) {
    match slot {
        Some(waker) => waker.clone_from(cx.waker()),
        None => *slot = Some(cx.waker().clone()),
    }
}

/// Wakes all tasks of a list and empties it; `false` when it was empty.
fn wake_all(list: &mut Vec<Waker>) -> bool {
    let woken = !list.is_empty();
    list.drain(..).for_each(Waker::wake);
    woken
}

/// Wakes the task whose waker is in a slot and empties it; `false` when it was empty.
fn wake(slot: &mut Option<Waker>) -> bool {
    slot.take().map(Waker::wake).is_some()
}
