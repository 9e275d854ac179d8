//! Compilers for other targets than this machine: an installed target of the usual toolchain, or Debian's `rustc-web`
//! package, which builds the standard library from its own source.

mod find;

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

pub(super) use self::find::host_triple;
use super::{Setup, Zig};
use crate::process;

/// A compiler for one target.
#[derive(Debug, Clone)]
pub(crate) struct Toolchain {
    triple: String,
    origin: Origin,
    linker: Linker,
    target_dir: PathBuf,
    rustflags: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    /// The usual toolchain, below its sysroot, has the target's standard library.
    Installed { sysroot: PathBuf },
    /// Debian's compiler; the standard library, whose source is here, is built with the program.
    Debian { library: PathBuf },
}

#[derive(Debug, Clone)]
enum Linker {
    /// What the compiler takes by itself.
    Usual,
    Program(PathBuf),
    Zig(Zig),
}

/// Where the licences of a toolchain's standard library can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum StandardLibrary {
    /// Its source: the manifest of the crate `std`.
    Source(PathBuf),
    /// The notices that came with it, as HTML.
    Notices(PathBuf),
}

impl Toolchain {
    /// The target of the web part.
    pub(crate) const WASM: &str = "wasm32-unknown-unknown";

    /// The same compiler with more flags for the target's code; `name` keeps its output apart from others'.
    pub(crate) fn with_rustflags(&self, name: &str, flags: &[&str]) -> Self {
        let mut other = self.clone();
        other.target_dir = self.target_dir.join(name);
        other
            .rustflags
            .extend(flags.iter().map(|flag| (*flag).to_owned()));
        other
    }

    /// The same compiler, linking with Zig, which brings each platform's C library along.
    pub(crate) fn linked_by(&self, zig: &Zig) -> Self {
        let mut other = self.clone();
        other.rustflags.extend(zig.rustflags(&self.triple));
        other.linker = Linker::Zig(zig.clone());
        other
    }

    /// `cargo build` for this target, in the project's root; what it makes is below [`Self::output`].
    pub(crate) fn build(&self) -> Command {
        let Linker::Zig(zig) = &self.linker else {
            return self.cargo("build");
        };
        let mut command = zig.command();
        self.configure(command.arg("zigbuild"));
        command
    }

    /// `cargo <subcommand>` for this target without Zig, in the project's root.
    pub(crate) fn cargo(&self, subcommand: &str) -> Command {
        let mut command = process::command(self.cargo_path());
        self.configure(command.arg(subcommand));
        command
    }

    /// `cargo clippy` for this target, for what needs no linker.
    ///
    /// # Errors
    ///
    /// The compiler has no clippy of its own version, and none may be installed.
    pub(crate) fn clippy(&self, setup: &Setup) -> Result<Command> {
        let mut command = match self.origin {
            Origin::Installed { .. } => process::command(self.cargo_path()),
            Origin::Debian { .. } => {
                if !Path::new(find::DEBIAN_CLIPPY).exists() {
                    setup
                        .machine()
                        .apt_install(&["rust-web-clippy"], "clippy for Debian's compiler")?;
                }
                // The one in the path belongs to the usual toolchain.
                process::command(find::DEBIAN_CLIPPY)
            }
        };
        self.configure(command.arg("clippy"));
        Ok(command)
    }

    fn cargo_path(&self) -> PathBuf {
        match self.origin {
            Origin::Installed { .. } => env::var_os("CARGO")
                .unwrap_or_else(|| "cargo".into())
                .into(),
            Origin::Debian { .. } => find::DEBIAN_CARGO.into(),
        }
    }

    fn configure(&self, command: &mut Command) {
        command
            .args(["--locked", "--target", &self.triple])
            .arg("--target-dir")
            .arg(&self.target_dir);
        for (variable, value) in self.environment() {
            command.env(variable, value);
        }
        if let Origin::Debian { .. } = self.origin {
            command
                .env_remove("RUSTUP_TOOLCHAIN")
                .arg("-Zbuild-std=std,panic_abort");
        }
        if let Linker::Program(linker) = &self.linker {
            let target = self.triple.to_uppercase().replace('-', "_");
            command.env(format!("CARGO_TARGET_{target}_LINKER"), linker);
        }
        // The environment's own flags are meant for this machine.
        command
            .env_remove("RUSTFLAGS")
            .env("CARGO_ENCODED_RUSTFLAGS", self.rustflags.join("\u{1f}"));
    }

    /// What cargo's environment must say so that this compiler is used.
    pub(crate) fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        let mut environment = vec![("CARGO", self.cargo_path())];
        if let Origin::Debian { .. } = self.origin {
            environment.extend([
                ("RUSTC", find::DEBIAN_RUSTC.into()),
                ("RUSTC_BOOTSTRAP", "1".into()),
            ]);
        }
        environment
    }

    /// The folder in which cargo leaves what it built with this profile.
    pub(crate) fn output(&self, profile: &str) -> PathBuf {
        let folder = if profile == "dev" { "debug" } else { profile };
        self.target_dir.join(&self.triple).join(folder)
    }

    /// The target, as Rust names it.
    pub(crate) fn triple(&self) -> &str {
        &self.triple
    }

    /// What links, if it is Zig: then parts of the platform's C library are inside.
    pub(crate) const fn zig(&self) -> Option<&Zig> {
        match &self.linker {
            Linker::Zig(zig) => Some(zig),
            _ => None,
        }
    }

    /// Where the licences of the standard library can be read.
    pub(crate) fn standard_library(&self) -> StandardLibrary {
        match &self.origin {
            Origin::Installed { sysroot } => {
                StandardLibrary::Notices(sysroot.join("share/doc/rust/COPYRIGHT-library.html"))
            }
            Origin::Debian { library } => StandardLibrary::Source(library.join("std/Cargo.toml")),
        }
    }
}
