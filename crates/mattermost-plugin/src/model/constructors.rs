//! Constructors of the values that plugins make most often.

use super::{CommandResponse, Permission, WebsocketBroadcast};

impl CommandResponse {
    /// A text that only the user who gave the command sees.
    #[must_use]
    pub fn ephemeral(text: impl Into<String>) -> Self {
        Self {
            response_type: "ephemeral".into(),
            text: text.into(),
            ..Self::default()
        }
    }

    /// A text that the whole channel sees.
    #[must_use]
    pub fn in_channel(text: impl Into<String>) -> Self {
        Self {
            response_type: "in_channel".into(),
            ..Self::ephemeral(text)
        }
    }
}

impl Permission {
    /// The permission with this id.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }

    /// The permission that only system administrators have.
    #[must_use]
    pub fn manage_system() -> Self {
        Self::new("manage_system")
    }
}

impl WebsocketBroadcast {
    /// All users who are logged in.
    #[must_use]
    pub fn all() -> Self {
        Self::default()
    }

    /// All connections of one user.
    #[must_use]
    pub fn user(id: impl Into<String>) -> Self {
        Self {
            user_id: id.into(),
            ..Self::default()
        }
    }

    /// The members of a channel.
    #[must_use]
    pub fn channel(id: impl Into<String>) -> Self {
        Self {
            channel_id: id.into(),
            ..Self::default()
        }
    }
}
