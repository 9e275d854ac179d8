//! Looks for a compiler, and fetches one where that may be done.

use std::env;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};

use super::{Linker, Origin, Toolchain};
use crate::process;
use crate::setup::{Machine, Scope, Setup};

pub(super) const DEBIAN_RUSTC: &str = "/usr/bin/rustc";
pub(super) const DEBIAN_CARGO: &str = "/usr/bin/cargo";
pub(super) const DEBIAN_CLIPPY: &str = "/usr/bin/cargo-clippy";
/// Debian's packages that together build for any target.
const DEBIAN_PACKAGES: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];

/// A compiler for a target, by where its standard library comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// The usual compiler, and a ready-made standard library: rustup's component for the target.
    ReadyMade,
    /// The usual compiler, and the standard library's source: rustup's component `rust-src`.
    Source,
    /// Debian's compiler, and the standard library's source.
    Debian,
}

/// For the web part: first what everybody can have. Of those that are there already the first is taken, and nothing is fetched.
const WEB: &[&[Way]] = &[&[Way::ReadyMade, Way::Debian, Way::Source]];

/// For the server part, a standard library of our own making as long as there is a way to it: see
/// [`super::STANDARD_LIBRARY_FEATURES`].
const SERVER: &[&[Way]] = &[&[Way::Source, Way::Debian], &[Way::ReadyMade]];

/// How often a fetch is tried before another way is taken, and the pause between.
const TRIES: u32 = 3;
const PAUSE: Duration = Duration::from_secs(5);

impl Toolchain {
    pub(in crate::setup) fn ensure(setup: &Setup, triple: &str) -> Result<Self> {
        for ways in choices(triple) {
            if let Some(found) = Self::obtain(setup, triple, ways)? {
                return Ok(found);
            }
        }
        bail!("missing: {}", advice(triple))
    }

    /// Compilers for the web part, one for each kind of standard library that can be had: ready-made, and built with it.
    pub(in crate::setup) fn ensure_both(setup: &Setup) -> Result<Vec<Self>> {
        let mut found = Vec::new();
        for ways in [&[Way::ReadyMade][..], &[Way::Debian, Way::Source]] {
            found.extend(Self::obtain(setup, Self::WASM, ways)?);
        }
        ensure!(!found.is_empty(), "missing: {}", advice(Self::WASM));
        Ok(found)
    }

    /// What to do before there can be a compiler for the target; `None` if it is there or can be fetched.
    pub(in crate::setup) fn lacks(setup: &Setup, triple: &str) -> Result<Option<String>> {
        for way in choices(triple).iter().copied().flatten() {
            if may_fetch(setup.machine(), *way, has_rustup())
                || Self::find(setup, triple, *way)?.is_some()
            {
                return Ok(None);
            }
        }
        Ok(Some(advice(triple)))
    }

    /// The usual compiler for this machine.
    pub(in crate::setup) fn of_this_machine(setup: &Setup) -> Result<Self> {
        let triple = host_triple()?;
        Self::find(setup, &triple, Way::ReadyMade)?
            .with_context(|| format!("the compiler has no standard library for {triple}"))
    }

