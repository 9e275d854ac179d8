//! Compilers for other targets than this machine: an installed target of the usual toolchain, or Debian's `rustc-web`
//! package, which builds the standard library from its own source.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, bail};

use super::{Scope, Setup};
use crate::process;

/// Debian's packages that together can build for any target.
const DEBIAN_PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];
const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
const DEBIAN_CARGO: &str = "/usr/bin/cargo";

/// A compiler for one target.
#[derive(Debug, Clone)]
pub(crate) struct Toolchain {
    triple: &'static str,
    origin: Origin,
    linker: Option<PathBuf>,
    target_dir: PathBuf,
    rustflags: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// The usual toolchain has the target's standard library.
    Installed,
    /// Debian's compiler, the standard library built with the program.
    Debian,
}

impl Toolchain {
    pub(super) fn ensure(setup: &Setup, triple: &'static str) -> Result<Self> {
        if let Some(found) = Self::find(setup, triple)? {
            return Ok(found);
        }
        let machine = setup.machine();
        if machine.may_install(Scope::User) && which::which("rustup").is_ok() {
            println!("Installing Rust's standard library for {triple}");
            match process::capture(process::command("rustup").args(["target", "add", triple])) {
                Ok(_) => {
                    if let Some(found) = Self::find(setup, triple)? {
                        return Ok(found);
                    }
                }
                Err(_) if machine.may_install(Scope::System) => {
                    println!("    rustup cannot fetch it here; Debian's rustc-web will do");
                }
                Err(error) => {
                    return Err(
                        error.context(format!("Rust's standard library for {triple} is missing"))
                    );
                }
            }
        }
        if machine.may_install(Scope::System) {
            machine.apt_install(&DEBIAN_PACKAGES, &format!("a Rust compiler for {triple}"))?;
            if let Some(found) = Self::find(setup, triple)? {
                return Ok(found);
            }
        }
        bail!(
            "missing: Rust's standard library for {triple}. Run: rustup target add {triple} (or, on Debian, sudo apt-get install {})",
            DEBIAN_PACKAGES.join(" ")
        )
    }

    fn find(setup: &Setup, triple: &'static str) -> Result<Option<Self>> {
        let sysroot = PathBuf::from(process::capture(
            process::command("rustc").args(["--print", "sysroot"]),
        )?);
        let made = |origin, linker, folder: &str| Self {
            triple,
            origin,
            linker,
            target_dir: setup.project().path("target").join(folder),
            rustflags: Vec::new(),
        };
        if sysroot
            .join("lib/rustlib")
            .join(triple)
            .join("lib")
            .exists()
        {
            return Ok(Some(made(Origin::Installed, None, "cross")));
        }
        if Path::new(DEBIAN_CARGO).exists() && Path::new(DEBIAN_RUSTC).exists() {
            let debian = PathBuf::from(process::capture(
                process::command(DEBIAN_RUSTC)
                    .env_remove("RUSTUP_TOOLCHAIN")
                    .args(["--print", "sysroot"]),
            )?);
            if debian
                .join("lib/rustlib/src/rust/library/std/Cargo.toml")
                .exists()
            {
                let linker = if triple.starts_with("wasm32") {
                    Some(wasm_linker(&sysroot)?)
                } else {
                    None
                };
                return Ok(Some(made(Origin::Debian, linker, "cross-debian")));
            }
        }
        Ok(None)
    }

    /// The same compiler with more flags for the target's code; `name` keeps its output apart from others'.
    pub(crate) fn with_rustflags(&self, name: &str, flags: &[&str]) -> Self {
        let mut other = self.clone();
        other.target_dir = self.target_dir.join(name);
        other
            .rustflags
            .extend(flags.iter().map(|flag| (*flag).to_owned()));
        other
    }

    /// `cargo <subcommand>` for this target, in the project's root; what it makes is below [`Self::output`].
    pub(crate) fn cargo(&self, subcommand: &str) -> Command {
        let mut command = match self.origin {
            Origin::Installed => {
                process::command(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
            }
            Origin::Debian => {
                let mut command = process::command(DEBIAN_CARGO);
                command
                    .env("RUSTC", DEBIAN_RUSTC)
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env_remove("RUSTUP_TOOLCHAIN")
                    .env_remove("CARGO");
                command
            }
        };
        command
            .arg(subcommand)
            .args(["--locked", "--target", self.triple])
            .arg("--target-dir")
            .arg(&self.target_dir);
        if self.origin == Origin::Debian {
            command.arg("-Zbuild-std=std,panic_abort");
        }
        if let Some(linker) = &self.linker {
            let variable = self.triple.to_uppercase().replace('-', "_");
            command.env(format!("CARGO_TARGET_{variable}_LINKER"), linker);
        }
        // The environment's own flags are meant for this machine.
        command
            .env_remove("RUSTFLAGS")
            .env("CARGO_ENCODED_RUSTFLAGS", self.rustflags.join("\u{1f}"));
        command
    }

    /// The folder in which cargo leaves what it built with this profile.
    pub(crate) fn output(&self, profile: &str) -> PathBuf {
        let folder = if profile == "dev" { "debug" } else { profile };
        self.target_dir.join(self.triple).join(folder)
    }

    /// Whether the standard library is built with the program, and so by this toolchain's flags.
    pub(crate) fn builds_std(&self) -> bool {
        self.origin == Origin::Debian
    }
}

/// A linker for WebAssembly: the one of the usual toolchain, else a system's.
fn wasm_linker(sysroot: &Path) -> Result<PathBuf> {
    let host = process::capture(process::command("rustc").args(["--print", "host-tuple"]))?;
    let own = sysroot.join("lib/rustlib").join(host).join("bin/rust-lld");
    if own.exists() {
        return Ok(own);
    }
    for name in ["rust-lld", "wasm-ld", "wasm-ld-22", "wasm-ld-19"] {
        if let Ok(path) = which::which(name) {
            return Ok(path);
        }
    }
    bail!(
        "missing: a linker for WebAssembly (rust-lld of a rustup toolchain, or wasm-ld of LLVM). On Debian run: sudo apt-get install lld"
    )
}
