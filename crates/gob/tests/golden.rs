//! Streams that Go made of the types a Mattermost plugin meets, read as Rust types and as dynamic values.
//!
//! The files in `golden/` are written by `go run . golden FOLDER` in `tests/gob-peer`
//! and by `go run . FOLDER` in `tests/gob-peer/mattermost`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

#[path = "peer/describe.rs"]
mod describe;
mod http;

use std::fmt::Debug;
use std::fs;
use std::path::Path;

use bytes::BytesMut;
use describe::describe;
use gob::{Decode, Decoder, Encoder, Gob, Value};
use http::{Header, Request};

fn golden(name: &str) -> Vec<u8> {
    fs::read(
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/golden")
            .join(name),
    )
    .unwrap()
}

/// The value of a stream that holds it twice, once with the definitions of its types and once without.
fn decoded<T: Decode + Debug + PartialEq>(stream: &[u8]) -> T {
    let mut decoder = Decoder::default();
    let mut buffer = BytesMut::from(stream);
    let [first, second] = [(); 2].map(|()| {
        let message = decoder
            .next_message(&mut buffer)
            .unwrap()
            .expect("a whole message");
        decoder.decode::<T>(&message).unwrap()
    });
    assert!(buffer.is_empty());
    assert_eq!(first, second);
    first
}

/// Reads a file as a dynamic value, compares it with its description, writes it and reads it again.
fn check_described(name: &str) -> Value {
    let value: Value = decoded(&golden(&format!("{name}.gob")));
    let expected: serde_json::Value =
        serde_json::from_slice(&golden(&format!("{name}.json"))).unwrap();
    assert_eq!(describe(&value), expected);
    let mut written = BytesMut::new();
    let mut encoder = Encoder::new();
    for _ in 0..2 {
        encoder.encode_value(&value, &mut written).unwrap();
    }
    assert_eq!(describe(&decoded::<Value>(&written)), expected);
    value
}

#[test]
fn a_request_is_read_field_by_field() {
    let request: Request = decoded(&golden("request.gob"));
    assert_eq!(request.method, "GET");
    assert_eq!(request.url.unwrap().0, b"/api/v1/config?at=1");
    assert_eq!(
        (
            request.proto.as_str(),
            request.proto_major,
            request.proto_minor
        ),
        ("HTTP/1.1", 1, 1)
    );
    assert_eq!(request.header.len(), 13);
    assert_eq!(
        request.header["X-Forwarded-For"],
        ["192.0.2.7", "198.51.100.1"]
    );
    assert_eq!(request.host, "chat.example.com");
    assert_eq!(request.remote_addr, "192.0.2.7:40312");
    assert_eq!(
        request.request_uri,
        "/plugins/notifymatters/api/v1/config?at=1"
    );
    assert_eq!((request.content_length, request.close), (0, false));
    assert_eq!(
        (request.transfer_encoding, request.trailer),
        (Vec::new(), Header::new())
    );
}

#[test]
fn a_header_at_top_level_is_a_map() {
    let request: Request = decoded(&golden("request.gob"));
    assert_eq!(decoded::<Header>(&golden("header.gob")), request.header);
}

#[test]
fn a_url_at_top_level_is_opaque_bytes() {
    assert_eq!(
        decoded::<gob::BinaryMarshaled>(&golden("url.gob")).0,
        b"https://example.com/a%20b#f"
    );
}

#[test]
fn a_whole_configuration_is_read_as_a_dynamic_value_and_written_back() {
    let config = check_described("config");
    let plugins = config
        .field("PluginSettings")
        .and_then(|settings| settings.field("Plugins"))
        .unwrap();
    let origin = plugins
        .entry("notifymatters")
        .and_then(|settings| settings.entry("trustedorigin"));
    let origin = origin.and_then(Value::as_interface).unwrap();
    assert_eq!(origin.name, "string");
    assert_eq!(
        origin.value.as_str(),
        Some("https://mail.example.com https://example.org:8443")
    );
}

#[test]
fn an_error_in_a_hook_s_results_is_read_by_its_registered_name() {
    #[derive(Gob, Debug, PartialEq)]
    struct AppError {
        id: String,
        message: String,
        status_code: i32,
        skip_translation: bool,
    }
    #[derive(Gob, Debug, PartialEq)]
    struct ErrorString {
        code: i64,
        err: String,
    }
    #[derive(Gob, Debug, PartialEq)]
    #[gob(interface)]
    enum HookError {
        #[gob(name = "*model.AppError")]
        App(Box<AppError>),
        #[gob(name = "*plugin.ErrorString")]
        Text(ErrorString),
    }
    #[derive(Gob, Debug, PartialEq)]
    struct Returns {
        b: Option<HookError>,
    }

    check_described("app_error");
    check_described("error");
    let text = "Write https://mail.example.com".to_owned();
    let error = AppError {
        id: text.clone(),
        message: text,
        status_code: 400,
        skip_translation: true,
    };
    assert_eq!(
        decoded::<Returns>(&golden("app_error.gob")).b,
        Some(HookError::App(Box::new(error)))
    );
    let error = ErrorString {
        code: 1,
        err: "no such origin".to_owned(),
    };
    assert_eq!(
        decoded::<Returns>(&golden("error.gob")).b,
        Some(HookError::Text(error))
    );
}

#[test]
fn a_value_in_several_parts_is_joined_byte_by_byte_as_well() {
    // The concrete type in the interface value is defined in the middle of the first value.
    let stream = golden("error.gob");
    let mut decoder = Decoder::default();
    let mut buffer = BytesMut::new();
    let mut values = Vec::<Value>::new();
    for &byte in &stream {
        buffer.extend_from_slice(&[byte]);
        if let Some(message) = decoder.next_message(&mut buffer).unwrap() {
            values.push(decoder.decode(&message).unwrap());
        }
    }
    assert_eq!(values, [(); 2].map(|()| decoded::<Value>(&stream)));
}
