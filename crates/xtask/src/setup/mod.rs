//! Set-up: what is needed for what, whether it is there, and how to get it.

mod cargo_tool;
mod machine;
mod node;
mod objcopy;
mod tool;
mod toolchain;
mod zig;

use std::path::PathBuf;

use anyhow::{Result, bail};

pub(crate) use self::cargo_tool::{CARGO_DENY, CARGO_FUZZ, CargoTool, GECKODRIVER};
pub(crate) use self::machine::{Machine, Scope};
pub(crate) use self::node::NodeModules;
pub(crate) use self::tool::{
    CHROMEDRIVER, CHROMIUM, CXX, FIREFOX, GO, NODE, NPM, OBJCOPY, PYTHON, QEMU_ARM64, Tool,
    WEBKITWEBDRIVER, WINE, XVFB,
};
pub(crate) use self::toolchain::{StandardLibrary, Toolchain};
pub(crate) use self::zig::Zig;
use crate::project::Project;

/// What is on this machine and what may be put there.
#[derive(Debug)]
pub(crate) struct Setup {
    project: Project,
    machine: Machine,
}

impl Setup {
    pub(crate) fn new(project: Project, no_install: bool) -> Self {
        Self {
            project,
            machine: Machine::detect(no_install),
        }
    }

    /// The same machine with the project in another folder.
    pub(crate) fn in_folder(&self, project: Project) -> Self {
        Self {
            project,
            machine: self.machine,
        }
    }

    pub(crate) const fn project(&self) -> &Project {
        &self.project
    }

    pub(crate) const fn machine(&self) -> &Machine {
        &self.machine
    }

    /// Where the tool is; installed first if it is missing and may be installed.
    ///
    /// # Errors
    ///
    /// It is missing (the error says how to get it) or too old.
    pub(crate) fn tool(&self, tool: &Tool) -> Result<PathBuf> {
        let mut found = self.tools(&[tool])?;
        match found.pop() {
            Some(path) => Ok(path),
            None => bail!("{} is missing", tool.name),
        }
    }

    /// Where the tools are, in their order; what is missing is installed together.
    pub(crate) fn tools(&self, tools: &[&Tool]) -> Result<Vec<PathBuf>> {
        let missing: Vec<_> = tools.iter().filter(|tool| tool.find().is_none()).collect();
        if !missing.is_empty() {
            let packages: Vec<_> = missing.iter().filter_map(|tool| tool.package).collect();
            let wanted = missing
                .iter()
                .map(|tool| format!("{} ({})", tool.name, tool.purpose))
                .collect::<Vec<_>>();
            if packages.len() < missing.len() {
                let advice = missing
                    .iter()
                    .filter(|tool| tool.package.is_none())
                    .map(|tool| format!("\n  {}", tool.advice))
                    .collect::<String>();
                bail!("missing: {}.{advice}", wanted.join(", "));
            }
            self.machine.apt_install(&packages, &wanted.join(", "))?;
        }
        tools.iter().map(|tool| tool.checked()).collect()
    }

    /// A compiler for another target than this machine.
    pub(crate) fn toolchain(&self, triple: &str) -> Result<Toolchain> {
        Toolchain::ensure(self, triple)
    }

    /// A program from crates.io.
    pub(crate) fn cargo_tool(&self, tool: &CargoTool) -> Result<PathBuf> {
        tool.ensure(self)
    }

    /// The compiler for this machine.
    pub(crate) fn host_toolchain(&self) -> Result<Toolchain> {
        Toolchain::ensure(self, &toolchain::host_triple()?)
    }

    /// Zig, to link for other platforms than this machine's.
    pub(crate) fn zig(&self) -> Result<Zig> {
        Zig::ensure(self)
    }

    /// The npm packages of a folder with a `package-lock.json` (relative to the project's root), installed as locked.
    pub(crate) fn node_modules(&self, folder: &str) -> Result<NodeModules> {
        NodeModules::ensure(self, folder)
    }
}
