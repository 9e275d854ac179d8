//! Feeds bytes to the decoder as one stream, read dynamically and as Rust types.
#![no_main]

#[path = "../../../crates/gob/tests/survive/mod.rs"]
mod property;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|stream: &[u8]| property::survive(stream));
