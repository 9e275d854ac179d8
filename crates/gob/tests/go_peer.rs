//! Go's own encoder and decoder as the other end, on types and values that the Go side makes at random.
//!
//! `GOB_PEER_SEED` repeats a run, `GOB_PEER_STREAMS` makes it longer.
//! Without Go the tests say so and pass, except where `CI` is set.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod everything;
mod http;
mod peer;

use std::fmt::Debug;

use bytes::BytesMut;
use gob::{Decoder, Encoder, Value};
use http::{Header, Request};
use peer::describe::{describe, hex};
use peer::{Peer, unhex};
use proptest::collection::{btree_map, vec};
use proptest::prelude::{Strategy, any};
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use serde_json::json;

#[test]
fn what_go_sends_is_read_and_what_is_written_go_reads() {
    let Some(peer) = Peer::build() else { return };
    let seed = peer::from_environment("GOB_PEER_SEED").unwrap_or_else(peer::random_seed);
    let count = peer::from_environment("GOB_PEER_STREAMS").unwrap_or(2000);
    let again = format!("repeat with GOB_PEER_SEED={seed} GOB_PEER_STREAMS={count}");
    let arguments = [seed.to_string(), count.to_string()];

    let streams = peer.run("make", &arguments, "");
    let mut written = String::new();
    let mut values = 0;
    for (number, line) in streams.lines().enumerate() {
        let stream: serde_json::Value = serde_json::from_str(line).unwrap();
        let expected = stream["values"].as_array().unwrap();
        let mut encoder = Encoder::new();
        let mut output = BytesMut::new();
        let received = read(&unhex(&stream["gob"]));
        let received = received.unwrap_or_else(|error| panic!("stream {number}: {error}; {again}"));
        assert_eq!(received.len(), expected.len(), "stream {number}; {again}");
        for (value, expected) in received.iter().zip(expected) {
            assert_eq!(describe(value), *expected, "stream {number}; {again}");
            encoder
                .encode_value(value, &mut output)
                .unwrap_or_else(|error| panic!("stream {number}: {error}; {again}"));
            values += 1;
        }
        written.push_str(&format!("\"{}\"\n", hex(&output)));
    }
    let compared = peer.run("check", &arguments, &written);
    assert_eq!(compared.trim().parse(), Ok(values), "{again}");
    assert!(
        values > count,
        "only {values} values in {count} streams; {again}"
    );
}

fn read(stream: &[u8]) -> gob::Result<Vec<Value>> {
    let mut decoder = Decoder::default();
    let mut buffer = BytesMut::from(stream);
    let mut values = Vec::new();
    while let Some(message) = decoder.next_message(&mut buffer)? {
        values.push(decoder.decode(&message)?);
    }
    assert!(
        buffer.is_empty(),
        "{} bytes are no whole message",
        buffer.len()
    );
    Ok(values)
}

/// Values of the strategy, the same in every run: what is random here is Go's part.
fn values<T>(strategy: impl Strategy<Value = T>, count: usize) -> Vec<T> {
    let mut runner = TestRunner::deterministic();
    (0..count)
        .map(|_| strategy.new_tree(&mut runner).unwrap().current())
        .collect()
}

/// Sends the values through Go's decoder and encoder, all in one stream, and expects them back.
fn check_echo<T: Gob + Debug>(name: &str, values: &[T]) {
    let Some(peer) = Peer::build() else { return };
    let mut encoder = Encoder::new();
    let mut input = String::new();
    for value in values {
        let mut output = BytesMut::new();
        encoder.encode(value, &mut output).unwrap();
        input.push_str(&json!({ "type": name, "gob": hex(&output) }).to_string());
    }
    let answers = peer.run("echo", &[], &input);
    let mut decoder = Decoder::default();
    let mut buffer = BytesMut::new();
    let mut count = 0;
    for (line, value) in answers.lines().zip(values) {
        buffer.extend_from_slice(&unhex(&serde_json::from_str(line).unwrap()));
        let message = decoder
            .next_message(&mut buffer)
            .unwrap()
            .expect("a whole message");
        assert_eq!(decoder.decode::<T>(&message).unwrap(), *value);
        count += 1;
    }
    assert_eq!(count, values.len());
}

trait Gob: gob::Encode + gob::Decode + PartialEq {}

impl<T: gob::Encode + gob::Decode + PartialEq> Gob for T {}

#[test]
fn a_rust_struct_with_every_kind_of_field_goes_through_go_and_comes_back() {
    check_echo("everything", &values(everything::everything(), 500));
}

#[test]
fn an_http_request_goes_through_go_and_comes_back() {
    let header = || btree_map("[A-Z][a-z]{0,10}", vec("\\PC{0,40}", 0..3), 0..20);
    let parts = (
        "[A-Z]{1,7}",
        "/[a-z]{0,20}",
        header(),
        any::<i64>(),
        any::<bool>(),
        "[a-z.]{0,30}",
    );
    let request = parts.prop_map(
        |(method, path, header, content_length, close, host)| Request {
            method,
            url: Some(gob::BinaryMarshaled(path.clone().into_bytes())),
            proto: "HTTP/1.1".to_owned(),
            proto_major: 1,
            proto_minor: 1,
            header,
            content_length,
            transfer_encoding: Vec::new(),
            close,
            host,
            trailer: Header::new(),
            remote_addr: "192.0.2.7:40312".to_owned(),
            request_uri: path,
        },
    );
    check_echo("request", &values(request, 200));
}
