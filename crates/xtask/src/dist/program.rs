//! Builds an executable of the workspace for platforms of the bundle.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::platform::Platform;
use crate::process;
use crate::setup::{Setup, Toolchain, UNDEFINED_SYMBOLS, Zig};

/// An executable of the workspace.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Program {
    pub(crate) package: &'static str,
    /// Its name without the platform's suffix.
    pub(crate) name: &'static str,
}

/// The plugin's executable, which Mattermost starts.
pub(crate) const SERVER: Program = Program {
    package: "notifymatters-server",
    name: "notifymatters-server",
};

/// The companion, which administrators run.
pub(crate) const COMPANION: Program = Program {
    package: "notifymatters-cli",
    name: "notifymatters",
};

/// Frame pointers cost an instruction or two a function, and save more than that in the tables by which a panic unwinds.
const FRAME_POINTERS: &str = "-Cforce-frame-pointers=yes";

/// With a standard library of our own making unstable flags are at hand. A function that calls no other needs no frame pointer;
/// and tables have to unwind from calls alone, as a panic does, not from every instruction, as a profiler would like to (x86-64
/// knows no difference). Together a tenth of a Linux executable for arm64, a thirtieth of others.
const UNSTABLE: [&str; 3] = [
    "-Zunstable-options",
    "-Cforce-frame-pointers=non-leaf",
    "-Zuse-sync-unwind=yes",
];

/// What LLVM outlines, small pieces of code as functions of their own, saves less than their entries in these tables cost.
/// Elsewhere it does not outline, or the tables are Apple's, which are more compact.
const NO_OUTLINING: &str = "-Cllvm-args=-enable-machine-outliner=never";

/// What builds executables for a platform of the bundle.
pub(crate) fn toolchain(setup: &Setup, zig: &Zig, platform: Platform) -> Result<Toolchain> {
    let toolchain = setup.toolchain(platform.triple)?.linked_by(zig);
    let flags = flags(platform.triple, toolchain.is_ready_made());
    Ok(toolchain.with_rustflags("server", &flags))
}

fn flags(triple: &str, is_ready_made: bool) -> Vec<&'static str> {
    let mut flags = if is_ready_made {
        vec![FRAME_POINTERS]
    } else {
        UNSTABLE.to_vec()
    };
    if triple.starts_with("aarch64-unknown-linux-") {
        flags.push(NO_OUTLINING);
    }
    flags
}

impl Program {
    /// Its name on the platform, as in `notifymatters.exe`.
    pub(crate) fn file_name(&self, platform: Platform) -> String {
        format!("{}{}", self.name, platform.suffix())
    }

    /// Builds it for platforms of the bundle and puts each executable at its place. Programs are built one at a time: together
    /// each would get the features of crates that only the other asks for.
    pub(crate) fn build(
        &self,
        setup: &Setup,
        parts: &[(Platform, Toolchain)],
        place: impl Fn(Platform) -> PathBuf,
    ) -> Result<()> {
        let toolchains: Vec<_> = parts
            .iter()
            .map(|(_, toolchain)| toolchain.clone())
            .collect();
        for mut command in Toolchain::build_all(&toolchains) {
            let built = process::run(command.args(["--profile", "dist", "-p", self.package]));
            if parts.iter().any(|(platform, _)| platform.is_darwin()) {
                built.context(UNDEFINED_SYMBOLS)?;
            } else {
                built?;
            }
        }
        for (platform, toolchain) in parts {
            let executable = place(*platform);
            self.put(&toolchain.output("dist"), *platform, &executable)?;
            if platform.is_darwin() {
                process::run(setup.objcopy()?.arg("--strip-all").arg(executable))?;
            }
        }
        Ok(())
    }

    /// Builds it for this machine as its tests do: sooner ready, and larger.
    pub(crate) fn build_here(&self, setup: &Setup, platform: Platform, place: &Path) -> Result<()> {
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        process::run(
            process::command(cargo)
                .args(["build", "--locked", "-p", self.package])
                .current_dir(setup.project().root()),
        )?;
        self.put(&setup.project().target().join("debug"), platform, place)
    }

    fn put(&self, output: &Path, platform: Platform, executable: &Path) -> Result<()> {
        let built = output.join(self.file_name(platform));
        fs::create_dir_all(
            executable
                .parent()
                .context("an executable without folder")?,
        )?;
        fs::copy(&built, executable)
            .with_context(|| format!("{} was not built", built.display()))?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::super::PLATFORMS;
    use super::*;

    #[test]
    fn a_ready_made_standard_library_asks_for_no_unstable_flag() {
        for Platform { triple, .. } in PLATFORMS {
            let stable = flags(triple, true);
            assert!(
                stable
                    .iter()
                    .all(|flag| !flag.starts_with("-Z") && !flag.ends_with("non-leaf")),
                "{triple}: {stable:?}"
            );
            assert!(flags(triple, false).contains(&"-Zunstable-options"));
        }
    }
}
