//! Zig as a cross linker, from PyPI, in a virtual environment of its own below `target/`.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail, ensure};

use super::{PYTHON, Scope, Setup, stubs};
use crate::process;
use crate::project::Project;

/// What is fetched from PyPI, below the project's root.
const LIST: &str = "crates/xtask/src/setup/python-tools.txt";
const REQUIREMENTS: &str = include_str!("python-tools.txt");
/// Kept in the environment: the list that it was filled from.
const INSTALLED: &str = "installed.txt";

/// Debian keeps the module venv in a package of its own.
const VENV_PACKAGE: &str = "python3-venv";

/// The oldest macOS that executables are for: the first on arm64. Without a word about it Zig 0.17 takes 15.
const OLDEST_MACOS: &str = "11.0";

/// Zig, and the driver that lets cargo link with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Zig {
    environment: PathBuf,
    cache: PathBuf,
}

impl Zig {
    pub(super) fn ensure(setup: &Setup) -> Result<Self> {
        let zig = Self::at(setup.project());
        stubs::write(&setup.project().path(stubs::FOLDER))?;
        if zig.is_installed() {
            return Ok(zig);
        }
        if let Some(lacking) = Self::lacks(setup) {
            bail!("missing: {lacking}");
        }
        let list = setup.project().path(LIST);
        let python = zig.environment.join("bin/python");
        println!("Installing Zig, to link for other platforms, from PyPI into target/xtask/python");
        if zig.environment.exists() {
            fs::remove_dir_all(&zig.environment)?;
        }
        let system_python = setup.tool(&PYTHON)?;
        if !has_venv(&system_python) {
            setup
                .machine()
                .apt_install(&[VENV_PACKAGE], "Python's module venv")?;
        }
        process::run(
            process::command(system_python)
                .args(["-m", "venv"])
                .arg(&zig.environment),
        )?;
        process::run(
            process::command(&python)
                .args([
                    "-m",
                    "pip",
                    "install",
                    "--quiet",
                    "--disable-pip-version-check",
                    "-r",
                ])
                .arg(list),
        )?;
        fs::write(zig.environment.join(INSTALLED), REQUIREMENTS)?;
        Ok(zig)
    }

    fn at(project: &Project) -> Self {
        Self {
            environment: project.scratch("python"),
            cache: project.scratch("zig-cache"),
        }
    }

    /// Whether it is there, and as listed.
    fn is_installed(&self) -> bool {
        fs::read_to_string(self.environment.join(INSTALLED))
            .is_ok_and(|installed| installed == REQUIREMENTS)
    }

    /// What to do before it can be used; `None` if it is there or may be installed.
    pub(super) fn lacks(setup: &Setup) -> Option<String> {
        let zig = Self::at(setup.project());
        if zig.is_installed() {
            return None;
        }
        let machine = setup.machine();
        if !machine.may_install(Scope::Project) {
            let environment = zig.environment.display();
            return Some(format!(
                "Zig, to link the server part: python3 -m venv {environment} && \
                 {environment}/bin/python -m pip install -r {LIST} && cp {LIST} {environment}/{INSTALLED}"
            ));
        }
        // Without Python itself there is nobody to ask; Python is a need of its own.
        let venv = PYTHON.find().is_none_or(|python| has_venv(&python));
        let there = venv || machine.may_install(Scope::System);
        (!there).then(|| {
            format!(
                "Python's module venv, for fetching Zig: {}",
                machine.by_hand(&[VENV_PACKAGE])
            )
        })
    }

    /// Whether fetching it takes a Python of the system's.
    pub(super) fn needs_python(project: &Project) -> bool {
        !Self::at(project).is_installed()
    }

    /// The same Zig for the project in another folder.
    pub(crate) fn in_folder(&self, project: &Project) -> Result<Self> {
        stubs::write(&project.path(stubs::FOLDER))?;
        Ok(self.clone())
    }

    /// The driver: `cargo-zigbuild`, with the caches in the project's own folders.
    pub(super) fn command(&self) -> Command {
        let programs = self.environment.join("bin");
        let mut command = process::command(programs.join("cargo-zigbuild"));
        let path = std::env::var_os("PATH").unwrap_or_default();
        if let Ok(path) =
            std::env::join_paths([programs].into_iter().chain(std::env::split_paths(&path)))
        {
            command.env("PATH", path);
        }
        command
            .env("CARGO_ZIGBUILD_CACHE_DIR", &self.cache)
            .env("MACOSX_DEPLOYMENT_TARGET", OLDEST_MACOS)
            .env("ZIG_GLOBAL_CACHE_DIR", self.cache.join("zig"));
        command
    }

    /// `zig` with these arguments.
    pub(crate) fn zig(&self, arguments: &[&str]) -> Command {
        let mut command = process::command(self.environment.join("bin/python"));
        command
            .args(["-m", "ziglang"])
            .args(arguments)
            .env("ZIG_GLOBAL_CACHE_DIR", self.cache.join("zig"));
        command
    }

    /// The flags that a target needs to be linked by Zig.
    pub(super) fn rustflags(&self, triple: &str) -> Vec<String> {
        if triple.ends_with("-musl") {
            // Zig brings musl's start files and library; the compiler's own would come twice.
            vec!["-Clink-self-contained=no".to_owned()]
        } else if triple.ends_with("-apple-darwin") {
            vec![
                // The compiler would strip with a program that Debian's has not; see `Setup::objcopy`.
                "-Cstrip=none".to_owned(),
                format!("-Lframework={}", stubs::FOLDER),
                // Rust's crate libc names libraries of which nothing is used.
                "-Clink-arg=-Wl,-dead_strip_dylibs".to_owned(),
            ]
        } else if triple.ends_with("-windows-gnu") {
            vec![
                // Relative to the project's root, where cargo links: a path of this machine would change what is built.
                format!("-L{}", stubs::FOLDER),
                // A hash in place of the time at which it was linked.
                "-Clink-arg=-Wl,-Brepro".to_owned(),
            ]
        } else {
            Vec::new()
        }
    }

    /// The folder of Zig's own libraries: musl, mingw-w64, libunwind, and their licences.
    ///
    /// # Errors
    ///
    /// The installation is not as expected.
    pub(crate) fn library(&self) -> Result<PathBuf> {
        let lib = self.environment.join("lib");
        let found = fs::read_dir(&lib)
            .with_context(|| lib.display().to_string())?
            .flatten()
            .map(|python| python.path().join("site-packages/ziglang/lib"))
            .find(|path| path.exists());
        let found =
            found.with_context(|| format!("{} holds no Zig", self.environment.display()))?;
        ensure!(
            found.join("libc").is_dir(),
            "{} holds no C libraries",
            found.display()
        );
        Ok(found)
    }
}

fn has_venv(python: &Path) -> bool {
    process::capture(process::command(python).args(["-c", "import venv, ensurepip"])).is_ok()
}
