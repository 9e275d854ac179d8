//! What is refused, and with which words.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;

use bytes::BytesMut;
use gob::{BString, Decode, Decoder, Encode, Encoder, ErrorKind, Gob, Interface, Limits, Value};

fn encoded<T: Encode + ?Sized>(value: &T) -> BytesMut {
    let mut output = BytesMut::new();
    Encoder::new().encode(value, &mut output).unwrap();
    output
}

fn decoded_within<T: Decode>(limits: Limits, stream: &[u8]) -> gob::Result<T> {
    let mut decoder = Decoder::new(limits);
    let message = decoder
        .next_message(&mut BytesMut::from(stream))?
        .expect("a whole message");
    decoder.decode(&message)
}

fn decoded<T: Decode>(stream: &[u8]) -> gob::Result<T> {
    decoded_within(Limits::default(), stream)
}

#[track_caller]
fn refused<T: Decode>(stream: &[u8]) -> ErrorKind {
    match decoded::<T>(stream) {
        Ok(_) => panic!("it was taken"),
        Err(error) => error.kind().clone(),
    }
}

/// A message: its length and its bytes.
fn message(body: &[u8]) -> Vec<u8> {
    [&[u8::try_from(body.len()).unwrap()], body].concat()
}

/// A signed integer as gob writes it: what is left of a message that holds it alone.
fn int(value: i64) -> Vec<u8> {
    encoded(&value)[3..].to_vec()
}

/// The definition of type 65 as a slice of itself: Go's `type T []T`.
const SLICE_OF_ITSELF: &[u8] = b"\x0d\xff\x81\x02\x01\x02\xff\x82\x00\x01\xff\x82\x00\x00";

/// The definition of type 65 as a struct with a field `A` that is itself.
const STRUCT_OF_ITSELF: &[u8] =
    b"\x13\xff\x81\x03\x01\x02\xff\x82\x00\x01\x01\x01\x01A\x01\xff\x82\x00\x00\x00";

#[derive(Gob, Debug, PartialEq)]
struct Numbers {
    small: i8,
    byte: u8,
    single: f32,
}

#[derive(Gob, Debug, PartialEq)]
struct WideNumbers {
    small: i64,
    byte: u64,
    single: f64,
}

const WIDE: WideNumbers = WideNumbers {
    small: 1,
    byte: 1,
    single: 1.0,
};

mod sizes {
    use super::*;

    #[test]
    fn a_message_that_is_too_long_is_refused_when_its_length_is_known() {
        let limits = Limits {
            message_bytes: 1000,
            ..Limits::default()
        };
        let mut decoder = Decoder::new(limits);
        let error = decoder
            .next_message(&mut BytesMut::from(&b"\xfe\x03\xe9"[..]))
            .unwrap_err();
        assert_eq!(
            *error.kind(),
            ErrorKind::MessageTooLong {
                length: 1001,
                limit: 1000
            }
        );
        assert_eq!(
            error.to_string(),
            "gob: a message of 1001 bytes, the limit is 1000"
        );
    }

    #[test]
    fn a_message_that_is_not_there_yet_takes_no_memory() {
        let mut buffer = BytesMut::from(&b"\xfc\x03\xff\xff\xff"[..]);
        let before = buffer.capacity();
        assert!(
            Decoder::default()
                .next_message(&mut buffer)
                .unwrap()
                .is_none()
        );
        assert_eq!(buffer.capacity(), before);
    }

    #[test]
    fn parts_of_one_message_are_limited_together() {
        // A list of interface values, each of which defines a type before its value: Go sends a part for each.
        let golden = include_bytes!("golden/app_error.gob");
        let limits = Limits {
            message_bytes: 300,
            definition_bytes: 1 << 20,
            ..Limits::default()
        };
        let mut decoder = Decoder::new(limits);
        let mut buffer = BytesMut::from(&golden[..]);
        let outcome = decoder.next_message(&mut buffer);
        assert!(matches!(
            outcome.unwrap_err().kind(),
            ErrorKind::MessageTooLong { .. }
        ));
    }

    #[test]
    fn a_count_beyond_the_message_allocates_nothing() {
        let huge = b"\xf8\x7f\xff\xff\xff\xff\xff\xff\xff";
        let list = encoded(&vec![String::from("a")]);
        let definition = &list[..=usize::from(list[0])];
        for stream in [
            // A string, bytes, and a slice of strings of that length.
            message(&[&b"\x0c\x00"[..], huge].concat()),
            message(&[&b"\x0a\x00"[..], huge].concat()),
            [definition, &message(&[&b"\xff\x82\x00"[..], huge].concat())].concat(),
        ] {
            let kind = refused::<Value>(&stream);
            assert!(
                matches!(
                    kind,
                    ErrorKind::LengthTooLong {
                        length: 0x7fff_ffff_ffff_ffff,
                        ..
                    }
                ),
                "{kind:?}"
            );
        }
    }

