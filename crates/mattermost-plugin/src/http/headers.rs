//! Headers, converted from Go's map to that of the `http` crate.

use std::collections::BTreeMap;

use gob::Decode;
use gob::codec::{PlanId, Planner, Reader, TypeRef};
use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};

/// `http.Header`: names in Go's canonical form.
pub(crate) type GoHeader = BTreeMap<String, Vec<GoString>>;

/// A header's value: Go's strings may be any bytes.
pub(crate) type GoString = gob::BString;

/// A browser's request rarely has more headers than this. Memory is allocated for this many, and for `Host`, which Go keeps
/// apart.
const USUAL_HEADERS: usize = 32;

/// How many header lines a request may have. Go accepts a megabyte of them, up to 260,000 lines, and a `HeaderMap` panics at
/// the 24,577th name. A handler must still be able to add headers of its own.
pub(crate) const MAX_HEADERS: usize = 8_192;

/// Headers, decoded directly into a `HeaderMap`.
///
/// Invalid headers are left out; no HTTP server can have accepted them.
#[derive(Debug, Default)]
pub(crate) struct ReceivedHeaders {
    pub(crate) map: HeaderMap,
    /// There were more than [`MAX_HEADERS`], and only some are in the map.
    pub(crate) too_many: bool,
}

impl Decode for ReceivedHeaders {
    fn zero() -> Self {
        Self::default()
    }

    fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> gob::Result<PlanId> {
        planner.map::<Self>(type_ref, GoString::plan, Vec::<GoString>::plan)
    }

    fn decode(plan: PlanId, reader: &mut Reader<'_>) -> gob::Result<Self> {
        let (names, _, values_plan) = reader.map(plan)?;
        let mut headers = HeaderMap::with_capacity(names.min(USUAL_HEADERS) + 1);
        let mut room = MAX_HEADERS;
        let mut too_many = false;
        for _ in 0..names {
            let mut name = HeaderName::from_bytes(reader.bytes()?).ok();
            let (values, _) = reader.sequence(values_plan)?;
            match room.checked_sub(values) {
                Some(left) => room = left,
                // Its values must be read all the same, and are dropped.
                None => (too_many, name) = (true, None),
            }
            for left in (0..values).rev() {
                let value = HeaderValue::from_maybe_shared(reader.shared_bytes()?);
                // Nearly all headers have one value, so the name is rarely cloned.
                let name = if left == 0 { name.take() } else { name.clone() };
                if let (Some(name), Ok(value)) = (name, value) {
                    headers.append(name, value);
                }
            }
            reader.leave();
        }
        reader.leave();
        Ok(Self {
            map: headers,
            too_many,
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Headers as Go has them.
    pub(in crate::http) fn go(pairs: &[(&str, &[&str])]) -> GoHeader {
        let values = |values: &[&str]| values.iter().map(|value| value.as_bytes().into()).collect();
        pairs
            .iter()
            .map(|(name, list)| ((*name).to_owned(), values(list)))
            .collect()
    }

    /// The headers as they arrive when Mattermost sends these.
    fn received(sent: &GoHeader) -> ReceivedHeaders {
        let mut bytes = bytes::BytesMut::new();
        gob::Encoder::new().encode(sent, &mut bytes).unwrap();
        let mut decoder = gob::Decoder::default();
        let message = decoder.next_message(&mut bytes).unwrap().unwrap();
        decoder.decode(&message).unwrap()
    }

    #[test]
    fn every_line_of_a_repeated_header_is_kept() {
        let headers = received(&go(&[("Cookie", &["a=1", "b=2"])])).map;
        let lines: Vec<_> = headers.get_all("cookie").iter().collect();
        assert_eq!(lines, ["a=1", "b=2"]);
    }

    #[test]
    fn what_is_no_header_is_left_out_and_the_rest_stays() {
        let headers = received(&go(&[
            ("Bad Name", &["x"]),
            ("X-Bad", &["a\nb"]),
            ("X-Good", &["ü"]),
        ]))
        .map;
        assert_eq!(headers.len(), 1);
        assert_eq!(headers["x-good"].as_bytes(), "ü".as_bytes());
    }

    #[test]
    fn as_many_headers_as_a_map_could_not_hold_are_noted_and_not_kept() {
        let many = |names: usize, values: usize| {
            let line = |number| (format!("X-{number}"), vec![GoString::from("a"); values]);
            received(&(0..names).map(line).collect())
        };
        for (names, values, too_many) in [
            (MAX_HEADERS, 1, false),
            (MAX_HEADERS + 1, 1, true),
            (24_577, 1, true),
            (1, MAX_HEADERS, false),
            (1, MAX_HEADERS + 1, true),
        ] {
            let headers = many(names, values);
            assert_eq!(headers.too_many, too_many, "{names} {values}");
            assert!(headers.map.len() <= MAX_HEADERS);
        }
    }
}
