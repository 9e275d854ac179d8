//! A response's headers: the plugin's, and those that Mattermost's middleware has set before.

use std::ops::Range;

use gob::codec::{Describer, PlanId, Planner, Reader, TypeRef, WireTypeId, Writer};
use gob::{Decode, Encode};
use http::HeaderMap;
use http::header::{self, HeaderName};

use super::headers::GoHeader;

/// The headers that Mattermost's middleware has set. Most of them are sent back unchanged, so they are kept in one piece of
/// memory.
#[derive(Debug, Default)]
pub(crate) struct HostHeaders {
    text: Vec<u8>,
    /// Where the strings lie in `text`.
    strings: Vec<Range<usize>>,
    /// Which strings make up a header: its name, then its values.
    headers: Vec<Range<usize>>,
}

impl HostHeaders {
    fn take(&mut self, bytes: &[u8]) {
        let begin = self.text.len();
        self.text.extend_from_slice(bytes);
        self.strings.push(begin..self.text.len());
    }

    /// Names, each with its values.
    fn iter(&self) -> impl Iterator<Item = (&[u8], impl ExactSizeIterator<Item = &[u8]>)> {
        self.headers.iter().filter_map(|header| {
            let text = |range: &Range<usize>| &self.text[range.clone()];
            let (name, values) = self.strings[header.clone()].split_first()?;
            Some((text(name), values.iter().map(text)))
        })
    }
}

impl Decode for HostHeaders {
    fn zero() -> Self {
        Self::default()
    }

    fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> gob::Result<PlanId> {
        planner.map::<Self>(type_ref, String::plan, Vec::<gob::BString>::plan)
    }

    fn decode(plan: PlanId, reader: &mut Reader<'_>) -> gob::Result<Self> {
        let (names, _, values_plan) = reader.map(plan)?;
        reader.charge::<[Range<usize>; 2]>(names)?;
        let mut all = Self::default();
        for _ in 0..names {
            let begin = all.strings.len();
            all.take(reader.bytes()?);
            let (values, _) = reader.sequence(values_plan)?;
            reader.charge::<Range<usize>>(values)?;
            for _ in 0..values {
                all.take(reader.bytes()?);
            }
            reader.leave();
            all.headers.push(begin..all.strings.len());
        }
        reader.leave();
        Ok(all)
    }
}

/// The headers of both, to be sent to the host.
///
/// The host deletes the headers that are missing in it (`SyncHeader`, Mattermost 11.6). Of a header that both have, the
/// plugin's values are sent, except for those headers to which both add values.
#[derive(Debug)]
pub(crate) struct LaidOver<'a> {
    pub(crate) host: &'a HostHeaders,
    pub(crate) plugin: &'a HeaderMap,
}

impl LaidOver<'_> {
    /// The host's headers whose names the plugin does not have.
    fn untouched(&self) -> impl Iterator<Item = (&[u8], impl ExactSizeIterator<Item = &[u8]>)> {
        self.host.iter().filter(|(host_name, _)| {
            !self
                .plugin
                .keys()
                .any(|name| is_canonical_form_of(host_name, name))
        })
    }

    /// The host's values that are kept beside the plugin's.
    fn added_to(&self, name: &HeaderName) -> impl Iterator<Item = &[u8]> {
        let adds = *name == header::VARY || *name == header::SET_COOKIE;
        self.host
            .iter()
            .filter(move |(host_name, _)| adds && is_canonical_form_of(host_name, name))
            .flat_map(|(_, values)| values)
    }
}

