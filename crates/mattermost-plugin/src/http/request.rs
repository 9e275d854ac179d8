//! Converts a request of the plugin protocol to an `http::Request`.

use std::borrow::Cow;

use bytes::Bytes;
use gob::{Decode, Gob};
use http::uri::PathAndQuery;
use http::{HeaderValue, Method, Request, StatusCode, Uri, Version, header};

use super::body::Body;
use super::headers::{GoString, MAX_HEADERS, ReceivedHeaders};
use crate::model::Context;

/// The argument of the hook `ServeHTTP` (`Z_ServeHTTPArgs`).
#[derive(Debug, Default, Decode)]
pub(crate) struct ServeHttpArguments {
    pub(crate) response_writer_stream: u32,
    // Boxed, because moving a large value copies it.
    pub(crate) request: Option<Box<GoRequest>>,
    pub(crate) context: Option<Context>,
    pub(crate) request_body_stream: u32,
}

/// The fields of Go's `http.Request` that servers from 5.39 on send. Newer servers send only these (`HTTPRequestSubset`).
#[derive(Debug, Default, Decode)]
pub(crate) struct GoRequest {
    method: GoString,
    #[gob(name = "URL")]
    url: Option<GoUrl>,
    proto_major: i64,
    proto_minor: i64,
    header: ReceivedHeaders,
    host: GoString,
    #[gob(lossy)]
    remote_addr: String,
    #[gob(name = "RequestURI")]
    request_uri: GoString,
}

/// The fields of the same argument that are needed to answer a request that cannot be read.
#[derive(Debug, Default, Clone, Copy, Decode)]
pub(crate) struct StreamNumbers {
    pub(crate) response_writer_stream: u32,
    pub(crate) request_body_stream: u32,
}

/// `url.URL`, which is sent as text. Go accepts any bytes in the query.
#[derive(Debug, Default, Clone, PartialEq, Eq, Gob)]
#[gob(opaque)]
pub(crate) struct GoUrl(Vec<u8>);

impl GoUrl {
    pub(crate) fn new(target: &str) -> Self {
        Self(target.into())
    }
}

impl gob::Opaque for GoUrl {
    const KIND: gob::OpaqueKind = gob::OpaqueKind::BinaryMarshaler;
    const NAME: &'static str = "URL";

    fn zero() -> Self {
        Self::default()
    }

    fn to_bytes(&self) -> gob::Result<Cow<'_, [u8]>> {
        Ok(self.0.as_slice().into())
    }

    fn from_bytes(bytes: &[u8]) -> gob::Result<Self> {
        Ok(Self(bytes.to_vec()))
    }
}

/// An extension of the request: the address of the client or of the last proxy, as Go writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteAddress(pub String);

/// An extension of the request: its target before Mattermost removed the subpath and `/plugins/<id>`. Bytes that a URL may not
/// have are escaped (`%FF`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OriginalTarget(pub String);

/// The longest path with its query, in bytes: the `http` crate keeps offsets in 16 bits.
const MAX_TARGET: usize = 65_534;

/// A request that cannot be converted.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RefusedRequest {
    #[error("the request's {0} is malformed")]
    Malformed(&'static str),
    #[error("the request's URL has more than {MAX_TARGET} bytes")]
    UrlTooLong,
    #[error("the request has more than {MAX_HEADERS} headers")]
    TooManyHeaders,
}

impl RefusedRequest {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::Malformed(_) => StatusCode::BAD_REQUEST,
            Self::UrlTooLong => StatusCode::URI_TOO_LONG,
            Self::TooManyHeaders => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
        }
    }
}

impl GoRequest {
    pub(crate) fn content_length(&self) -> Option<u64> {
        let value = self.header.map.get(header::CONTENT_LENGTH)?;
        value.to_str().ok()?.parse().ok()
    }

    pub(crate) fn into_http(
        self: Box<Self>,
        context: Option<Context>,
        body: Body,
    ) -> Result<Request<Body>, RefusedRequest> {
        if self.header.too_many {
            return Err(RefusedRequest::TooManyHeaders);
        }
        let mut request = Request::new(body);
        *request.method_mut() =
            Method::from_bytes(&self.method).map_err(|_| RefusedRequest::Malformed("method"))?;
        *request.uri_mut() = target(self.url.unwrap_or_default().0)?;
        *request.version_mut() = match (self.proto_major, self.proto_minor) {
            (1, 0) => Version::HTTP_10,
            (2, _) => Version::HTTP_2,
            _ => Version::HTTP_11,
        };
        *request.headers_mut() = self.header.map;
        // Go keeps `Host` apart from the other headers.
        if let Ok(host) = HeaderValue::from_bytes(&self.host) {
            request.headers_mut().insert(header::HOST, host);
        }
        let extensions = request.extensions_mut();
        extensions.insert(context.unwrap_or_default());
        extensions.insert(RemoteAddress(self.remote_addr));
        extensions.insert(OriginalTarget(escaped(&self.request_uri)));
        Ok(request)
    }
}

