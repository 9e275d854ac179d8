//! Measures the product beside the same thing written as one would otherwise, in one run.

mod companion;
mod figures;
mod goal;
mod gob;
mod harness;
mod machine;
mod peer;
mod soak;
mod statistics;
mod table;
mod unit;
mod web;

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, bail};

use self::figures::Amount;
use self::harness::Harness;
use self::peer::Pair;
use self::table::Row;
use crate::dist;
use crate::setup::{GO, Need, Setup};

/// The requests of a comparison and of a soak, where nothing else is asked for.
const REQUESTS: u32 = 20_000;
const SOAK_REQUESTS: u32 = 1_000_000;

/// More than this part of the processors busy with other things, and the figures say little.
const QUIET: f64 = 0.1;

/// What `bench` can be asked for.
#[derive(clap::Args, Debug, Clone)]
pub(crate) struct Options {
    #[command(subcommand)]
    part: Part,
}

#[derive(clap::Subcommand, Debug, Clone)]
enum Part {
    /// The server part in Mattermost's own plugin environment, beside the same plugin in Go: a table.
    Server(ServerOptions),
    /// The web part in a real browser, beside the same task in plain JavaScript and a bare `postMessage`: a table.
    Web(web::Options),
    /// The companion's size and start, beside `true` and Mattermost's own program: a table.
    Companion,
}

#[derive(clap::Args, Debug, Clone)]
struct ServerOptions {
    /// How many times each is measured; the medians count.
    #[arg(long, default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=1000))]
    rounds: u32,
    /// How many requests the callers make: 20,000 in a comparison, 1,000,000 in a soak.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    requests: Option<u32>,
    /// How many requests come at once.
    #[arg(long, default_value_t = 6_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    burst: u32,
    /// Instead of comparing, load the plugin for long, and fail when its memory grows by more than a megabyte.
    #[arg(long)]
    soak: bool,
    /// Measure this bundle instead of building one.
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
}

/// Measures and prints.
///
/// # Errors
///
/// Something could not be measured, or a goal is missed.
pub(crate) fn run(setup: &Setup, options: &Options) -> Result<()> {
    match &options.part {
        Part::Server(options) => server(setup, options),
        Part::Web(options) => web::run(setup, options),
        Part::Companion => companion::run(setup),
    }
}

fn server(setup: &Setup, options: &ServerOptions) -> Result<()> {
    let mut needs = vec![Need::Tool(&GO)];
    if options.bundle.is_none() {
        needs.extend(dist::needs(&dist::PLATFORMS));
    }
    setup.require(&needs)?;
    let harness = Harness::build(setup)?;
    let bundle = match &options.bundle {
        Some(bundle) => fs::canonicalize(bundle)?,
        None => dist::release(setup, &dist::PLATFORMS)?,
    };
    if options.soak {
        let requests = options.requests.unwrap_or(SOAK_REQUESTS);
        return soak::run(&harness, &bundle, requests);
    }
    let amount = Amount {
        rounds: options.rounds,
        requests: options.requests.unwrap_or(REQUESTS),
        burst: options.burst,
    };
    let pair = Pair::build(setup, &bundle)?;
    let busy = machine::busy()?;
    let mut rows = figures::sizes(&pair)?;
    rows.extend(figures::at_work(&harness, &pair, amount)?);
    rows.extend(gob::rows(setup, amount.rounds)?);
    report(&["the same in Go"], &rows, &caption(setup, amount)?, busy)
}

/// Prints the table and what is to be known about it; fails when a goal is missed.
fn report(peers: &[&str], rows: &[Row], caption: &str, busy: f64) -> Result<()> {
    println!("\n{}", table::markdown(peers, rows));
    println!("{caption}");
    if busy > QUIET {
        println!(
            "\nBefore the first round the machine was {:.0} % busy with other things: these figures say little.",
            busy * 100.0
        );
    }
    verdict(rows)
}

/// What stands below the table: how the figures came about.
fn caption(setup: &Setup, amount: Amount) -> Result<String> {
    let Amount {
        rounds,
        requests,
        burst,
    } = amount;
    Ok(format!(
        "Medians of {rounds} rounds, each with {requests} requests by 8 callers, then {burst} at once; {}; {}.",
        machine::name()?,
        harness::versions(setup)?
    ))
}

fn verdict(rows: &[Row]) -> Result<()> {
    let missed: Vec<_> = rows
        .iter()
        .filter(|row| !row.is_reached())
        .map(|row| row.figure.as_str())
        .collect();
    if missed.is_empty() {
        return Ok(());
    }
    bail!(
        "{} of {} goals are missed: {}",
        missed.len(),
        rows.len(),
        missed.join("; ")
    )
}
