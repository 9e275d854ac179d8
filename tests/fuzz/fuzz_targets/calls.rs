//! Well-formed frames with anything in them: control calls, numbers of the broker, and a service's calls.
#![no_main]

use std::sync::Arc;
use std::time::Duration;

use go_plugin::{Broker, Call, Dispense, Service, serve_connection};
use libfuzzer_sys::fuzz_target;
use tokio::io::{AsyncWriteExt as _, duplex};
use tokio::time::timeout;

struct Echo(Broker);

struct Offer;

impl Dispense for Offer {
    fn dispense(&self, _: &str, broker: &Broker) -> Option<Arc<dyn Service>> {
        Some(Arc::new(Echo(broker.clone())))
    }
}

impl Service for Echo {
    fn call(&self, call: Call) {
        let broker = self.0.clone();
        tokio::spawn(async move {
            let Ok(id) = call.arguments::<u32>() else { return };
            if let Ok(mut channel) = broker.dial(id, b"hello").await {
                drop(channel.answered().await);
                call.reply(&id);
            }
        });
    }
}

fn frame(kind: u8, flags: u16, stream: u32, body: &[u8], into: &mut Vec<u8>) {
    into.extend([0, kind]);
    into.extend(flags.to_be_bytes());
    into.extend(stream.to_be_bytes());
    into.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
    into.extend(body);
}

/// A valid start: three streams, the service dispensed, its stream 7 dialled.
fn start() -> Vec<u8> {
    #[derive(gob::Encode)]
    struct Request {
        service_method: String,
        seq: u64,
    }
    let mut bytes = Vec::new();
    for stream in [1, 3, 5] {
        frame(1, 1, stream, &[], &mut bytes);
    }
    let mut call = bytes::BytesMut::new();
    let mut encoder = gob::Encoder::new();
    let request = Request { service_method: "Dispenser.Dispense".into(), seq: 0 };
    encoder.encode(&request, &mut call).unwrap();
    encoder.encode("hooks", &mut call).unwrap();
    frame(0, 0, 1, &call, &mut bytes);
    frame(0, 1, 7, &1_u32.to_le_bytes(), &mut bytes);
    bytes
}

fuzz_target!(|input: &[u8]| {
    let mut bytes = start();
    // Each piece of the input: kind and flags, stream, length, body.
    let mut rest = input;
    while let [shape, stream, length, tail @ ..] = rest {
        let (body, tail) = tail.split_at(usize::from(*length).min(tail.len()));
        let kind = u8::from(shape & 0x80 != 0);
        let body = if kind == 0 { body } else { &[] };
        frame(kind, u16::from(shape & 0x0f), u32::from(*stream % 16), body, &mut bytes);
        rest = tail;
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let (mut host, plugin) = duplex(1 << 20);
        let session = tokio::spawn(serve_connection(plugin, Arc::new(Offer)));
        drop(host.write_all(&bytes).await);
        tokio::time::sleep(Duration::from_millis(1)).await;
        drop(host);
        let ended = timeout(Duration::from_secs(60), session).await;
        drop(ended.expect("the session ends").expect("nothing panics"));
    });
});
