//! Two ends over a pipe in memory: whole conversations, and single frames looked at byte by byte.

mod broker;
mod conversation;
mod frames;
mod hostile;
mod raw;

use std::sync::Arc;

use tokio::io::{DuplexStream, duplex};
use tokio::task::JoinHandle;

use crate::host::Host;
use crate::{Broker, Call, Dispense, Error, Service, serve_connection};

/// As much as a unix socket holds, about.
const PIPE: usize = 200 * 1024;

/// Offers one service, `test`.
struct TestPlugin;

impl Dispense for TestPlugin {
    fn dispense(&self, name: &str, broker: &Broker) -> Option<Arc<dyn Service>> {
        (name == "test").then(|| Arc::new(TestService(broker.clone())) as _)
    }
}

struct TestService(Broker);

impl Service for TestService {
    fn call(&self, call: Call) {
        match call.method() {
            "Plugin.Double" => match call.arguments::<i64>() {
                Ok(number) => call.reply(&(2 * number)),
                Err(error) => call.fail(&error.to_string()),
            },
            "Plugin.Hang" => std::mem::forget(call),
            "Plugin.Drop" => drop(call),
            "Plugin.Panic" => panic!("told to"),
            "Plugin.FailSilently" => call.fail(""),
            "Plugin.Dial" => {
                let broker = self.0.clone();
                tokio::spawn(async move {
                    let id = call.arguments().unwrap();
                    let mut channel = broker.dial(id, b"first").await.unwrap();
                    match channel.answered().await {
                        Ok(()) => call.reply(&true),
                        Err(error) => call.fail(&error.to_string()),
                    }
                });
            }
            _ => call.fail("rpc: can't find method"),
        }
    }
}

/// A plugin at the far end of a pipe.
fn plugin() -> (DuplexStream, JoinHandle<Result<(), Error>>) {
    let (host, plugin) = duplex(PIPE);
    (
        host,
        tokio::spawn(serve_connection(plugin, Arc::new(TestPlugin))),
    )
}

async fn connected() -> (Host, JoinHandle<Result<(), Error>>) {
    let (socket, session) = plugin();
    (Host::connect(socket).await.unwrap(), session)
}