    #[test]
    fn a_slice_whose_elements_grow_in_memory_is_limited() {
        #[derive(Gob, Debug)]
        struct Wide {
            a: [u64; 64],
        }
        #[derive(Gob, Debug)]
        struct Narrow {}
        let stream = encoded(&(0..10_000).map(|_| Narrow {}).collect::<Vec<_>>());
        let limits = Limits {
            value_bytes: 1 << 20,
            ..Limits::default()
        };
        let error = decoded_within::<Vec<Wide>>(limits.clone(), &stream).unwrap_err();
        assert_eq!(*error.kind(), ErrorKind::ValueTooLarge { limit: 1 << 20 });
        assert!(decoded_within::<Vec<Narrow>>(limits, &stream).is_ok());
    }
}

mod depth {
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
}

mod definitions {
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
        let stream = encoded(&WIDE);
        let length = usize::from(stream[0]) - 2;
        let within = |bytes| {
            decoded_within::<Value>(
                Limits {
                    definition_bytes: bytes,
                    ..Limits::default()
                },
                &stream,
            )
        };
        assert!(within(length).is_ok());
        assert_eq!(
            *within(length - 1).unwrap_err().kind(),
            ErrorKind::DefinitionsTooLong { limit: length - 1 }
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
}

mod types {
    use super::*;

    #[derive(Gob, Debug)]
    struct Request {
        method: String,
        header: BTreeMap<String, Vec<String>>,
    }

    #[test]
    fn a_field_of_another_kind_is_named_with_both_types() {
        #[derive(Gob)]
        struct Received {
            header: BTreeMap<String, u64>,
        }
        let stream = encoded(&Received {
            header: BTreeMap::from([("Accept".to_owned(), 1)]),
        });
        let error = decoded::<Request>(&stream).unwrap_err();
        assert_eq!(
            error.to_string(),
            "gob: Request.Header[value]: wrong type: expected slice, received uint"
        );
    }

    #[test]
    fn signed_and_unsigned_do_not_mix() {
        let kind = refused::<u64>(&encoded(&1i64));
        assert!(
            matches!(
                kind,
                ErrorKind::WrongType {
                    expected: "u64",
                    ..
                }
            ),
            "{kind:?}"
        );
        let kind = refused::<i64>(&encoded(&1u64));
        assert!(
            matches!(
                kind,
                ErrorKind::WrongType {
                    expected: "i64",
                    ..
                }
            ),
            "{kind:?}"
        );
        let kind = refused::<f64>(&encoded(&1i64));
        assert!(
            matches!(
                kind,
                ErrorKind::WrongType {
                    expected: "f64",
                    ..
                }
            ),
            "{kind:?}"
        );
    }

    #[test]
    fn a_number_that_does_not_fit_is_refused_by_the_name_of_its_field() {
        for (value, field) in [
            (
                WideNumbers { small: 128, ..WIDE },
                "Numbers.Small: value out of range for i8",
            ),
            (
                WideNumbers {
                    small: -129,
                    ..WIDE
                },
                "Numbers.Small: value out of range for i8",
            ),
            (
                WideNumbers { byte: 256, ..WIDE },
                "Numbers.Byte: value out of range for u8",
            ),
            (
                WideNumbers {
                    single: 1e39,
                    ..WIDE
                },
                "Numbers.Single: value out of range for f32",
            ),
        ] {
            assert_eq!(
                decoded::<Numbers>(&encoded(&value))
                    .unwrap_err()
                    .to_string(),
                format!("gob: {field}")
            );
        }
        let edge = WideNumbers {
            small: -128,
            byte: 255,
            single: f64::INFINITY,
        };
        let fitting = Numbers {
            small: -128,
            byte: 255,
            single: f32::INFINITY,
        };
        assert_eq!(decoded::<Numbers>(&encoded(&edge)).unwrap(), fitting);
    }

    #[test]
    fn an_array_has_the_length_of_its_type() {
        assert_eq!(decoded::<[u8; 2]>(&encoded(&[1u8, 2])).unwrap(), [1, 2]);
        let kind = refused::<[u8; 3]>(&encoded(&[1u8, 2]));
        assert_eq!(
            kind,
            ErrorKind::ArrayLength {
                expected: 3,
                received: 2
            }
        );
        assert!(matches!(
            refused::<Vec<u16>>(&encoded(&[1u16, 2])),
            ErrorKind::WrongType {
                expected: "slice",
                ..
            }
        ));
    }

