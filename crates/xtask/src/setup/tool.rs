//! Programs that are needed: their names, what for, their oldest version, and how to get them.

use std::path::PathBuf;

use anyhow::{Context as _, Result, bail};

use super::{Machine, Scope};
use crate::process;

/// A program that is needed.
#[derive(Debug)]
pub(crate) struct Tool {
    pub(crate) name: &'static str,
    /// What it is needed for, to be read after its name.
    pub(crate) purpose: &'static str,
    /// An environment variable that says where it is.
    pub(crate) variable: Option<&'static str>,
    /// The names it goes by, the first choice first.
    pub(super) programs: &'static [&'static str],
    /// Debian's package, where Debian's version will do.
    pub(crate) package: Option<&'static str>,
    /// Debian starts it as a service once it is installed, on the ports of this machine's own.
    pub(super) is_service: bool,
    /// How to get it by hand.
    pub(crate) advice: &'static str,
    pub(super) oldest: Option<Oldest>,
}

/// The oldest version that will do, and how to ask for it.
#[derive(Debug)]
pub(super) struct Oldest {
    asked_with: &'static [&'static str],
    version: [u32; 2],
}

pub(crate) const NODE: Tool = Tool {
    name: "Node.js",
    purpose: "building the web part",
    programs: &["node", "nodejs"],
    advice: "install Node.js 20 or newer: https://nodejs.org",
    oldest: Some(Oldest {
        asked_with: &["--version"],
        version: [20, 0],
    }),
    ..Tool::PLAIN
};

pub(crate) const NPM: Tool = Tool {
    name: "npm",
    purpose: "building the web part",
    programs: &["npm"],
    advice: "npm comes with Node.js: https://nodejs.org",
    ..Tool::PLAIN
};

pub(crate) const PYTHON: Tool = Tool {
    name: "Python",
    purpose: "fetching the Zig linker from PyPI",
    programs: &["python3"],
    package: Some("python3"),
    advice: "install Python 3.9 or newer: https://www.python.org",
    oldest: Some(Oldest {
        asked_with: &["--version"],
        version: [3, 9],
    }),
    ..Tool::PLAIN
};

pub(crate) const GO: Tool = Tool {
    name: "Go",
    purpose: "the stand-in Mattermost and the plugin host tests",
    programs: &["go"],
    advice: "install Go 1.26 or newer: https://go.dev/dl",
    oldest: Some(Oldest {
        asked_with: &["env", "GOVERSION"],
        version: [1, 26],
    }),
    ..Tool::PLAIN
};

pub(crate) const CHROMIUM: Tool = Tool {
    name: "Chromium",
    purpose: "the browser tests",
    variable: Some("CHROMIUM"),
    programs: &[
        "chromium",
        "chromium-browser",
        "google-chrome-stable",
        "google-chrome",
    ],
    package: Some("chromium"),
    advice: "install Chromium, or name it in CHROMIUM",
    ..Tool::PLAIN
};

pub(crate) const CHROMEDRIVER: Tool = Tool {
    name: "ChromeDriver",
    purpose: "the browser tests",
    variable: Some("CHROMEDRIVER"),
    programs: &["chromedriver"],
    package: Some("chromium-driver"),
    advice: "install the ChromeDriver of your Chromium's version, or name it in CHROMEDRIVER",
    ..Tool::PLAIN
};

pub(crate) const FIREFOX: Tool = Tool {
    name: "Firefox",
    purpose: "the browser tests",
    variable: Some("FIREFOX"),
    programs: &["firefox-esr", "firefox"],
    package: Some("firefox-esr"),
    advice: "install Firefox, or name it in FIREFOX",
    ..Tool::PLAIN
};

pub(crate) const WEBKITWEBDRIVER: Tool = Tool {
    name: "WebKitWebDriver",
    purpose: "the browser tests",
    variable: Some("WEBKITWEBDRIVER"),
    programs: &["WebKitWebDriver"],
    package: Some("webkit2gtk-driver"),
    advice: "install WebKitGTK with its WebDriver and MiniBrowser, or name the driver in WEBKITWEBDRIVER",
    ..Tool::PLAIN
};

