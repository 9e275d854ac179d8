//! A bundle and its web part's files: ours, and one that differs from it in nothing but them.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use flate2::read::GzDecoder;

use crate::dist::{self, Manifest};
use crate::process;
use crate::setup::Setup;
use crate::web::gzipped;

/// The peer's only script.
const PEER: &str = "tests/peer-javascript/main.js";

/// Where Mattermost serves the web part's files.
const STATIC: &str = "/static/plugins/";

/// An unpacked bundle.
#[derive(Debug)]
pub(super) struct Bundle {
    archive: PathBuf,
    /// What the archive holds.
    folder: PathBuf,
    id: String,
    /// The script that Mattermost loads, below the folder.
    main: PathBuf,
}

impl Bundle {
    pub(super) fn open(setup: &Setup, archive: &Path) -> Result<Self> {
        Self::unpack(setup, archive, "bench/web/ours")
    }

    /// The same bundle with the peer's script in the place of the web part, minified as ours is.
    pub(super) fn of_the_peer(setup: &Setup, ours: &Self) -> Result<Self> {
        let mut bundle = Self::unpack(setup, &ours.archive, "bench/web/peer")?;
        let main = bundle.folder.join(&bundle.main);
        let files = main.parent().context("the script lies in no folder")?;
        fs::remove_dir_all(files)?;
        fs::create_dir_all(files)?;
        process::run_quietly(
            setup
                .node_modules("webapp")?
                .command("esbuild")
                .arg(setup.project().path(PEER))
                .args(["--bundle", "--minify", "--charset=utf8", "--format=iife"])
                .args(["--target=es2022", "--log-level=warning"])
                .arg(format!("--outfile={}", main.display())),
        )?;
        bundle.archive = bundle.folder.with_extension("tar.gz");
        dist::pack(&bundle.folder, &bundle.id, &bundle.archive, |path| {
            path.starts_with("server/dist")
        })?;
        Ok(bundle)
    }

    fn unpack(setup: &Setup, archive: &Path, name: &str) -> Result<Self> {
        let scratch = setup.project().scratch(name);
        if scratch.exists() {
            fs::remove_dir_all(&scratch)?;
        }
        fs::create_dir_all(&scratch)?;
        let file = File::open(archive).with_context(|| archive.display().to_string())?;
        tar::Archive::new(GzDecoder::new(file))
            .unpack(&scratch)
            .with_context(|| archive.display().to_string())?;
        let id = dist::source_manifest(setup.project())?.id;
        let folder = scratch.join(&id);
        let manifest = Manifest::of_bundle(&folder)?;
        Ok(Self {
            archive: archive.to_owned(),
            main: manifest.webapp.bundle_path.into(),
            folder,
            id,
        })
    }

    pub(super) fn archive(&self) -> &Path {
        &self.archive
    }

    /// The gzipped size of the script that every page loads.
    pub(super) fn main_size(&self) -> Result<usize> {
        gzipped(&fs::read(self.folder.join(&self.main))?)
    }

    /// The gzipped size of the files that a page asked for; paths of the plugin's own answers are none.
    pub(super) fn size_of(&self, paths: &[String]) -> Result<usize> {
        let main = self.folder.join(&self.main);
        let folder = main.parent().context("the script lies in no folder")?;
        let mut size = 0;
        for path in paths {
            let Some((_, below)) = path.split_once(STATIC) else {
                continue;
            };
            let name = below.rsplit('/').next().unwrap_or(below);
            let file = folder.join(name);
            ensure!(
                file.is_file(),
                "the page asked for {path}, which is no file of {}",
                self.archive.display()
            );
            size += gzipped(&fs::read(file)?)?;
        }
        Ok(size)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_count_gzipped_and_answers_of_the_plugin_do_not() {
        let scratch = tempfile::tempdir().unwrap();
        let folder = scratch.path().join("notifymatters");
        fs::create_dir_all(folder.join("webapp/dist")).unwrap();
        fs::write(folder.join("webapp/dist/main.js"), "main").unwrap();
        fs::write(folder.join("webapp/dist/a.1.js"), "a".repeat(5000)).unwrap();
        let bundle = Bundle {
            archive: scratch.path().join("bundle.tar.gz"),
            folder,
            id: "notifymatters".to_owned(),
            main: "webapp/dist/main.js".into(),
        };
        assert_eq!(bundle.main_size().unwrap(), gzipped(b"main").unwrap());
        let asked = [
            "/static/plugins/notifymatters/a.1.js".to_owned(),
            "/plugins/notifymatters/api/v1/config".to_owned(),
        ];
        let size = bundle.size_of(&asked).unwrap();
        assert_eq!(size, gzipped("a".repeat(5000).as_bytes()).unwrap());
        assert!(
            bundle
                .size_of(&["/static/plugins/notifymatters/gone.js".to_owned()])
                .is_err()
        );
    }
}
