//! Builds the executables a second time, in another folder: the same toolchain must make the same bytes of the same sources.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use crate::dist::platform::Platform;
use crate::dist::program::{self, Program};
use crate::project::Project;
use crate::setup::Setup;
use crate::test::Outcome;

/// What is no source: git's own, and what was built, fetched or found.
const LEFT_OUT: [&str; 6] = [
    ".git",
    "target",
    "node_modules",
    "dist",
    "corpus",
    "artifacts",
];

/// Builds a program's executables in a copy of the project and compares them with those at their places.
///
/// All of them, as they were built the first time: which features a crate has is decided for all targets of a build together.
pub(super) fn build_and_compare(
    setup: &Setup,
    program: &Program,
    platforms: &[Platform],
    place: impl Fn(Platform) -> PathBuf,
) -> Result<Outcome> {
    let copy = setup.project().scratch("check/elsewhere");
    if copy.exists() {
        fs::remove_dir_all(&copy)?;
    }
    copy_sources(setup.project().root(), &copy)?;
    let there = setup.in_folder(Project::at(&copy));
    let zig = setup.zig()?.in_folder(there.project())?;
    let mut parts = Vec::new();
    for platform in platforms {
        parts.push((*platform, program::toolchain(&there, &zig, *platform)?));
    }
    let again = |platform: Platform| copy.join("target").join(platform.executable());
    program.build(&there, &parts, again)?;
    let mut outcome = Outcome::default();
    for platform in platforms {
        let compared = compare(&fs::read(place(*platform))?, &fs::read(again(*platform))?);
        if compared.is_ok() {
            println!(
                "    {}: the same bytes when built in another folder",
                platform.name
            );
        }
        let compared = compared.with_context(|| platform.name);
        outcome.add(compared.map(|()| Outcome::passed()));
    }
    if outcome.failures.is_empty() {
        fs::remove_dir_all(&copy)?;
    } else {
        println!("    the other folder is {}", copy.display());
    }
    Ok(outcome)
}

fn compare(one: &[u8], other: &[u8]) -> Result<()> {
    let differs = one.iter().zip(other).position(|(one, other)| one != other);
    ensure!(
        differs.is_none(),
        "built in another folder it differs from byte {:#x} on",
        differs.unwrap_or_default()
    );
    ensure!(
        one.len() == other.len(),
        "built in another folder it has {} bytes, not {}",
        other.len(),
        one.len()
    );
    Ok(())
}

fn copy_sources(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let name = entry.file_name();
        if LEFT_OUT.iter().any(|left_out| name == *left_out) {
            continue;
        }
        if entry.file_type()?.is_dir() {
            copy_sources(&entry.path(), &to.join(name))?;
        } else {
            fs::copy(entry.path(), to.join(name))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_very_same_bytes_are_the_same() {
        compare(b"abc", b"abc").unwrap();
        for (other, complaint) in [
            (&b"abd"[..], "differs from byte 0x2 on"),
            (b"ab", "has 2 bytes, not 3"),
            (b"abcd", "has 4 bytes, not 3"),
        ] {
            let error = compare(b"abc", other).unwrap_err().to_string();
            assert!(error.ends_with(complaint), "{error}");
        }
    }

    #[test]
    fn sources_are_copied_and_what_was_built_is_not() {
        let from = tempfile::tempdir().unwrap();
        for file in ["a/b.rs", "target/c", "a/node_modules/d", "Cargo.toml"] {
            let file = from.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, "x").unwrap();
        }
        let to = tempfile::tempdir().unwrap();
        copy_sources(from.path(), to.path()).unwrap();
        let found = crate::dist::archive::entries(to.path()).unwrap();
        assert_eq!(found, ["Cargo.toml", "a", "a/b.rs"].map(Path::new));
    }
}
