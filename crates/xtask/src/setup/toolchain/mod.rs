//! Compilers for other targets than this machine: the usual one, with rustup's ready-made standard library for the target or
//! with the standard library's source, or Debian's `rustc-web` package with that source.

mod find;

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Result;

pub(super) use self::find::{host_triple, usual_sysroot};
use super::{Setup, Zig};
use crate::process;

/// Small rather than fast where the two differ, and without `backtrace`, which reads debug information that a stripped
/// executable does not have: an eighth of the executable. A ready-made standard library has it inside (1.95).
const STANDARD_LIBRARY_FEATURES: &str = "-Zbuild-std-features=panic-unwind,optimize_for_size";

/// What is built of the standard library: all of it, or what the web part takes.
const WHOLE_LIBRARY: [&str; 2] = ["-Zbuild-std=std,panic_abort", STANDARD_LIBRARY_FEATURES];
const WEB_LIBRARY: [&str; 2] = [
    "-Zbuild-std=core,alloc",
    "-Zbuild-std-features=optimize_for_size",
];

/// A compiler for one target.
#[derive(Debug, Clone)]
pub(crate) struct Toolchain {
    /// The root of the project that it builds.
    root: PathBuf,
    triple: String,
    origin: Origin,
    linker: Linker,
    target_dir: PathBuf,
    rustflags: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    /// The usual toolchain, below its sysroot, has the target's standard library.
    ReadyMade { sysroot: PathBuf },
    /// The usual compiler; the standard library, whose source is here, is built with the program.
    Source { library: PathBuf },
    /// Debian's compiler; the standard library, whose source is here, is built with the program.
    Debian { library: PathBuf },
}

