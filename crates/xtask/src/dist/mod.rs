//! Makes the bundle that an administrator uploads.

mod archive;
mod check;
mod companion;
mod licenses;
mod manifest;
mod platform;
mod program;

use std::fs;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context as _, Result, bail, ensure};

pub(crate) use self::archive::{pack, pack_zip};
pub(crate) use self::companion::{
    Companion, MOST_BYTES as MOST_COMPANION_BYTES, NEEDS as COMPANION_NEEDS,
};
use self::licenses::Built;
pub(crate) use self::manifest::Manifest;
pub(crate) use self::platform::{PLATFORMS, Platform};
use self::program::SERVER;
use crate::host;
use crate::project::Project;
use crate::setup::{GO, Need, QEMU_ARM64, Setup, Toolchain, WINE};
use crate::test::Outcome;
use crate::web::{self, Purpose};

/// The build folder in which a bundle lies before it is packed.
const STAGING: &str = "bundle";

/// The licences of what is inside and not ours.
const THIRD_PARTY: &str = "THIRD-PARTY-LICENSES.txt";

/// What `dist` can be asked for.
#[derive(clap::Args, Debug, Clone, Default)]
pub(crate) struct Options {
    /// Only this platform, as Mattermost names it (such as linux-amd64); may be given several times.
    #[arg(long = "platform", value_name = "PLATFORM", value_parser = platform_named)]
    platforms: Vec<Platform>,
    /// Afterwards run what an emulator can run, and read the headers and signatures of the rest.
    #[arg(long, conflicts_with = "platforms")]
    check: bool,
    /// Make the companion program notifymatters too: an archive for each platform, and Debian packages.
    #[arg(long)]
    companion: bool,
    /// Instead of the bundle, make what hosts use: the package for npm, and the plugins for Kopano WebApp and grommunio-web.
    #[arg(long, conflicts_with_all = ["platforms", "check", "companion"])]
    hosts: bool,
}

