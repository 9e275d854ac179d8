//! Checks the executables of a bundle that this machine cannot run by itself: in Mattermost's own plugin environment
//! with an emulator in between, or, where there is none, by what their headers say; and that a second build is the same.

mod elsewhere;
mod emulator;
pub(super) mod headers;
mod signature;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};

use self::emulator::Emulator;
use super::archive;
use super::manifest::Manifest;
use super::platform::{PLATFORMS, Platform};
use super::program::{COMPANION, SERVER};
use crate::process;
use crate::setup::Setup;
use crate::test::{self, Outcome};

/// The host tests that show a plugin at work: its handshake, calls over HTTP, a refusal, a call of its own. None of them
/// looks for its process, which is the emulator's here.
const SHOWN_BY: &str = "a user reads the configuration|without a user there is no configuration\
    |a changed setting is served and announced";

/// Checks every executable of the bundle that was made last, which still lies unpacked in the build folder.
pub(crate) fn run(setup: &Setup, folder: &Path) -> Result<Outcome> {
    let here = Platform::here().context("Mattermost does not run on machines of this kind")?;
    let mut outcome = Outcome::default();
    for platform in PLATFORMS {
        println!("\n  {}", platform.name);
        let executable = folder.join(platform.executable());
        let bytes = fs::read(&executable).with_context(|| platform.executable())?;
        match headers::check(&bytes, platform) {
            Ok(findings) => {
                println!("    {findings}");
                outcome.passed += 1;
            }
            Err(error) => outcome
                .failures
                .push(format!("{}: {error:#}", platform.name)),
        }
        if let Some(emulator) = Emulator::of(platform, here) {
            let run = emulate(setup, folder, platform, here, emulator);
            outcome.add(run.with_context(|| format!("{} emulated", platform.name)));
        }
    }
    println!("\n  built again in another folder");
    outcome.add(elsewhere::build_and_compare(
        setup,
        &SERVER,
        &PLATFORMS,
        |platform| folder.join(platform.executable()),
    ));
    Ok(outcome)
}

/// Starts the companion's executables of other platforms, which lie at these places, as far as an emulator can; and builds all
/// of them again in another folder.
pub(super) fn companion(
    setup: &Setup,
    platforms: &[Platform],
    place: impl Fn(Platform) -> PathBuf,
) -> Result<Outcome> {
    let here = Platform::here().context("the companion is not built for this machine")?;
    let mut outcome = Outcome::default();
    for platform in platforms {
        if let Some(emulator) = Emulator::of(*platform, here) {
            let said = start_emulated(setup, emulator, &place(*platform));
            println!("\n  {}: {said:?}", platform.name);
            let version = format!("{} {}", COMPANION.name, setup.project().version());
            outcome.add(said.and_then(|said| {
                ensure!(said == version, "it says it is {said:?}");
                Ok(Outcome::passed())
            }));
        }
    }
    println!("\n  built again in another folder");
    outcome.add(elsewhere::build_and_compare(
        setup, &COMPANION, platforms, place,
    ));
    Ok(outcome)
}

/// What an executable says of its version.
fn start_emulated(setup: &Setup, emulator: &Emulator, executable: &Path) -> Result<String> {
    let folder = executable
        .parent()
        .context("an executable without folder")?;
    let name = executable
        .file_name()
        .context("an executable without name")?;
    let (starter, _helper) = emulator.prepare(setup, folder, &name.to_string_lossy())?;
    let script = folder.join("emulated.sh");
    fs::write(&script, starter)?;
    process::capture(process::command("sh").arg(&script).arg("--version"))
}

/// Runs the host tests with a bundle whose executable for this machine starts the emulator.
fn emulate(
    setup: &Setup,
    folder: &Path,
    platform: Platform,
    here: Platform,
    emulator: &Emulator,
) -> Result<Outcome> {
    let manifest = Manifest::of_bundle(folder)?;
    let wrapped = setup.project().scratch("check").join(platform.name);
    let inside = wrapped.join(&manifest.id);
    if wrapped.exists() {
        fs::remove_dir_all(&wrapped)?;
    }
    for below in archive::entries(folder)?
        .into_iter()
        .filter(|below| !below.starts_with("server"))
    {
        if folder.join(&below).is_dir() {
            fs::create_dir_all(inside.join(&below))?;
        } else {
            fs::create_dir_all(
                inside
                    .join(&below)
                    .parent()
                    .context("a file without folder")?,
            )?;
            fs::copy(folder.join(&below), inside.join(&below))?;
        }
    }
    let server = inside.join("server/dist");
    fs::create_dir_all(&server)?;
    fs::copy(
        folder.join(platform.executable()),
        inside.join(platform.executable()),
    )?;
    let name = format!("plugin-{}{}", platform.name, platform.suffix());
    let (starter, _helper) = emulator.prepare(setup, &server, &name)?;
    ensure!(
        platform != here,
        "this machine needs no emulator for itself"
    );
    fs::write(inside.join(here.executable()), starter)?;
    fs::write(
        inside.join("plugin.json"),
        manifest.with_executable(here).to_json()?,
    )?;

    let bundle = wrapped.join("bundle.tar.gz");
    archive::pack(&inside, &manifest.id, &bundle, |path| {
        path.starts_with("server/dist")
    })?;
    let outcome = test::host_tests(setup, &bundle, Some(SHOWN_BY))?;
    ensure!(
        outcome.passed + outcome.failures.len() > SHOWN_BY.split('|').count(),
        "the host tests have other names now"
    );
    Ok(outcome)
}
