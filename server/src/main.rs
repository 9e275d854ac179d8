//! The executable that Mattermost starts.

#![forbid(unsafe_code)]
#![allow(
    dead_code,
    unused_imports,
    reason = "the hooks that use the settings follow"
)]

mod api;
mod diagnostics;
mod settings;

fn main() {}
