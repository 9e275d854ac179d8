//! The Go modules below `tests/`: vet and tests.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use serde::Deserialize;

use super::rust;
use super::suite::Outcome;
use crate::generate;
use crate::process::{self, say};
use crate::setup::{GO, Setup};

/// The module whose tests load the plugin into Mattermost's own environment, one folder a generation.
const HOST_TESTS: &str = "tests/host";

/// One line of `go test -json`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Event {
    action: String,
    #[serde(default)]
    package: String,
    test: Option<String>,
    #[serde(default)]
    output: String,
    elapsed: Option<f64>,
}

/// Vets every module, tests those that need no plugin, and compares what is generated from Go.
pub(super) fn standin(setup: &Setup) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    for module in modules(&setup.project().path("tests"))? {
        let vet = process::run(go(setup, &module)?.args(["vet", "./..."]));
        outcome.add(vet.map(|()| Outcome::passed()));
        if !is_generation(&module) {
            outcome.add(test(
                go(setup, &module)?.args(["test", "-json", "-count=1", "./..."]),
            ));
        }
    }
    outcome.add(generate::check(setup));
    Ok(outcome)
}

/// The plugin, and the SDK's example plugins, in Mattermost's own plugin environment, once for each generation; `only`
/// names the tests to run, with `|` between them, and then the bundle in the first generation will do.
pub(crate) fn host(setup: &Setup, bundle: &Path, only: Option<&str>) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    let examples = match only {
        None => Some(rust::examples(setup)?),
        Some(_) => None,
    };
    for module in generations(setup)? {
        let mut command = go(setup, &module)?;
        command
            .args(["test", "-json", "-count=1", "-timeout", "20m"])
            .env("NOTIFYMATTERS_BUNDLE", bundle);
        if let Some(examples) = &examples {
            command.env("NOTIFYMATTERS_EXAMPLES", examples);
        }
        if let Some(only) = only {
            command
                .arg("-run")
                .arg(format!("/^({})$", only.replace(' ', "_")));
        }
        outcome.add(test(command.arg("./...")));
        if only.is_some() {
            break;
        }
    }
    Ok(outcome)
}

fn is_generation(module: &Path) -> bool {
    module.join("generation_test.go").is_file()
}

/// The modules that each hold the host tests in one generation of Mattermost's plugin environment.
fn generations(setup: &Setup) -> Result<Vec<PathBuf>> {
    let modules = modules(&setup.project().path(HOST_TESTS))?;
    let generations: Vec<_> = modules
        .into_iter()
        .filter(|module| is_generation(module))
        .collect();
    ensure!(
        !generations.is_empty(),
        "no folder below {HOST_TESTS} has a generation_test.go"
    );
    Ok(generations)
}

/// Go's own command, in the folder of a module.
pub(crate) fn go(setup: &Setup, module: &Path) -> Result<Command> {
    let mut command = process::command(setup.tool(&GO)?);
    // The version in go.mod is a lower bound; no other Go is fetched.
    command.current_dir(module).env("GOTOOLCHAIN", "local");
    Ok(command)
}

/// The folders with a `go.mod` at or below a folder, sorted.
fn modules(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        if folder.join("go.mod").is_file() {
            found.push(folder.clone());
        }
        for entry in folder
            .read_dir()
            .with_context(|| folder.display().to_string())?
        {
            let entry = entry?;
            if entry.file_type()?.is_dir()
                && entry.file_name() != "node_modules"
                && entry.file_name() != "testdata"
            {
                waiting.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}

fn test(command: &mut Command) -> Result<Outcome> {
    say(&format!("    $ {}", process::shown(command)));
    let mut tally = Tally::default();
    let ended = process::run_reading(command, |line| match serde_json::from_str(line) {
        Ok(event) => tally.take(event),
        Err(_) => say(line),
    });
    match ended {
        Err(error) if tally.outcome.failures.is_empty() => Err(error),
        _ => Ok(tally.outcome),
    }
}

/// What the events of a run add up to.
#[derive(Debug, Default)]
struct Tally {
    outcome: Outcome,
    /// What each test, and each package (the empty name), has written.
    output: BTreeMap<(String, String), String>,
}

impl Tally {
    fn take(&mut self, event: Event) {
        let is_test = event.test.is_some();
        let name = event.test.unwrap_or_default();
        let key = (event.package, name);
        match event.action.as_str() {
            "output" | "build-output" => {
                if event.action == "build-output" {
                    say(event.output.trim_end());
                }
                self.output.entry(key).or_default().push_str(&event.output);
            }
            "pass" => {
                self.output.remove(&key);
                if is_test {
                    self.outcome.passed += 1;
                    say(&format!(
                        "    ok {} ({:.1} s)",
                        key.1,
                        event.elapsed.unwrap_or(0.0)
                    ));
                }
            }
            "fail" => {
                say(self.output.remove(&key).unwrap_or_default().trim_end());
                // A package fails with its tests; alone it fails to build or in its main.
                if is_test || self.outcome.failures.is_empty() {
                    self.outcome
                        .failures
                        .push(format!("{} {}", key.0, key.1).trim().to_owned());
                }
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(lines: &[&str]) -> Outcome {
        let mut tally = Tally::default();
        for line in lines {
            tally.take(serde_json::from_str(line).unwrap());
        }
        tally.outcome
    }

    #[test]
    fn passed_tests_are_counted_and_failed_ones_named() {
        let outcome = tally(&[
            r#"{"Action":"start","Package":"p"}"#,
            r#"{"Action":"run","Package":"p","Test":"TestA"}"#,
            r#"{"Action":"pass","Package":"p","Test":"TestA/one","Elapsed":0.1}"#,
            r#"{"Action":"pass","Package":"p","Test":"TestA","Elapsed":0.1}"#,
            r#"{"Action":"output","Package":"p","Test":"TestB","Output":"bad\n"}"#,
            r#"{"Action":"fail","Package":"p","Test":"TestB","Elapsed":0.1}"#,
            r#"{"Action":"fail","Package":"p","Elapsed":0.2}"#,
        ]);
        assert_eq!(
            outcome,
            Outcome {
                passed: 2,
                failures: vec!["p TestB".to_owned()],
                unsteady: Vec::new(),
            }
        );
    }

    #[test]
    fn a_package_that_fails_without_a_test_is_a_failure() {
        let outcome = tally(&[r#"{"Action":"fail","Package":"p","Elapsed":0.2}"#]);
        assert_eq!(outcome.failures, ["p"]);
    }

    #[test]
    fn modules_are_found_also_one_in_another() {
        let folder = tempfile::tempdir().unwrap();
        for module in ["a", "a/b", "c/node_modules/d"] {
            std::fs::create_dir_all(folder.path().join(module)).unwrap();
            std::fs::write(folder.path().join(module).join("go.mod"), "").unwrap();
        }
        assert_eq!(
            modules(folder.path()).unwrap(),
            [folder.path().join("a"), folder.path().join("a/b")]
        );
    }
}
