//! Values that lie in each other.

use super::*;

/// `depth` slices in each other.
fn nest(depth: usize) -> Vec<u8> {
    let value = [&b"\xff\x82\x00"[..], &vec![1; depth - 1], b"\x00"].concat();
    let length = u8::try_from(value.len()).unwrap();
    assert!(length >= 0x80);
    [SLICE_OF_ITSELF, &[0xff, length], &value].concat()
}

fn depth_of(value: &Value) -> usize {
    match value {
        Value::List(list) => 1 + list.elements().first().map_or(0, depth_of),
        _ => 0,
    }
}

#[test]
fn dynamic_values_nest_up_to_the_limit_and_not_deeper() {
    let limits = Limits {
        depth: 150,
        ..Limits::default()
    };
    assert_eq!(
        depth_of(&decoded_within(limits.clone(), &nest(150)).unwrap()),
        150
    );
    let error = decoded_within::<Value>(limits, &nest(151)).unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::TooDeep { limit: 150 });
}

#[derive(Gob, Debug, PartialEq)]
struct Chain {
    a: Option<Box<Chain>>,
}

/// `depth` structs in each other.
fn chain(depth: usize) -> Vec<u8> {
    let value = [&b"\xff\x82"[..], &vec![1; depth - 1], &vec![0; depth]].concat();
    let length = u8::try_from(value.len()).unwrap();
    [STRUCT_OF_ITSELF, &[0xff, length], &value].concat()
}

#[test]
fn rust_structs_nest_up_to_the_limit_and_not_deeper() {
    assert!(decoded::<Chain>(&chain(100)).is_ok());
    assert_eq!(
        refused::<Chain>(&chain(101)),
        ErrorKind::TooDeep { limit: 100 }
    );
}

#[test]
fn what_is_skipped_nests_no_deeper_either() {
    #[derive(Gob, Debug)]
    struct Other {
        #[gob(name = "A")]
        a: Skipping,
    }
    #[derive(Gob, Debug)]
    struct Skipping {}
    assert!(decoded::<Other>(&chain(100)).is_ok());
    assert_eq!(
        refused::<Other>(&chain(101)),
        ErrorKind::TooDeep { limit: 100 }
    );
}

#[test]
fn a_chain_that_is_too_long_is_not_written() {
    let chain = |depth| {
        (1..depth).fold(Chain { a: None }, |next, _| Chain {
            a: Some(Box::new(next)),
        })
    };
    let mut output = BytesMut::new();
    let mut encoder = Encoder::new();
    let error = encoder.encode(&chain(101), &mut output).unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::TooDeep { limit: 100 });
    assert!(output.is_empty());
    // The stream goes on, and the definitions that were held back come with the next value.
    encoder.encode(&chain(100), &mut output).unwrap();
    assert_eq!(decoded::<Chain>(&output).unwrap(), chain(100));
}

#[test]
fn a_type_that_contains_itself_meets_ever_new_types_only_so_often() {
    // Types 65, 66, …: each a struct whose field `A` is of the next one.
    let mut stream = Vec::new();
    for id in 65..165 {
        let next = if id == 164 { 65 } else { id + 1 };
        let common = [b"\x03\x01\x02", &int(id)[..], b"\x00"].concat();
        let field = [b"\x01\x01\x01\x01A\x01", &int(next)[..], b"\x00\x00\x00"].concat();
        stream.extend(message(&[int(-id), common, field].concat()));
    }
    stream.extend(message(&[int(65), vec![0]].concat()));
    let limits = Limits {
        depth: 50,
        ..Limits::default()
    };
    let error = decoded_within::<Chain>(limits, &stream).unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::TooDeep { limit: 50 });
    assert!(decoded::<Chain>(&stream).is_ok());
}

#[test]
fn a_slice_of_strings_that_is_skipped_is_a_level_too() {
    #[derive(Gob, Debug)]
    struct Lines {
        lines: Vec<String>,
    }
    let lines = vec!["a".to_owned()];
    let mut wire = BytesMut::new();
    Encoder::new().encode(&Lines { lines }, &mut wire).unwrap();
    for (depth, fits) in [(1, false), (2, true)] {
        let limits = Limits {
            depth,
            ..Limits::default()
        };
        assert_eq!(decoded_within::<()>(limits, &wire).is_ok(), fits);
    }
}

/// The definition of type 65 as Go's `[]any`.
const SLICE_OF_ANY: &[u8] = b"\x0c\xff\x81\x02\x01\x02\xff\x82\x00\x01\x10\x00\x00";

/// A length as gob writes it.
fn length(length: usize) -> Vec<u8> {
    let bytes = length.to_be_bytes();
    let digits = &bytes[bytes.iter().take_while(|&&byte| byte == 0).count()..];
    match length {
        0..0x80 => vec![length as u8],
        _ => [&[(digits.len() as u8).wrapping_neg()], digits].concat(),
    }
}

/// Slices in interface values in slices, and so on: two levels each. Only by looking through them is their end found.
fn boxes(slices: usize) -> Vec<u8> {
    let mut value = vec![0, 0];
    for _ in 1..slices {
        let boxed = [
            &b"\x0e[]interface {}\xff\x82"[..],
            &length(value.len()),
            &value,
        ]
        .concat();
        value = [&[0, 1], &boxed[..]].concat();
    }
    let body = [&[0xff, 0x82], &value[..]].concat();
    [&length(body.len())[..], &body].concat()
}

#[test]
fn a_value_that_lies_too_deep_is_an_error_of_its_message_and_the_next_one_is_read() {
    for slices in [51, 5_000] {
        let mut stream = BytesMut::from(&[SLICE_OF_ANY, &boxes(slices), &boxes(50)].concat()[..]);
        let mut decoder = Decoder::default();
        let message = decoder.next_message(&mut stream).unwrap().unwrap();
        let error = decoder.decode::<Value>(&message).unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::TooDeep { limit: 100 });
        let next = decoder.decode_next::<Value>(&mut stream).unwrap().unwrap();
        assert!(matches!(next, Value::List(_)));
        assert!(stream.is_empty());
    }
}

#[test]
fn a_message_whose_end_takes_too_much_memory_to_find_ends_the_stream() {
    let limits = Limits {
        value_bytes: 100,
        ..Limits::default()
    };
    let mut decoder = Decoder::new(limits);
    let mut stream = BytesMut::from(&[SLICE_OF_ANY, &boxes(50)].concat()[..]);
    let error = decoder.next_message(&mut stream).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::TooDeep { .. }), "{error}");
}
