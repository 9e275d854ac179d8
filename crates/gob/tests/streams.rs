//! Whole streams: what goes in at one end comes out at the other, and the bytes are Go's.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;

use bytes::BytesMut;
use gob::{Decoder, Encoder, ErrorKind, Gob, Interface, Value};

#[derive(Gob, Debug, PartialEq, Clone)]
struct Point {
    x: i64,
    y: i64,
}

/// The stream that the documentation of Go's package shows for `Point{22, 33}`.
const POINT: &[u8] = b"\x1f\xff\x81\x03\x01\x01\x05Point\x01\xff\x82\x00\x01\x02\x01\x01X\x01\x04\x00\x01\x01Y\x01\x04\x00\x00\x00\x07\xff\x82\x01\x2c\x01\x42\x00";

fn encoded<T: gob::Encode>(value: &T) -> BytesMut {
    let mut output = BytesMut::new();
    Encoder::new().encode(value, &mut output).unwrap();
    output
}

fn decoded<T: gob::Decode>(mut bytes: BytesMut) -> gob::Result<T> {
    let mut decoder = Decoder::default();
    let message = decoder.next_message(&mut bytes)?.expect("a whole message");
    assert!(bytes.is_empty(), "{} bytes left over", bytes.len());
    decoder.decode(&message)
}

#[test]
fn the_documentation_s_point_is_written_and_read() {
    let point = Point { x: 22, y: 33 };
    assert_eq!(encoded(&point), POINT);
    assert_eq!(decoded::<Point>(POINT.into()).unwrap(), point);
}

#[test]
fn an_integer_at_top_level_follows_a_zero_byte() {
    assert_eq!(encoded(&3i64), &b"\x03\x04\x00\x06"[..]);
    assert_eq!(decoded::<i64>(b"\x03\x04\x00\x06"[..].into()).unwrap(), 3);
}

#[derive(Gob, Debug, PartialEq, Clone)]
struct Everything {
    flag: bool,
    small: i8,
    byte: u8,
    wide: u64,
    float: f64,
    complex: gob::Complex,
    text: String,
    bytes: Vec<u8>,
    list: Vec<String>,
    array: [u16; 3],
    header: BTreeMap<String, Vec<String>>,
    #[gob(name = "URL")]
    url: Option<gob::BinaryMarshaled>,
    point: Option<Box<Point>>,
    points: Vec<Point>,
    error: Option<GoError>,
    any: Vec<Option<Interface>>,
}

#[derive(Gob, Debug, PartialEq, Clone)]
#[gob(interface)]
enum GoError {
    #[gob(name = "*plugin.ErrorString")]
    Text(ErrorString),
    #[gob(other)]
    Other(Interface),
}

#[derive(Gob, Debug, PartialEq, Clone)]
struct ErrorString {
    code: i64,
    err: String,
}

fn everything() -> Everything {
    Everything {
        flag: true,
        small: -5,
        byte: 200,
        wide: u64::MAX,
        float: -1.5,
        complex: gob::Complex { re: 1.0, im: -2.0 },
        text: "héllo".to_owned(),
        bytes: vec![0, 1, 255],
        list: vec![String::new(), "b".to_owned()],
        array: [1, 0, 65535],
        header: BTreeMap::from([("Accept".to_owned(), vec!["*/*".to_owned()])]),
        url: Some(gob::BinaryMarshaled(b"https://example.com/".to_vec())),
        point: Some(Box::new(Point { x: 0, y: 7 })),
        points: vec![Point { x: 1, y: 2 }, Point { x: 0, y: 0 }],
        error: Some(GoError::Text(ErrorString {
            code: 3,
            err: "no".to_owned(),
        })),
        any: vec![
            None,
            Some("text".into()),
            Some(Interface::new("int", Value::Int(7))),
        ],
    }
}

#[test]
fn every_kind_of_value_comes_back_as_it_was() {
    assert_eq!(
        decoded::<Everything>(encoded(&everything())).unwrap(),
        everything()
    );
}

#[test]
fn types_are_defined_once_in_a_stream() {
    let mut encoder = Encoder::new();
    let mut decoder = Decoder::default();
    let mut buffer = BytesMut::new();
    let mut lengths = Vec::new();
    for _ in 0..3 {
        encoder.encode(&everything(), &mut buffer).unwrap();
        lengths.push(buffer.len());
        let message = decoder.next_message(&mut buffer).unwrap().unwrap();
        assert_eq!(
            decoder.decode::<Everything>(&message).unwrap(),
            everything()
        );
    }
    assert!(lengths[0] > 2 * lengths[1]);
    assert_eq!(lengths[1], lengths[2]);
}

