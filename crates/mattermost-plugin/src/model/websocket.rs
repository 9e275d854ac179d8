//! To whom a WebSocket event goes.

use std::collections::BTreeMap;

use gob::Gob;

/// The receivers of a WebSocket event (`model.WebsocketBroadcast`).
#[derive(Debug, Default, Clone, PartialEq, Eq, Gob)]
#[gob(name = "WebsocketBroadcast")]
pub struct Broadcast {
    /// Users who do not get it.
    pub omit_users: BTreeMap<String, bool>,
    /// Only this user gets it.
    pub user_id: String,
    /// Only members of this channel get it.
    pub channel_id: String,
    /// Only members of this team get it.
    pub team_id: String,
    /// Only this connection gets it.
    pub connection_id: String,
    /// This connection does not get it.
    pub omit_connection_id: String,
    /// System administrators do not get it.
    pub contains_sanitized_data: bool,
    /// Only system administrators get it.
    pub contains_sensitive_data: bool,
    /// Goes to other nodes of a cluster over the reliable channel.
    pub reliable_cluster_send: bool,
}

impl Broadcast {
    /// Everybody who is logged in.
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
