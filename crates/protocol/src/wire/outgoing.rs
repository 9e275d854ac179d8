//! What the session says.

use crate::{NotificationId, RequestId, Version};

/// What the frame says to its host. The page writes it as an envelope, whose types `typescript` makes.
#[derive(Clone, Debug, PartialEq)]
pub enum Outgoing<V> {
    /// The answer to `enable`.
    Ok {
        /// The host's own version, said back to it: the original example page wants it unchanged.
        version: Version,
        /// The host's own `state`, said back to it; `null` if it sent none.
        state: Option<V>,
    },
    /// Please ask the user.
    RequestPermission {
        /// The number that the answer's `ref` must carry.
        request: RequestId,
    },
    /// Please show this.
    New {
        /// The number that later reports must carry as `ref`.
        id: NotificationId,
        /// The title.
        title: V,
        /// An object, always; see [`crate::options`].
        options: V,
    },
    /// Please close this.
    Close {
        /// The number it was shown under.
        id: NotificationId,
    },
}
