//! The measuring program `tests/bench-web`: a browser, a stand-in Mattermost, and one bundle.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::process;
use crate::setup::{CHROMEDRIVER, CHROMIUM, Setup};
use crate::standin::Standin;
use crate::test::cargo;

/// The program's package and its executable.
const PACKAGE: &str = "notifymatters-bench-web";

/// What one run found, as the program prints it; times in milliseconds.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Figures {
    pub(super) loaded_idle: Vec<String>,
    pub(super) loaded_embedded: Vec<String>,
    pub(super) ok_first: f64,
    pub(super) cached: Cached,
    pub(super) hops: Beside<Hops>,
    /// Without the plugin; after the `ok`; after 100 and after 10,000 notifications.
    pub(super) memory: [Memory; 4],
    pub(super) refused: Beside<f64>,
}

/// Starts with files from the browser's cache: `enable` to `ok` in a calm page; the plugin's first line to `ok` while the host asks;
/// the longest for which the page's thread is taken.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Cached {
    pub(super) calm: Vec<f64>,
    pub(super) asked: Vec<f64>,
    pub(super) longest: Vec<f64>,
}

/// What was measured in turn with the bare thing.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Beside<T> {
    pub(super) ours: Vec<T>,
    pub(super) bare: Vec<T>,
}

/// The hops of one turn: each by itself, and one of many in a row.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Hops {
    pub(super) single: Vec<f64>,
    pub(super) row: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub(super) struct Memory {
    pub(super) heap_bytes: f64,
    pub(super) wasm_bytes: f64,
}

/// The memory after so many notifications of a soak.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
pub(super) struct Sample {
    pub(super) minutes: f64,
    pub(super) notifications: u64,
    #[serde(flatten)]
    pub(super) memory: Memory,
}

/// The built program and what it needs.
#[derive(Debug)]
pub(super) struct Program {
    executable: PathBuf,
    standin: Standin,
    chromium: PathBuf,
    chromedriver: PathBuf,
}

impl Program {
    pub(super) fn build(setup: &Setup) -> Result<Self> {
        process::run(cargo(setup).args(["build", "--quiet", "--locked", "-p", PACKAGE]))?;
        Ok(Self {
            executable: setup.project().target().join("debug").join(PACKAGE),
            standin: Standin::build(setup)?,
            chromium: setup.tool(&CHROMIUM)?,
            chromedriver: setup.tool(&CHROMEDRIVER)?,
        })
    }

    /// Measures the web part of the bundle once.
    pub(super) fn figures(&self, bundle: &Path) -> Result<Figures> {
        let mut found = None;
        self.run(bundle, &["figures"], |figures| found = Some(figures))?;
        found.context("the measuring program printed no figures")
    }

    /// Makes notifications for long and hands over the memory on the way.
    pub(super) fn soak(
        &self,
        bundle: &Path,
        notifications: u32,
        minutes: f64,
        looks: u32,
        take: impl FnMut(Sample),
    ) -> Result<()> {
        let notifications = notifications.to_string();
        let minutes = minutes.to_string();
        let looks = looks.to_string();
        #[rustfmt::skip]
        let arguments = ["soak", "--notifications", &notifications, "--minutes", &minutes, "--looks", &looks];
        self.run(bundle, &arguments, take)
    }

    fn run<T: for<'a> Deserialize<'a>>(
        &self,
        bundle: &Path,
        arguments: &[&str],
        mut take: impl FnMut(T),
    ) -> Result<()> {
        let mut command = process::command(&self.executable);
        command
            .args(arguments)
            .env("NOTIFYMATTERS_BUNDLE", bundle)
            .env("NOTIFYMATTERS_STANDIN", self.standin.executable())
            .env("CHROMIUM", &self.chromium)
            .env("CHROMEDRIVER", &self.chromedriver);
        let mut failure = None;
        process::run_reading(&mut command, |line| match parse(line) {
            Ok(found) => take(found),
            Err(error) => failure = Some(error),
        })?;
        failure.map_or(Ok(()), Err)
    }
}

fn parse<T: for<'a> Deserialize<'a>>(line: &str) -> Result<T> {
    serde_json::from_str(line)
        .with_context(|| format!("the measuring program printed what is no figure: {line}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_look_of_a_soak_is_read_whole() {
        let sample: Sample = parse(
            r#"{"minutes":2.5,"notifications":4167,"heap_bytes":2268912.0,"wasm_bytes":1179648.0}"#,
        )
        .unwrap();
        assert_eq!(sample.notifications, 4167);
        assert_eq!(sample.memory.wasm_bytes, 1_179_648.0);
    }

    #[test]
    fn what_lacks_a_figure_is_refused() {
        let error = parse::<Sample>(r#"{"minutes":2.5}"#).unwrap_err();
        assert!(error.to_string().contains("no figure"), "{error}");
    }
}
