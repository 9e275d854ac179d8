//! Makes the bundle that an administrator uploads.

mod archive;
mod check;
mod licenses;
mod manifest;
mod platform;
mod server;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail, ensure};

pub(crate) use self::archive::pack;
use self::licenses::Built;
pub(crate) use self::manifest::Manifest;
pub(crate) use self::platform::{PLATFORMS, Platform};
use crate::host;
use crate::project::Project;
use crate::setup::{Setup, Toolchain};
use crate::test::Outcome;
use crate::web;

/// The build folder in which a bundle lies before it is packed.
const STAGING: &str = "bundle";

/// What `dist` can be asked for.
#[derive(clap::Args, Debug, Clone, Default)]
pub(crate) struct Options {
    /// Only this platform, as Mattermost names it (such as linux-amd64); may be given several times.
    #[arg(long = "platform", value_name = "PLATFORM", value_parser = platform_named)]
    platforms: Vec<Platform>,
    /// Afterwards run what an emulator can run, and read the headers and signatures of the rest.
    #[arg(long, conflicts_with = "platforms")]
    check: bool,
    /// Instead of the bundle, make what hosts use: dist/notifymatters-host-<version>.tgz, the package for npm.
    #[arg(long, conflicts_with_all = ["platforms", "check"])]
    hosts: bool,
}

/// Builds the server part and the web part, packs them, and says where the bundle is.
pub(crate) fn run(setup: &Setup, options: &Options) -> Result<()> {
    if options.hosts {
        let package = host::pack(setup, &setup.project().path("dist"))?;
        return say(setup, &package);
    }
    let platforms = if options.platforms.is_empty() {
        &PLATFORMS[..]
    } else {
        &options.platforms
    };
    let bundle = release(setup, platforms)?;
    say(setup, &bundle)?;
    println!("Upload it in Mattermost: System Console, Plugin Management, Upload Plugin.");
    if options.check {
        let outcome = check(setup)?;
        ensure!(
            outcome.failures.is_empty(),
            "{}",
            outcome.failures.join("\n")
        );
        println!("\nevery executable is what it should be");
    }
    Ok(())
}

/// Writes the sum of what was made beside it, and says where it is.
fn say(setup: &Setup, made: &Path) -> Result<()> {
    let size = fs::metadata(made)?.len();
    let sum = archive::write_sum(made)?;
    let shown = made.strip_prefix(setup.project().root()).unwrap_or(made);
    println!(
        "\n{} ({} kB, sha256 {sum})",
        shown.display(),
        size.div_ceil(1000)
    );
    Ok(())
}

/// Checks the executables of the bundle that was made last.
pub(crate) fn check(setup: &Setup) -> Result<Outcome> {
    let manifest = source_manifest(setup.project())?;
    check::run(setup, &setup.project().scratch(STAGING).join(manifest.id))
}

/// The manifest as it stands in the source tree.
pub(crate) fn source_manifest(project: &Project) -> Result<Manifest> {
    let source = fs::read_to_string(project.path("plugin.json")).context("plugin.json")?;
    Manifest::parse(&source)
}

/// Builds the web part into a folder of its own.
pub(crate) fn web_part_alone(setup: &Setup) -> Result<()> {
    let main = source_manifest(setup.project())?.webapp.bundle_path;
    let out = web::Out::of_bundle(&setup.project().scratch("webapp"), &main)?;
    web::build(&out, setup)
}

/// Makes the bundle for these platforms in `dist/` and returns its path.
pub(crate) fn release(setup: &Setup, platforms: &[Platform]) -> Result<PathBuf> {
    let zig = setup.zig()?;
    let mut parts = Vec::new();
    for platform in platforms {
        parts.push((*platform, server::toolchain(setup, &zig, *platform)?));
    }
    make(setup, &parts, STAGING, &setup.project().path("dist"))
}

/// Makes a bundle for this machine alone, with its own compiler, and returns its path; `dist/` is left as it is.
pub(crate) fn make_for_here(setup: &Setup) -> Result<PathBuf> {
    let platform = Platform::here().context("Mattermost does not run on machines of this kind")?;
    let out = setup.project().scratch("here");
    make(
        setup,
        &[(platform, setup.host_toolchain()?)],
        "here/unpacked",
        &out,
    )
}

fn make(
    setup: &Setup,
    parts: &[(Platform, Toolchain)],
    staging: &str,
    out: &Path,
) -> Result<PathBuf> {
    let project = setup.project();
    let platforms: Vec<_> = parts.iter().map(|(platform, _)| *platform).collect();
    let manifest = source_manifest(project)?.complete(project.version(), &platforms);

    // Built in a folder of its own, so that nothing of an earlier bundle can get in.
    let staging = project.scratch(staging);
    if staging.exists() {
        fs::remove_dir_all(&staging)?;
    }
    let folder = staging.join(&manifest.id);
    fs::create_dir_all(&folder)?;

    let web_files = web::Out::of_bundle(&folder, &manifest.webapp.bundle_path)?;
    web::build(&web_files, setup)?;
    let (released, here): (Vec<_>, Vec<_>) = parts
        .iter()
        .cloned()
        .partition(|(_, toolchain)| toolchain.zig().is_some());
    server::build(setup, &released, &folder)?;
    for (platform, _) in here {
        server::build_here(setup, platform, &folder)?;
    }

    let icon = folder.join(&manifest.icon_path);
    fs::create_dir_all(icon.parent().context("icon_path names no folder")?)?;
    fs::copy(project.path(&manifest.icon_path), icon)
        .with_context(|| manifest.icon_path.clone())?;
    fs::copy(project.path("LICENSE"), folder.join("LICENSE")).context("LICENSE")?;
    let web = setup.toolchain(Toolchain::WASM)?;
    let mut built = vec![Built {
        package: "notifymatters-webapp",
        toolchain: &web,
    }];
    built.extend(parts.iter().map(|(_, toolchain)| Built {
        package: server::PACKAGE,
        toolchain,
    }));
    fs::write(
        folder.join("THIRD-PARTY-LICENSES.txt"),
        licenses::gather(setup, &built)?,
    )?;
    fs::write(folder.join("plugin.json"), manifest.to_json()?)?;
    manifest.check_files(&folder)?;

    fs::create_dir_all(out)?;
    let bundle = out.join(format!("{}-{}.tar.gz", manifest.id, project.version()));
    pack(&folder, &manifest.id, &bundle, |path| {
        path.starts_with("server/dist")
    })?;
    Ok(bundle)
}

fn platform_named(name: &str) -> Result<Platform> {
    let Some(platform) = Platform::named(name) else {
        bail!(
            "the platforms are {}",
            PLATFORMS.map(|platform| platform.name).join(", ")
        );
    };
    Ok(platform)
}
