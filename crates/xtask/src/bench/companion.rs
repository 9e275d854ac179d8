//! The companion's size for each platform, and how long it takes to start: beside the smallest program there is, and beside
//! Mattermost's own program, whose old command line it stands in for.

use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::Instant;

use anyhow::{Context as _, Result, ensure};

use super::figures::bytes;
use super::goal::Goal;
use super::statistics::{median, p99};
use super::table::Row;
use super::unit::Unit;
use super::{machine, report};
use crate::dist::{self, Companion, MOST_COMPANION_BYTES, PLATFORMS, Platform};
use crate::process;
use crate::setup::{GO, Need, Setup};
use crate::test;

/// How often each is started, in turn.
const STARTS: u32 = 200;

/// A start that people take for none.
const MOST_MS: f64 = 10.0;

/// The argument of ours and of `true`, that of Mattermost, and what they are called.
const QUESTIONS: [(&str, &str, &str); 2] = [
    ("--version", "version", "start to end of `--version`"),
    ("--help", "--help", "start to end of `--help`"),
];

pub(super) fn run(setup: &Setup) -> Result<()> {
    let here = Platform::here().context("the companion is not built for this machine")?;
    let mut needs = dist::needs(&PLATFORMS);
    needs.push(Need::Tool(&GO));
    setup.require(&needs)?;
    let companion = Companion::build(setup, &PLATFORMS)?;
    let (mattermost, _) = test::mattermost(setup)?;
    let smallest = which::which("true")?;
    let busy = machine::busy()?;
    let mut rows = Vec::new();
    for platform in PLATFORMS {
        rows.push(Row {
            figure: format!("stripped executable, {}", platform.name),
            unit: Unit::Bytes,
            ours: size(&companion.executable(platform))?,
            peers: vec![
                None,
                (platform == here).then(|| size(&mattermost)).transpose()?,
            ],
            beside: 1,
            goal: Goal::Under(MOST_COMPANION_BYTES as f64),
        });
    }
    for (question, mattermosts, figure) in QUESTIONS {
        let mut times = [Vec::new(), Vec::new(), Vec::new()];
        for _ in 0..STARTS {
            times[0].push(start(&companion.executable(here), question)?);
            times[1].push(start(&smallest, question)?);
            times[2].push(start(&mattermost, mattermosts)?);
        }
        let row = |figure: &str, of: fn(&[f64]) -> Option<f64>, goal: Goal| -> Result<Row> {
            let [ours, smallest, mattermost] = times.each_ref().map(|times| of(times));
            Ok(Row {
                figure: figure.to_owned(),
                unit: Unit::Milliseconds,
                ours: ours.context("nothing was measured")?,
                peers: vec![smallest, mattermost],
                beside: 1,
                goal,
            })
        };
        let middle = |times: &[f64]| median(times.iter().copied());
        let slowest = |times: &[f64]| p99(times.iter().copied());
        rows.push(row(figure, middle, Goal::Under(MOST_MS))?);
        rows.push(row("99 of 100 take at most", slowest, Goal::None)?);
    }
    let caption = format!(
        "Medians of {STARTS} starts, in turn with the others'. Mattermost's is its command line, asked `version` and `--help`. {}.",
        machine::name()?
    );
    report(&["`true`", "`mattermost` 6.7.2"], &rows, &caption, busy)
}

fn size(file: &Path) -> Result<f64> {
    let file = fs::metadata(file).with_context(|| file.display().to_string())?;
    Ok(bytes(file.len()))
}

/// How long it takes from before the start to after the end, in milliseconds.
fn start(program: &Path, argument: &str) -> Result<f64> {
    let mut command = process::command(program);
    command
        .arg(argument)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let begin = Instant::now();
    let status = command.status()?;
    let took = begin.elapsed().as_secs_f64() * 1000.0;
    ensure!(status.success(), "{}: {status}", program.display());
    Ok(took)
}
