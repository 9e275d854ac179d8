//! Values that are malformed.

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
