//! Where the project's files are: the one place that knows its folders.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// The project's folders, all absolute.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    root: PathBuf,
}

impl Project {
    /// The project that this xtask was built from.
    pub(crate) fn locate() -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"))
            .ancestors()
            .nth(2)
            .context("crates/xtask has no grandparent folder")?;
        Ok(Self::at(root))
    }

    pub(crate) fn at(root: &Path) -> Self {
        Self {
            root: root.to_owned(),
        }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A file or folder by its path below the root.
    pub(crate) fn path(&self, below: impl AsRef<Path>) -> PathBuf {
        self.root.join(below)
    }

    /// Cargo's own output folder for this machine.
    pub(crate) fn target(&self) -> PathBuf {
        self.path("target")
    }

    /// What xtask makes on the way: `target/xtask/<name>`.
    pub(crate) fn scratch(&self, name: &str) -> PathBuf {
        self.path("target/xtask").join(name)
    }

    /// The version of everything, from the workspace's `Cargo.toml`.
    pub(crate) const fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }
}
