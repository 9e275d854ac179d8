//! The environment of a session: the opaque types that it passes on without looking into them.

use core::fmt::Debug;

use crate::RawEnvelope;

/// The types of the place a session runs in: JavaScript values in a browser, plain ones in a test or a fuzzer.
///
/// They are only passed on, and compared if they are `PartialEq`.
pub trait World {
    /// A window that can send and receive messages; equality is identity (`===` of two `WindowProxy` objects).
    type Window: Clone + PartialEq + Debug;
    /// A value that is passed on: `state`, a title, options.
    type Value: Clone + Debug;
    /// The page's notification object; equality is identity.
    type Notification: Clone + PartialEq + Debug;
    /// What settles one call of `requestPermission()`. Not `Clone`: it can be answered once only.
    type Request: Debug;
    /// A message as it arrived.
    type Message: UnreadMessage<Value = Self::Value> + Debug;
}

/// A message whose sender is known and whose content has not been touched.
///
/// The session opens it only after it has judged the window and the origin that it came from, so that it never causes the bytes
/// of a stranger to be deserialised. It can be opened again: the host's `enable` is kept unread.
pub trait UnreadMessage {
    /// The opaque values inside.
    type Value;

    /// Reads the envelope's fields. `None`: the content is no object at all, so it cannot be meant for this protocol.
    fn open(&self) -> Option<RawEnvelope<Self::Value>>;
}
