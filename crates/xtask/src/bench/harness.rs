//! The harness in Go: Mattermost's own plugin environment, measuring one bundle.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;

use crate::process;
use crate::setup::Setup;
use crate::test::go;

/// The harness's module.
const MODULE: &str = "tests/bench";
/// Mattermost's module that brings the plugin environment and the Go SDK.
const MATTERMOST: &str = "github.com/mattermost/mattermost/server/public";

/// What one run found out about one plugin, as the harness prints it.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(super) struct Figures {
    pub(super) activation_ms: f64,
    pub(super) idle_kb: f64,
    pub(super) loaded_kb: f64,
    pub(super) burst_kb: f64,
    /// How many requests of the burst the machine was too busy for.
    pub(super) refused: u32,
    pub(super) requests_per_second: f64,
    pub(super) p99_ms: f64,
    pub(super) processor_us: f64,
}

/// The memory of the plugin after so many requests of a soak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(super) struct Sample {
    pub(super) requests: u64,
    pub(super) resident_kb: u64,
}

/// A line of the harness.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Line<T> {
    Error { error: String },
    Found(T),
}

/// The built harness.
#[derive(Debug)]
pub(super) struct Harness {
    executable: PathBuf,
}

impl Harness {
    pub(super) fn build(setup: &Setup) -> Result<Self> {
        let executable = setup.project().scratch("bench").join("harness");
        let mut command = go(setup, &setup.project().path(MODULE))?;
        process::run(command.args(["build", "-o"]).arg(&executable).arg("."))?;
        Ok(Self { executable })
    }

    /// Measures the plugin in the bundle once, in a process of its own.
    pub(super) fn figures(&self, bundle: &Path, requests: u32, burst: u32) -> Result<Figures> {
        let mut found = None;
        let requests = requests.to_string();
        let burst = burst.to_string();
        let flags = ["-requests", &requests, "-burst", &burst];
        self.run("figures", bundle, &flags, |figures| found = Some(figures))?;
        found.context("the harness printed no figures")
    }

    /// Loads the plugin in the bundle for long and hands over its memory at the start and after each interval.
    pub(super) fn soak(
        &self,
        bundle: &Path,
        requests: u32,
        every: u32,
        take: impl FnMut(Sample),
    ) -> Result<()> {
        let requests = requests.to_string();
        let every = every.to_string();
        let flags = ["-requests", &requests, "-every", &every];
        self.run("soak", bundle, &flags, take)
    }

    fn run<T: for<'a> Deserialize<'a>>(
        &self,
        task: &str,
        bundle: &Path,
        flags: &[&str],
        mut take: impl FnMut(T),
    ) -> Result<()> {
        let mut command = process::command(&self.executable);
        command.arg(task).arg(bundle).args(flags);
        let mut failure = None;
        let ended = process::run_reading(&mut command, |line| match parse(line) {
            Ok(found) => take(found),
            Err(error) => failure = Some(error),
        });
        match failure {
            Some(error) => Err(error),
            None => ended,
        }
    }
}

fn parse<T: for<'a> Deserialize<'a>>(line: &str) -> Result<T> {
    match serde_json::from_str(line) {
        Ok(Line::Found(found)) => Ok(found),
        Ok(Line::Error { error }) => bail!("the harness: {error}"),
        Err(_) => bail!("the harness printed what is no figure: {line}"),
    }
}

/// Go's version and that of Mattermost's module in the harness, in words.
pub(super) fn versions(setup: &Setup) -> Result<String> {
    let module = setup.project().path(MODULE);
    let go_version = process::capture(go(setup, &module)?.args(["env", "GOVERSION"]))?;
    let mut list = go(setup, &module)?;
    let mattermost = process::capture(list.args(["list", "-m", "-f", "{{.Version}}", MATTERMOST]))?;
    Ok(format!("{go_version}, {MATTERMOST} {mattermost}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_figures_is_read_whole() {
        let figures: Figures = parse(
            r#"{"activation_ms":3.5,"idle_kb":1548,"loaded_kb":1772,"burst_kb":5108,"refused":0,"requests_per_second":5000.5,"p99_ms":4.25,"processor_us":55}"#,
        )
        .unwrap();
        assert_eq!(figures.loaded_kb, 1772.0);
        assert_eq!(figures.processor_us, 55.0);
    }

    #[test]
    fn the_harnesss_own_error_is_told() {
        let error = parse::<Sample>(r#"{"error":"it broke"}"#).unwrap_err();
        assert_eq!(error.to_string(), "the harness: it broke");
    }

    #[test]
    fn figures_that_lack_one_are_refused() {
        assert!(parse::<Figures>(r#"{"activation_ms":3.5}"#).is_err());
        assert!(parse::<Sample>("panic: no").is_err());
    }
}
