//! Streams that may begin like an earlier one.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use bytes::BytesMut;
use gob::{Decoder, DefinitionCache, Encode, Encoder, ErrorKind, Gob, Value};

#[derive(Gob, Debug, PartialEq)]
struct Point {
    x: i64,
    y: i64,
}

/// The same type on the wire but for the order of its fields.
#[derive(Gob, Debug, PartialEq)]
#[gob(name = "Point")]
struct Turned {
    y: i64,
    x: i64,
}

fn encoded(write: impl FnOnce(&mut Encoder, &mut BytesMut) -> gob::Result<()>) -> BytesMut {
    let mut wire = BytesMut::new();
    write(&mut Encoder::new(), &mut wire).unwrap();
    wire
}

fn stream_of<T: Encode>(value: &T) -> BytesMut {
    encoded(|encoder, wire| encoder.encode(value, wire))
}

/// A cache of the definitions of a stream, read in two ways.
fn after(mut wire: BytesMut) -> DefinitionCache {
    let cache = DefinitionCache::default();
    let mut decoder = Decoder::with_cache(&cache);
    while let Some(message) = decoder.next_message(&mut wire).unwrap() {
        decoder.decode::<Value>(&message).unwrap();
        // What fits no point leaves no plan for one.
        drop(decoder.decode::<Point>(&message));
    }
    decoder.update_cache(&cache);
    cache
}

#[test]
fn another_definition_under_a_known_number_counts() {
    let cache = after(stream_of(&Point { x: 1, y: 2 }));
    let mut wire = stream_of(&Turned { x: 3, y: 4 });
    let read = Decoder::with_cache(&cache).decode_next(&mut wire).unwrap();
    assert_eq!(read, Some(Point { x: 3, y: 4 }));
}

#[test]
fn the_same_definition_under_another_number_counts() {
    let wire = stream_of(&Point { x: 1, y: 2 });
    let cache = after(wire.clone());
    let mut renumbered = wire;
    // The definition of 65, with the number repeated in it, and the value's type.
    for byte in renumbered.iter_mut() {
        match *byte {
            0x81 => *byte = 0x83,
            0x82 => *byte = 0x84,
            _ => {}
        }
    }
    let mut inner = renumbered.clone();
    inner[14] = 0x82;
    for mut wire in [renumbered, inner] {
        let read = Decoder::with_cache(&cache).decode_next(&mut wire).unwrap();
        assert_eq!(read, Some(Point { x: 1, y: 2 }));
    }
}

#[test]
fn a_stream_may_go_on_where_the_earlier_one_ended() {
    let cache = after(stream_of(&Point { x: 1, y: 2 }));
    let mut wire = encoded(|encoder, wire| {
        encoder.encode(&Point { x: 3, y: 4 }, wire)?;
        encoder.encode(&vec![5_i64], wire)
    });
    let mut decoder = Decoder::with_cache(&cache);
    let point = decoder.decode_next(&mut wire).unwrap();
    assert_eq!(point, Some(Point { x: 3, y: 4 }));
    assert_eq!(decoder.decode_next(&mut wire).unwrap(), Some(vec![5_i64]));
}

#[test]
fn a_type_that_only_the_earlier_stream_has_defined_is_unknown() {
    let both = encoded(|encoder, wire| {
        encoder.encode(&Point { x: 1, y: 2 }, wire)?;
        encoder.encode(&vec![5_i64], wire)
    });
    let (first, second) = (stream_of(&Point { x: 1, y: 2 }), &both[..]);
    let cache = after(BytesMut::from(second));
    let mut decoder = Decoder::with_cache(&cache);
    let mut wire = first;
    assert!(decoder.decode_next::<Point>(&mut wire).unwrap().is_some());
    // A value of the list's type, 66, without its definition.
    wire.extend_from_slice(b"\x06\xff\x84\x00\x01\x0a\x00");
    let error = decoder.decode_next::<Value>(&mut wire).unwrap_err();
    assert!(
        matches!(error.kind(), ErrorKind::UndefinedType(_)),
        "{error}"
    );
}

#[test]
fn a_message_that_is_passed_over_is_not_decoded() {
    let mut wire = encoded(|encoder, wire| {
        encoder.encode(&Point { x: 1, y: 2 }, wire)?;
        encoder.encode(&3_i64, wire)
    });
    let mut decoder = Decoder::with_cache(&DefinitionCache::default());
    assert!(decoder.skip_next(&mut wire).unwrap());
    assert_eq!(decoder.decode_next(&mut wire).unwrap(), Some(3_i64));
    assert!(!decoder.skip_next(&mut wire).unwrap());
}

#[test]
fn a_value_of_another_type_is_passed_over_with_its_error() {
    let mut wire = encoded(|encoder, wire| {
        encoder.encode(&"text", wire)?;
        encoder.encode(&3_i64, wire)
    });
    let mut decoder = Decoder::with_cache(&DefinitionCache::default());
    decoder.decode_next::<Point>(&mut wire).unwrap_err();
    assert_eq!(decoder.decode_next(&mut wire).unwrap(), Some(3_i64));
}