    #[test]
    fn a_struct_is_no_map_and_a_map_no_struct() {
        let kind = refused::<BTreeMap<String, String>>(&encoded(&WIDE));
        assert!(
            matches!(
                kind,
                ErrorKind::WrongType {
                    expected: "map",
                    ..
                }
            ),
            "{kind:?}"
        );
        let kind = refused::<Numbers>(&encoded(&BTreeMap::from([(1u64, 1u64)])));
        assert!(
            matches!(
                kind,
                ErrorKind::WrongType {
                    expected: "Numbers",
                    ..
                }
            ),
            "{kind:?}"
        );
    }

    #[test]
    fn an_opaque_value_is_written_and_read_by_the_same_of_go_s_interfaces() {
        let stream = encoded(&gob::GobEncoded(vec![1]));
        assert_eq!(decoded::<gob::GobEncoded>(&stream).unwrap().0, [1]);
        assert!(matches!(
            refused::<gob::BinaryMarshaled>(&stream),
            ErrorKind::WrongType { .. }
        ));
        assert!(matches!(
            refused::<Vec<u8>>(&stream),
            ErrorKind::WrongType { .. }
        ));
        let stream = encoded(&gob::TextMarshaled(b"text".to_vec()));
        assert_eq!(decoded::<gob::TextMarshaled>(&stream).unwrap().0, b"text");
    }

    #[test]
    fn text_that_is_no_utf_8_is_bytes_or_an_error() {
        let stream = encoded(&BString::from("caf\u{e9}".to_owned().into_bytes()));
        assert_eq!(decoded::<String>(&stream).unwrap(), "café");
        let stream = encoded(&BString::from(&b"caf\xe9"[..]));
        assert_eq!(refused::<String>(&stream), ErrorKind::InvalidUtf8);
        assert_eq!(decoded::<BString>(&stream).unwrap(), b"caf\xe9");
    }
}

mod values {
    use super::*;

    #[test]
    fn a_field_number_must_be_one_of_the_type_s() {
        let mut stream = STRUCT_OF_ITSELF.to_vec();
        stream.extend(message(b"\xff\x82\x02\x00\x00"));
        assert_eq!(
            refused::<Value>(&stream),
            ErrorKind::FieldOutOfRange {
                number: 1,
                fields: 1
            }
        );
        let end = stream.len();
        // A delta that would wrap around.
        stream.truncate(end - 6);
        stream.extend(message(b"\xff\x82\xf8\xff\xff\xff\xff\xff\xff\xff\xff\x00"));
        assert!(matches!(
            refused::<Value>(&stream),
            ErrorKind::FieldOutOfRange { .. }
        ));
    }

    #[test]
    fn a_value_is_all_of_its_message() {
        assert_eq!(
            refused::<i64>(b"\x04\x04\x00\x06\x00"),
            ErrorKind::ExtraData(1)
        );
        assert_eq!(refused::<i64>(b"\x02\x04\x00"), ErrorKind::UnexpectedEnd);
        assert_eq!(refused::<i64>(b"\x03\x04\x01\x06"), ErrorKind::MissingZero);
    }

    #[test]
    fn an_unknown_name_is_an_error_that_the_stream_survives() {
        #[derive(Gob, Debug, PartialEq)]
        #[gob(interface)]
        enum Known {
            #[gob(name = "string")]
            Text(String),
        }
        #[derive(Gob, Debug, PartialEq)]
        struct Holder {
            value: Option<Known>,
        }
        #[derive(Gob)]
        struct AnyHolder {
            value: Option<Interface>,
        }
        let mut encoder = Encoder::new();
        let mut buffer = BytesMut::new();
        encoder
            .encode(
                &AnyHolder {
                    value: Some(1i64.into()),
                },
                &mut buffer,
            )
            .unwrap();
        encoder
            .encode(
                &AnyHolder {
                    value: Some("text".into()),
                },
                &mut buffer,
            )
            .unwrap();
        let mut decoder = Decoder::default();
        let message = decoder.next_message(&mut buffer).unwrap().unwrap();
        let error = decoder.decode::<Holder>(&message).unwrap_err();
        assert_eq!(
            error.to_string(),
            "gob: Holder.Value: the name \"int64\" of an interface value is not registered"
        );
        let message = decoder.next_message(&mut buffer).unwrap().unwrap();
        let text = Holder {
            value: Some(Known::Text("text".to_owned())),
        };
        assert_eq!(decoder.decode::<Holder>(&message).unwrap(), text);
    }

    #[test]
    fn nil_is_not_sent_where_gob_has_none() {
        let mut output = BytesMut::new();
        let mut encoder = Encoder::new();
        let nil: Option<String> = None;
        assert_eq!(
            *encoder.encode(&nil, &mut output).unwrap_err().kind(),
            ErrorKind::NilValue
        );
        let error = encoder
            .encode(&vec![Some(1i32), None], &mut output)
            .unwrap_err();
        assert_eq!(error.to_string().split(": ").nth(1), Some("[1]"));
        assert!(output.is_empty());
    }
}
