//! What must hold for any bytes at all, for the fuzzer and for the quick test alike.

use std::collections::BTreeMap;

use bytes::BytesMut;
use gob::{
    BString, Complex, Decode, Decoder, DefinitionCache, Encoder, Gob, GobEncoded, Interface,
    Limits, Message, Value,
};

/// Small enough that a few bytes reach each of them.
fn limits() -> Limits {
    Limits {
        message_bytes: 1 << 16,
        depth: 40,
        types: 60,
        definition_bytes: 1 << 14,
        value_bytes: 1 << 20,
    }
}

#[derive(Gob, Debug)]
struct Everything {
    flag: bool,
    small: i8,
    byte: u8,
    float: f64,
    single: f32,
    complex: Complex,
    text: String,
    raw: BString,
    bytes: Vec<u8>,
    array: [u16; 3],
    header: BTreeMap<String, Vec<String>>,
    #[gob(name = "URL")]
    url: Option<gob::BinaryMarshaled>,
    big: Option<GobEncoded>,
    chain: Option<Box<Chain>>,
    points: Vec<Point>,
    error: Option<Failure>,
    any: Vec<Option<Interface>>,
}

#[derive(Gob, Debug)]
struct Point {
    x: i64,
    y: i64,
}

#[derive(Gob, Debug)]
struct Chain {
    value: i64,
    next: Option<Box<Chain>>,
}

#[derive(Gob, Debug)]
#[gob(interface)]
enum Failure {
    #[gob(name = "*peer.coded")]
    Coded(Point),
    #[gob(name = "chain")]
    Chain(Chain),
    #[gob(other)]
    Other(Interface),
}

/// Reads the bytes as a stream in every way there is. Nothing may panic, and all ways must agree.
pub(crate) fn survive(stream: &[u8]) {
    let mut decoder = Decoder::new(limits());
    let mut buffer = BytesMut::from(stream);
    let mut messages = 0;
    while let Ok(Some(message)) = decoder.next_message(&mut buffer) {
        messages += 1;
        read_as::<Everything>(&mut decoder, &message);
        read_as::<Vec<Chain>>(&mut decoder, &message);
        drop(decoder.decode::<BTreeMap<String, Value>>(&message));
        read_as::<()>(&mut decoder, &message);
        if let Ok(value) = decoder.decode::<Value>(&message) {
            comes_back(&value);
        }
    }
    assert_eq!(
        count_in_pieces(stream),
        messages,
        "it matters in which pieces the stream arrives"
    );
    earlier_streams_change_nothing(stream);
}

/// A decoder that knows how streams before this one began reads it as one that knows none.
fn earlier_streams_change_nothing(stream: &[u8]) {
    let expected = outcomes(Decoder::new(limits()), stream).0;
    let (half, _) = stream.split_at(stream.len() / 2);
    let mut changed = stream.to_vec();
    if let Some(byte) = changed.get_mut(half.len()) {
        *byte ^= 1;
    }
    let cache = DefinitionCache::new(limits());
    for earlier in [half, &changed, stream] {
        outcomes(Decoder::with_cache(&cache), earlier)
            .1
            .update_cache(&cache);
        let (found, decoder) = outcomes(Decoder::with_cache(&cache), stream);
        assert_eq!(found, expected, "an earlier stream made a difference");
        decoder.update_cache(&cache);
    }
}

/// What is read from the stream, each value in two ways, and the decoder after it.
fn outcomes(mut decoder: Decoder, stream: &[u8]) -> (Vec<String>, Decoder) {
    let mut buffer = BytesMut::from(stream);
    let mut outcomes = Vec::new();
    loop {
        match decoder.next_message(&mut buffer) {
            Ok(Some(message)) => {
                outcomes.push(format!("{:?}", decoder.decode::<Value>(&message)));
                outcomes.push(format!("{:?}", decoder.decode::<Everything>(&message)));
            }
            Ok(None) => break,
            Err(error) => {
                outcomes.push(error.to_string());
                break;
            }
        }
    }
    (outcomes, decoder)
}

/// What was read can be written, and the writing is read as the same.
fn read_as<T: Decode + gob::Encode>(decoder: &mut Decoder, message: &Message) {
    let Ok(value) = decoder.decode::<T>(message) else {
        return;
    };
    let mut written = BytesMut::new();
    Encoder::new()
        .encode(&value, &mut written)
        .expect("a value that was read");
    let mut decoder = Decoder::default();
    let message = decoder
        .next_message(&mut written)
        .expect("our own writing")
        .expect("our whole writing");
    decoder.decode::<T>(&message).expect("our own writing");
}

/// Values are compared by their encoding: a float may be no number, and then it is unlike itself.
fn comes_back(value: &Value) {
    let write = |value: &Value| {
        let mut written = BytesMut::new();
        Encoder::new()
            .encode_value(value, &mut written)
            .expect("a value that was read");
        written
    };
    let written = write(value);
    let mut decoder = Decoder::default();
    let message = decoder
        .next_message(&mut written.clone())
        .expect("our own writing")
        .expect("our whole writing");
    let again: Value = decoder.decode(&message).expect("our own writing");
    assert_eq!(format!("{value:?}"), format!("{again:?}"));
}

fn count_in_pieces(stream: &[u8]) -> usize {
    let mut decoder = Decoder::new(limits());
    let mut buffer = BytesMut::new();
    let mut messages = 0;
    for piece in stream.chunks(stream.len() / 7 + 1) {
        buffer.extend_from_slice(piece);
        loop {
            match decoder.next_message(&mut buffer) {
                Ok(Some(_)) => messages += 1,
                Ok(None) => break,
                Err(_) => return messages,
            }
        }
    }
    messages
}
