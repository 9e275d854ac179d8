//! The platforms of the bundle: one more is one more line.

/// A platform that Mattermost runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Platform {
    /// As Mattermost's manifest names it: Go's names of system and processor.
    pub(crate) name: &'static str,
    /// As Rust names it.
    pub(crate) triple: &'static str,
}

/// Every platform of a release.
pub(crate) const PLATFORMS: [Platform; 5] = [
    Platform {
        name: "linux-amd64",
        triple: "x86_64-unknown-linux-musl",
    },
    Platform {
        name: "linux-arm64",
        triple: "aarch64-unknown-linux-musl",
    },
    Platform {
        name: "darwin-amd64",
        triple: "x86_64-apple-darwin",
    },
    Platform {
        name: "darwin-arm64",
        triple: "aarch64-apple-darwin",
    },
    Platform {
        name: "windows-amd64",
        triple: "x86_64-pc-windows-gnu",
    },
];

impl Platform {
    /// The platform of this machine, if it is one of them.
    pub(crate) fn here() -> Option<Self> {
        let system = if std::env::consts::OS == "macos" {
            "darwin"
        } else {
            std::env::consts::OS
        };
        let processor = match std::env::consts::ARCH {
            "x86_64" => "amd64",
            "aarch64" => "arm64",
            other => other,
        };
        Self::named(&format!("{system}-{processor}"))
    }

    /// The platform of that name in Mattermost's manifest.
    pub(crate) fn named(name: &str) -> Option<Self> {
        PLATFORMS.into_iter().find(|platform| platform.name == name)
    }

    /// The executable's path in the bundle.
    pub(crate) fn executable(&self) -> String {
        format!("server/dist/plugin-{}{}", self.name, self.suffix())
    }

    pub(crate) fn is_darwin(&self) -> bool {
        self.name.starts_with("darwin")
    }

    pub(crate) fn is_windows(&self) -> bool {
        self.name.starts_with("windows")
    }

    /// What the platform's executables end with.
    pub(crate) fn suffix(&self) -> &'static str {
        if self.is_windows() { ".exe" } else { "" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_windows_executables_have_a_suffix() {
        let paths = PLATFORMS.map(|platform| platform.executable());
        assert_eq!(paths[0], "server/dist/plugin-linux-amd64");
        assert_eq!(
            paths
                .iter()
                .filter(|path| path.ends_with(".exe"))
                .collect::<Vec<_>>(),
            ["server/dist/plugin-windows-amd64.exe"]
        );
    }
}