#[test]
fn unknown_fields_are_skipped_and_missing_ones_are_zero() {
    #[derive(Gob, Debug, PartialEq)]
    struct Other {
        missing: Option<Vec<String>>,
        text: String,
        zero: i32,
    }
    let other: Other = decoded(encoded(&everything())).unwrap();
    assert_eq!(
        other,
        Other {
            missing: None,
            text: "héllo".to_owned(),
            zero: 0
        }
    );
}

#[test]
fn a_dynamic_value_holds_everything_and_is_written_back() {
    let value: Value = decoded(encoded(&everything())).unwrap();
    assert_eq!(value.field("Text").and_then(Value::as_str), Some("héllo"));
    let mut output = BytesMut::new();
    Encoder::new().encode_value(&value, &mut output).unwrap();
    assert_eq!(decoded::<Everything>(output.clone()).unwrap(), everything());
    assert_eq!(decoded::<Value>(output).unwrap(), value);
}

#[test]
fn a_struct_without_a_common_field_is_refused_and_the_stream_goes_on() {
    #[derive(Gob, Debug)]
    struct Stranger {
        #[allow(dead_code, reason = "only its name matters")]
        nothing: i32,
    }
    let mut buffer = encoded(&Point { x: 1, y: 2 });
    let mut decoder = Decoder::default();
    let message = decoder.next_message(&mut buffer).unwrap().unwrap();
    let error = decoder.decode::<Stranger>(&message).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::NoFieldsMatched { .. }),
        "{error}"
    );
    assert_eq!(
        decoder.decode::<Point>(&message).unwrap(),
        Point { x: 1, y: 2 }
    );
}

#[test]
fn a_stream_that_arrives_byte_by_byte_is_read_like_one_that_arrives_at_once() {
    let whole = encoded(&everything());
    let mut decoder = Decoder::default();
    let mut buffer = BytesMut::new();
    for (index, &byte) in whole.iter().enumerate() {
        buffer.extend_from_slice(&[byte]);
        let message = decoder.next_message(&mut buffer).unwrap();
        assert_eq!(message.is_some(), index + 1 == whole.len());
        if let Some(message) = message {
            assert_eq!(
                decoder.decode::<Everything>(&message).unwrap(),
                everything()
            );
        }
    }
}

#[test]
fn a_struct_may_borrow_what_it_sends() {
    #[derive(gob::Encode)]
    struct Borrowed<'a> {
        key: &'a str,
        value: &'a [u8],
        pairs: &'a [Interface],
    }
    #[derive(gob::Decode, Debug, PartialEq)]
    struct Owned {
        key: String,
        value: Vec<u8>,
        pairs: Vec<Interface>,
    }
    let pairs = vec![Interface::from(1i64), Interface::from("one")];
    let borrowed = Borrowed {
        key: "key",
        value: b"value",
        pairs: &pairs,
    };
    let owned = Owned {
        key: "key".to_owned(),
        value: b"value".to_vec(),
        pairs: pairs.clone(),
    };
    assert_eq!(decoded::<Owned>(encoded(&borrowed)).unwrap(), owned);
}

#[test]
fn a_struct_may_have_parameters_and_fields_that_are_not_sent() {
    #[derive(Gob, Debug, PartialEq, Clone)]
    #[gob(name = "Page")]
    struct Page<T, const N: usize> {
        r#type: String,
        items: Vec<T>,
        #[gob(skip)]
        cached: Option<std::time::Duration>,
        array: [u64; N],
    }
    let page = Page {
        r#type: "points".to_owned(),
        items: vec![Point { x: 1, y: 2 }],
        cached: Some(std::time::Duration::from_secs(1)),
        array: [1, 2],
    };
    let read: Page<Point, 2> = decoded(encoded(&page)).unwrap();
    assert_eq!(
        read,
        Page {
            cached: None,
            ..page
        }
    );
    // Another parameter is another type in the same stream.
    let texts = Page::<String, 0> {
        r#type: String::new(),
        items: vec!["a".to_owned()],
        cached: None,
        array: [],
    };
    let mut encoder = Encoder::new();
    let mut buffer = BytesMut::new();
    encoder.encode(&read, &mut buffer).unwrap();
    encoder.encode(&texts, &mut buffer).unwrap();
    let mut decoder = Decoder::default();
    let first = decoder.next_message(&mut buffer).unwrap().unwrap();
    let second = decoder.next_message(&mut buffer).unwrap().unwrap();
    assert_eq!(decoder.decode::<Page<Point, 2>>(&first).unwrap(), read);
    assert_eq!(decoder.decode::<Page<String, 0>>(&second).unwrap(), texts);
}

