//! Builds the web part into a folder.

use std::fs;
use std::path::Path;

use anyhow::Result;

use crate::process;
use crate::setup::Setup;

/// Builds the web part's files into `out_dir`, which is made if it is not there.
pub(crate) fn build(out_dir: &Path, setup: &Setup) -> Result<()> {
    let _npm = setup.node_modules("webapp")?;
    let toolchain = setup.toolchain("wasm32-unknown-unknown")?;
    process::run(toolchain.cargo("build").args([
        "--profile",
        "web",
        "-p",
        "notifymatters-webapp",
        "--lib",
    ]))?;
    fs::create_dir_all(out_dir)?;
    Ok(())
}
