//! npm packages, exactly as locked.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::{NODE, NPM, Scope, Setup};
use crate::process;

const LOCK: &str = "package-lock.json";

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
        let locked = fs::read(modules.folder.join(LOCK))
            .with_context(|| format!("{folder}/{LOCK} cannot be read"))?;
        if is_installed(&modules.folder) {
            return Ok(modules);
        }
        let installed = modules.folder.join(INSTALLED_LOCK);
        if let Some(lacking) = Self::lacks(setup, folder) {
            bail!("missing: {lacking}");
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

    /// What to do before the folder's packages can be used; `None` if they are there or may be installed.
    pub(super) fn lacks(setup: &Setup, folder: &str) -> Option<String> {
        let there = setup.machine().may_install(Scope::Project)
            || is_installed(&setup.project().path(folder));
        (!there).then(|| {
            format!(
                "the npm packages of {folder}: npm ci --prefix {folder} && cp {folder}/{LOCK} {folder}/{INSTALLED_LOCK}"
            )
        })
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

/// Whether the folder's packages are those of its lock file.
fn is_installed(folder: &Path) -> bool {
    let read = |file: &str| fs::read(folder.join(file)).ok();
    read(INSTALLED_LOCK).is_some_and(|installed| read(LOCK) == Some(installed))
}