#[test]
fn a_zero_behind_a_pointer_is_sent_and_absent_stays_absent() {
    #[derive(Gob, Debug, PartialEq)]
    struct Settings {
        enabled: Option<bool>,
        limit: Option<i64>,
        names: Option<BTreeMap<String, String>>,
    }
    for settings in [
        Settings {
            enabled: Some(false),
            limit: Some(0),
            names: Some(BTreeMap::new()),
        },
        Settings {
            enabled: None,
            limit: None,
            names: None,
        },
    ] {
        assert_eq!(decoded::<Settings>(encoded(&settings)).unwrap(), settings);
    }
}

#[test]
fn a_type_can_be_defined_ahead_of_its_first_value() {
    let mut encoder = Encoder::new();
    let mut output = BytesMut::new();
    encoder.define::<Point>().unwrap();
    encoder.encode(&7_i64, &mut output).unwrap();
    let ahead = output.len();
    let point = Point { x: 22, y: 33 };
    encoder.encode(&point, &mut output).unwrap();
    assert_eq!(&output[ahead..], &POINT[POINT.len() - 8..], "no definition");
    let mut decoder = Decoder::default();
    let message = decoder.next_message(&mut output).unwrap().unwrap();
    assert_eq!(decoder.decode::<i64>(&message).unwrap(), 7);
    let message = decoder.next_message(&mut output).unwrap().unwrap();
    assert_eq!(decoder.decode::<Point>(&message).unwrap(), point);
}

#[test]
fn a_clone_of_an_encoder_goes_on_with_a_stream_of_its_own() {
    #[derive(Gob, Debug, PartialEq)]
    struct Line {
        ends: Vec<Point>,
    }
    let mut original = Encoder::new();
    let mut beginning = BytesMut::new();
    let point = Point { x: 1, y: 2 };
    original.encode(&point, &mut beginning).unwrap();
    let line = Line {
        ends: vec![point.clone()],
    };
    let texts = vec!["a".to_owned()];
    for order in [true, false] {
        let mut clone = original.clone();
        let mut output = beginning.clone();
        // Each defines further types in its own order, by numbers that the other gives to other types.
        if order {
            clone.encode(&line, &mut output).unwrap();
        }
        clone.encode(&texts, &mut output).unwrap();
        clone.encode(&line, &mut output).unwrap();
        let mut decoder = Decoder::default();
        let mut next = || decoder.next_message(&mut output).unwrap().unwrap();
        let first = next();
        let mut messages = vec![next(), next()];
        messages.extend(order.then(&mut next));
        assert_eq!(decoder.decode::<Point>(&first).unwrap(), point);
        let lines = if order { 0..1 } else { 1..2 };
        for message in &messages[lines] {
            assert_eq!(decoder.decode::<Line>(message).unwrap(), line);
        }
        let message = &messages[usize::from(order)];
        assert_eq!(decoder.decode::<Vec<String>>(message).unwrap(), texts);
    }
}

#[test]
fn of_two_values_that_belong_together_neither_is_written_alone() {
    let mut encoder = Encoder::new();
    let mut wire = BytesMut::new();
    // A nil pointer in a slice has no form on the wire.
    let unwritable = vec![None::<Box<i64>>];
    encoder
        .encode_both(&1_i64, &unwritable, &mut wire)
        .unwrap_err();
    assert!(wire.is_empty());
    encoder.encode_both(&2_i64, &3_i64, &mut wire).unwrap();
    let mut decoder = Decoder::default();
    assert_eq!(decoder.decode_next(&mut wire).unwrap(), Some(2_i64));
    assert_eq!(decoder.decode_next(&mut wire).unwrap(), Some(3_i64));
    assert!(wire.is_empty());
}
