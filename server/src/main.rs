//! The executable that Mattermost starts.

#![forbid(unsafe_code)]
#![allow(
    dead_code,
    unused_imports,
    reason = "the hook that judges a save follows"
)]

mod api;
mod diagnostics;
mod plugin;
mod settings;

use std::process::ExitCode;

use crate::plugin::Notifymatters;

fn main() -> ExitCode {
    mattermost_plugin::run(Notifymatters::default())
}
