//! A request as Mattermost sends it through the plugin protocol, made an `http::Request`.

use std::borrow::Cow;

use gob::{Decode, Gob};
use http::uri::PathAndQuery;
use http::{HeaderValue, Method, Request, Uri, Version, header};

use super::body::Body;
use super::headers::RequestHeaders;
use crate::model::Context;

/// The argument of the hook `ServeHTTP` (`Z_ServeHTTPArgs`).
#[derive(Debug, Default, Decode)]
pub(crate) struct ServeHttpArguments {
    pub(crate) response_writer_stream: u32,
    // In the heap, as the whole: what is large is copied wherever it is handed on.
    pub(crate) request: Option<Box<GoRequest>>,
    pub(crate) context: Option<Context>,
    pub(crate) request_body_stream: u32,
}

/// Of Go's `http.Request` what servers since 5.39 send; newer ones send no more than this (`HTTPRequestSubset`).
#[derive(Debug, Default, Decode)]
pub(crate) struct GoRequest {
    method: String,
    #[gob(name = "URL")]
    url: Option<GoUrl>,
    proto_major: i64,
    proto_minor: i64,
    header: RequestHeaders,
    host: String,
    remote_addr: String,
    #[gob(name = "RequestURI")]
    request_uri: String,
}

/// `url.URL`, which sends itself as its text.
#[derive(Debug, Default, Clone, PartialEq, Eq, Gob)]
#[gob(opaque)]
pub(crate) struct GoUrl(String);

impl gob::Opaque for GoUrl {
    const KIND: gob::OpaqueKind = gob::OpaqueKind::BinaryMarshaler;
    const NAME: &'static str = "URL";

    fn zero() -> Self {
        Self::default()
    }

    fn to_bytes(&self) -> gob::Result<Cow<'_, [u8]>> {
        Ok(self.0.as_bytes().into())
    }

    fn from_bytes(bytes: &[u8]) -> gob::Result<Self> {
        let text = std::str::from_utf8(bytes).map_err(gob::Error::opaque)?;
        Ok(Self(text.to_owned()))
    }
}

/// Where the request came from, among its extensions: the address of the client or of the last proxy, as Go writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteAddress(pub String);

/// The request's target as it was before Mattermost took away subpath and `/plugins/<id>`, among its extensions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginalTarget(pub String);

/// A request that no HTTP server should have let in.
#[derive(Debug, thiserror::Error)]
#[error("the request's {part} is malformed")]
pub(crate) struct MalformedRequest {
    part: &'static str,
}

impl GoRequest {
    pub(crate) fn content_length(&self) -> Option<u64> {
        let value = self.header.0.get(header::CONTENT_LENGTH)?;
        value.to_str().ok()?.parse().ok()
    }

    pub(crate) fn into_http(
        self: Box<Self>,
        context: Option<Context>,
        body: Body,
    ) -> Result<Request<Body>, MalformedRequest> {
        let malformed = |part| MalformedRequest { part };
        let mut request = Request::new(body);
        *request.method_mut() =
            Method::from_bytes(self.method.as_bytes()).map_err(|_| malformed("method"))?;
        *request.uri_mut() = target(self.url.unwrap_or_default().0).ok_or(malformed("URL"))?;
        *request.version_mut() = match (self.proto_major, self.proto_minor) {
            (1, 0) => Version::HTTP_10,
            (2, _) => Version::HTTP_2,
            _ => Version::HTTP_11,
        };
        *request.headers_mut() = self.header.0;
        // Go keeps it apart.
        if let Ok(host) = HeaderValue::try_from(self.host) {
            request.headers_mut().insert(header::HOST, host);
        }
        let extensions = request.extensions_mut();
        extensions.insert(context.unwrap_or_default());
        extensions.insert(RemoteAddress(self.remote_addr));
        extensions.insert(OriginalTarget(self.request_uri));
        Ok(request)
    }
}

/// Path and query; Go lets some bytes through that RFC 3986 wants escaped.
fn target(url: String) -> Option<Uri> {
    let as_it_is = url.starts_with('/') && !url.bytes().any(wants_escaping);
    let text = if as_it_is { url } else { escaped(&url) };
    let path_and_query = PathAndQuery::try_from(text).ok()?;
    let mut parts = http::uri::Parts::default();
    parts.path_and_query = Some(path_and_query);
    Uri::from_parts(parts).ok()
}

fn escaped(url: &str) -> String {
    let mut text = String::with_capacity(url.len() + 1);
    if !url.starts_with('/') {
        text.push('/');
    }
    for byte in url.bytes() {
        if wants_escaping(byte) {
            text.push_str(&format!("%{byte:02X}"));
        } else {
            text.push(char::from(byte));
        }
    }
    text
}

fn wants_escaping(byte: u8) -> bool {
    matches!(
        byte,
        b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'{' | b'|' | b'}' | b'#' | 0..=0x20 | 0x7f..
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn path_and_query_arrive_as_they_are() {
        let uri = target("/api/v1/config?a=1&b=%20".into()).unwrap();
        assert_eq!(uri.path(), "/api/v1/config");
        assert_eq!(uri.query(), Some("a=1&b=%20"));
    }

    #[test]
    fn what_go_lets_through_is_escaped() {
        let uri = target("/a?q=ü|{}#x\"".into()).unwrap();
        assert_eq!(uri.query(), Some("q=%C3%BC%7C%7B%7D%23x%22"));
    }

    #[test]
    fn an_empty_url_is_the_root() {
        assert_eq!(target(String::new()).unwrap(), "/");
        assert_eq!(target("?a".into()).unwrap(), "/?a");
        assert_eq!(target("api".into()).unwrap(), "/api");
    }

    #[test]
    fn two_slashes_in_front_name_no_host() {
        let uri = target("//evil.example/x".into()).unwrap();
        assert_eq!((uri.host(), uri.path()), (None, "//evil.example/x"));
    }
}
