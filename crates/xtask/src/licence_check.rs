//! Licences, sources and known faults of every dependency, by cargo-deny and the rules in `deny.toml`.

use anyhow::Result;

use crate::process::{self, say};
use crate::setup::{CARGO_DENY, Setup};
use crate::test::Outcome;

/// What is judged by the lock file and the crates alone.
const LOCAL: [&str; 3] = ["bans", "licenses", "sources"];

pub(crate) fn run(setup: &Setup) -> Result<Outcome> {
    let deny = setup.cargo_tool(&CARGO_DENY)?;
    let mut outcome = Outcome::default();
    for check in LOCAL {
        let mut command = process::command(&deny);
        command.args([
            "--locked",
            "--all-features",
            "check",
            "--hide-inclusion-graph",
            check,
        ]);
        match process::run(command.current_dir(setup.project().root())) {
            Ok(()) => outcome.passed += 1,
            Err(error) => outcome.failures.push(format!("{error:#}")),
        }
    }
    let mut command = process::command(&deny);
    command.args(["--locked", "--all-features", "check", "advisories"]);
    match process::capture(command.current_dir(setup.project().root())) {
        Ok(_) => outcome.passed += 1,
        // The database is fetched from its own server, which not every network reaches.
        Err(error) if format!("{error:#}").contains("failed to fetch") => {
            say("    advisories: not checked, their database cannot be fetched here");
        }
        Err(error) => outcome.failures.push(format!("{error:#}")),
    }
    Ok(outcome)
}
