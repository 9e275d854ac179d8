//! Builds the server part for one platform.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::platform::Platform;
use crate::process;
use crate::setup::{Setup, Toolchain};

/// The package of the server part.
pub(crate) const PACKAGE: &str = "notifymatters-server";

/// The compiler for a platform of the bundle: linked by Zig.
pub(crate) fn toolchain(setup: &Setup, platform: Platform) -> Result<Toolchain> {
    Ok(setup.toolchain(platform.triple)?.linked_by(&setup.zig()?))
}

/// Builds the server part and puts it where the bundle's folder wants it.
pub(crate) fn build(toolchain: &Toolchain, platform: Platform, folder: &Path) -> Result<()> {
    process::run(toolchain.build().args(["--profile", "dist", "-p", PACKAGE]))?;
    let built = toolchain
        .output("dist")
        .join(format!("{PACKAGE}{}", platform.suffix()));
    let executable = folder.join(platform.executable());
    fs::create_dir_all(
        executable
            .parent()
            .context("an executable without folder")?,
    )?;
    fs::copy(&built, &executable).with_context(|| format!("{} was not built", built.display()))?;
    Ok(())
}
