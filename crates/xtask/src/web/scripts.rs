//! Bundles the page scripts with esbuild and writes file names into them.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use crate::process;
use crate::setup::NodeModules;

/// What a browser must understand: the oldest ones that current Mattermost versions name.
const TARGET: &str = "--target=es2020";

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
                TARGET,
            ])
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

/// `page/<file>` with `marker`, which must stand in it once, replaced.
pub(super) fn fill_in(file: &str, npm: &NodeModules, marker: &str, text: &str) -> Result<String> {
    let source = fs::read_to_string(npm.folder().join("page").join(file))
        .with_context(|| format!("webapp/page/{file}"))?;
    replace_once(&source, marker, text).with_context(|| format!("webapp/page/{file}"))
}

fn replace_once(source: &str, marker: &str, text: &str) -> Result<String> {
    let found = source.matches(marker).count();
    ensure!(
        found == 1,
        "{marker} stands there {found} times instead of once"
    );
    Ok(source.replace(marker, text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_that_is_gone_or_doubled_fails_the_build() {
        assert_eq!(
            replace_once("<script src=\"X\">", "X", "a.js").unwrap(),
            "<script src=\"a.js\">"
        );
        assert!(replace_once("<script>", "X", "a.js").is_err());
        assert!(replace_once("X X", "X", "a.js").is_err());
    }
}
