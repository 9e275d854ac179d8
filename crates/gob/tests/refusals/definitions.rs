//! Definitions of types.

use super::*;

#[test]
fn a_type_is_defined_once() {
    let kind = refused::<Value>(&[SLICE_OF_ITSELF, SLICE_OF_ITSELF].concat());
    assert!(matches!(kind, ErrorKind::DuplicateType(_)), "{kind:?}");
}

#[test]
fn a_reserved_number_cannot_be_defined() {
    // The same definition under number 2, which is `int`.
    let kind = refused::<Value>(b"\x0c\x03\x02\x01\x02\xff\x82\x00\x01\xff\x82\x00\x00");
    assert!(matches!(kind, ErrorKind::DuplicateType(_)), "{kind:?}");
}

#[test]
fn a_type_must_be_defined_before_a_value_uses_it() {
    let kind = refused::<Value>(b"\x03\xff\x82\x00");
    assert!(matches!(kind, ErrorKind::UndefinedType(_)), "{kind:?}");
    // Type 65 is a slice of type 66, which nobody defined.
    let kind = refused::<Value>(
        b"\x0d\xff\x81\x02\x01\x02\xff\x82\x00\x01\xff\x84\x00\x00\x04\xff\x82\x00\x00",
    );
    assert!(matches!(kind, ErrorKind::UndefinedType(_)), "{kind:?}");
}

#[test]
fn only_so_many_types_are_kept() {
    let stream = encoded(&BTreeMap::from([(1u8, vec![WIDE])]));
    let within = |types| {
        decoded_within::<Value>(
            Limits {
                types,
                ..Limits::default()
            },
            &stream,
        )
    };
    assert!(within(3).is_ok());
    assert_eq!(
        *within(2).unwrap_err().kind(),
        ErrorKind::TooManyTypes { limit: 2 }
    );
}

#[test]
fn definitions_are_limited_together() {
    // Three definitions, and the value as the fourth part. A definition is counted without its number.
    let stream = encoded(&BTreeMap::from([(1u8, vec![WIDE])]));
    let mut parts = Vec::new();
    let mut rest = &stream[..];
    while let Some((&length, tail)) = rest.split_first() {
        parts.push(usize::from(length));
        rest = &tail[usize::from(length)..];
    }
    let length = parts[..3].iter().map(|part| part - 2).sum();
    let within = |definition_bytes| {
        decoded_within::<Value>(
            Limits {
                definition_bytes,
                ..Limits::default()
            },
            &stream,
        )
    };
    assert!(within(length).is_ok());
    let limit = length - 1;
    assert_eq!(
        *within(limit).unwrap_err().kind(),
        ErrorKind::DefinitionsTooLong { limit }
    );
}

#[test]
fn a_definition_is_all_of_its_message() {
    let mut stream = SLICE_OF_ITSELF.to_vec();
    stream[0] += 1;
    stream.push(0);
    assert_eq!(refused::<Value>(&stream), ErrorKind::ExtraData(1));
}

#[test]
fn a_malformed_definition_ends_the_stream() {
    let mut decoder = Decoder::default();
    let mut buffer = BytesMut::from(&b"\x05\xff\x81\x09\x00\x00"[..]);
    let error = decoder.next_message(&mut buffer).unwrap_err();
    assert_eq!(
        *error.kind(),
        ErrorKind::BadDefinition("unknown kind of type")
    );
    let mut buffer = BytesMut::from(&b"\x03\x04\x00\x06"[..]);
    assert_eq!(
        *decoder.next_message(&mut buffer).unwrap_err().kind(),
        ErrorKind::StreamBroken
    );
}
