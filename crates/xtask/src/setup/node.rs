//! npm packages, exactly as locked.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::{NODE, NPM, Scope, Setup};
use crate::process;

/// Kept beside the installed packages: the lock file they were installed from.
const INSTALLED_LOCK: &str = "node_modules/.installed-package-lock.json";

/// A folder with its npm packages installed.
#[derive(Debug)]
pub(crate) struct NodeModules {
    folder: PathBuf,
    node: PathBuf,
    npm: PathBuf,
}

impl NodeModules {
    pub(super) fn ensure(setup: &Setup, folder: &str) -> Result<Self> {
        let modules = Self {
            folder: setup.project().path(folder),
            node: setup.tool(&NODE)?,
            npm: setup.tool(&NPM)?,
        };
        let lock = modules.folder.join("package-lock.json");
        let locked = fs::read(&lock)
            .with_context(|| format!("{folder}/package-lock.json cannot be read"))?;
        let installed = modules.folder.join(INSTALLED_LOCK);
        if fs::read(&installed).is_ok_and(|installed| installed == locked) {
            return Ok(modules);
        }
        if !setup.machine().may_install(Scope::Project) {
            bail!("missing: npm packages. Run: npm ci --prefix {folder}");
        }
        println!("Installing the npm packages of {folder} as locked");
        process::run(
            process::command(&modules.npm)
                .args(["ci", "--no-audit", "--no-fund", "--prefix", folder])
                .current_dir(setup.project().root()),
        )?;
        fs::write(&installed, locked)
            .with_context(|| format!("{} cannot be written", installed.display()))?;
        Ok(modules)
    }

    /// The folder of `package.json`.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Runs a script of `package.json`.
    pub(crate) fn run_script(&self, script: &str) -> Result<()> {
        let mut command = process::command(&self.npm);
        process::run(
            command
                .args(["run", "--silent", script])
                .current_dir(&self.folder),
        )
    }

    /// A program that one of the packages brings, such as `esbuild`, run in the packages' folder.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = process::command(self.folder.join("node_modules/.bin").join(program));
        // npm's programs are scripts that look for `node` in the path.
        let mut path: Vec<_> = self.node.parent().map(Path::to_owned).into_iter().collect();
        path.extend(
            std::env::var_os("PATH")
                .iter()
                .flat_map(std::env::split_paths),
        );
        if let Ok(path) = std::env::join_paths(path) {
            command.env("PATH", path);
        }
        command.current_dir(&self.folder);
        command
    }
}
