//! What runs the executables of other platforms here.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::dist::platform::Platform;
use crate::process::{self, Running};
use crate::setup::{QEMU_ARM64, Setup, Tool, WINE};

/// A way to run a platform's executables on another.
#[derive(Debug)]
pub(super) struct Emulator {
    /// The platform's name in the manifest.
    platform: &'static str,
    kind: Kind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Qemu,
    Wine,
}

const EMULATED: [Emulator; 2] = [
    Emulator {
        platform: "linux-arm64",
        kind: Kind::Qemu,
    },
    Emulator {
        platform: "windows-amd64",
        kind: Kind::Wine,
    },
];

impl Emulator {
    const fn tool(&self) -> &'static Tool {
        match self.kind {
            Kind::Qemu => &QEMU_ARM64,
            Kind::Wine => &WINE,
        }
    }

    /// The one that runs a platform's executables, where this machine does not by itself.
    pub(super) fn of(platform: Platform, here: Platform) -> Option<&'static Self> {
        EMULATED
            .iter()
            .find(|emulator| emulator.platform == platform.name && platform != here)
    }

    /// Makes what the emulator needs in the executable's folder and returns the script that starts the executable, and
    /// what has to run meanwhile.
    pub(super) fn prepare(
        &self,
        setup: &Setup,
        folder: &Path,
        executable: &str,
    ) -> Result<(String, Option<Running>)> {
        let program = setup.tool(self.tool())?;
        let mut environment = String::new();
        let mut helper = None;
        if self.kind == Kind::Wine {
            let prefix = setup.project().scratch("wine");
            make_wine_prefix(&program, &prefix)?;
            make_process_prng(setup, folder)?;
            helper = Some(start_wine_server(&program, &prefix)?);
            // Wine leaves files in the temporary folder, where the tests look for what the plugin left.
            environment = format!(
                "export WINEPREFIX='{0}' TMPDIR='{0}' WINEDEBUG=-all\n",
                prefix.display()
            );
        }
        let starter = format!(
            "#!/bin/sh\n{environment}exec '{}' \"$(dirname \"$0\")/{executable}\" \"$@\"\n",
            program.display()
        );
        Ok((starter, helper))
    }
}

/// Wine's first start in a folder takes longer than a plugin may take to start.
fn make_wine_prefix(wine: &Path, prefix: &Path) -> Result<()> {
    if prefix.join("system.reg").exists() {
        return Ok(());
    }
    let mut command = process::command(wine);
    command
        .args(["wineboot", "--init"])
        .env("WINEPREFIX", prefix)
        .env("WINEDEBUG", "-all");
    // There is no display to put dialogues on, and no need of what they would offer.
    command
        .env("WINEDLLOVERRIDES", "mscoree,mshtml=")
        .env_remove("DISPLAY");
    process::capture(&mut command).context("Wine cannot make its folder")?;
    Ok(())
}

/// Wine's server outlives the first program that needs it, and with it the standard error that it has inherited: to
/// whoever reads that, the plugin would seem to live on. One that is there already inherits nothing.
fn start_wine_server(wine: &Path, prefix: &Path) -> Result<Running> {
    let server = wine.canonicalize()?.with_file_name("wineserver");
    let mut command = process::command(server);
    // In the foreground, for as long as it is wanted.
    command.args(["-f", "-p"]).env("WINEPREFIX", prefix);
    process::start(&mut command)
}

/// Wine 8 lacks `bcryptprimitives.dll`, of which Rust's library (1.95) calls `ProcessPrng`: a replacement beside the
/// executable, for the check alone, asks the older function of the same task.
fn make_process_prng(setup: &Setup, folder: &Path) -> Result<()> {
    let library = setup.project().scratch("wine-stubs/bcryptprimitives.dll");
    if !library.exists() {
        let stubs = library.parent().context("a file without folder")?;
        fs::create_dir_all(stubs)?;
        fs::write(stubs.join("process_prng.c"), include_str!("process_prng.c"))?;
        let mut command = setup.zig()?.zig(&[
            "cc",
            "-target",
            "x86_64-windows-gnu",
            "-shared",
            "-s",
            "-o",
            "bcryptprimitives.dll",
            "process_prng.c",
            "-ladvapi32",
        ]);
        process::run(command.current_dir(stubs))?;
    }
    fs::copy(library, folder.join("bcryptprimitives.dll"))?;
    Ok(())
}
