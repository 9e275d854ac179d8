//! The crate's one error type.

use crate::mux::MuxError;

/// What can go wrong between this process and the host.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// An environment variable that the host has set is unusable.
    #[error("{variable}={value:?}: {reason}")]
    Environment {
        /// The variable's name.
        variable: &'static str,
        /// Its value.
        value: String,
        /// What is wrong with it.
        reason: String,
    },
    /// There is no socket to listen on.
    #[error("cannot listen for the host on {address}: {source}")]
    Listen {
        /// Where it was tried.
        address: String,
        /// The system's error.
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
    /// The host did not dial a number within five seconds.
    #[error("the host did not dial stream {0} within 5 s")]
    AcceptTimeout(u32),
    /// A number was accepted twice at the same time.
    #[error("stream {0} is accepted already")]
    AcceptedTwice(u32),
    /// A stream has ended without which the plugin is useless.
    #[error("the stream to {name} has ended: {source}")]
    VitalStream {
        /// What is at the other end.
        name: &'static str,
        /// Why it ended.
        source: Box<Self>,
    },
    /// The host echoed a number other than the one that was dialled.
    #[error("the host answered stream {id} with the number {number}")]
    WrongEcho {
        /// The number that was dialled.
        id: u32,
        /// The number that was echoed.
        number: u32,
    },
    /// What the host sent is not valid gob, or a value cannot be encoded.
    #[error(transparent)]
    Gob(#[from] gob::Error),
    /// The peer answered a call with an error.
    #[error("{method}: {message}")]
    Call {
        /// The method, with its service.
        method: String,
        /// The text of the error.
        message: String,
    },
    /// A call was not answered in time.
    #[error("{method}: no answer within {limit:?}")]
    CallTimeout {
        /// The method, with its service.
        method: String,
        /// The time limit.
        limit: std::time::Duration,
    },
    /// The host answered a call that was not made.
    #[error("the host answered call {0}, which was not made")]
    UnknownCall(u64),
    /// A task of this crate panicked; the panic was logged.
    #[error("a task that serves the host panicked")]
    Panicked,
    /// The handshake line cannot be written to standard output.
    #[error("cannot print the handshake line on stdout: {0}")]
    Handshake(std::io::Error),
}
