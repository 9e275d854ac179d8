//! Headers between Go's map and the `http` crate's.

use std::collections::BTreeMap;

use gob::Decode;
use gob::derive::{PlanId, Planner, Reader, TypeRef};
use http::HeaderMap;
use http::header::{self, HeaderName, HeaderValue};

/// `http.Header`: names in Go's canonical form.
pub(crate) type GoHeader = BTreeMap<String, Vec<GoString>>;

/// A header's value: Go's strings may be any bytes.
pub(crate) type GoString = gob::BString;

/// A browser's request has no more headers than this, and for no more is room made ahead, but for `Host`, which Go
/// keeps apart.
const USUAL_HEADERS: usize = 32;

/// A request's headers, read as they come: a map of Go's in between would be made to be taken apart at once.
///
/// What is no valid header is left out, as no HTTP server could have let it in.
#[derive(Debug, Default)]
pub(crate) struct RequestHeaders(pub(crate) HeaderMap);

impl Decode for RequestHeaders {
    fn zero() -> Self {
        Self::default()
    }

    fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> gob::Result<PlanId> {
        planner.map::<Self>(type_ref, GoString::plan, Vec::<GoString>::plan)
    }

    fn decode(plan: PlanId, reader: &mut Reader<'_>) -> gob::Result<Self> {
        let (names, _, values_plan) = reader.map(plan)?;
        let mut headers = HeaderMap::with_capacity(names.min(USUAL_HEADERS) + 1);
        for _ in 0..names {
            let name = HeaderName::from_bytes(reader.bytes()?);
            let (values, _) = reader.sequence(values_plan)?;
            reader.charge::<(HeaderName, HeaderValue)>(values)?;
            for _ in 0..values {
                let value = HeaderValue::from_bytes(reader.bytes()?);
                if let (Ok(name), Ok(value)) = (&name, value) {
                    // It fails at the 32,769th, which no server's bound on headers lets through.
                    drop(headers.try_append(name, value));
                }
            }
            reader.leave();
        }
        reader.leave();
        Ok(Self(headers))
    }
}

/// Lays a response's headers over those that Mattermost's middleware has set already.
///
/// The host takes the result as the whole: it deletes what is missing from it (`SyncHeader`, Mattermost 11.6).
/// A name that both have is the plugin's, except those of which each party adds its own lines.
pub(crate) fn lay_over(host: &mut GoHeader, headers: &HeaderMap) {
    for name in headers.keys() {
        let values = headers
            .get_all(name)
            .iter()
            .map(|value| value.as_bytes().into());
        let canonical = canonical(name);
        if *name == header::VARY || *name == header::SET_COOKIE {
            host.entry(canonical).or_default().extend(values);
        } else {
            host.insert(canonical, values.collect());
        }
    }
}

/// As Go's `textproto.CanonicalMIMEHeaderKey`: Go looks headers up by this form and would add a second
/// `Content-Type` beside `content-type`.
fn canonical(name: &HeaderName) -> String {
    let mut canonical = name.as_str().to_owned();
    let mut start = 0;
    for word in name.as_str().split('-') {
        if let Some(first) = canonical.get_mut(start..=start) {
            first.make_ascii_uppercase();
        }
        start += word.len() + 1;
    }
    canonical
}

#[cfg(test)]
mod tests {
    use super::*;

    fn go(pairs: &[(&str, &[&str])]) -> GoHeader {
        let values = |values: &[&str]| values.iter().map(|value| value.as_bytes().into()).collect();
        pairs
            .iter()
            .map(|(name, list)| ((*name).to_owned(), values(list)))
            .collect()
    }

    /// The headers as they arrive when Mattermost sends these.
    fn received(sent: &GoHeader) -> HeaderMap {
        let mut bytes = bytes::BytesMut::new();
        gob::Encoder::new().encode(sent, &mut bytes).unwrap();
        let mut decoder = gob::Decoder::default();
        let message = decoder.next_message(&mut bytes).unwrap().unwrap();
        let RequestHeaders(headers) = decoder.decode(&message).unwrap();
        headers
    }

    fn plugin(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    #[test]
    fn names_get_gos_canonical_form() {
        for (name, expected) in [
            ("content-type", "Content-Type"),
            ("etag", "Etag"),
            ("x-request-id", "X-Request-Id"),
            ("www-authenticate", "Www-Authenticate"),
        ] {
            assert_eq!(canonical(&HeaderName::from_static(name)), expected);
        }
    }

    #[test]
    fn headers_of_the_hosts_middleware_survive() {
        let mut headers = go(&[
            ("X-Request-Id", &["7"]),
            ("Vary", &["Origin"]),
            ("Server", &["a"]),
        ]);
        lay_over(
            &mut headers,
            &plugin(&[("vary", "Accept"), ("server", "b"), ("x-own", "c")]),
        );
        let expected = go(&[
            ("X-Request-Id", &["7"]),
            ("Vary", &["Origin", "Accept"]),
            ("Server", &["b"]),
            ("X-Own", &["c"]),
        ]);
        assert_eq!(headers, expected);
    }

    #[test]
    fn every_line_of_a_repeated_header_is_kept_both_ways() {
        let mut headers = GoHeader::new();
        lay_over(
            &mut headers,
            &plugin(&[("set-cookie", "a=1"), ("set-cookie", "b=2")]),
        );
        assert_eq!(headers, go(&[("Set-Cookie", &["a=1", "b=2"])]));
        let back = received(&headers);
        assert_eq!(back.get_all("set-cookie").iter().count(), 2);
    }

    #[test]
    fn what_is_no_header_is_left_out_and_the_rest_stays() {
        let headers = received(&go(&[
            ("Bad Name", &["x"]),
            ("X-Bad", &["a\nb"]),
            ("X-Good", &["ü"]),
        ]));
        assert_eq!(headers.len(), 1);
        assert_eq!(headers["x-good"].as_bytes(), "ü".as_bytes());
    }
}
