//! The executable that Mattermost starts.

#![forbid(unsafe_code)]

mod api;
mod diagnostics;
mod plugin;
mod reading;
mod settings;

use std::process::ExitCode;

use crate::plugin::Notifymatters;

fn main() -> ExitCode {
    mattermost_plugin::run(Notifymatters::default())
}
