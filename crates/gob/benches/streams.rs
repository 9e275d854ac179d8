//! What Go's benchmarks in `tests/gob-peer` do, with the same values, on streams whose types are known; and what streams
//! save that begin like earlier ones.
//!
//! The output has the form of `go test -bench`, so that one reader does for both.
//! An argument selects the benchmarks whose names contain it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a benchmark fails by panicking, and prints"
)]

#[path = "../tests/http/mod.rs"]
mod http;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use bytes::BytesMut;
use gob::{Decode, Decoder, DefinitionCache, Encoder, Gob, Limits, Value};
use http::Request;

/// How long one measurement takes, and how many are made; the median is printed.
const MEASUREMENT: Duration = Duration::from_millis(200);
const MEASUREMENTS: usize = 7;

fn main() {
    let request = include_bytes!("../tests/golden/request.gob");
    let config = include_bytes!("../tests/golden/config.gob");
    bench_decode::<Request>("RequestDecode", request);
    bench_encode("RequestEncode", request);
    bench_decode::<Value>("ConfigDecode", config);
    bench_new_streams();
}

type Header = BTreeMap<String, Vec<String>>;

#[derive(Gob)]
struct Response {
    service_method: String,
    seq: u64,
    error: String,
}

/// The first response on a stream of its own, as a plugin gets it for each request: its types are defined in it.
///
/// Without what earlier streams have in common with it, and with it.
fn bench_new_streams() {
    let response = Response {
        service_method: "Plugin.Header".to_owned(),
        seq: 0,
        error: String::new(),
    };
    let header = Header::from([("X-Request-Id".to_owned(), vec!["7".to_owned()])]);
    let mut stream = BytesMut::new();
    let mut encoder = Encoder::new();
    encoder
        .encode_both(&response, &header, &mut stream)
        .unwrap();

    let read = |mut decoder: Decoder, buffer: &mut BytesMut| {
        buffer.extend_from_slice(&stream);
        black_box(decoder.decode_next::<Response>(buffer).unwrap());
        black_box(decoder.decode_next::<Header>(buffer).unwrap());
        decoder
    };
    let mut buffer = BytesMut::new();
    measure("NewStreamDecode", || {
        read(Decoder::default(), &mut buffer);
    });
    let cache = DefinitionCache::new(Limits::default());
    measure("NewStreamDecodeCached", || {
        read(Decoder::with_cache(&cache), &mut buffer).update_cache(&cache);
    });

    let mut output = BytesMut::new();
    measure("NewStreamEncode", || {
        output.clear();
        let mut encoder = Encoder::new();
        encoder
            .encode_both(&response, &header, &mut output)
            .unwrap();
        black_box((&encoder, &output));
    });
    measure("NewStreamEncodeCloned", || {
        output.clear();
        output.extend_from_slice(&stream);
        black_box((&encoder.clone(), &output));
    });
}

/// A decoder that knows the stream's types, its first value, and the bytes of its second message.
fn warm<T: Decode>(stream: &[u8]) -> (Decoder, T, BytesMut) {
    let mut decoder = Decoder::default();
    let mut buffer = BytesMut::from(stream);
    let message = decoder
        .next_message(&mut buffer)
        .unwrap()
        .expect("a whole message");
    let value = decoder.decode(&message).unwrap();
    (decoder, value, buffer)
}

fn bench_decode<T: Decode>(name: &str, stream: &[u8]) {
    let (mut decoder, _, bytes) = warm::<T>(stream);
    let mut buffer = BytesMut::new();
    measure(name, || {
        buffer.extend_from_slice(&bytes);
        let message = decoder
            .next_message(&mut buffer)
            .unwrap()
            .expect("a whole message");
        black_box(decoder.decode::<T>(&message).unwrap());
    });
}

fn bench_encode(name: &str, stream: &[u8]) {
    let (_, request, _) = warm::<Request>(stream);
    let mut encoder = Encoder::new();
    let mut output = BytesMut::new();
    measure(name, || {
        output.clear();
        encoder.encode(&request, &mut output).unwrap();
        black_box(&output);
    });
}

fn measure(name: &str, mut operation: impl FnMut()) {
    // Cargo adds a flag of its own.
    let mut filters = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .peekable();
    if filters.peek().is_some() && !filters.any(|filter| name.contains(&filter)) {
        return;
    }
    let mut results: Vec<_> = (0..MEASUREMENTS)
        .map(|_| measure_once(&mut operation))
        .collect();
    results.sort_by_key(|&(_, nanoseconds)| nanoseconds);
    let (count, nanoseconds) = results[MEASUREMENTS / 2];
    println!("Benchmark{name}\t{count}\t{nanoseconds} ns/op");
}

fn measure_once(operation: &mut impl FnMut()) -> (u32, u128) {
    let start = Instant::now();
    let mut count = 0;
    while start.elapsed() < MEASUREMENT {
        for _ in 0..64 {
            operation();
        }
        count += 64;
    }
    (count, start.elapsed().as_nanos() / u128::from(count))
}
