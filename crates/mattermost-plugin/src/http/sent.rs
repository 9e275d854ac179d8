//! A request, and headers, as they are sent to Mattermost.

use gob::codec::{Describer, WireTypeId, Writer};
use gob::{BString, Encode};
use http::request::Parts;
use http::{HeaderMap, header};

use super::headers::GoHeader;
use super::host_headers::{HostHeaders, LaidOver};
use super::request::GoUrl;

/// Of Go's `http.Request` what goes through the plugin protocol.
#[derive(Debug, Encode)]
#[gob(name = "HTTPRequestSubset")]
pub(crate) struct SentRequest {
    method: String,
    #[gob(name = "URL")]
    url: GoUrl,
    proto: String,
    proto_major: i64,
    proto_minor: i64,
    header: SentHeaders,
    host: BString,
    remote_addr: String,
    #[gob(name = "RequestURI")]
    request_uri: String,
}

impl SentRequest {
    pub(crate) fn new(mut parts: Parts, remote_address: &str) -> Self {
        let target = parts.uri.path_and_query();
        let target = target.map_or("/", |target| target.as_str());
        // Go keeps it apart.
        let host = parts.headers.remove(header::HOST);
        let host = host.as_ref().map(|host| host.as_bytes());
        let host = host.or_else(|| Some(parts.uri.authority()?.as_str().as_bytes()));
        Self {
            method: parts.method.to_string(),
            url: GoUrl::new(target),
            proto: "HTTP/1.1".to_owned(),
            proto_major: 1,
            proto_minor: 1,
            host: host.unwrap_or_default().into(),
            remote_addr: remote_address.to_owned(),
            request_uri: target.to_owned(),
            header: SentHeaders(parts.headers),
        }
    }
}

/// Headers under the names that Go looks them up by. An empty map is sent as well: Mattermost sets a header in what it is
/// given, which ends the server where that is nil (5.18 to 11.6).
#[derive(Debug)]
pub(crate) struct SentHeaders(pub(crate) HeaderMap);

impl Encode for SentHeaders {
    fn describe(describer: &mut Describer) -> gob::Result<WireTypeId> {
        GoHeader::describe(describer)
    }

    fn is_zero(&self) -> bool {
        false
    }

    fn encode(&self, writer: &mut Writer<'_>) -> gob::Result<()> {
        let headers = LaidOver {
            host: &HostHeaders::default(),
            plugin: &self.0,
        };
        headers.encode(writer)
    }
}
