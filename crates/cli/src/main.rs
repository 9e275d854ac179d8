//! The companion of Notifymatters for whoever runs a Mattermost: proxies, places, the old command line, a doctor.

#![forbid(unsafe_code)]

mod arguments;
mod client;
mod doctor;
mod exit;
mod install;
mod interrupt;
mod invite;
mod paths;
mod platform;
mod proxy;
mod report;
mod rest;
mod setup;

use std::env;
use std::ffi::OsStr;
use std::path::Path;
use std::process::ExitCode;

use crate::arguments::Command;
use crate::exit::{Exit, Failure};

fn main() -> ExitCode {
    let exit = match run() {
        Ok(exit) => exit,
        Err(failure) => {
            if !failure.message.is_empty() {
                exit::say(&format!("error: {}", failure.message));
            }
            failure.exit
        }
    };
    if interrupt::came() {
        interrupt::end();
    }
    exit.into()
}

fn run() -> Result<Exit, Failure> {
    let mut words = env::args_os();
    if called_as(words.next().as_deref(), platform::LINK) {
        return platform::run(platform::LINK, words.collect());
    }
    match arguments::parse(env::args_os()) {
        Command::Paths(options) => paths::run(&options),
        Command::Platform { words } => platform::run("notifymatters platform", words),
        Command::Proxy(options) => proxy::run(&options),
        Command::Install(options) => install::run(&options),
        Command::Invite(options) => invite::run(&options),
        Command::Setup(options) => setup::run(&options),
        Command::Doctor(options) => doctor::run(&options),
        Command::Completions { shell } => arguments::completions(shell),
        Command::Man { folder } => arguments::man(folder.as_deref()),
    }
}

/// Whether the program was started by this name, through whatever path.
fn called_as(program: Option<&OsStr>, name: &str) -> bool {
    program
        .and_then(|program| Path::new(program).file_stem())
        .is_some_and(|own| own == name)
}
