//! Which figures are compared, and what each must reach.

use std::fs;

use anyhow::{Context as _, Result};

use super::goal::Goal;
use super::harness::{Figures, Harness};
use super::peer::Pair;
use super::statistics::median;
use super::table::Row;
use super::unit::Unit;
use crate::dist::PLATFORMS;

/// The kernel's kilobyte has 1,024 bytes.
const KB: f64 = 1024.0;

/// One figure of a run: its name, unit, goal, and where it stands.
type Figure = (&'static str, Unit, Goal, fn(&Figures) -> f64);

const FIGURES: [Figure; 7] = [
    (
        "resident memory, idle",
        Unit::Bytes,
        Goal::UnderPart(6.0),
        |figures| figures.idle_kb * KB,
    ),
    (
        "resident memory after the requests",
        Unit::Bytes,
        Goal::UnderPart(6.0),
        |figures| figures.loaded_kb * KB,
    ),
    (
        "resident memory after the burst",
        Unit::Bytes,
        Goal::Under(10e6),
        |figures| figures.burst_kb * KB,
    ),
    (
        "time to activate",
        Unit::Milliseconds,
        Goal::UnderPart(6.0),
        |figures| figures.activation_ms,
    ),
    (
        "requests a second",
        Unit::PerSecond,
        Goal::Times(1.4),
        |figures| figures.requests_per_second,
    ),
    (
        "99 of 100 requests answered within",
        Unit::Milliseconds,
        Goal::Better,
        |figures| figures.p99_ms,
    ),
    (
        "the plugin's processor time a request",
        Unit::Microseconds,
        Goal::UnderPart(4.0),
        |figures| figures.processor_us,
    ),
];

/// How much is measured.
#[derive(Debug, Clone, Copy)]
pub(super) struct Amount {
    pub(super) rounds: u32,
    pub(super) requests: u32,
    pub(super) burst: u32,
}

/// What lies on the disk.
pub(super) fn sizes(pair: &Pair) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for executable in &pair.executables {
        rows.push(Row::beside(
            format!("stripped executable, {}", executable.platform),
            Unit::Bytes,
            bytes(executable.ours),
            bytes(executable.go),
            Goal::UnderPart(15.0),
        ));
    }
    // The goal is set for a whole bundle.
    if pair.executables.len() == PLATFORMS.len() {
        rows.push(Row::beside(
            format!("the whole bundle, {} platforms, gzipped", PLATFORMS.len()),
            Unit::Bytes,
            bytes(fs::metadata(&pair.ours)?.len()),
            bytes(fs::metadata(&pair.go)?.len()),
            Goal::Under(4e6),
        ));
    }
    Ok(rows)
}

/// What Mattermost's plugin environment sees of both, measured in turn.
pub(super) fn at_work(harness: &Harness, pair: &Pair, amount: Amount) -> Result<Vec<Row>> {
    let mut ours = Vec::new();
    let mut go = Vec::new();
    for round in 1..=amount.rounds {
        for (name, bundle, found) in [("Rust", &pair.ours, &mut ours), ("Go", &pair.go, &mut go)] {
            let figures = harness.figures(bundle, amount.requests, amount.burst)?;
            println!(
                "    round {round} of {}, {name}: {figures:?}",
                amount.rounds
            );
            if figures.refused > 0 {
                println!(
                    "    {} of {} requests at once were refused: the machine is too busy for this figure",
                    figures.refused, amount.burst
                );
            }
            found.push(figures);
        }
    }
    compare(&ours, &go)
}

fn compare(ours: &[Figures], go: &[Figures]) -> Result<Vec<Row>> {
    FIGURES
        .into_iter()
        .map(|(figure, unit, goal, of)| {
            let of_all = |all: &[Figures]| median(all.iter().map(of)).context("no round was run");
            Ok(Row::beside(figure, unit, of_all(ours)?, of_all(go)?, goal))
        })
        .collect()
}

#[allow(
    clippy::cast_precision_loss,
    reason = "no file is larger than a float can count"
)]
pub(super) fn bytes(count: u64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(value: f64) -> Figures {
        Figures {
            activation_ms: value,
            idle_kb: value,
            loaded_kb: value,
            burst_kb: value,
            refused: 0,
            requests_per_second: value,
            p99_ms: value,
            processor_us: value,
        }
    }

    #[test]
    fn every_figure_is_the_median_of_its_rounds() {
        let rows = compare(
            &[figures(1.0), figures(900.0), figures(2.0)],
            &[figures(20.0), figures(30.0), figures(40.0)],
        )
        .unwrap();
        assert_eq!(rows.len(), FIGURES.len());
        for row in rows {
            let unit = if row.unit == Unit::Bytes { KB } else { 1.0 };
            assert_eq!(
                (row.ours, row.peers),
                (2.0 * unit, vec![Some(30.0 * unit)]),
                "{}",
                row.figure
            );
        }
    }

    #[test]
    fn without_a_round_there_is_nothing_to_compare() {
        assert!(compare(&[], &[]).is_err());
    }
}
