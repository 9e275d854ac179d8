//! The envelopes of protocol version 20171130, in both directions.

mod incoming;
mod outgoing;
#[cfg(test)]
mod typescript;

pub(crate) use incoming::{Command, Enable, Refusal};
pub use incoming::{Field, RawEnvelope};
pub use outgoing::{Farewell, Outgoing};

/// What every `type` of this protocol begins with.
const PREFIX: &str = "notifymatters.";
