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
use crate::setup::{Setup, Toolchain};

/// The one file whose name Mattermost knows; it renames it at will.
const MAIN: &str = "main.js";

/// The empty document of the frame that compiles the component. An old one serves as well as a new one.
const REALM: &str = "realm.html";

/// What wasm-bindgen says of the component, beside the scripts that call it. It lies in the source tree, so that they can be checked
/// without a build.
const TYPES: &str = "page/component.d.ts";

/// The folder, in the bundle and below the server part's address, of what the server part serves.
const ASSETS: &str = "assets";

/// What the web part is built for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// To be given to people: small.
    Release,
    /// To be shown on this machine: soon, and without the component as JavaScript.
    Demo,
}

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
/// Each script but the first, and the component, bear their content's hash in their names, because they are served with a year's
/// caching; so each is made after those that it names.
pub(crate) fn build(
    out: &Out,
    setup: &Setup,
    toolchain: &Toolchain,
    purpose: Purpose,
) -> Result<()> {
    let npm = setup.node_modules("webapp")?;
    let staging = setup.project().scratch("web");
    let folder = staging.join("component");
    let made = match purpose {
        Purpose::Release => component::build(toolchain, &npm, &folder)?,
        Purpose::Demo => component::build_for_demo(toolchain, &folder)?,
    };

    let bundler = Bundler::new(&npm, staging.join("scripts"))?;
    let mut files = Folder::new(staging.join("pages"))?;
    let mut assets = Folder::new(staging.join(ASSETS))?;
    renew_types(&made.types, &npm.folder().join(TYPES))?;
    let component = files.add("component", "wasm", &fs::read(&made.wasm)?)?;
    let realm = fs::read(npm.folder().join("page").join(REALM)).context(REALM)?;
    files.add_named(REALM, &realm)?;
    let fallback = match purpose {
        Purpose::Release => {
            let made = component::build_fallback(toolchain, &npm, &staging.join("fallback"))?;
            let script = bundler.bundle(
                "fallback.js",
                Format::Module,
                &[],
                &[
                    ("component/code", &made.code),
                    ("component/glue", &made.glue),
                ],
            )?;
            assets.add_compressed("component", "fallback.js", &script)?
        }
        // A file that is not there.
        Purpose::Demo => "component.fallback.js".to_owned(),
    };
    let capabilities = bundler.bundle("capabilities.js", Format::Module, &[], &[])?;
    let capabilities = assets.add_compressed("capabilities", "js", &capabilities)?;
    let sign_in = bundler.bundle("signin.js", Format::Module, &[], &[])?;
    let sign_in = assets.add_compressed("signin", "js", &sign_in)?;
    let start = bundler.bundle(
        "start.js",
        Format::Module,
        &[
            ("FALLBACK_FILE", &format!("{ASSETS}/{fallback}")),
            ("CAPABILITIES_FILE", &format!("{ASSETS}/{capabilities}")),
            ("SIGN_IN_FILE", &format!("{ASSETS}/{sign_in}")),
            ("FRAME_VERSION", setup.project().version()),
        ],
        &[("component/glue", &made.glue)],
    )?;
    let start = files.add("start", "js", &start)?;
    let console = bundler.bundle(
        "console/index.js",
        Format::Module,
        &[("REALM_FILE", REALM)],
        &[],
    )?;
    let console = assets.add_compressed("console", "js", &console)?;
    let main = bundler.bundle(
        MAIN,
        Format::Script,
        &[
            ("START_FILE", &start),
            ("REALM_FILE", REALM),
            ("COMPONENT_FILE", &component),
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

/// Brings the types in the source tree up to date with what the component exports; scripts that call something else then fail
/// the type check.
fn renew_types(made: &Path, committed: &Path) -> Result<()> {
    let made = fs::read_to_string(made).context("wasm-bindgen wrote no types")?;
    let made = format!("{}\n", made.trim());
    if fs::read_to_string(committed).ok().as_ref() != Some(&made) {
        fs::write(committed, made).with_context(|| committed.display().to_string())?;
        println!("    {TYPES} is new: the component exports something else than before");
    }
    Ok(())
}
