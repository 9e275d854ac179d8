//! Builds the server part for one platform.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::platform::Platform;
use crate::process;
use crate::setup::Toolchain;

/// The package of the server part.
pub(crate) const PACKAGE: &str = "notifymatters-server";

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
