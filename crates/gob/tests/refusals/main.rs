//! What is refused, and with which words.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test fails by panicking"
)]

mod definitions;
mod depth;
mod sizes;
mod types;
mod values;

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
