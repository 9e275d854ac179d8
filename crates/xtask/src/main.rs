//! Every chore of the project: `cargo xtask --help` lists them.

#![forbid(unsafe_code)]
#![allow(
    clippy::print_stdout,
    reason = "what xtask prints is its product; nobody reads it as a library"
)]

mod bench;
mod demo;
mod deploy;
mod dist;
mod fuzz;
mod generate;
mod host;
mod licence_check;
mod process;
mod project;
mod setup;
mod standin;
mod test;
mod tidy;
mod web;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::project::Project;
use crate::setup::Setup;

/// Chores of Notifymatters. Each does its own set-up and says plainly what is missing where it cannot.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    /// Install nothing: name what is missing and how to get it, and stop.
    #[arg(long, global = true)]
    no_install: bool,
    #[command(subcommand)]
    chore: Chore,
}

#[derive(Subcommand)]
enum Chore {
    /// Make dist/notifymatters-<version>.tar.gz, ready for System Console, Plugin Management, Upload.
    Dist(dist::Options),
    /// Upload the bundle to a running Mattermost and enable it.
    Deploy(deploy::Options),
    /// Build the web part alone, into target/xtask/webapp, and print its files' sizes.
    Webapp,
    /// Show the plugin at work: build it, start a Mattermost-like page in a host page, print the address to open.
    Demo,
    /// Write the SDK's hooks, API and models anew from Mattermost's Go definitions.
    Generate(generate::Options),
    /// Check everything.
    Test(test::Options),
    /// Try the parsers with made-up input, for long.
    Fuzz(fuzz::Options),
    /// Measure the plugin beside the same plugin written in Go.
    Bench(bench::Options),
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    match perform(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn perform(arguments: &Arguments) -> anyhow::Result<()> {
    process::end_children_on_signals()?;
    let setup = Setup::new(Project::locate()?, arguments.no_install);
    match &arguments.chore {
        Chore::Dist(options) => dist::run(&setup, options),
        Chore::Deploy(options) => deploy::run(&setup, options),
        Chore::Webapp => dist::web_part_alone(&setup),
        Chore::Demo => demo::run(&setup),
        Chore::Generate(options) => generate::run(&setup, options),
        Chore::Test(options) => test::run(&setup, options),
        Chore::Fuzz(options) => fuzz::run(&setup, options),
        Chore::Bench(options) => bench::run(&setup, options),
    }
}
