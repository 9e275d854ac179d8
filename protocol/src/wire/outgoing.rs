//! The messages to a host.

use crate::{Capabilities, NotificationId, RequestId, Version};

/// What the frame says to its host. The page writes it as an envelope, whose types `typescript` makes.
#[derive(Clone, Debug, PartialEq)]
pub enum Outgoing<V> {
    /// The answer to `enable`.
    Ok {
        /// The host's own version, sent back: the original example page expects it unchanged.
        version: Version,
        /// The host's own `state`, sent back; `null` if it sent none.
        state: Option<V>,
        /// What the host has of what it wants. `None` if it said nothing of that: then the answer is the one of before capabilities,
        /// and has no version of the plugin's in it either.
        have: Option<Capabilities>,
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
    /// How the page is now, as far as this part of it goes.
    State {
        /// The part.
        what: Capabilities,
    },
    /// The host is no longer served.
    Off {
        /// Why.
        farewell: Farewell,
    },
}

/// Why a host is no longer served, although it is trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Farewell {
    /// Another host has taken over.
    Superseded,
    /// The user has signed out, or another one is there.
    SignedOut,
}

impl Farewell {
    /// All of them; the page knows each by its place in this list.
    pub const ALL: [Self; 2] = [Self::Superseded, Self::SignedOut];

    /// What the envelope says.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Superseded => "superseded",
            Self::SignedOut => "signed-out",
        }
    }
}
