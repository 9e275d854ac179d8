//! The session and client of a call.

use gob::Gob;

/// The session and client that caused a hook call (`plugin.Context`). Its fields are empty if there is none.
///
/// In an HTTP handler it is an extension of the request. U+FFFD replaces bytes of a client that are not UTF-8.
#[derive(Debug, Default, Clone, PartialEq, Eq, Gob)]
pub struct Context {
    /// The session's id.
    #[gob(lossy)]
    pub session_id: String,
    /// The WebSocket connection that caused the call (since 9.2).
    #[gob(lossy)]
    pub connection_id: String,
    /// The request's id, as in the server's log.
    #[gob(lossy)]
    pub request_id: String,
    /// The client's address.
    #[gob(name = "IPAddress", lossy)]
    pub ip_address: String,
    /// The client's `Accept-Language`.
    #[gob(lossy)]
    pub accept_language: String,
    /// The client's `User-Agent`.
    #[gob(lossy)]
    pub user_agent: String,
}
