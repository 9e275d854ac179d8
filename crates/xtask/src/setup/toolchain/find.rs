//! Looks for a compiler, and fetches one where that may be done.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::{Linker, Origin, Toolchain};
use crate::process;
use crate::setup::{Machine, Scope, Setup};

pub(super) const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
pub(super) const DEBIAN_CARGO: &str = "/usr/bin/cargo";
pub(super) const DEBIAN_CLIPPY: &str = "/usr/bin/cargo-clippy";
/// Debian's packages that together build for any target.
const DEBIAN_PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];

/// A way to get a compiler for another target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Debian,
    Rustup,
}

impl Toolchain {
    pub(in crate::setup) fn ensure(setup: &Setup, triple: &str) -> Result<Self> {
        if let Some(found) = Self::find(setup, triple)? {
            return Ok(found);
        }
        for way in ways(setup.machine(), which::which("rustup").is_ok()) {
            if let Err(error) = fetch(setup.machine(), way, triple) {
                println!("    {error:#}");
            } else if let Some(found) = Self::find(setup, triple)? {
                return Ok(found);
            }
        }
        bail!(
            "missing: Rust's standard library for {triple}. Run: rustup target add {triple} \
             (or, on Debian 12: sudo apt-get install {})",
            DEBIAN_PACKAGES.join(" ")
        )
    }

    fn find(setup: &Setup, triple: &str) -> Result<Option<Self>> {
        let sysroot = usual_sysroot()?;
        let made = |origin: Origin, linker, folder: &str| {
            let rustflags = remapping(setup, &origin)?;
            let target_dir = setup.project().target().join(folder);
            Ok(Some(Self {
                root: setup.project().root().to_owned(),
                triple: triple.to_owned(),
                origin,
                linker,
                target_dir,
                rustflags,
            }))
        };
        if sysroot
            .join("lib/rustlib")
            .join(triple)
            .join("lib")
            .exists()
        {
            return made(Origin::Installed { sysroot }, Linker::Usual, "cross");
        }
        if !Path::new(DEBIAN_CARGO).exists() || !Path::new(DEBIAN_RUSTC).exists() {
            return Ok(None);
        }
        let library = self::sysroot(Path::new(DEBIAN_RUSTC))?.join("lib/rustlib/src/rust/library");
        if !library.join("std/Cargo.toml").exists() {
            return Ok(None);
        }
        let linker = if triple.starts_with("wasm32") {
            Linker::Program(wasm_linker(&sysroot)?)
        } else {
            Linker::Usual
        };
        // The links among Debian's folders would otherwise be seen in what is built.
        let library = library.canonicalize()?;
        made(Origin::Debian { library }, linker, "cross-debian")
    }
}

/// Flags that keep this machine's folders, and the name of its registry, out of what is built, so that it is the same
/// wherever it is built.
fn remapping(setup: &Setup, origin: &Origin) -> Result<Vec<String>> {
    let named = env::var_os("CARGO_HOME").map(PathBuf::from);
    let cargo_home = named.or_else(|| Some(env::home_dir()?.join(".cargo")));
    let cargo_home = cargo_home.context("neither CARGO_HOME nor a home folder is known")?;
    // Of several that fit the last counts.
    let mut folders = vec![
        (setup.project().root().to_owned(), "/notifymatters"),
        (cargo_home.clone(), "/cargo"),
    ];
    folders.extend(
        registries(&cargo_home)?
            .into_iter()
            .map(|registry| (registry, "/crates")),
    );
    if let Origin::Debian { library } = origin {
        folders.push((library.clone(), "/rust/library"));
    }
    let flag = |(folder, name): (PathBuf, &str)| {
        format!("--remap-path-prefix={}={name}", folder.display())
    };
    Ok(folders.into_iter().map(flag).collect())
}

/// The folders with the sources of crates, one a registry; there is none in a vendored build.
fn registries(cargo_home: &Path) -> Result<Vec<PathBuf>> {
    let Ok(entries) = cargo_home.join("registry/src").read_dir() else {
        return Ok(Vec::new());
    };
    let mut found = Vec::new();
    for entry in entries {
        found.push(entry?.path());
    }
    found.sort();
    Ok(found)
}

/// The ways that may be tried on this machine, the first choice first. Debian's packages come first where they may be
/// installed, because such a machine reaches Debian's archive but not always Rust's own.
fn ways(machine: &Machine, has_rustup: bool) -> Vec<Way> {
    let debian = machine.may_install(Scope::System).then_some(Way::Debian);
    let rustup = (has_rustup && machine.may_install(Scope::User)).then_some(Way::Rustup);
    debian.into_iter().chain(rustup).collect()
}

fn fetch(machine: &Machine, way: Way, triple: &str) -> Result<()> {
    match way {
        Way::Debian => {
            machine.apt_install(&DEBIAN_PACKAGES, &format!("a Rust compiler for {triple}"))
        }
        Way::Rustup => {
            println!("Installing Rust's standard library for {triple}");
            process::run(process::command("rustup").args(["target", "add", triple]))
        }
    }
}

/// Where the usual toolchain is.
pub(in crate::setup) fn usual_sysroot() -> Result<PathBuf> {
    sysroot(Path::new("rustc"))
}

fn sysroot(rustc: &Path) -> Result<PathBuf> {
    let mut command = process::command(rustc);
    if rustc == Path::new(DEBIAN_RUSTC) {
        command.env_remove("RUSTUP_TOOLCHAIN");
    }
    Ok(process::capture(command.args(["--print", "sysroot"]))?.into())
}

/// This machine, as Rust names it.
pub(in crate::setup) fn host_triple() -> Result<String> {
    process::capture(process::command("rustc").args(["--print", "host-tuple"]))
}

/// A linker for WebAssembly: the one of the usual toolchain, else a system's.
fn wasm_linker(sysroot: &Path) -> Result<PathBuf> {
    let host = host_triple()?;
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
        "missing: a linker for WebAssembly (rust-lld of a rustup toolchain, or LLVM's wasm-ld). \
         On Debian run: sudo apt-get install lld"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOT_ON_DEBIAN: Machine = Machine {
        no_install: false,
        ci: false,
        root: true,
        debian: true,
    };

    #[test]
    fn root_on_debian_takes_debians_compiler_and_rustup_only_if_that_fails() {
        assert_eq!(ways(&ROOT_ON_DEBIAN, true), [Way::Debian, Way::Rustup]);
    }

    #[test]
    fn a_person_gets_the_target_from_rustup() {
        assert_eq!(
            ways(
                &Machine {
                    root: false,
                    ..ROOT_ON_DEBIAN
                },
                true
            ),
            [Way::Rustup]
        );
        assert_eq!(
            ways(
                &Machine {
                    root: false,
                    ..ROOT_ON_DEBIAN
                },
                false
            ),
            []
        );
    }

    #[test]
    fn no_install_leaves_no_way() {
        assert_eq!(
            ways(
                &Machine {
                    no_install: true,
                    ..ROOT_ON_DEBIAN
                },
                true
            ),
            []
        );
    }
}
