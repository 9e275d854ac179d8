//! `ServeHTTP`: converts Mattermost's requests to `http::Request`, and responses back.

mod body;
mod exchange;
mod gate;
mod headers;
mod host_headers;
mod pieces;
mod request;
mod response;
mod service;

pub use body::{Body, BodyError};
pub(crate) use exchange::Exchanges;
#[cfg(feature = "test-util")]
pub(crate) use request::GoUrl;
pub use request::{OriginalTarget, RemoteAddress};
pub(crate) use service::Router;
pub use service::{HttpService, NotFound};