impl Encode for LaidOver<'_> {
    fn describe(describer: &mut Describer) -> gob::Result<WireTypeId> {
        GoHeader::describe(describer)
    }

    fn is_zero(&self) -> bool {
        false
    }

    fn encode(&self, writer: &mut Writer<'_>) -> gob::Result<()> {
        writer.begin(self.untouched().count() + self.plugin.keys_len())?;
        for (name, values) in self.untouched() {
            writer.bytes(name);
            writer.begin(values.len())?;
            values.for_each(|value| writer.bytes(value));
            writer.leave();
        }
        let mut canonical = Vec::new();
        for name in self.plugin.keys() {
            canonical.clear();
            canonical.extend(canonical_bytes(name));
            writer.bytes(&canonical);
            let own = self.plugin.get_all(name);
            writer.begin(self.added_to(name).count() + own.iter().count())?;
            self.added_to(name).for_each(|value| writer.bytes(value));
            own.iter().for_each(|value| writer.bytes(value.as_bytes()));
            writer.leave();
        }
        writer.leave();
        Ok(())
    }
}

/// The canonical form of a name, that of Go's `textproto.CanonicalMIMEHeaderKey`. Go finds headers only by this form, and would
/// add a second `Content-Type` beside `content-type`.
fn canonical_bytes(name: &HeaderName) -> impl Iterator<Item = u8> {
    let mut begins_a_word = true;
    name.as_str().bytes().map(move |byte| {
        let first = std::mem::replace(&mut begins_a_word, byte == b'-');
        if first {
            byte.to_ascii_uppercase()
        } else {
            byte
        }
    })
}

fn is_canonical_form_of(host_name: &[u8], name: &HeaderName) -> bool {
    host_name.len() == name.as_str().len() && canonical_bytes(name).eq(host_name.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::headers::tests::go;
    use bytes::BytesMut;
    use http::HeaderValue;

    fn plugin(pairs: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    fn transferred<T: Decode>(value: &impl Encode) -> T {
        let mut bytes = BytesMut::new();
        gob::Encoder::new().encode(value, &mut bytes).unwrap();
        gob::Decoder::default()
            .decode_next(&mut bytes)
            .unwrap()
            .unwrap()
    }

    /// The headers that Mattermost gets.
    fn laid_over(sent: &GoHeader, plugin: &HeaderMap) -> GoHeader {
        let host = &transferred(sent);
        transferred(&LaidOver { host, plugin })
    }

    #[test]
    fn names_get_gos_canonical_form() {
        for (name, expected) in [
            ("content-type", "Content-Type"),
            ("etag", "Etag"),
            ("x-request-id", "X-Request-Id"),
            ("www-authenticate", "Www-Authenticate"),
        ] {
            let name = HeaderName::from_static(name);
            assert_eq!(
                canonical_bytes(&name).collect::<Vec<_>>(),
                expected.as_bytes()
            );
        }
    }

    #[test]
    fn headers_of_the_hosts_middleware_survive() {
        let host = go(&[
            ("X-Request-Id", &["7"]),
            ("Vary", &["Origin"]),
            ("Server", &["a", "b"]),
        ]);
        let plugin = plugin(&[("vary", "Accept"), ("server", "c"), ("x-own", "d")]);
        let expected = go(&[
            ("X-Request-Id", &["7"]),
            ("Vary", &["Origin", "Accept"]),
            ("Server", &["c"]),
            ("X-Own", &["d"]),
        ]);
        assert_eq!(laid_over(&host, &plugin), expected);
    }

    #[test]
    fn what_the_host_has_set_goes_back_as_it_came_whatever_it_is() {
        let mut host = go(&[("not canonical", &["a", "", "b"]), ("Empty", &[])]);
        host.insert("X-Bytes".into(), vec![b"\xff\n\0"[..].into()]);
        assert_eq!(laid_over(&host, &HeaderMap::new()), host);
    }

    #[test]
    fn every_line_of_a_repeated_header_is_sent() {
        let plugin = plugin(&[("set-cookie", "a=1"), ("set-cookie", "b=2")]);
        assert_eq!(
            laid_over(&GoHeader::new(), &plugin),
            go(&[("Set-Cookie", &["a=1", "b=2"])])
        );
        assert_eq!(
            laid_over(&go(&[("Set-Cookie", &["c=3"])]), &plugin),
            go(&[("Set-Cookie", &["c=3", "a=1", "b=2"])])
        );
    }
}