    /// What is there already, else what can be fetched; in both the first way first.
    fn obtain(setup: &Setup, triple: &str, ways: &[Way]) -> Result<Option<Self>> {
        for way in ways {
            if let Some(found) = Self::find(setup, triple, *way)? {
                return Ok(Some(found));
            }
        }
        let rustup = has_rustup();
        for way in ways {
            if !may_fetch(setup.machine(), *way, rustup) {
                continue;
            }
            let fetched = insist(TRIES, PAUSE, || fetch(setup.machine(), *way, triple));
            if let Err(error) = fetched {
                println!("    {error:#}");
            } else if let Some(found) = Self::find(setup, triple, *way)? {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn find(setup: &Setup, triple: &str, way: Way) -> Result<Option<Self>> {
        let sysroot = usual_sysroot()?;
        let (origin, linker, folder) = match way {
            Way::ReadyMade => {
                let rustlib = sysroot.join("lib/rustlib");
                if !rustlib.join(triple).join("lib").exists() {
                    return Ok(None);
                }
                (Origin::ReadyMade { sysroot }, Linker::Usual, "cross")
            }
            Way::Source => {
                let Some(library) = source(&sysroot)? else {
                    return Ok(None);
                };
                (Origin::Source { library }, Linker::Usual, "cross-source")
            }
            Way::Debian => {
                if !Path::new(DEBIAN_CARGO).exists() || !Path::new(DEBIAN_RUSTC).exists() {
                    return Ok(None);
                }
                let Some(library) = source(&self::sysroot(Path::new(DEBIAN_RUSTC))?)? else {
                    return Ok(None);
                };
                let linker = if triple == Self::WASM {
                    let Some(linker) = wasm_linker(&sysroot)? else {
                        return Ok(None);
                    };
                    Linker::Program(linker)
                } else {
                    Linker::Usual
                };
                (Origin::Debian { library }, linker, "cross-debian")
            }
        };
        Ok(Some(Self {
            root: setup.project().root().to_owned(),
            triple: triple.to_owned(),
            rustflags: remapping(setup, &origin)?,
            target_dir: setup.project().target().join(folder),
            origin,
            linker,
        }))
    }
}

fn choices(triple: &str) -> &'static [&'static [Way]] {
    if triple == Toolchain::WASM {
        WEB
    } else {
        SERVER
    }
}

/// The standard library's source below a sysroot.
fn source(sysroot: &Path) -> Result<Option<PathBuf>> {
    let library = sysroot.join("lib/rustlib/src/rust/library");
    if !library.join("std/Cargo.toml").exists() {
        return Ok(None);
    }
    // The links among Debian's folders would otherwise be seen in what is built.
    Ok(Some(library.canonicalize()?))
}

/// What to do where nothing can be fetched.
fn advice(triple: &str) -> String {
    let (what, how) = if triple == Toolchain::WASM {
        (
            format!("Rust's standard library for {triple}"),
            format!("rustup target add {triple}"),
        )
    } else {
        (
            "the source of Rust's standard library, for the server part".to_owned(),
            "rustup component add rust-src".to_owned(),
        )
    };
    format!(
        "{what}: {how} (or, on Debian 12: sudo apt-get install {})",
        DEBIAN_PACKAGES.join(" ")
    )
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
    if let Origin::Source { library } | Origin::Debian { library } = origin {
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

fn has_rustup() -> bool {
    which::which("rustup").is_ok()
}

const fn may_fetch(machine: &Machine, way: Way, has_rustup: bool) -> bool {
    match way {
        Way::ReadyMade | Way::Source => has_rustup && machine.may_install(Scope::User),
        Way::Debian => machine.may_install(Scope::System),
    }
}

fn fetch(machine: &Machine, way: Way, triple: &str) -> Result<()> {
    let words = match way {
        Way::Debian => {
            return machine.apt_install(&DEBIAN_PACKAGES, &format!("a Rust compiler for {triple}"));
        }
        Way::ReadyMade => ["target", "add", triple],
        Way::Source => ["component", "add", "rust-src"],
    };
    println!("Fetching for the usual Rust compiler:");
    process::run(process::command("rustup").args(words))
}

/// Tries several times: a network may fail once.
fn insist(tries: u32, pause: Duration, fetch: impl Fn() -> Result<()>) -> Result<()> {
    let mut left = tries;
    loop {
        left -= 1;
        match fetch() {
            Err(error) if left > 0 => {
                println!("    {error:#}; again in {} seconds", pause.as_secs());
                thread::sleep(pause);
            }
            ended => return ended,
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

/// A linker for WebAssembly: the one of the usual toolchain, else LLVM's of a system.
fn wasm_linker(sysroot: &Path) -> Result<Option<PathBuf>> {
    let own = sysroot
        .join("lib/rustlib")
        .join(host_triple()?)
        .join("bin/rust-lld");
    if own.exists() {
        return Ok(Some(own));
    }
    let names = ["rust-lld", "wasm-ld", "wasm-ld-22", "wasm-ld-19"];
    Ok(names.iter().find_map(|name| which::which(name).ok()))
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    const ROOT_ON_DEBIAN: Machine = Machine {
        no_install: false,
        ci: false,
        root: true,
        debian: true,
        starts_services: false,
    };

    const PERSON: Machine = Machine {
        root: false,
        ..ROOT_ON_DEBIAN
    };

    fn fetchable(machine: &Machine, rustup: bool) -> Vec<Way> {
        let ways = [Way::ReadyMade, Way::Source, Way::Debian];
        ways.into_iter()
            .filter(|way| may_fetch(machine, *way, rustup))
            .collect()
    }

    #[test]
    fn rustups_components_are_for_everybody_who_has_it_and_debians_packages_for_root() {
        let rustups = [Way::ReadyMade, Way::Source];
        assert_eq!(fetchable(&PERSON, true), rustups);
        assert_eq!(fetchable(&PERSON, false), []);
        assert_eq!(fetchable(&ROOT_ON_DEBIAN, false), [Way::Debian]);
        assert_eq!(fetchable(&ROOT_ON_DEBIAN, true).len(), 3);
    }

    #[test]
    fn no_install_fetches_nothing() {
        let machine = Machine {
            no_install: true,
            ..ROOT_ON_DEBIAN
        };
        assert_eq!(fetchable(&machine, true), []);
    }

    #[test]
    fn the_web_part_takes_what_everybody_has_and_the_server_part_a_standard_library_of_its_own() {
        assert_eq!(choices(Toolchain::WASM)[0][0], Way::ReadyMade);
        assert_eq!(choices("x86_64-unknown-linux-musl")[0][0], Way::Source);
        assert!(!choices("x86_64-unknown-linux-musl")[0].contains(&Way::ReadyMade));
    }

    #[test]
    fn a_fetch_that_fails_is_tried_again_and_not_for_ever() {
        let tries = Cell::new(0);
        let third_time = || {
            tries.set(tries.get() + 1);
            ensure!(tries.get() == 3, "no network");
            Ok(())
        };
        insist(3, Duration::ZERO, third_time).unwrap();
        tries.set(0);
        assert!(insist(2, Duration::ZERO, third_time).is_err());
        assert_eq!(tries.get(), 2);
    }
}
