//! Measures the web part in a real browser, beside the same task in plain JavaScript and a bare `postMessage`.

mod bundle;
mod figures;
mod program;
mod soak;

use std::fs;
use std::path::PathBuf;

use anyhow::Result;

use self::bundle::Bundle;
use self::program::Program;
use super::{machine, report};
use crate::dist;
use crate::setup::{CHROMEDRIVER, CHROMIUM, GO, Need, Setup, Toolchain};
use crate::web::Purpose;

/// The table's columns beside ours.
const PEERS: [&str; 2] = ["plain JavaScript", "bare `postMessage`"];

/// What `bench web` can be asked for.
#[derive(clap::Args, Debug, Clone)]
pub(crate) struct Options {
    /// How many times each is measured, with a browser of its own; the medians count.
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=1000))]
    rounds: u32,
    /// Instead of comparing, make notifications for long, and fail when the page's memory grows.
    #[arg(long)]
    soak: bool,
    #[command(flatten)]
    length: soak::Length,
    /// Measure this bundle instead of building one for this machine.
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
}

pub(super) fn run(setup: &Setup, options: &Options) -> Result<()> {
    setup.require(&[
        Need::Tool(&GO),
        Need::Tool(&CHROMIUM),
        Need::Tool(&CHROMEDRIVER),
        Need::NodeModules("webapp"),
        Need::Toolchain(Toolchain::WASM),
    ])?;
    let ours = match &options.bundle {
        Some(bundle) => fs::canonicalize(bundle)?,
        None => dist::make_for_here(setup, Purpose::Release)?,
    };
    let program = Program::build(setup)?;
    if options.soak {
        return soak::run(&program, &ours, &options.length);
    }
    let ours = Bundle::open(setup, &ours)?;
    let peer = Bundle::of_the_peer(setup, &ours)?;
    let busy = machine::busy()?;
    let mut found = (Vec::new(), Vec::new());
    for round in 1..=options.rounds {
        for (name, bundle, found) in [
            ("Notifymatters", &ours, &mut found.0),
            (PEERS[0], &peer, &mut found.1),
        ] {
            println!("    round {round} of {}: {name}", options.rounds);
            found.push(program.figures(bundle.archive())?);
        }
    }
    let rows = figures::rows((&ours, &found.0), (&peer, &found.1))?;
    report(
        &PEERS,
        &rows,
        &figures::caption(setup, options.rounds)?,
        busy,
    )
}
