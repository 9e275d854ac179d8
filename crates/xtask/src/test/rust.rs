//! Rust's own checks: format, lints, tests.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Result, bail};

use super::browser::BROWSER_TESTS;
use super::suite::Outcome;
use crate::process::{self, say};
use crate::setup::{Setup, Toolchain};

pub(super) fn format(setup: &Setup) -> Result<Outcome> {
    process::run(cargo(setup).args(["fmt", "--all", "--check"]))?;
    Ok(Outcome::passed())
}

/// Lints of everything for this machine.
pub(super) fn lint(setup: &Setup) -> Result<Outcome> {
    process::run(cargo(setup).args([
        "clippy",
        "--quiet",
        "--locked",
        "--workspace",
        "--all-targets",
        "--",
        "-Dwarnings",
    ]))?;
    Ok(Outcome::passed())
}

/// Lints of the web part as it is compiled for the browser.
pub(super) fn lint_web(setup: &Setup) -> Result<Outcome> {
    let toolchain = setup.toolchain(Toolchain::WASM)?;
    let mut command = toolchain.clippy(setup)?;
    command.current_dir(setup.project().root());
    process::run(command.args(["--quiet", "-p", "notifymatters-webapp", "--", "-Dwarnings"]))?;
    Ok(Outcome::passed())
}

/// What the unit tests are of; to build more of the same takes the same choice, or all would be built a second time.
const WITHOUT_BROWSER: [&str; 5] = [
    "--quiet",
    "--locked",
    "--workspace",
    "--exclude",
    BROWSER_TESTS,
];

/// Every test that needs nothing but Rust.
pub(super) fn unit(setup: &Setup) -> Result<Outcome> {
    let mut command = cargo(setup);
    command.arg("test").args(WITHOUT_BROWSER);
    tests(command.arg("--no-fail-fast"))
}

/// The crates that could be published, each after those that it depends on.
const PUBLISHABLE: [&str; 5] = [
    "mattermost-plugin-gob-derive",
    "mattermost-plugin-gob",
    "mattermost-plugin-go-plugin",
    "mattermost-plugin-derive",
    "mattermost-plugin",
];

/// Packs the crates that could be published: what they depend on has a version, what they name is there, and so is the
/// licence, which each crate's folder links to.
pub(super) fn package(setup: &Setup) -> Result<Outcome> {
    // Compiling them again as strangers would takes minutes, and the same sources were compiled just now.
    process::run(packaging(setup).args(["--quiet", "--no-verify"]))?;
    let files = process::capture(packaging(setup).arg("--list"))?;
    let with_licence = files.lines().filter(|file| *file == "LICENSE").count();
    if with_licence != PUBLISHABLE.len() {
        bail!(
            "only {with_licence} of {} packages have a LICENSE (`ln -s ../../LICENSE crates/<crate>/`)",
            PUBLISHABLE.len()
        );
    }
    Ok(Outcome {
        passed: PUBLISHABLE.len(),
        ..Outcome::default()
    })
}

/// `cargo package` of the crates that could be published.
fn packaging(setup: &Setup) -> Command {
    let mut command = cargo(setup);
    command.args(["package", "--locked", "--allow-dirty"]);
    for name in PUBLISHABLE {
        command.args(["-p", name]);
    }
    command
}

/// Builds the SDK's example plugins, which the unit tests build too, and returns their folder.
pub(super) fn examples(setup: &Setup) -> Result<PathBuf> {
    let mut command = cargo(setup);
    command.arg("build").args(WITHOUT_BROWSER);
    process::run(command.arg("--examples"))?;
    Ok(setup.project().target().join("debug/examples"))
}

/// A test that the unit tests leave out, because it takes more than Rust.
pub(super) fn one_test(setup: &Setup, name: &str) -> Command {
    let mut command = cargo(setup);
    command.arg("test").args(WITHOUT_BROWSER);
    command.args(["--test", name]);
    command
}

/// Runs `cargo test` and counts.
pub(super) fn tests(command: &mut Command) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    let ended = process::run_reading(command, |line| {
        if !is_chatter(line) {
            say(line);
        }
        count(line, &mut outcome);
    });
    match ended {
        // The failed tests say it themselves; what does not compile says it here.
        Err(error) if outcome.failures.is_empty() => Err(error),
        Ok(()) | Err(_) => Ok(outcome),
    }
}

/// What `cargo test` says of tests that pass; the part's own line says how many they were.
fn is_chatter(line: &str) -> bool {
    line.starts_with("running ")
        || line.starts_with("test result: ok")
        || line.chars().all(|c| c == '.')
        || line.starts_with("all doctests ran")
}

/// Counts a line of `cargo test`: one summary a test binary, one line a failed test.
fn count(line: &str, outcome: &mut Outcome) {
    if let Some(summary) = line.strip_prefix("test result: ") {
        let passed = summary
            .split(". ")
            .nth(1)
            .and_then(|rest| rest.split(' ').next()?.parse::<usize>().ok());
        outcome.passed += passed.unwrap_or(0);
    } else if let Some(test) = line
        .strip_prefix("---- ")
        .and_then(|line| line.strip_suffix(" stdout ----"))
    {
        outcome.failures.push(test.to_owned());
    }
}

/// This machine's cargo, in the project's root.
pub(crate) fn cargo(setup: &Setup) -> Command {
    let mut command = process::command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(setup.project().root());
    if setup.machine().ci {
        // What makes the next build quicker makes the only one slower.
        command.env("CARGO_INCREMENTAL", "0");
    }
    command
}

#[cfg(test)]
mod unit_tests {
    use super::*;

    #[test]
    fn the_summaries_of_all_binaries_are_added_and_failed_tests_named() {
        let mut outcome = Outcome::default();
        for line in [
            "running 3 tests",
            "---- a::b stdout ----",
            "test result: FAILED. 2 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s",
            "test result: ok. 35 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 1.77s",
        ] {
            count(line, &mut outcome);
        }
        assert_eq!(
            outcome,
            Outcome {
                passed: 37,
                failures: vec!["a::b".to_owned()],
                unsteady: Vec::new(),
            }
        );
    }

    #[test]
    fn a_command_that_fails_without_a_failed_test_is_an_error() {
        assert!(
            tests(process::command("sh").args(["-c", "echo does not compile; exit 101"])).is_err()
        );
    }
}
