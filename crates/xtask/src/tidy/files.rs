//! The text files of the source tree.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

/// What holds nothing of ours: git's own (a file in a worktree), what was built or fetched.
const SKIPPED: [&str; 5] = [".git", "target", "node_modules", "dist", "corpus"];
/// Files that are no text.
const BINARY: [&str; 7] = ["png", "ico", "woff2", "gz", "wasm", "bin", "webp"];

/// A text file of the source tree.
#[derive(Debug)]
pub(super) struct SourceFile {
    /// Its path below the root.
    pub(super) path: PathBuf,
    pub(super) text: String,
}

impl SourceFile {
    /// Whether its name ends with a dot and one of these.
    pub(super) fn has_extension(&self, extensions: &[&str]) -> bool {
        self.path
            .extension()
            .is_some_and(|extension| extensions.iter().any(|wanted| extension == *wanted))
    }

    /// Whether this is its name, without folders.
    pub(super) fn is_named(&self, name: &str) -> bool {
        self.path.file_name().is_some_and(|own| own == name)
    }

    /// A fault at a line (from 1), as editors can jump to it.
    pub(super) fn at(&self, line: usize, fault: &str) -> String {
        format!("{}:{line}: {fault}", self.path.display())
    }
}

/// Every text file below the root, sorted by path.
pub(super) fn all(root: &Path) -> Result<Vec<SourceFile>> {
    let mut found = Vec::new();
    let mut waiting = vec![root.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
            let entry = entry?;
            let path = entry.path();
            let kind = entry.file_type()?;
            if SKIPPED.iter().any(|skipped| entry.file_name() == *skipped) {
                continue;
            }
            if kind.is_dir() {
                waiting.push(path);
            } else if kind.is_file()
                && !BINARY
                    .iter()
                    .any(|binary| path.extension().is_some_and(|own| own == *binary))
            {
                let bytes = fs::read(&path).with_context(|| path.display().to_string())?;
                // What is no UTF-8 is a sample of something, and no text.
                if let Ok(text) = String::from_utf8(bytes) {
                    found.push(SourceFile {
                        path: path.strip_prefix(root)?.to_owned(),
                        text,
                    });
                }
            }
        }
    }
    found.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(found)
}