/// Builds the server part and the web part, packs them, and says where the bundle is.
pub(crate) fn run(setup: &Setup, options: &Options) -> Result<()> {
    if options.hosts {
        for made in host::pack(setup, &setup.project().path("dist"))? {
            say(setup, &made)?;
        }
        return Ok(());
    }
    let platforms = if options.platforms.is_empty() {
        &PLATFORMS[..]
    } else {
        &options.platforms
    };
    if options.check {
        setup.require(&check_needs())?;
        if options.companion {
            setup.require(&COMPANION_NEEDS)?;
        }
    }
    let bundle = release(setup, platforms)?;
    say(setup, &bundle)?;
    println!("Upload it in Mattermost: System Console, Plugin Management, Upload Plugin.");
    let mut companion = None;
    if options.companion {
        let built = Companion::build(setup, platforms)?;
        for made in built.pack(setup, &bundle, &setup.project().path("dist"))? {
            say(setup, &made)?;
        }
        companion = Some(built);
    }
    if options.check {
        let mut outcome = check(setup)?;
        if let Some(companion) = companion {
            outcome.add(companion::as_installed(setup, &companion, &bundle));
            outcome.add(companion::other_platforms(setup, &companion));
        }
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

/// Builds the companion for this machine, packs it with the bundle, and checks that as people would install it.
pub(crate) fn check_companion(setup: &Setup, bundle: &Path) -> Result<Outcome> {
    let here = Platform::here().context("the companion is not built for this machine")?;
    let companion = Companion::build(setup, &[here])?;
    companion::as_installed(setup, &companion, bundle)
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
    setup.require(&WEB_NEEDS)?;
    let toolchain = setup.toolchain(Toolchain::WASM)?;
    web::build(&out, setup, &toolchain, Purpose::Release)
}

/// What the web part is built with.
const WEB_NEEDS: [Need; 2] = [
    Need::NodeModules("webapp"),
    Need::Toolchain(Toolchain::WASM),
];

/// What a bundle for these platforms is built with.
pub(crate) fn needs(platforms: &[Platform]) -> Vec<Need> {
    let mut needs = WEB_NEEDS.to_vec();
    needs.push(Need::Zig);
    needs.extend(
        platforms
            .iter()
            .map(|platform| Need::Toolchain(platform.triple)),
    );
    if platforms.iter().any(Platform::is_darwin) {
        needs.push(Need::Objcopy);
    }
    needs
}

/// What [`check`] runs the executables with, and what it takes to build them.
pub(crate) fn check_needs() -> Vec<Need> {
    let mut needs = needs(&PLATFORMS);
    needs.extend([&GO, &QEMU_ARM64, &WINE].map(Need::Tool));
    needs
}

/// Makes the bundle for these platforms in `dist/` and returns its path.
pub(crate) fn release(setup: &Setup, platforms: &[Platform]) -> Result<PathBuf> {
    setup.require(&needs(platforms))?;
    let web = setup.toolchain(Toolchain::WASM)?;
    release_with(
        setup,
        platforms,
        &web,
        STAGING,
        &setup.project().path("dist"),
    )
}

/// Makes the bundle once for each compiler of the web part that can be had: the first for these platforms in `dist/`, a
/// further one for the first of them; and returns their paths.
pub(crate) fn release_both(setup: &Setup, platforms: &[Platform]) -> Result<Vec<PathBuf>> {
    let mut bundles = Vec::new();
    for web in setup.web_toolchains()? {
        println!("    the web part with {}", web.name());
        bundles.push(if bundles.is_empty() {
            release_with(
                setup,
                platforms,
                &web,
                STAGING,
                &setup.project().path("dist"),
            )?
        } else {
            let out = setup.project().scratch("second");
            release_with(setup, &platforms[..1], &web, "second/unpacked", &out)?
        });
    }
    Ok(bundles)
}

fn release_with(
    setup: &Setup,
    platforms: &[Platform],
    web: &Toolchain,
    staging: &str,
    out: &Path,
) -> Result<PathBuf> {
    let zig = setup.zig()?;
    let mut parts = Vec::new();
    for platform in platforms {
        let toolchain = program::toolchain(setup, &zig, *platform)?;
        if toolchain.is_ready_made() {
            println!(
                "    {}: with a ready-made standard library the executable is a fifth larger than with rustup's component rust-src",
                platform.name
            );
        }
        parts.push((*platform, toolchain));
    }
    let folder = begin(setup, platforms, staging)?;
    let web_files = folder.web_files()?;
    // Each ends with a step that one processor does alone: the optimization of the whole program.
    let (server, page) = thread::scope(|scope| {
        let server = scope.spawn(|| {
            SERVER.build(setup, &parts, |platform| {
                folder.path.join(platform.executable())
            })
        });
        let page = web::build(&web_files, setup, web, Purpose::Release);
        let server = server
            .join()
            .unwrap_or_else(|_| bail!("the thread that builds the server part panicked"));
        (server, page)
    });
    server?;
    page?;

    let mut built = vec![Built {
        package: "notifymatters-webapp",
        toolchain: web,
    }];
    built.extend(parts.iter().map(|(_, toolchain)| Built {
        package: SERVER.package,
        toolchain,
    }));
    fs::write(
        folder.path.join(THIRD_PARTY),
        licenses::gather(setup, &built)?,
    )?;
    folder.close(setup, out)
}

/// Makes a bundle for this machine alone, with its own compiler, and returns its path; `dist/` is left as it is. It is not for
/// people: the licences of what is inside are not in it.
pub(crate) fn make_for_here(setup: &Setup, purpose: Purpose) -> Result<PathBuf> {
    setup.require(&WEB_NEEDS)?;
    let platform = Platform::here().context("Mattermost does not run on machines of this kind")?;
    let folder = begin(setup, &[platform], "here/unpacked")?;
    let web = setup.toolchain(Toolchain::WASM)?;
    web::build(&folder.web_files()?, setup, &web, purpose)?;
    SERVER.build_here(setup, platform, &folder.path.join(platform.executable()))?;
    folder.close(setup, &setup.project().scratch("here"))
}

/// A bundle in the making.
struct Folder {
    path: PathBuf,
    manifest: Manifest,
}

/// Built in a folder of its own, so that nothing of an earlier bundle can get in.
fn begin(setup: &Setup, platforms: &[Platform], staging: &str) -> Result<Folder> {
    let project = setup.project();
    let manifest = source_manifest(project)?.complete(project.version(), platforms);
    let staging = project.scratch(staging);
    if staging.exists() {
        fs::remove_dir_all(&staging)?;
    }
    let path = staging.join(&manifest.id);
    fs::create_dir_all(&path)?;
    Ok(Folder { path, manifest })
}

impl Folder {
    fn web_files(&self) -> Result<web::Out> {
        web::Out::of_bundle(&self.path, &self.manifest.webapp.bundle_path)
    }

    /// Adds what is not built, and packs the bundle into the folder `out`.
    fn close(&self, setup: &Setup, out: &Path) -> Result<PathBuf> {
        let Self { path, manifest } = self;
        let project = setup.project();
        let icon = path.join(&manifest.icon_path);
        fs::create_dir_all(icon.parent().context("icon_path names no folder")?)?;
        fs::copy(project.path(&manifest.icon_path), icon)
            .with_context(|| manifest.icon_path.clone())?;
        fs::copy(project.path("LICENSE"), path.join("LICENSE")).context("LICENSE")?;
        fs::write(path.join("plugin.json"), manifest.to_json()?)?;
        manifest.check_files(path)?;

        fs::create_dir_all(out)?;
        let bundle = out.join(format!("{}-{}.tar.gz", manifest.id, project.version()));
        pack(path, &manifest.id, &bundle, |path| {
            path.starts_with("server/dist")
        })?;
        Ok(bundle)
    }
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
