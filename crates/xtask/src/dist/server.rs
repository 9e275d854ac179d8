//! Builds the server part for one platform.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::platform::Platform;
use crate::process;
use crate::setup::{Setup, Toolchain};

/// The package of the server part.
pub(crate) const PACKAGE: &str = "notifymatters-server";

/// Builds the server part for platforms of the bundle and puts it where the bundle's folder wants it.
pub(crate) fn build(parts: &[(Platform, Toolchain)], folder: &Path) -> Result<()> {
    let toolchains: Vec<_> = parts
        .iter()
        .map(|(_, toolchain)| toolchain.clone())
        .collect();
    for mut command in Toolchain::build_all(&toolchains) {
        process::run(command.args(["--profile", "dist", "-p", PACKAGE]))?;
    }
    for (platform, toolchain) in parts {
        put(&toolchain.output("dist"), *platform, folder)?;
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