pub(crate) const XVFB: Tool = Tool {
    name: "Xvfb",
    purpose: "the browser tests in WebKitGTK",
    variable: Some("XVFB"),
    programs: &["Xvfb"],
    package: Some("xvfb"),
    advice: "install Xvfb, or name it in XVFB",
    ..Tool::PLAIN
};

pub(crate) const PHP: Tool = Tool {
    name: "PHP",
    purpose: "the tests of the webmails' plugins",
    variable: Some("PHP"),
    programs: &["php"],
    package: Some("php-cli"),
    advice: "install PHP's command line, or name it in PHP",
    ..Tool::PLAIN
};

pub(crate) const QEMU_ARM64: Tool = Tool {
    name: "QEMU for arm64 programs",
    purpose: "running the executable for linux-arm64",
    programs: &["qemu-aarch64-static", "qemu-aarch64"],
    package: Some("qemu-user-static"),
    advice: "install QEMU's user mode emulation",
    ..Tool::PLAIN
};

pub(crate) const WINE: Tool = Tool {
    name: "Wine",
    purpose: "running the executable for windows-amd64",
    // Debian keeps the 64-bit one out of the path.
    programs: &["wine64", "/usr/lib/wine/wine64", "wine"],
    package: Some("wine64"),
    advice: "install Wine, 64 bits",
    ..Tool::PLAIN
};

pub(crate) const OBJCOPY: Tool = Tool {
    name: "LLVM's objcopy",
    purpose: "stripping the executables for macOS",
    programs: &["llvm-objcopy", "llvm-objcopy-22", "llvm-objcopy-19"],
    package: Some("llvm"),
    advice: "install LLVM",
    ..Tool::PLAIN
};

pub(crate) const CXX: Tool = Tool {
    name: "a C++ compiler",
    purpose: "fuzzing the parsers",
    variable: Some("CXX"),
    programs: &["c++", "g++", "clang++"],
    package: Some("g++"),
    advice: "install a C++ compiler",
    ..Tool::PLAIN
};

pub(crate) const NGINX: Tool = Tool {
    name: "nginx",
    programs: &["nginx", "/usr/sbin/nginx"],
    package: Some("nginx"),
    ..REVERSE_PROXY
};

pub(crate) const APACHE: Tool = Tool {
    name: "Apache",
    programs: &["apache2", "/usr/sbin/apache2"],
    package: Some("apache2-bin"),
    is_service: false,
    ..REVERSE_PROXY
};

pub(crate) const CADDY: Tool = Tool {
    name: "Caddy",
    programs: &["caddy"],
    package: Some("caddy"),
    ..REVERSE_PROXY
};

pub(crate) const HAPROXY: Tool = Tool {
    name: "HAProxy",
    programs: &["haproxy", "/usr/sbin/haproxy"],
    package: Some("haproxy"),
    ..REVERSE_PROXY
};

/// Debian keeps servers out of the path of those who are not root.
const REVERSE_PROXY: Tool = Tool {
    purpose: "the tests of the reverse proxies",
    is_service: true,
    advice: "install it",
    ..Tool::PLAIN
};

pub(crate) const POSTGRESQL: Tool = Tool {
    name: "PostgreSQL",
    purpose: "the tests of the companion on a real Mattermost",
    programs: &[
        "postgres",
        "/usr/lib/postgresql/18/bin/postgres",
        "/usr/lib/postgresql/17/bin/postgres",
        "/usr/lib/postgresql/16/bin/postgres",
        "/usr/lib/postgresql/15/bin/postgres",
    ],
    package: Some("postgresql"),
    is_service: true,
    advice: "install PostgreSQL's server",
    ..Tool::PLAIN
};

pub(crate) const SCRIPT: Tool = Tool {
    name: "script",
    purpose: "the tests of the companion at a terminal",
    programs: &["script"],
    package: Some("bsdutils"),
    advice: "install util-linux",
    ..Tool::PLAIN
};

pub(crate) const LINTIAN: Tool = Tool {
    name: "lintian",
    purpose: "checking the Debian package",
    programs: &["lintian"],
    package: Some("lintian"),
    advice: "install lintian",
    ..Tool::PLAIN
};

