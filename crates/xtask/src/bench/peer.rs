//! The Go plugin of the same task, in a bundle that differs from ours in nothing but the executables.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use flate2::read::GzDecoder;

use crate::dist::{self, Manifest, Platform};
use crate::process;
use crate::setup::Setup;
use crate::test::go;

/// The Go plugin's module.
const MODULE: &str = "tests/peer-go-plugin";

/// The same bundle with both kinds of executables.
#[derive(Debug)]
pub(super) struct Pair {
    pub(super) ours: PathBuf,
    pub(super) go: PathBuf,
    pub(super) executables: Vec<Executable>,
}

/// The sizes of the executable for one platform, in bytes.
#[derive(Debug)]
pub(super) struct Executable {
    pub(super) platform: &'static str,
    pub(super) ours: u64,
    pub(super) go: u64,
}

impl Pair {
    /// Builds the Go executables for the platforms of the bundle, and the bundle with them.
    pub(super) fn build(setup: &Setup, ours: &Path) -> Result<Self> {
        let scratch = setup.project().scratch("bench").join("go");
        if scratch.exists() {
            fs::remove_dir_all(&scratch)?;
        }
        fs::create_dir_all(&scratch)?;
        let archive = File::open(ours).with_context(|| ours.display().to_string())?;
        tar::Archive::new(GzDecoder::new(archive))
            .unpack(&scratch)
            .with_context(|| ours.display().to_string())?;
        let folder = scratch.join(dist::source_manifest(setup.project())?.id);
        let manifest = Manifest::of_bundle(&folder)?;

        let mut executables = Vec::new();
        for (name, below) in &manifest.server.executables {
            let platform = Platform::named(name).with_context(|| name.clone())?;
            let executable = folder.join(below);
            let ours = fs::metadata(&executable)?.len();
            build_go(setup, platform, &executable)?;
            executables.push(Executable {
                platform: platform.name,
                ours,
                go: fs::metadata(&executable)?.len(),
            });
        }
        let go = scratch.join("bundle.tar.gz");
        dist::pack(&folder, &manifest.id, &go, |path| {
            path.starts_with("server/dist")
        })?;
        Ok(Self {
            ours: ours.to_owned(),
            go,
            executables,
        })
    }
}

/// Builds the Go plugin as small as Go makes it: stripped, static, without build paths.
fn build_go(setup: &Setup, platform: Platform, executable: &Path) -> Result<()> {
    let (system, processor) = platform
        .name
        .split_once('-')
        .context("a platform is a system and a processor")?;
    let mut command = go(setup, &setup.project().path(MODULE))?;
    command
        .args(["build", "-trimpath", "-ldflags", "-s -w", "-o"])
        .arg(executable)
        .arg(".")
        .env("CGO_ENABLED", "0")
        .env("GOOS", system)
        .env("GOARCH", processor);
    process::run(&mut command)
}
