//! Any bytes as a host's connection: the session ends in order, and no task of it panics.
#![no_main]

use std::sync::Arc;
use std::time::Duration;

use go_plugin::{Broker, Call, Dispense, Service, serve_connection};
use libfuzzer_sys::fuzz_target;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
use tokio::time::timeout;

struct Echo;

impl Dispense for Echo {
    fn dispense(&self, _: &str, _: &Broker) -> Option<Arc<dyn Service>> {
        Some(Arc::new(Self))
    }
}

impl Service for Echo {
    fn call(&self, call: Call) {
        match call.arguments::<String>() {
            Ok(text) => call.reply(&text),
            Err(error) => call.fail(&error.to_string()),
        }
    }
}

fuzz_target!(|bytes: &[u8]| {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    runtime.block_on(async {
        let (mut host, plugin) = duplex(1 << 20);
        let session = tokio::spawn(serve_connection(plugin, Arc::new(Echo)));
        drop(host.write_all(bytes).await);
        // It says no more, and still hears: a plugin that cannot write its first frame ends before it has read one.
        drop(host.shutdown().await);
        drop(timeout(Duration::from_secs(60), host.read_to_end(&mut Vec::new())).await);
        drop(host);
        let ended = timeout(Duration::from_secs(60), session).await;
        drop(ended.expect("the session ends").expect("nothing panics"));
    });
});
