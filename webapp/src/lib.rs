//! The WebAssembly component of the web part: it carries what happens in the page to the protocol's session, and what the
//! session asks for to the page. It decides nothing.
//!
//! It runs in the page's own realm, compiled by another's (see `webapp/page/webassembly.js`). What the page's scripts offer is
//! [`page::Page`], what they call is [`component::Component`].
//!
//! It does without the standard library, of which it would use little more than what writes a panic's text.

#![deny(missing_docs)]
#![cfg(target_family = "wasm")]
#![no_std]

extern crate alloc;

use talc::wasm::{WasmDynamicTalc, new_wasm_dynamic_allocator};

pub mod component;
mod configuration;
mod driver;
mod message;
pub mod page;
mod panic;

/// The smallest of the well-kept allocators: a third of the code that the standard library's has.
#[global_allocator]
static ALLOCATOR: WasmDynamicTalc = new_wasm_dynamic_allocator();
