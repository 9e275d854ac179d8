//! Fuzzes every parser that has a fuzz target: shortly within the test, for longer by itself.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use crate::process;
use crate::setup::{CARGO_FUZZ, CXX, Need, Setup};
use crate::test::Outcome;

/// The package of the targets. One for all crates, so that what they share is compiled once.
const PACKAGE: &str = "tests/fuzz";

/// Targets that have samples to begin with.
const SAMPLES: [(&str, &str); 1] = [("stream", "crates/gob/tests/golden")];

/// How long they are tried within the test, all together.
const SHORT: Duration = Duration::from_secs(60);

/// What fuzzing takes.
pub(crate) const NEEDS: [Need; 2] = [Need::Tool(&CXX), Need::CargoTool(&CARGO_FUZZ)];

/// What `fuzz` can be asked for.
#[derive(clap::Args, Debug, Clone)]
pub(crate) struct Options {
    /// How long each target is tried, in seconds.
    #[arg(long, default_value_t = 600, value_parser = clap::value_parser!(u64).range(1..=86_400))]
    seconds: u64,
    /// Only this target.
    target: Option<String>,
}

/// Tries the targets one after the other, for as long as was asked.
pub(crate) fn run(setup: &Setup, options: &Options) -> Result<()> {
    setup.require(&NEEDS)?;
    let mut found = targets(&setup.project().path(PACKAGE))?;
    if let Some(name) = &options.target {
        ensure!(
            found.contains(name),
            "there is no fuzz target {name}; there are {}",
            found.join(", ")
        );
        found.retain(|target| target == name);
    }
    for target in found {
        fuzz(setup, &target, Duration::from_secs(options.seconds))?;
    }
    Ok(())
}

/// Tries every target for a moment.
pub(crate) fn short(setup: &Setup) -> Result<Outcome> {
    process::run(&mut cargo_fuzz(setup, "build")?)?;
    let mut outcome = Outcome::default();
    let targets = targets(&setup.project().path(PACKAGE))?;
    let each = SHORT / u32::try_from(targets.len().max(1))?;
    for target in targets {
        outcome.add(fuzz(setup, &target, each).map(|()| Outcome::passed()));
    }
    Ok(outcome)
}

/// The names of the files in the package's `fuzz_targets/`, in order.
fn targets(package: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for source in fs::read_dir(package.join("fuzz_targets"))? {
        let path = source?.path();
        if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.file_stem().context("a target without a name")?;
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn fuzz(setup: &Setup, target: &str, duration: Duration) -> Result<()> {
    let package = setup.project().path(PACKAGE);
    let seconds = duration.as_secs();
    let mut command = cargo_fuzz(setup, "run")?;
    command.arg(target);
    if let Some((_, samples)) = SAMPLES.iter().find(|(name, _)| *name == target) {
        // What the fuzzer finds goes into the first folder.
        let corpus = package.join("corpus").join(target);
        fs::create_dir_all(&corpus)?;
        command.args([corpus, setup.project().path(samples)]);
    }
    command.args([
        "--",
        "-print_final_stats=1",
        "-verbosity=0",
        &format!("-max_total_time={seconds}"),
    ]);
    process::run(&mut command)
        .with_context(|| format!("{target}: what made it fail lies in {PACKAGE}/artifacts"))
}

fn cargo_fuzz(setup: &Setup, subcommand: &str) -> Result<Command> {
    let mut command = process::command(setup.cargo_tool(&CARGO_FUZZ)?);
    command
        .args([
            "fuzz",
            subcommand,
            "--sanitizer",
            "none",
            "--fuzz-dir",
            PACKAGE,
        ])
        .arg("--target-dir")
        .arg(setup.project().target().join("fuzz"))
        // The flags that count coverage are not stable; without a sanitizer nothing else needs a nightly compiler.
        .env("RUSTC_BOOTSTRAP", "1")
        .current_dir(setup.project().root());
    Ok(command)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_file_of_the_folder_is_a_target() {
        let package = tempfile::tempdir().unwrap();
        let folder = package.path().join("fuzz_targets");
        fs::create_dir_all(&folder).unwrap();
        for file in ["two.rs", "one.rs", "notes.md"] {
            fs::write(folder.join(file), "").unwrap();
        }
        assert_eq!(targets(package.path()).unwrap(), ["one", "two"]);
    }

    #[test]
    fn the_samples_are_there_and_their_targets_too() {
        let root = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."));
        let targets = targets(&root.join(PACKAGE)).unwrap();
        for (target, samples) in SAMPLES {
            assert!(targets.iter().any(|name| name == target), "{target}");
            assert!(root.join(samples).is_dir(), "{samples}");
        }
    }
}
