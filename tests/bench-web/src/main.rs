//! Measures the web part of one bundle in a real browser and prints what it finds, a line of JSON each.
//!
//! `cargo xtask bench web` builds it, runs it for this bundle and for that of the peer in plain JavaScript, and compares. It needs the
//! variables that the browser tests need.

#![forbid(unsafe_code)]
#![allow(clippy::print_stdout, reason = "the figures are its product")]

mod figures;
mod hop;
mod memory;
mod refused;
mod soak;
mod stage;
mod start;

use clap::{Parser, Subcommand};
use notifymatters_browser_tests::Outcome;
use serde::Serialize;

#[derive(Parser)]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// All figures, once.
    Figures,
    /// Many notifications over a long time.
    Soak(soak::Amount),
}

#[tokio::main]
async fn main() -> Outcome {
    match Arguments::parse().task {
        Task::Figures => print(&figures::measure().await?),
        Task::Soak(amount) => soak::run(amount, print).await,
    }
}

fn print(found: &impl Serialize) -> Outcome {
    println!("{}", serde_json::to_string(found)?);
    Ok(())
}
