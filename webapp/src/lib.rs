//! The WebAssembly component of the web part: it carries what happens in the page to the protocol's session, and what the
//! session asks for to the page. It decides nothing.
//!
//! It runs in a realm of its own (a hidden frame, see `webapp/page/realm-frame.js`) on the page's thread. Everything that the page
//! can see is made by the page's scripts; what they offer is [`page::Page`], what they call is [`component::Component`].

#![deny(missing_docs)]
#![cfg(target_family = "wasm")]

pub mod component;
mod configuration;
mod driver;
mod message;
pub mod page;
mod panic;
mod wire;
