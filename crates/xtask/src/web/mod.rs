//! Builds the web part into a folder: the component, the scripts, and the names that join them.

mod component;
mod hashed;
mod scripts;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use self::hashed::Folder;
pub(crate) use self::hashed::gzipped;
use self::scripts::{Bundler, Format};
use crate::setup::Setup;

/// The one file whose name Mattermost knows; it renames it at will.
const MAIN: &str = "main.js";

/// The folder, in the bundle and below the server part's address, of what the server part serves.
const ASSETS: &str = "assets";

/// Where the web part's files go.
#[derive(Debug)]
pub(crate) struct Out {
    /// What every embedded page loads. Mattermost serves it, and copies it at each activation: one file after the other, each
    /// written through to the disk.
    pages: PathBuf,
    /// What few pages load, compressed. The server part serves it.
    assets: PathBuf,
}

impl Out {
    /// The folders of a bundle that lies unpacked in `bundle`, the script with the path `main`.
    ///
    /// # Errors
    /// The script lies in no folder.
    pub(crate) fn of_bundle(bundle: &Path, main: &str) -> Result<Self> {
        let pages = Path::new(main)
            .parent()
            .with_context(|| format!("{main} names no folder"))?;
        Ok(Self {
            pages: bundle.join(pages),
            assets: bundle.join(ASSETS),
        })
    }
}

/// Builds the web part's files, replacing what is there.
///
/// Each file but the first bears its content's hash in its name, because they are served with a year's caching; so each is
/// made after those that it names.
pub(crate) fn build(out: &Out, setup: &Setup) -> Result<()> {
    let npm = setup.node_modules("webapp")?;
    let staging = setup.project().scratch("web");
    let made = component::build(setup, &npm, &staging.join("component"))?;

    let bundler = Bundler::new(&npm, staging.join("scripts"))?;
    let mut files = Folder::new(staging.join("pages"))?;
    let mut assets = Folder::new(staging.join(ASSETS))?;
    let component = files.add("component", "wasm", &fs::read(&made.wasm)?)?;
    let realm = fs::read(npm.folder().join("page/realm.html")).context("webapp/page/realm.html")?;
    let realm = files.add("realm", "html", &realm)?;
    let fallback = component::build_fallback(setup, &npm, &staging.join("fallback"))?;
    let fallback = bundler.bundle(
        "fallback.js",
        Format::Module,
        &[],
        &[
            ("component/code", &fallback.code),
            ("component/glue", &fallback.glue),
        ],
    )?;
    let fallback = assets.add_compressed("component", "fallback.js", &fallback)?;
    let notification = bundler.bundle(
        "start.js",
        Format::Module,
        &[
            ("COMPONENT_FILE", &component),
            ("REALM_FILE", &realm),
            ("FALLBACK_FILE", &format!("{ASSETS}/{fallback}")),
        ],
        &[("component", &made.script)],
    )?;
    let notification = files.add("notification", "js", &notification)?;
    let console = bundler.bundle(
        "console/index.js",
        Format::Module,
        &[("REALM_FILE", &realm)],
        &[],
    )?;
    let console = assets.add_compressed("console", "js", &console)?;
    let main = bundler.bundle(
        MAIN,
        Format::Script,
        &[
            ("NOTIFICATION_FILE", &notification),
            ("CONSOLE_FILE", &format!("{ASSETS}/{console}")),
        ],
        &[],
    )?;
    files.add_named(MAIN, &main)?;
    for (files, folder) in [(files, &out.pages), (assets, &out.assets)] {
        files
            .replace(folder)
            .with_context(|| format!("{} cannot be written", folder.display()))?;
        files.show();
    }
    Ok(())
}
