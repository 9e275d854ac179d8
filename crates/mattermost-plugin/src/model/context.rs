//! Where a call comes from.

use gob::Gob;

/// The session and client behind a hook call (`plugin.Context`). Empty where there is none.
///
/// HTTP handlers find it among the request's extensions.
#[derive(Debug, Default, Clone, PartialEq, Eq, Gob)]
pub struct Context {
    /// The session's id.
    pub session_id: String,
    /// The WebSocket connection that caused the call (since 9.2).
    pub connection_id: String,
    /// The request's id, as in the server's log.
    pub request_id: String,
    /// The client's address.
    #[gob(name = "IPAddress")]
    pub ip_address: String,
    /// The client's `Accept-Language`.
    pub accept_language: String,
    /// The client's `User-Agent`.
    pub user_agent: String,
}
