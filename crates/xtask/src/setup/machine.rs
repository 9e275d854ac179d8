//! What kind of machine this is, and what may be installed on it.

use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::process;

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
}

impl Machine {
    pub(crate) fn detect(no_install: bool) -> Self {
        Self {
            no_install,
            ci: std::env::var_os("CI").is_some_and(|value| value == "true"),
            root: rustix::process::geteuid().is_root(),
            debian: Path::new("/etc/debian_version").exists() && which::which("apt-get").is_ok(),
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

    /// Installs Debian packages, or says how to.
    ///
    /// # Errors
    ///
    /// They may not be installed here (the error holds the command to run), or apt fails.
    pub(crate) fn apt_install(&self, packages: &[&str], wanted: &str) -> Result<()> {
        let by_hand = self.apt_command(packages).join(" ");
        if !self.may_install(Scope::System) {
            if self.debian {
                bail!("missing: {wanted}. Run: {by_hand}");
            }
            bail!(
                "missing: {wanted}. Install what Debian calls {}",
                packages.join(" ")
            );
        }
        println!(
            "Installing {wanted}: Debian packages {}",
            packages.join(" ")
        );
        let update = self.apt(&["-q", "update"]);
        // Lists that cannot be refreshed may still do.
        drop(process::capture(&mut update.command()));
        process::run(&mut Apt(self.apt_command(packages)).command())
            .with_context(|| format!("missing: {wanted}"))
    }

    fn apt_command(&self, packages: &[&str]) -> Vec<String> {
        let mut words = vec!["install", "--yes", "-q", "--no-install-recommends"];
        words.extend(packages);
        self.apt(&words).0
    }

    fn apt(&self, words: &[&str]) -> Apt {
        let sudo = if self.root { None } else { Some("sudo") };
        Apt(sudo
            .into_iter()
            .chain(["apt-get"])
            .chain(words.iter().copied())
            .map(str::to_owned)
            .collect())
    }
}

/// A call of apt-get, word by word.
struct Apt(Vec<String>);

impl Apt {
    fn command(&self) -> std::process::Command {
        let mut command = process::command(&self.0[0]);
        command
            .args(&self.0[1..])
            .env("DEBIAN_FRONTEND", "noninteractive");
        command
    }
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
            "missing: a browser. Run: sudo apt-get install --yes -q --no-install-recommends chromium chromium-driver"
        );
    }

    #[test]
    fn elsewhere_the_debian_names_are_said_to_be_debians() {
        let mac = Machine::default();
        let error = mac.apt_install(&["chromium"], "a browser").unwrap_err();
        assert_eq!(
            error.to_string(),
            "missing: a browser. Install what Debian calls chromium"
        );
    }
}
