//! Multiplexing: many streams over the one connection to the host, by the yamux crate.

mod bell;
mod driver;
mod stream;
mod wire;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{mpsc, oneshot};

use driver::{Driver, Open};
pub use stream::Stream;

/// How many streams may exist at once. A request holds two; the broker's users keep well below
/// (see [`Broker::dial`](crate::Broker::dial)), because to pass the yamux crate's own limit ends the session.
pub(crate) const MAX_STREAMS: usize = 4096;

/// How many streams of the host may wait to be taken. A host opens four in its life (control, stdout, stderr, hooks);
/// each may fill a window of 256 KiB before anybody looks at it.
pub(crate) const MAX_INBOUND_STREAMS: usize = 32;

/// The same at the host's end, as in hashicorp's yamux (`AcceptBacklog`).
const HOST_BACKLOG: usize = 256;

/// Why the connection to the host ended, or a stream could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum MuxError {
    /// The host has closed the connection, or ended.
    #[error("the host has closed the connection")]
    Ended,
    /// What the host sent is no yamux.
    #[error("the host broke the multiplexing protocol: {0}")]
    Protocol(yamux::ConnectionError),
    /// The socket failed.
    #[error("the connection to the host failed: {0}")]
    Io(#[from] std::io::Error),
    /// The first bytes of a stream do not fit into one frame.
    #[error("the first bytes of a stream did not fit into its first frame")]
    FirstBytes,
}

impl From<yamux::ConnectionError> for MuxError {
    fn from(error: yamux::ConnectionError) -> Self {
        match error {
            yamux::ConnectionError::Closed => Self::Ended,
            yamux::ConnectionError::Io(error) => Self::Io(error),
            other => Self::Protocol(other),
        }
    }
}

/// Opens streams; cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Opener(mpsc::UnboundedSender<Open>);

impl Opener {
    /// Opens a stream whose first frame carries `first` (at most 16 KiB).
    pub(crate) async fn open(&self, first: Vec<u8>) -> Result<Stream, MuxError> {
        let (reply, answer) = oneshot::channel();
        self.0
            .send(Open { first, reply })
            .map_err(|_| MuxError::Ended)?;
        answer.await.map_err(|_| MuxError::Ended)?
    }
}

/// A connection's three handles: the driver, which must be polled, the opener, and the streams that the host opens.
pub(crate) fn connection<S>(
    socket: S,
    mode: yamux::Mode,
) -> (Driver<S>, Opener, mpsc::Receiver<Stream>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let (open_sender, opens) = mpsc::unbounded_channel();
    let backlog = match mode {
        yamux::Mode::Server => MAX_INBOUND_STREAMS,
        yamux::Mode::Client => HOST_BACKLOG,
    };
    let (accepted_sender, accepted) = mpsc::channel(backlog);
    let driver = Driver::new(socket, mode, opens, accepted_sender);
    (driver, Opener(open_sender), accepted)
}
