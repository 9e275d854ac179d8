//! What of the SDK is generated from Mattermost's Go definitions: made anew, or compared with what is checked in.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, ensure};

use crate::process;
use crate::setup::Setup;
use crate::test::{Outcome, go};

/// The folder of the crates that have generated files, and within it the Go program that writes them.
const CRATES: &str = "crates";
const GENERATOR: &str = "mattermost-plugin/generate";

/// The generated files, below the crates' folder.
const FILES: [&str; 7] = [
    "mattermost-plugin/src/api/generated.rs",
    "mattermost-plugin/src/hooks/generated.rs",
    "mattermost-plugin/src/model/generated.rs",
    "mattermost-plugin/src/test/generated.rs",
    "mattermost-plugin/examples/mirror/generated.rs",
    "mattermost-plugin/COVERAGE.md",
    "mattermost-plugin-derive/src/generated.rs",
];

/// What `generate` can be asked for.
#[derive(clap::Args, Debug)]
pub(crate) struct Options {
    /// Write nothing: fail where a file is not what would be written.
    #[arg(long)]
    check: bool,
}

/// Writes the generated files, or only compares them.
pub(crate) fn run(setup: &Setup, options: &Options) -> Result<()> {
    if options.check {
        let failures = check(setup)?.failures;
        ensure!(failures.is_empty(), "{}", failures.join("\n"));
        return Ok(());
    }
    let generated = generate(setup)?;
    for file in FILES {
        let path = setup.project().path(CRATES).join(file);
        fs::write(&path, read(&generated.path().join(file))?)
            .with_context(|| path.display().to_string())?;
        println!("{}", path.display());
    }
    Ok(())
}

/// Whether the files that are checked in are those that would be generated; also vets the generator.
pub(crate) fn check(setup: &Setup) -> Result<Outcome> {
    let module = setup.project().path(CRATES).join(GENERATOR);
    process::run(go(setup, &module)?.args(["vet", "./..."]))?;
    let generated = generate(setup)?;
    compare(&setup.project().path(CRATES), generated.path())
}

fn compare(have: &Path, want: &Path) -> Result<Outcome> {
    let mut outcome = Outcome::default();
    for file in FILES {
        if fs::read(have.join(file)).unwrap_or_default() == read(&want.join(file))? {
            outcome.passed += 1;
        } else {
            outcome.failures.push(format!(
                "{CRATES}/{file} is not what is generated: run `cargo xtask generate`"
            ));
        }
    }
    Ok(outcome)
}

/// Has the files generated into a folder of their own.
fn generate(setup: &Setup) -> Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    let module = setup.project().path(CRATES).join(GENERATOR);
    process::run(go(setup, &module)?.args(["run", "."]).arg(folder.path()))?;
    let mut format = process::command("rustfmt");
    format
        .args(["--edition", "2024", "--config-path"])
        .arg(setup.project().root());
    for file in FILES.iter().filter(|file| file.ends_with(".rs")) {
        format.arg(folder.path().join(file));
    }
    process::run(&mut format)?;
    Ok(folder)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generated_file_that_was_edited_is_named() {
        let [have, want] = [(); 2].map(|()| tempfile::tempdir().unwrap());
        for folder in [&have, &want] {
            for file in FILES {
                let path = folder.path().join(file);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                fs::write(path, "generated\n").unwrap();
            }
        }
        let outcome = compare(have.path(), want.path()).unwrap();
        assert_eq!((outcome.passed, outcome.failures.len()), (7, 0));

        fs::write(have.path().join(FILES[1]), "edited\n").unwrap();
        fs::remove_file(have.path().join(FILES[4])).unwrap();
        let outcome = compare(have.path(), want.path()).unwrap();
        assert_eq!(outcome.passed, 5);
        assert!(outcome.failures[0].contains(FILES[1]), "{outcome:?}");
        assert!(outcome.failures[1].contains(FILES[4]), "{outcome:?}");
    }
}
