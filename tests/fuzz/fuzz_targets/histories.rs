//! Histories of inputs to a session: no panic, nothing to whom nobody trusts at that moment, every call answered once, bounded state.

#![no_main]

#[path = "../../../protocol/tests/common/history.rs"]
mod history;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| history::play(bytes));
