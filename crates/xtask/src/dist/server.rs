//! Builds the server part for one platform.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::platform::Platform;
use crate::process;
use crate::setup::{Setup, Toolchain, Zig};

/// The package of the server part.
pub(crate) const PACKAGE: &str = "notifymatters-server";

/// Frame pointers cost an instruction or two a function, and save more than that in the tables by which a panic unwinds.
const FRAME_POINTERS: &str = "-Cforce-frame-pointers=yes";

/// What LLVM outlines, small pieces of code as functions of their own, saves less than their entries in these tables cost.
/// Elsewhere it does not outline, or the tables are Apple's, which are more compact.
const NO_OUTLINING: &str = "-Cllvm-args=-enable-machine-outliner=never";

/// What builds the server part for a platform of the bundle.
pub(crate) fn toolchain(setup: &Setup, zig: &Zig, platform: Platform) -> Result<Toolchain> {
    let toolchain = setup.toolchain(platform.triple)?.linked_by(zig);
    let mut flags = vec![FRAME_POINTERS];
    if platform.triple.starts_with("aarch64-unknown-linux-") {
        flags.push(NO_OUTLINING);
    }
    Ok(toolchain.with_rustflags("server", &flags))
}

/// Builds the server part for platforms of the bundle and puts it where the bundle's folder wants it.
pub(crate) fn build(setup: &Setup, parts: &[(Platform, Toolchain)], folder: &Path) -> Result<()> {
    let toolchains: Vec<_> = parts
        .iter()
        .map(|(_, toolchain)| toolchain.clone())
        .collect();
    for mut command in Toolchain::build_all(&toolchains) {
        process::run(command.args(["--profile", "dist", "-p", PACKAGE]))?;
    }
    for (platform, toolchain) in parts {
        put(&toolchain.output("dist"), *platform, folder)?;
        if platform.is_darwin() {
            let executable = folder.join(platform.executable());
            process::run(setup.objcopy()?.arg("--strip-all").arg(executable))?;
        }
    }
    Ok(())
}

/// Builds the server part for this machine as its tests do: sooner ready, and larger.
pub(crate) fn build_here(setup: &Setup, platform: Platform, folder: &Path) -> Result<()> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    process::run(
        process::command(cargo)
            .args(["build", "--locked", "-p", PACKAGE])
            .current_dir(setup.project().root()),
    )?;
    put(&setup.project().target().join("debug"), platform, folder)
}

fn put(output: &Path, platform: Platform, folder: &Path) -> Result<()> {
    let built = output.join(format!("{PACKAGE}{}", platform.suffix()));
    let executable = folder.join(platform.executable());
    fs::create_dir_all(
        executable
            .parent()
            .context("an executable without folder")?,
    )?;
    fs::copy(&built, &executable).with_context(|| format!("{} was not built", built.display()))?;
    Ok(())
}
