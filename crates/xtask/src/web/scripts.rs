//! Bundles the page scripts with esbuild and writes file names into them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use crate::process;
use crate::setup::NodeModules;

/// What a browser must understand: the oldest ones that current Mattermost versions name. What an older Safari cannot even read (a
/// lookbehind, before 16.4) would end the whole script, so it is an error here.
const TARGET: [&str; 2] = [
    "--target=es2020,safari15",
    "--log-override:unsupported-regexp=error",
];

/// How a script is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Format {
    /// By a plain script element.
    Script,
    /// As a module.
    Module,
}

/// esbuild, from the page scripts' folder into another.
#[derive(Debug)]
pub(super) struct Bundler<'npm> {
    npm: &'npm NodeModules,
    out: PathBuf,
}

impl<'npm> Bundler<'npm> {
    pub(super) fn new(npm: &'npm NodeModules, out: PathBuf) -> Result<Self> {
        fs::create_dir_all(&out)?;
        Ok(Self { npm, out })
    }

    /// Bundles `page/<entry>`. Each of `names` replaces an identifier by a file name; Each of `modules` says where an import is.
    ///
    /// # Errors
    /// esbuild fails, or a file name is not in the result: its identifier is gone from the source.
    pub(super) fn bundle(
        &self,
        entry: &str,
        format: Format,
        names: &[(&str, &str)],
        modules: &[(&str, &Path)],
    ) -> Result<Vec<u8>> {
        let out = self.out.join(entry);
        let mut esbuild = self.npm.command("esbuild");
        esbuild
            .arg(format!("page/{entry}"))
            .args([
                "--bundle",
                "--minify",
                "--charset=utf8",
                "--log-level=warning",
                // What is for the type checker would change what is written.
                "--tsconfig-raw={}",
            ])
            .args(TARGET)
            .arg(match format {
                Format::Script => "--format=iife",
                Format::Module => "--format=esm",
            })
            .arg(format!("--outfile={}", out.display()));
        for (identifier, name) in names {
            esbuild.arg(format!("--define:{identifier}=\"{name}\""));
        }
        for (import, path) in modules {
            esbuild.arg(format!("--alias:{import}={}", path.display()));
        }
        process::run_quietly(&mut esbuild)?;
        let script =
            fs::read_to_string(&out).with_context(|| format!("esbuild made no {entry}"))?;
        for (identifier, name) in names {
            ensure!(
                script.contains(name),
                "webapp/page/{entry} does not use {identifier} any more: the build has no place for {name}"
            );
        }
        Ok(script.into_bytes())
    }
}
