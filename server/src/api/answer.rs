//! The kinds of responses.

use bytes::Bytes;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE};
use http::{HeaderValue, StatusCode};
use http_body_util::Full;
use serde::Serialize;

pub(super) type Response = http::Response<Full<Bytes>>;

/// A value as JSON, ready to be sent.
pub(super) fn json(value: &impl Serialize) -> serde_json::Result<Bytes> {
    serde_json::to_vec(value).map(Bytes::from)
}

/// JSON that no cache may store: it changes with the settings, and depends on the user.
pub(super) fn fresh(json: serde_json::Result<Bytes>) -> Response {
    let body = match json {
        Ok(body) => body,
        Err(error) => {
            tracing::error!("an answer cannot be written as JSON: {error}");
            return refuse(StatusCode::INTERNAL_SERVER_ERROR, "Internal Server Error");
        }
    };
    let mut response = Response::new(body.into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A status and one sentence.
pub(super) fn refuse(status: StatusCode, why: &str) -> Response {
    let mut response = Response::new(format!("{why}\n").into());
    *response.status_mut() = status;
    let text = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, text);
    response
}

/// The response where there is nothing, or nothing for this user.
pub(super) fn not_found() -> Response {
    refuse(StatusCode::NOT_FOUND, "there is nothing here")
}

/// The refusal of a method; it must name those that are allowed (RFC 9110, section 15.5.6).
pub(super) fn method_not_allowed(allowed: &'static str) -> Response {
    let mut response = refuse(StatusCode::METHOD_NOT_ALLOWED, "use another method");
    let allowed = HeaderValue::from_static(allowed);
    response.headers_mut().insert(ALLOW, allowed);
    response
}

/// The response to `HEAD`, made of that to `GET`.
pub(super) fn without_body(mut response: Response) -> Response {
    use http_body::Body as _;
    if let Some(length) = std::mem::take(response.body_mut()).size_hint().exact() {
        response.headers_mut().insert(CONTENT_LENGTH, length.into());
    }
    response
}
