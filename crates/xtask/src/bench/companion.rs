//! The companion's size, and how long it takes to start, beside the smallest program there is.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};

use super::goal::Goal;
use super::statistics::{median, p99};
use super::table::Row;
use super::unit::Unit;
use super::{machine, report};
use crate::dist::{Companion, MOST_COMPANION_BYTES, Platform};
use crate::process;
use crate::setup::Setup;

/// How often each is started, in turn.
const STARTS: u32 = 500;

/// A start that people take for none.
const MOST_MS: f64 = 10.0;

#[allow(clippy::cast_precision_loss, reason = "a few megabytes")]
pub(super) fn run(setup: &Setup) -> Result<()> {
    let here = Platform::here().context("the companion is not built for this machine")?;
    let program = Companion::build(setup, &[here])?.executable(here);
    let peer = which::which("true")?;
    let busy = machine::busy()?;
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        ours.push(start(&program, "--version")?);
        theirs.push(start(&peer, "--version")?);
    }
    let size = |path: &Path| -> Result<f64> { Ok(fs::metadata(path)?.len() as f64) };
    let middle = |times: &[f64]| median(times.iter().copied()).context("nothing was measured");
    let slowest = |times: &[f64]| p99(times.iter().copied()).context("nothing was measured");
    let rows = [
        Row {
            figure: format!("stripped executable, {}", here.name),
            unit: Unit::Bytes,
            ours: size(&program)?,
            peers: vec![None],
            beside: 0,
            goal: Goal::Under(MOST_COMPANION_BYTES as f64),
        },
        Row::beside(
            "start to end of `--version`",
            Unit::Milliseconds,
            middle(&ours)?,
            middle(&theirs)?,
            Goal::Under(MOST_MS),
        ),
        Row::beside(
            "99 of 100 take at most",
            Unit::Milliseconds,
            slowest(&ours)?,
            slowest(&theirs)?,
            Goal::None,
        ),
    ];
    let caption = format!(
        "Medians of {STARTS} starts, in turn with those of `true`; {}.",
        machine::name()?
    );
    report(&["`true`"], &rows, &caption, busy)
}

/// How long it takes from before the start to after the end, in milliseconds.
fn start(program: &Path, argument: &str) -> Result<f64> {
    let mut command = process::command(program);
    command.arg(argument).stdout(Stdio::null());
    let begin = Instant::now();
    let status = command.status()?;
    let took = begin.elapsed().as_secs_f64() * 1000.0;
    ensure!(status.success(), "{}: {status}", program.display());
    Ok(took)
}
