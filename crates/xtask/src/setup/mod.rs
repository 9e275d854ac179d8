//! Set-up: what is needed for what, whether it is there, and how to get it.

mod cargo_tool;
mod machine;
mod needs;
mod node;
mod objcopy;
mod stubs;
mod tool;
mod toolchain;
mod zig;

use std::path::PathBuf;

use anyhow::Result;

pub(crate) use self::cargo_tool::{CARGO_DENY, CARGO_FUZZ, CargoTool, GECKODRIVER};
pub(crate) use self::machine::{Machine, Scope};
pub(crate) use self::needs::Need;
pub(crate) use self::node::NodeModules;
pub(crate) use self::stubs::ADVICE as UNDEFINED_SYMBOLS;
pub(crate) use self::tool::{
    APACHE, CADDY, CHROMEDRIVER, CHROMIUM, CXX, DPKG, FIREFOX, GO, HAPROXY, LINTIAN, NGINX, NODE,
    NPM, OBJCOPY, PHP, POSTGRESQL, PYTHON, QEMU_ARM64, SCRIPT, Tool, WEBKITWEBDRIVER, WINE, XVFB,
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
    pub(crate) fn tool(&self, tool: &'static Tool) -> Result<PathBuf> {
        self.require(&[Need::Tool(tool)])?;
        tool.checked()
    }

    /// A compiler for another target than this machine.
    pub(crate) fn toolchain(&self, triple: &str) -> Result<Toolchain> {
        Toolchain::ensure(self, triple)
    }

    /// Compilers for the web part that differ in their standard library: one, or two where both kinds can be had.
    pub(crate) fn web_toolchains(&self) -> Result<Vec<Toolchain>> {
        Toolchain::ensure_both(self)
    }

    /// A program from crates.io.
    pub(crate) fn cargo_tool(&self, tool: &CargoTool) -> Result<PathBuf> {
        tool.ensure(self)
    }

    /// The compiler for this machine.
    pub(crate) fn host_toolchain(&self) -> Result<Toolchain> {
        Toolchain::of_this_machine(self)
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
