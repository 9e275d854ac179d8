//! What kind of machine this is, and what may be installed on it.

use std::path::Path;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::process;

/// How long to wait for another program that installs: a fresh Ubuntu does so for some minutes after its start.
const PATIENCE: Duration = Duration::from_secs(15 * 60);

/// How often to try again what apt has no waiting for.
const PAUSE: Duration = Duration::from_secs(5);

/// How far an installation reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// Into the project's own folders.
    Project,
    /// Into the user's Rust toolchain.
    User,
    /// Into the system.
    System,
}

/// The traits of this machine that decide what may be installed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Machine {
    /// `--no-install` was given.
    pub(crate) no_install: bool,
    /// `CI=true`: the machine is there for this alone.
    pub(crate) ci: bool,
    /// We are root.
    pub(crate) root: bool,
    /// Debian or one of its children: packages come by apt.
    pub(crate) debian: bool,
    /// systemd runs: a server is started when its package is installed.
    pub(crate) starts_services: bool,
}

impl Machine {
    pub(crate) fn detect(no_install: bool) -> Self {
        Self {
            no_install,
            ci: std::env::var_os("CI").is_some_and(|value| value == "true"),
            root: rustix::process::geteuid().is_root(),
            debian: Path::new("/etc/debian_version").exists() && which::which("apt-get").is_ok(),
            starts_services: Path::new("/run/systemd/system").exists(),
        }
    }

    /// Whether an installation of this reach may be made without asking.
    pub(crate) const fn may_install(&self, scope: Scope) -> bool {
        !self.no_install
            && match scope {
                Scope::Project | Scope::User => true,
                Scope::System => self.debian && (self.root || self.ci),
            }
    }

    /// Installs Debian packages, or says how to. While another program installs, apt says so each second and waits.
    ///
    /// # Errors
    ///
    /// They may not be installed here (the error holds the command to run), or apt fails.
    pub(crate) fn apt_install(&self, packages: &[&str], wanted: &str) -> Result<()> {
        if !self.may_install(Scope::System) {
            bail!("missing: {wanted}: {}", self.by_hand(packages));
        }
        println!(
            "Installing {wanted}: Debian packages {}",
            packages.join(" ")
        );
        let updated = while_locked(PATIENCE, PAUSE, || {
            process::capture(&mut self.apt(&["-q", "update"]))
        });
        // Lists that cannot be refreshed may still do.
        drop(updated);
        let timeout = format!("DPkg::Lock::Timeout={}", PATIENCE.as_secs());
        let mut install = self.apt(&["install", "--yes", "-q", "--no-install-recommends"]);
        process::run(install.args(["-o", &timeout]).args(packages))
            .with_context(|| format!("missing: {wanted}"))
    }

    /// How a person installs what Debian has in these packages.
    pub(crate) fn by_hand(&self, packages: &[&str]) -> String {
        let packages = packages.join(" ");
        if !self.debian {
            return format!("install what Debian calls {packages}");
        }
        let sudo = if self.root { "" } else { "sudo " };
        format!("{sudo}apt-get install --no-install-recommends {packages}")
    }

    fn apt(&self, words: &[&str]) -> Command {
        let mut command = if self.root {
            process::command("apt-get")
        } else {
            let mut sudo = process::command("sudo");
            sudo.arg("apt-get");
            sudo
        };
        command.args(words).env("DEBIAN_FRONTEND", "noninteractive");
        command
    }
}

/// Does it again for as long as another program holds one of apt's locks: apt waits for dpkg's, but not for that of its lists
/// (2.6).
fn while_locked<T>(
    patience: Duration,
    pause: Duration,
    attempt: impl Fn() -> Result<T>,
) -> Result<T> {
    let begin = Instant::now();
    loop {
        match attempt() {
            Err(error)
                if error.to_string().contains("Could not get lock")
                    && begin.elapsed() < patience =>
            {
                println!("    Another program holds apt's lists: waiting for its end.");
                thread::sleep(pause);
            }
            ended => return ended,
        }
    }
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
    const PERSON_ON_DEBIAN: Machine = Machine {
        root: false,
        ..ROOT_ON_DEBIAN
    };

    #[test]
    fn the_system_is_touched_only_as_root_or_in_ci_and_only_on_debian() {
        assert!(ROOT_ON_DEBIAN.may_install(Scope::System));
        assert!(!PERSON_ON_DEBIAN.may_install(Scope::System));
        assert!(
            Machine {
                ci: true,
                ..PERSON_ON_DEBIAN
            }
            .may_install(Scope::System)
        );
        assert!(
            !Machine {
                debian: false,
                ..ROOT_ON_DEBIAN
            }
            .may_install(Scope::System)
        );
    }

    #[test]
    fn a_person_still_gets_what_stays_in_the_project_or_the_rust_toolchain() {
        assert!(PERSON_ON_DEBIAN.may_install(Scope::Project));
        assert!(PERSON_ON_DEBIAN.may_install(Scope::User));
    }

    #[test]
    fn no_install_refuses_all_of_it() {
        let machine = Machine {
            no_install: true,
            ci: true,
            ..ROOT_ON_DEBIAN
        };
        for scope in [Scope::Project, Scope::User, Scope::System] {
            assert!(!machine.may_install(scope));
        }
    }

    #[test]
    fn who_may_not_install_is_told_the_exact_command() {
        let error = PERSON_ON_DEBIAN
            .apt_install(&["chromium", "chromium-driver"], "a browser")
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "missing: a browser: sudo apt-get install --no-install-recommends chromium chromium-driver"
        );
    }

    #[test]
    fn elsewhere_the_debian_names_are_said_to_be_debians() {
        let mac = Machine::default();
        let error = mac.apt_install(&["chromium"], "a browser").unwrap_err();
        assert_eq!(
            error.to_string(),
            "missing: a browser: install what Debian calls chromium"
        );
    }

    #[test]
    fn apts_lists_are_waited_for_as_long_as_another_program_holds_them() {
        let attempts = Cell::new(0);
        let held_twice = || {
            attempts.set(attempts.get() + 1);
            if attempts.get() <= 2 {
                bail!(
                    "`apt-get -q update` ended with code 100: E: Could not get lock /var/lib/apt/lists/lock"
                );
            }
            Ok(())
        };
        while_locked(PATIENCE, Duration::ZERO, held_twice).unwrap();
        assert_eq!(attempts.get(), 3);
        attempts.set(0);
        assert!(while_locked(Duration::ZERO, Duration::ZERO, held_twice).is_err());
        let other = || -> Result<()> { bail!("no network") };
        assert!(while_locked(PATIENCE, PAUSE, other).is_err());
    }
}
