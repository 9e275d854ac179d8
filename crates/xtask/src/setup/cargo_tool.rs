//! Programs that come from crates.io, compiled into the project's build folder.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::{Scope, Setup};
use crate::process;

/// A program from crates.io.
#[derive(Debug)]
pub(crate) struct CargoTool {
    /// The crate, and the program in it.
    name: &'static str,
    version: &'static str,
    purpose: &'static str,
}

pub(crate) const CARGO_DENY: CargoTool = CargoTool {
    name: "cargo-deny",
    version: "0.20.2",
    purpose: "checking licences and sources of dependencies",
};

pub(crate) const CARGO_FUZZ: CargoTool = CargoTool {
    name: "cargo-fuzz",
    version: "0.13.2",
    purpose: "fuzzing the parsers",
};

pub(crate) const GECKODRIVER: CargoTool = CargoTool {
    name: "geckodriver",
    version: "0.37.1",
    purpose: "the browser tests in Firefox",
};

impl CargoTool {
    pub(super) fn ensure(&self, setup: &Setup) -> Result<PathBuf> {
        let Self {
            name,
            version,
            purpose,
        } = self;
        let root = setup
            .project()
            .scratch("tools")
            .join(format!("{name}-{version}"));
        let program = root.join("bin").join(name);
        if program.is_file() {
            return Ok(program);
        }
        if let Ok(own) = which::which(name) {
            return Ok(own);
        }
        if !setup.machine().may_install(Scope::Project) {
            bail!("missing: {name}, for {purpose}. Run: cargo install --locked {name}@{version}");
        }
        println!(
            "Compiling {name} {version}, for {purpose}, into target/xtask/tools: some minutes, once"
        );
        let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        process::run(
            process::command(cargo)
                .args(["install", "--quiet", "--locked", "--root"])
                .arg(&root)
                .arg("--target-dir")
                .arg(setup.project().scratch("tools/build"))
                // Compiled for one run or few: quick to compile counts more than quick to run.
                .env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "0")
                .env("CARGO_PROFILE_RELEASE_LTO", "off")
                .env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16")
                .arg(format!("{name}@{version}")),
        )?;
        Ok(program)
    }
}
