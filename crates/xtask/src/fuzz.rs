//! Fuzzes every parser that has a fuzz target: shortly within the test, for longer by itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use crate::process;
use crate::setup::{CARGO_FUZZ, CXX, Need, Setup};
use crate::test::Outcome;

/// How long each target is tried within the test.
const SHORT: Duration = Duration::from_secs(10);

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

/// A fuzz target: a file in `fuzz_targets/` of a crate's `fuzz` folder.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Target {
    folder: PathBuf,
    name: String,
}

/// Tries the targets one after the other, for as long as was asked.
pub(crate) fn run(setup: &Setup, options: &Options) -> Result<()> {
    setup.require(&NEEDS)?;
    let mut found = targets(setup.project().root())?;
    if let Some(name) = &options.target {
        found.retain(|target| target.name == *name);
        ensure!(!found.is_empty(), "there is no fuzz target {name}");
    }
    for target in found {
        fuzz(setup, &target, Duration::from_secs(options.seconds))?;
    }
    Ok(())
}

/// Tries every target for a moment.
pub(crate) fn short(setup: &Setup) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    for target in targets(setup.project().root())? {
        outcome.add(fuzz(setup, &target, SHORT).map(|()| Outcome::passed()));
    }
    Ok(outcome)
}

fn targets(root: &Path) -> Result<Vec<Target>> {
    let mut found = Vec::new();
    let mut members = vec![root.join("server")];
    for member in fs::read_dir(root.join("crates"))? {
        members.push(member?.path());
    }
    for member in members {
        let folder = member.join("fuzz");
        let Ok(sources) = fs::read_dir(folder.join("fuzz_targets")) else {
            continue;
        };
        for source in sources {
            let path = source?.path();
            if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path
                    .file_stem()
                    .context("a target without name")?
                    .to_string_lossy()
                    .into_owned();
                found.push(Target {
                    folder: folder.clone(),
                    name,
                });
            }
        }
    }
    found.sort();
    Ok(found)
}

fn fuzz(setup: &Setup, target: &Target, duration: Duration) -> Result<()> {
    let program = setup.cargo_tool(&CARGO_FUZZ)?;
    let seconds = duration.as_secs();
    let mut command = process::command(program);
    command
        .args(["fuzz", "run", "--sanitizer", "none", "--fuzz-dir"])
        .arg(&target.folder)
        .arg("--target-dir")
        .arg(setup.project().target().join("fuzz"))
        .arg(&target.name);
    // The crate's own samples to begin with; what the fuzzer finds goes into the first folder.
    let samples = target.folder.with_file_name("tests").join("golden");
    if samples.is_dir() {
        let corpus = target.folder.join("corpus").join(&target.name);
        fs::create_dir_all(&corpus)?;
        command.args([corpus, samples]);
    }
    command
        .args([
            "--",
            "-print_final_stats=1",
            "-verbosity=0",
            &format!("-max_total_time={seconds}"),
        ])
        // The flags that count coverage are not stable; without a sanitizer nothing else needs a nightly compiler.
        .env("RUSTC_BOOTSTRAP", "1")
        .current_dir(setup.project().root());
    process::run(&mut command).with_context(|| {
        format!(
            "{}: what made it fail lies in {}/artifacts",
            target.name,
            target.folder.display()
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_found_in_every_crate_and_in_the_server_part() {
        let root = tempfile::tempdir().unwrap();
        for file in [
            "crates/b/fuzz/fuzz_targets/two.rs",
            "crates/a/fuzz/fuzz_targets/one.rs",
            "crates/c/src/lib.rs",
            "server/fuzz/fuzz_targets/three.rs",
        ] {
            fs::create_dir_all(root.path().join(file).parent().unwrap()).unwrap();
            fs::write(root.path().join(file), "").unwrap();
        }
        let names: Vec<_> = targets(root.path())
            .unwrap()
            .into_iter()
            .map(|target| target.name)
            .collect();
        assert_eq!(names, ["one", "two", "three"]);
    }
}
