//! Checks what was packed, with what packages meet on a machine: the archive unpacked and run; Debian's lintian; dpkg, which
//! installs into a folder of its own and removes again.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, ensure};
use flate2::read::GzDecoder;

use super::{COMPANION, Companion, archive_file, archive_name, debian};
use crate::dist::check;
use crate::dist::platform::Platform;
use crate::process;
use crate::setup::{DPKG, LINTIAN, Need, Setup};
use crate::test::Outcome;

/// What it takes to check packages.
pub(crate) const NEEDS: [Need; 2] = [Need::Tool(&LINTIAN), Need::Tool(&DPKG)];

/// Packs the companion with the bundle, and checks what is for this machine as it would be installed.
pub(in crate::dist) fn as_installed(
    setup: &Setup,
    companion: &Companion,
    bundle: &Path,
) -> Result<Outcome> {
    setup.require(&NEEDS)?;
    let here = Platform::here().context("the companion is not built for this machine")?;
    let architecture = here
        .name
        .strip_prefix("linux-")
        .context("Debian packages are for Linux")?;
    let scratch = setup.project().scratch("packages");
    if scratch.exists() {
        fs::remove_dir_all(&scratch)?;
    }
    let first = companion.pack(setup, bundle, &scratch.join("first"))?;
    let second = companion.pack(setup, bundle, &scratch.join("second"))?;
    let version = setup.project().version();
    let archive = scratch.join("first").join(archive_file(version, here));
    let package = scratch
        .join("first")
        .join(debian::file_name(version, architecture));

    let mut outcome = Outcome::default();
    outcome.add(same_bytes(&first, &second).context("packed twice"));
    outcome.add(unpacked(&archive, version, here, &scratch).context("the archive"));
    outcome.add(lint(setup, &package));
    outcome.add(installed(setup, &package, bundle, &scratch.join("root")).context("dpkg"));
    Ok(outcome)
}

/// Runs what an emulator can run, builds the companion again in another folder, and compares.
pub(in crate::dist) fn other_platforms(setup: &Setup, companion: &Companion) -> Result<Outcome> {
    check::companion(setup, &companion.platforms, |platform| {
        companion.executable(platform)
    })
}

fn same_bytes(first: &[PathBuf], second: &[PathBuf]) -> Result<Outcome> {
    ensure!(!first.is_empty() && first.len() == second.len());
    for (one, other) in first.iter().zip(second) {
        ensure!(
            fs::read(one)? == fs::read(other)?,
            "{} and {} differ",
            one.display(),
            other.display()
        );
    }
    Ok(Outcome::passed())
}

fn unpacked(archive: &Path, version: &str, here: Platform, scratch: &Path) -> Result<Outcome> {
    tar::Archive::new(GzDecoder::new(File::open(archive)?)).unpack(scratch)?;
    let folder = scratch.join(archive_name(version, here));
    runs(&folder.join(COMPANION.name), version)?;
    for file in [
        "LICENSE",
        "README.md",
        "THIRD-PARTY-LICENSES.txt",
        "man/notifymatters-doctor.1",
        "completions/_notifymatters",
        "examples/nginx.conf",
    ] {
        ensure!(folder.join(file).is_file(), "{file} is missing");
    }
    Ok(Outcome::passed())
}

fn runs(program: &Path, version: &str) -> Result<()> {
    let said = process::capture(process::command(program).arg("--version"))?;
    ensure!(
        said == format!("{} {version}", COMPANION.name),
        "it says it is {said:?}"
    );
    Ok(())
}

fn lint(setup: &Setup, package: &Path) -> Result<Outcome> {
    let mut lintian = process::command(setup.tool(&LINTIAN)?);
    lintian.args(["--fail-on", "error,warning"]);
    if setup.machine().root {
        lintian.arg("--allow-root");
    }
    process::run(lintian.arg(package))?;
    Ok(Outcome::passed())
}

/// Installs the package below `root`, looks at it as people do, and removes it.
fn installed(setup: &Setup, package: &Path, bundle: &Path, root: &Path) -> Result<Outcome> {
    let database = root.join("var/lib/dpkg");
    for folder in ["info", "updates"] {
        fs::create_dir_all(database.join(folder))?;
    }
    fs::write(database.join("status"), "")?;
    let dpkg = |arguments: &[&str]| dpkg(setup, root, arguments);

    process::run(dpkg(&["--install"])?.arg(package))?;
    let version = setup.project().version();
    runs(&root.join("usr/bin/notifymatters"), version)?;
    let link = root.join("usr/bin/mattermost-platform");
    let help = process::capture(process::command(&link).arg("help"))?;
    ensure!(help.contains("user invite"), "{help}");
    let shared = root.join("usr/share/notifymatters");
    let inside = shared.join(bundle.file_name().context("a bundle without a name")?);
    ensure!(
        fs::read(&inside)? == fs::read(bundle)?,
        "{} is not the bundle",
        inside.display()
    );
    let completes =
        "source usr/share/bash-completion/completions/notifymatters && complete -p notifymatters";
    process::capture(
        process::command("bash")
            .args(["--norc", "-c", completes])
            .current_dir(root),
    )?;
    // Nothing was switched on: systemd's links to units are all below here.
    ensure!(!root.join("etc/systemd").exists(), "a unit was switched on");
    for unit in ["service", "timer"] {
        let unit = format!("usr/lib/systemd/system/notifymatters-doctor.{unit}");
        ensure!(root.join(&unit).is_file(), "{unit} is missing");
    }
    ensure!(
        !database.join("info/notifymatters.postinst").exists(),
        "a script runs at installation"
    );

    process::run(&mut dpkg(&["--purge", "notifymatters"])?)?;
    for gone in ["usr", "etc"] {
        ensure!(!root.join(gone).exists(), "{gone} was left behind");
    }
    Ok(Outcome::passed())
}

fn dpkg(setup: &Setup, root: &Path, arguments: &[&str]) -> Result<Command> {
    let mut dpkg = process::command(setup.tool(&DPKG)?);
    let mut option = std::ffi::OsString::from("--root=");
    option.push(root);
    // It looks for programs that only scripts of packages need, some of them out of the path of those who are not root.
    dpkg.arg(option)
        .args(["--force-not-root", "--force-bad-path", "--log=/dev/null"])
        .args(arguments);
    Ok(dpkg)
}
