//! `ServeHTTP`: converts Mattermost's requests to `http::Request`, and responses back. Requests to other plugins use the
//! same types.

mod body;
mod exchange;
mod gate;
mod headers;
mod host_headers;
mod pieces;
mod request;
mod response;
mod sent;
mod service;
#[cfg(feature = "axum")]
mod user;

pub use body::{Body, BodyError};
pub(crate) use body::{Sending, Unread};
pub(crate) use exchange::Exchanges;
pub(crate) use headers::{MAX_HEADERS, ReceivedHeaders};
#[cfg(feature = "test-util")]
pub(crate) use request::GoRequest;
pub use request::{OriginalTarget, RemoteAddress};
#[cfg(feature = "test-util")]
pub(crate) use sent::SentHeaders;
pub(crate) use sent::SentRequest;
pub(crate) use service::Router;
pub use service::{HttpService, NotFound};
#[cfg(feature = "axum")]
pub use user::UserId;
