//! Who sends a request.

use axum_core::extract::FromRequestParts;
use http::request::Parts;

use crate::{Error, StatusCode};

/// The header that the server sets for users who are logged in, and takes from everybody else.
const HEADER: &str = "Mattermost-User-Id";

/// For axum handlers: the id of the user who sends the request. Somebody who is not logged in is answered with 401.
///
/// ```
/// use axum::extract::State;
/// use mattermost_plugin::{Api, Error, UserId};
///
/// async fn page(State(api): State<Api>, UserId(id): UserId) -> Result<String, Error> {
///     let user = api.user(&id).await?;
///     Ok(format!("Hello, {}!", user.username))
/// }
/// # let _: axum::Router<Api> = axum::Router::new().route("/", axum::routing::get(page));
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserId(pub String);

impl<S: Sync> FromRequestParts<S> for UserId {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Error> {
        let id = parts.headers.get(HEADER).and_then(|id| id.to_str().ok());
        id.filter(|id| !id.is_empty())
            .map(|id| Self(id.to_owned()))
            .ok_or_else(|| Error::reject("Log in first.").with_status(StatusCode::UNAUTHORIZED))
    }
}