/// Path and query. Go accepts some bytes that RFC 3986 requires to be escaped.
fn target(url: Vec<u8>) -> Result<Uri, RefusedRequest> {
    let as_it_is = url.starts_with(b"/") && !url.iter().copied().any(wants_escaping);
    let text = if as_it_is {
        url
    } else {
        escaped(origin_form(&url).as_ref()).into_bytes()
    };
    if text.len() > MAX_TARGET {
        return Err(RefusedRequest::UrlTooLong);
    }
    let mut parts = http::uri::Parts::default();
    let malformed = |_| RefusedRequest::Malformed("URL");
    parts.path_and_query =
        Some(PathAndQuery::from_maybe_shared(Bytes::from(text)).map_err(malformed)?);
    Uri::from_parts(parts).map_err(|_| RefusedRequest::Malformed("URL"))
}

/// A URL without scheme and authority. A client may send those (RFC 9112, section 3.2.2), and Go keeps them.
fn origin_form(url: &[u8]) -> Cow<'_, [u8]> {
    let is_scheme = |text: &[u8]| {
        text.first().is_some_and(u8::is_ascii_alphabetic)
            && text
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(byte))
    };
    let authority = url.windows(3).position(|three| three == b"://");
    let rest = match authority {
        Some(at) if is_scheme(&url[..at]) => {
            let rest = &url[at + 3..];
            let path = rest.iter().position(|byte| b"/?#".contains(byte));
            path.map_or(&[][..], |path| &rest[path..])
        }
        _ => url,
    };
    if rest.starts_with(b"/") {
        rest.into()
    } else {
        [b"/", rest].concat().into()
    }
}

fn escaped(url: &[u8]) -> String {
    let mut text = String::with_capacity(url.len());
    for &byte in url {
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

    fn target(url: &[u8]) -> Uri {
        super::target(url.to_vec()).unwrap()
    }

    #[test]
    fn path_and_query_arrive_as_they_are() {
        let uri = target(b"/api/v1/config?a=1&b=%20");
        assert_eq!(uri.path(), "/api/v1/config");
        assert_eq!(uri.query(), Some("a=1&b=%20"));
    }

    #[test]
    fn what_go_lets_through_is_escaped() {
        let uri = target("/a?q=ü|{}#x\"".as_bytes());
        assert_eq!(uri.query(), Some("q=%C3%BC%7C%7B%7D%23x%22"));
        assert_eq!(target(b"/a\xff?\x80\0").to_string(), "/a%FF?%80%00");
    }

    #[test]
    fn an_empty_url_is_the_root() {
        assert_eq!(target(b""), "/");
        assert_eq!(target(b"?a"), "/?a");
        assert_eq!(target(b"api"), "/api");
    }

    #[test]
    fn two_slashes_in_front_name_no_host() {
        let uri = target(b"//evil.example/x");
        assert_eq!((uri.host(), uri.path()), (None, "//evil.example/x"));
    }

    #[test]
    fn a_url_with_scheme_and_host_is_its_path() {
        for (url, expected) in [
            (&b"https://chat.example.com/api?a=://b"[..], "/api?a=://b"),
            (b"http://user@[::1]:80/x", "/x"),
            (b"http://chat.example.com?a", "/?a"),
            (b"HTTP://chat.example.com", "/"),
            (b"/a://b/c", "/a://b/c"),
            (
                b"?next=https://mail.example.com/x",
                "/?next=https://mail.example.com/x",
            ),
        ] {
            assert_eq!(target(url), expected);
        }
    }

    #[test]
    fn a_url_that_is_too_long_is_told_from_a_malformed_one() {
        let url = |length| [b"/", vec![b'a'; length - 1].as_slice()].concat();
        assert!(super::target(url(MAX_TARGET)).is_ok());
        let refused = super::target(url(MAX_TARGET + 1)).unwrap_err();
        assert_eq!(
            (refused.status().as_u16(), &refused),
            (414, &RefusedRequest::UrlTooLong)
        );
        // An escaped byte becomes three.
        let refused = super::target([b"/", vec![0xff; 30_000].as_slice()].concat());
        assert_eq!(refused, Err(RefusedRequest::UrlTooLong));
    }
}
