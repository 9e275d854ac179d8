//! The crate's one error type.

use crate::mux::MuxError;

/// What can go wrong between this process and the host.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The host's part of the environment is unusable.
    #[error("{variable}={value:?}: {reason}")]
    Environment {
        /// The variable's name.
        variable: &'static str,
        /// What it holds.
        value: String,
        /// What is wrong, and what would be right.
        reason: String,
    },
    /// No socket to listen on.
    #[error("cannot listen for the host on {address}: {source}")]
    Listen {
        /// Where it was tried.
        address: String,
        /// What the system says.
        source: std::io::Error,
    },
    /// The host did not connect.
    #[error("the host that started this plugin ended before it connected")]
    HostGone,
    /// The multiplexed connection ended.
    #[error(transparent)]
    Mux(#[from] MuxError),
    /// A stream ended or was reset.
    #[error("stream of the host: {0}")]
    Io(#[from] std::io::Error),
    /// The host did not dial a number it was given within five seconds.
    #[error("the host did not dial stream {0} within 5 s")]
    AcceptTimeout(u32),
    /// A number was accepted while somebody else waited for it.
    #[error("stream {0} is accepted already")]
    AcceptedTwice(u32),
    /// A stream has ended without which nothing works.
    #[error("the stream to {name} has ended: {source}")]
    VitalStream {
        /// What is at the other end.
        name: &'static str,
        /// Why it ended.
        source: Box<Self>,
    },
    /// The host echoed another number than the one that was dialled.
    #[error("the host answered stream {id} with the number {number}")]
    WrongEcho {
        /// What was dialled.
        id: u32,
        /// What was answered.
        number: u32,
    },
    /// What the host sent is no gob, or a value cannot be sent as one.
    #[error(transparent)]
    Gob(#[from] gob::Error),
    /// The peer answered a call with an error.
    #[error("{method}: {message}")]
    Call {
        /// The method, with its service.
        method: String,
        /// The peer's words.
        message: String,
    },
    /// The answer to a call did not come in time.
    #[error("{method}: no answer within {limit:?}")]
    CallTimeout {
        /// The method, with its service.
        method: String,
        /// how long was waited.
        limit: std::time::Duration,
    },
    /// An answer belongs to no call.
    #[error("the host answered call {0}, which was not made")]
    UnknownCall(u64),
    /// A task of this crate panicked; the panic itself was logged.
    #[error("a task that serves the host panicked")]
    Panicked,
    /// The standard streams are not as expected.
    #[error("cannot print the handshake line on stdout: {0}")]
    Handshake(std::io::Error),
}
