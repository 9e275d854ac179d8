//! Builds the web part into a folder: the component, the scripts, and the names that join them.

mod component;
mod hashed;
mod scripts;

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use self::hashed::Folder;
pub(crate) use self::hashed::gzipped;
use self::scripts::{Bundler, Format};
use crate::setup::Setup;

/// The one file whose name Mattermost knows; it renames it at will.
const MAIN: &str = "main.js";

/// Builds the web part's files into `out_dir`, replacing what is there.
///
/// Each file but the first bears its content's hash in its name, because Mattermost serves them with a year's caching; so each
/// is made after those that it names.
pub(crate) fn build(out_dir: &Path, setup: &Setup) -> Result<()> {
    let npm = setup.node_modules("webapp")?;
    let staging = setup.project().scratch("web");
    let made = component::build(setup, &npm, &staging.join("component"))?;

    let bundler = Bundler::new(&npm, staging.join("scripts"))?;
    let mut files = Folder::new(staging.join("files"))?;
    let component = files.add("component", "wasm", &fs::read(&made.wasm)?)?;
    let realm_script = bundler.bundle(
        "realm.js",
        Format::Module,
        &[("COMPONENT_FILE", &component)],
        &[("component", &made.script)],
    )?;
    let realm_script = files.add("realm", "js", &realm_script)?;
    let realm = scripts::fill_in("realm.html", &npm, "REALM_SCRIPT", &realm_script)?;
    let realm = files.add("realm", "html", realm.as_bytes())?;
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
    let fallback = files.add("component", "fallback.js", &fallback)?;
    let notification = bundler.bundle(
        "start.js",
        Format::Module,
        &[("REALM_FILE", &realm), ("FALLBACK_FILE", &fallback)],
        &[],
    )?;
    let notification = files.add("notification", "js", &notification)?;
    let console = bundler.bundle(
        "console/index.js",
        Format::Module,
        &[("REALM_FILE", &realm)],
        &[],
    )?;
    let console = files.add("console", "js", &console)?;
    let main = bundler.bundle(
        MAIN,
        Format::Script,
        &[
            ("NOTIFICATION_FILE", &notification),
            ("CONSOLE_FILE", &console),
        ],
        &[],
    )?;
    files.add_named(MAIN, &main)?;
    files
        .replace(out_dir)
        .with_context(|| format!("{} cannot be written", out_dir.display()))?;
    files.show();
    Ok(())
}