pub(crate) const DPKG: Tool = Tool {
    name: "dpkg",
    purpose: "installing the Debian package for a test",
    programs: &["dpkg"],
    package: Some("dpkg"),
    advice: "install dpkg",
    ..Tool::PLAIN
};

impl Tool {
    /// What most tools are besides their names.
    pub(super) const PLAIN: Self = Self {
        name: "",
        purpose: "",
        variable: None,
        programs: &[],
        package: None,
        is_service: false,
        advice: "",
        oldest: None,
    };

    /// Where it is, of whatever version.
    pub(crate) fn find(&self) -> Option<PathBuf> {
        if let Some(named) = self.variable.and_then(std::env::var_os) {
            return Some(named.into());
        }
        self.programs
            .iter()
            .find_map(|program| which::which(program).ok())
    }

    /// Where it is.
    ///
    /// # Errors
    ///
    /// It is missing, does not tell its version, or is too old; the error does not say what to do.
    pub(crate) fn checked(&self) -> Result<PathBuf> {
        let path = self
            .find()
            .with_context(|| format!("{}, for {}", self.name, self.purpose))?;
        if let Some(oldest) = &self.oldest {
            let answer = process::capture(process::command(&path).args(oldest.asked_with))?;
            let [major, minor] = oldest.version;
            match version(&answer) {
                Some(found) if found >= oldest.version => {}
                Some([found_major, found_minor]) => bail!(
                    "{} {major}.{minor} or newer, for {} (here is {found_major}.{found_minor})",
                    self.name,
                    self.purpose
                ),
                None => bail!("{} that tells its version (not {answer:?})", self.name),
            }
        }
        Ok(path)
    }

    /// How to get it.
    pub(crate) fn by_hand(&self, machine: &Machine) -> String {
        match self.package {
            Some(package) if machine.debian && self.is_service => format!(
                "{} (and stop the service that this starts)",
                machine.by_hand(&[package])
            ),
            Some(package) if machine.debian => machine.by_hand(&[package]),
            _ => self.advice.to_owned(),
        }
    }

    /// Whether it may come by its package without a person's word.
    pub(super) fn may_be_installed(&self, machine: &Machine) -> bool {
        machine.may_install(Scope::System)
            && (machine.ci || !(self.is_service && machine.starts_services))
    }
}

/// The first two numbers of a version, wherever it stands in the answer.
fn version(answer: &str) -> Option<[u32; 2]> {
    let start = answer.find(|c: char| c.is_ascii_digit())?;
    let mut numbers = answer[start..]
        .split(|c: char| !c.is_ascii_digit())
        .map(str::parse);
    let major = numbers.next()?.ok()?;
    let minor = numbers.next().and_then(Result::ok).unwrap_or(0);
    Some([major, minor])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_the_tools_write_them() {
        assert_eq!(version("go1.26.8"), Some([1, 26]));
        assert_eq!(version("go1.27rc1"), Some([1, 27]));
        assert_eq!(version("v20.20.2"), Some([20, 20]));
        assert_eq!(version("Python 3.11.7"), Some([3, 11]));
        assert_eq!(version("devel"), None);
    }

    #[test]
    fn a_tool_that_is_too_old_is_named_with_what_is_needed() {
        let tool = Tool {
            oldest: Some(Oldest {
                asked_with: &["-c", "echo v1.2.3"],
                version: [1, 3],
            }),
            ..shell()
        };
        let error = tool.checked().unwrap_err();
        assert_eq!(
            error.to_string(),
            "A shell 1.3 or newer, for this test (here is 1.2)"
        );
    }

    #[test]
    fn a_tool_that_is_new_enough_is_found() {
        let tool = Tool {
            oldest: Some(Oldest {
                asked_with: &["-c", "echo v1.10"],
                version: [1, 9],
            }),
            ..shell()
        };
        assert!(tool.checked().is_ok());
    }

    const fn shell() -> Tool {
        Tool {
            name: "A shell",
            purpose: "this test",
            programs: &["sh"],
            ..Tool::PLAIN
        }
    }
}
