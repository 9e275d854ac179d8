//! The plugin's end of hashicorp/go-plugin over net/rpc: handshake, yamux, broker, control.
//!
//! It does not depend on what a particular host offers. A host starts the executable, reads one line from its standard
//! output, and connects to the socket that the line names. From then on both sides open numbered streams to each other
//! through the [`Broker`], with Go's net/rpc on most of them.
//!
//! The two central traits: [`Dispense`] says which services the host may ask for; a [`Service`] answers its calls.
//!
//! ```no_run
//! use std::process::ExitCode;
//! use std::sync::Arc;
//!
//! use go_plugin::{Broker, Call, Dispense, Handshake, Service};
//!
//! struct Greeter;
//!
//! impl Service for Greeter {
//!     // In Go: client.Call("Plugin.Greet", "Anna", &greeting)
//!     fn call(&self, call: Call) {
//!         if call.method() != "Plugin.Greet" {
//!             return call.fail("there is no such method");
//!         }
//!         match call.arguments::<String>() {
//!             Ok(name) => call.reply(&format!("Hello, {name}!")),
//!             Err(error) => call.fail(&error.to_string()),
//!         }
//!     }
//! }
//!
//! struct Plugins;
//!
//! impl Dispense for Plugins {
//!     fn dispense(&self, name: &str, _: &Broker) -> Option<Arc<dyn Service>> {
//!         (name == "greeter").then(|| Arc::new(Greeter) as Arc<dyn Service>)
//!     }
//! }
//!
//! fn main() -> ExitCode {
//!     // The host's plugin.HandshakeConfig.
//!     let handshake = Handshake {
//!         cookie_key: "GREETER_PLUGIN",
//!         cookie_value: "hello",
//!         protocol_version: 1,
//!     };
//!     go_plugin::serve(&handshake, Arc::new(Plugins))
//! }
//! ```
//!
//! gRPC plugins and TLS are not supported. With the feature `test-util`, the module `host` is the other end, for tests.
#![deny(missing_docs)]
#![forbid(unsafe_code)]

mod broker;
mod channel;
mod connection;
mod control;
mod environment;
mod error;
mod handshake;
pub mod hclog;
#[cfg(any(test, feature = "test-util"))]
pub mod host;
mod interrupt;
mod listen;
mod mux;
mod process;
mod rpc;
#[cfg(unix)]
mod socket;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use broker::{ACCEPT_TIMEOUT, Broker};
pub use channel::Channel;
pub use connection::serve_connection;
pub use error::Error;
pub use handshake::Handshake;
pub use mux::{MuxError, ProtocolError, Stream};
pub use process::{serve, serve_on};
pub use rpc::{Call, Client, Empty, FirstCall, SequentialClient, Service};

/// The services that a plugin offers to its host.
pub trait Dispense: Send + Sync + 'static {
    /// The service with this name, for one stream of the host; nothing if there is none.
    fn dispense(&self, name: &str, broker: &Broker) -> Option<Arc<dyn Service>>;
}
