//! Any bytes at all: a quick variant of what the fuzzer in `tests/fuzz` does for longer.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

mod everything;
#[path = "survive/mod.rs"]
mod property;

use bytes::BytesMut;
use gob::Encoder;
use property::survive;
use proptest::collection::vec;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::sample::{Index, select};
use proptest::{prop_compose, proptest};

/// Streams that are right, to be made wrong.
fn golden() -> impl Strategy<Value = Vec<u8>> {
    select(vec![
        &include_bytes!("golden/request.gob")[..],
        include_bytes!("golden/header.gob"),
        include_bytes!("golden/url.gob"),
        include_bytes!("golden/error.gob"),
        include_bytes!("golden/config.gob"),
    ])
    .prop_map(<[u8]>::to_vec)
}

fn own() -> impl Strategy<Value = Vec<u8>> {
    vec(everything::everything(), 1..3).prop_map(|values| {
        let mut encoder = Encoder::new();
        let mut output = BytesMut::new();
        for value in &values {
            encoder.encode(value, &mut output).unwrap();
        }
        output.to_vec()
    })
}

#[derive(Debug, Clone)]
enum Damage {
    Set(Index, u8),
    Insert(Index, Vec<u8>),
    Remove(Index, usize),
}

fn damage() -> impl Strategy<Value = Damage> {
    let byte = || {
        prop_oneof![
            any::<u8>(),
            select(vec![0, 1, 2, 0x7f, 0x80, 0xf8, 0xfe, 0xff])
        ]
    };
    prop_oneof![
        4 => (any::<Index>(), byte()).prop_map(|(at, byte)| Damage::Set(at, byte)),
        1 => (any::<Index>(), vec(byte(), 1..9)).prop_map(|(at, bytes)| Damage::Insert(at, bytes)),
        1 => (any::<Index>(), 1..9usize).prop_map(|(at, count)| Damage::Remove(at, count)),
    ]
}

prop_compose! {
    fn damaged()(stream in prop_oneof![golden(), own()], damages in vec(damage(), 1..5)) -> Vec<u8> {
        damages.into_iter().fold(stream, |mut stream, damage| {
            match damage {
                Damage::Set(at, byte) => {
                    let at = at.index(stream.len());
                    stream[at] = byte;
                }
                Damage::Insert(at, bytes) => {
                    let at = at.index(stream.len());
                    stream.splice(at..at, bytes);
                }
                Damage::Remove(at, count) => {
                    let at = at.index(stream.len());
                    let end = stream.len().min(at + count);
                    if end - at < stream.len() {
                        stream.drain(at..end);
                    }
                }
            }
            stream
        })
    }
}

proptest! {
    #[test]
    fn random_bytes_do_no_harm(stream in vec(any::<u8>(), 0..200)) {
        survive(&stream);
    }

    #[test]
    fn damaged_streams_do_no_harm(stream in damaged()) {
        survive(&stream);
    }

    #[test]
    fn whole_streams_come_back(stream in own()) {
        survive(&stream);
    }
}