#[derive(Debug, Clone, PartialEq, Eq)]
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

    /// The same compiler, which shares what it builds for this machine with this machine's own builds.
    pub(crate) fn beside_this_machines(&self) -> Self {
        let mut other = self.clone();
        other.target_dir = self.root.join("target");
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
        self.build_with(&[])
    }

    /// `cargo build` for several targets, one command for all that share a compiler: the targets' longest step, the
    /// optimization of the whole program, uses one processor each, and what runs on this machine is built once.
    pub(crate) fn build_all(toolchains: &[Self]) -> Vec<Command> {
        let mut groups: Vec<Vec<&Self>> = Vec::new();
        for toolchain in toolchains {
            match groups
                .iter_mut()
                .find(|group| group[0].shares_with(toolchain))
            {
                Some(group) => group.push(toolchain),
                None => groups.push(vec![toolchain]),
            }
        }
        let commands = groups.iter().map(|group| group[0].build_with(&group[1..]));
        commands.collect()
    }

    fn build_with(&self, others: &[&Self]) -> Command {
        let (mut command, subcommand) = match &self.linker {
            Linker::Zig(zig) => (zig.command(), "zigbuild"),
            _ => (process::command(self.cargo_path()), "build"),
        };
        self.configure(command.arg(subcommand), others);
        command
    }

    /// Whether one cargo can build for both. Not for Windows and another system: tokio's signals, of which only Windows makes
    /// use, would be a feature of both (4 kB of the server part).
    fn shares_with(&self, other: &Self) -> bool {
        let is_windows = |toolchain: &Self| toolchain.triple.contains("-windows-");
        self.origin == other.origin
            && is_windows(self) == is_windows(other)
            && self.linker == other.linker
            && self.target_dir == other.target_dir
    }

    /// `cargo <subcommand>` for this target without Zig, in the project's root.
    pub(crate) fn cargo(&self, subcommand: &str) -> Command {
        let mut command = process::command(self.cargo_path());
        self.configure(command.arg(subcommand), &[]);
        command
    }

    /// `cargo clippy` for this target, for what needs no linker.
    ///
    /// # Errors
    ///
    /// The compiler has no clippy of its own version, and none may be installed.
    pub(crate) fn clippy(&self, setup: &Setup) -> Result<Command> {
        let mut command = match self.origin {
            Origin::ReadyMade { .. } | Origin::Source { .. } => process::command(self.cargo_path()),
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
        self.configure(command.arg("clippy"), &[]);
        Ok(command)
    }

    fn cargo_path(&self) -> PathBuf {
        match self.origin {
            Origin::ReadyMade { .. } | Origin::Source { .. } => env::var_os("CARGO")
                .unwrap_or_else(|| "cargo".into())
                .into(),
            Origin::Debian { .. } => find::DEBIAN_CARGO.into(),
        }
    }

    /// Says for which targets and how; `others` are further targets of the same compiler.
    fn configure(&self, command: &mut Command, others: &[&Self]) {
        command
            .current_dir(&self.root)
            .arg("--locked")
            .arg("--target-dir")
            .arg(&self.target_dir);
        for (variable, value) in self.environment() {
            command.env(variable, value);
        }
        if let Origin::Debian { .. } = self.origin {
            command.env_remove("RUSTUP_TOOLCHAIN");
        }
        if let Origin::Source { .. } | Origin::Debian { .. } = self.origin {
            command.args(match self.triple.as_str() {
                Self::WASM => WEB_LIBRARY,
                _ => WHOLE_LIBRARY,
            });
        }
        // The environment's own flags are meant for this machine.
        command.env_remove("RUSTFLAGS");
        command.env_remove("CARGO_ENCODED_RUSTFLAGS");
        for toolchain in [self].iter().chain(others) {
            let triple = &toolchain.triple;
            let variable = triple.to_uppercase().replace('-', "_");
            command
                .env_remove(format!("CARGO_TARGET_{variable}_RUSTFLAGS"))
                .args(["--target", triple]);
            let flags = serde_json::json!(toolchain.rustflags);
            command.arg(format!("--config=target.{triple}.rustflags={flags}"));
            if let Linker::Program(linker) = &toolchain.linker {
                command.env(format!("CARGO_TARGET_{variable}_LINKER"), linker);
            }
        }
    }

    /// What cargo's environment must say so that this compiler is used.
    pub(crate) fn environment(&self) -> Vec<(&'static str, PathBuf)> {
        let mut environment = vec![("CARGO", self.cargo_path())];
        if let Origin::Debian { .. } = self.origin {
            environment.push(("RUSTC", find::DEBIAN_RUSTC.into()));
        }
        if let Origin::Source { .. } | Origin::Debian { .. } = self.origin {
            // To build a standard library is no stable feature of cargo's.
            environment.push(("RUSTC_BOOTSTRAP", "1".into()));
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

    /// Whether the standard library is ready-made, and so has inside what the executables have no use for.
    pub(crate) const fn is_ready_made(&self) -> bool {
        matches!(self.origin, Origin::ReadyMade { .. })
    }

    /// Whose compiler it is, and where its standard library comes from, for people.
    pub(crate) const fn name(&self) -> &'static str {
        match self.origin {
            Origin::ReadyMade { .. } => "a ready-made standard library",
            Origin::Source { .. } => "a standard library from source",
            Origin::Debian { .. } => "Debian's compiler",
        }
    }

    /// Where the licences of the standard library can be read.
    pub(crate) fn standard_library(&self) -> StandardLibrary {
        match &self.origin {
            Origin::ReadyMade { sysroot } => {
                StandardLibrary::Notices(sysroot.join("share/doc/rust/COPYRIGHT-library.html"))
            }
            Origin::Source { library } | Origin::Debian { library } => {
                StandardLibrary::Source(library.join("std/Cargo.toml"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn toolchain(triple: &str, origin: Origin, flag: &str) -> Toolchain {
        Toolchain {
            root: "/project".into(),
            triple: triple.to_owned(),
            origin,
            linker: Linker::Usual,
            target_dir: "/project/target".into(),
            rustflags: vec![flag.to_owned()],
        }
    }

    fn arguments(command: &Command) -> Vec<String> {
        let arguments = command.get_args();
        arguments
            .map(|argument| argument.to_string_lossy().into_owned())
            .collect()
    }

    #[test]
    fn targets_of_one_compiler_are_built_together_each_with_its_own_flags() {
        let debian = Origin::Debian {
            library: "/library".into(),
        };
        let installed = Origin::ReadyMade {
            sysroot: "/sysroot".into(),
        };
        let commands = Toolchain::build_all(&[
            toolchain("a-linux", debian.clone(), "-Cone"),
            toolchain("b-darwin", installed, "-Ctwo"),
            toolchain("c-darwin", debian.clone(), "-Cthree=a b"),
            toolchain("d-windows-gnu", debian, "-Cfour"),
        ]);
        let [together, alone, windows] = &commands[..] else {
            panic!("{commands:?}");
        };
        let together = arguments(together);
        for wanted in [
            "a-linux",
            "c-darwin",
            r#"--config=target.a-linux.rustflags=["-Cone"]"#,
            r#"--config=target.c-darwin.rustflags=["-Cthree=a b"]"#,
            STANDARD_LIBRARY_FEATURES,
        ] {
            assert!(
                together.contains(&wanted.to_owned()),
                "{wanted}: {together:?}"
            );
        }
        let alone = arguments(alone);
        assert!(alone.contains(&"b-darwin".to_owned()) && !alone.contains(&"a-linux".to_owned()));
        assert!(!alone.iter().any(|argument| argument.starts_with("-Z")));
        // Together the others would get tokio's signals.
        assert!(arguments(windows).contains(&"d-windows-gnu".to_owned()));
        assert!(!together.contains(&"d-windows-gnu".to_owned()));
    }
}
