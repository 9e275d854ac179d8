//! Where a call comes from.

use gob::Gob;

/// The session and client behind a hook call (`plugin.Context`). Empty where there is none.
///
/// HTTP handlers find it among the request's extensions. What a client sent may be any bytes: U+FFFD stands for those that
/// are no UTF-8.
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
