//! Types that do not fit each other.

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
fn text_that_is_no_utf_8_is_bytes_or_lossy_or_an_error() {
    let stream = encoded(&BString::from("caf\u{e9}".to_owned().into_bytes()));
    assert_eq!(decoded::<String>(&stream).unwrap(), "café");
    let stream = encoded(&BString::from(&b"caf\xe9"[..]));
    assert_eq!(refused::<String>(&stream), ErrorKind::InvalidUtf8);
    assert_eq!(decoded::<BString>(&stream).unwrap(), b"caf\xe9");
    #[derive(Gob, Debug)]
    struct Sent {
        text: BString,
    }
    #[derive(Gob, Debug)]
    struct Received {
        #[gob(lossy)]
        text: String,
    }
    for (text, expected) in [
        (&b"caf\xe9"[..], "caf\u{fffd}"),
        (b"", ""),
        ("café".as_bytes(), "café"),
    ] {
        let stream = encoded(&Sent { text: text.into() });
        assert_eq!(decoded::<Received>(&stream).unwrap().text, expected);
    }
}

#[test]
fn a_type_that_did_not_fit_once_does_not_fit_again_and_harms_no_other() {
    #[derive(Gob, Debug)]
    struct Sent {
        inner: WideNumbers,
        list: Vec<String>,
    }
    #[derive(Gob, Debug)]
    struct Wrong {
        inner: Numbers,
        list: Vec<u64>,
    }
    #[derive(Gob, Debug, PartialEq)]
    struct Right {
        list: Vec<String>,
    }
    let mut buffer = encoded(&Sent {
        inner: WIDE,
        list: vec!["a".to_owned()],
    });
    let mut decoder = Decoder::default();
    let message = decoder.next_message(&mut buffer).unwrap().unwrap();
    for _ in 0..2 {
        let error = decoder.decode::<Wrong>(&message).unwrap_err();
        assert_eq!(
            error.to_string(),
            "gob: Wrong.List: wrong type: expected u64, received string"
        );
        assert_eq!(
            decoder.decode::<Right>(&message).unwrap(),
            Right {
                list: vec!["a".to_owned()]
            }
        );
    }
}
