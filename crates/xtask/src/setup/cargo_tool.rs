//! Programs that come from crates.io, compiled into the project's build folder.

use std::path::PathBuf;

use anyhow::{Result, bail};

use super::{Scope, Setup};
use crate::process::{self, say};

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
    /// Where it is, if it is there.
    fn find(&self, setup: &Setup) -> Option<PathBuf> {
        let program = self.root(setup).join("bin").join(self.name);
        if program.is_file() {
            return Some(program);
        }
        which::which(self.name).ok()
    }

    fn root(&self, setup: &Setup) -> PathBuf {
        let folder = format!("{}-{}", self.name, self.version);
        setup.project().scratch("tools").join(folder)
    }

    /// What to do before it can be used; `None` if it is there or may be compiled.
    pub(super) fn lacks(&self, setup: &Setup) -> Option<String> {
        let Self {
            name,
            version,
            purpose,
        } = self;
        let there = setup.machine().may_install(Scope::Project) || self.find(setup).is_some();
        (!there).then(|| format!("{name}, for {purpose}: cargo install --locked {name}@{version}"))
    }

    pub(super) fn ensure(&self, setup: &Setup) -> Result<PathBuf> {
        if let Some(found) = self.find(setup) {
            return Ok(found);
        }
        if let Some(lacking) = self.lacks(setup) {
            bail!("missing: {lacking}");
        }
        let Self {
            name,
            version,
            purpose,
        } = self;
        let root = self.root(setup);
        say(&format!(
            "Compiling {name} {version}, for {purpose}, into target/xtask/tools: some minutes, once"
        ));
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
        Ok(root.join("bin").join(name))
    }
}
