//! A folder of files whose names change with their content.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

/// Bytes of the hash in a name: two contents of one file never meet by accident.
const HASH_BYTES: usize = 8;

/// A folder in the making; it takes another's place only when it is whole.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    /// Name, size, and size as a browser loads it.
    files: Vec<(String, usize, usize)>,
}

impl Folder {
    pub(super) fn new(path: PathBuf) -> Result<Self> {
        if path.exists() {
            fs::remove_dir_all(&path)?;
        }
        fs::create_dir_all(&path)?;
        Ok(Self {
            path,
            files: Vec::new(),
        })
    }

    /// Adds `stem.<hash>.extension` and returns that name.
    pub(super) fn add(&mut self, stem: &str, extension: &str, content: &[u8]) -> Result<String> {
        let hash: String = Sha256::digest(content)
            .iter()
            .take(HASH_BYTES)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        let name = format!("{stem}.{hash}.{extension}");
        self.add_named(&name, content)?;
        Ok(name)
    }

    /// Adds a file under a fixed name.
    pub(super) fn add_named(&mut self, name: &str, content: &[u8]) -> Result<()> {
        fs::write(self.path.join(name), content).with_context(|| name.to_owned())?;
        self.files
            .push((name.to_owned(), content.len(), gzipped(content)?));
        Ok(())
    }

    /// Puts a copy of this folder in the place of `target`.
    pub(super) fn replace(&self, target: &Path) -> Result<()> {
        if target.exists() {
            fs::remove_dir_all(target)?;
        }
        fs::create_dir_all(target)?;
        for (name, ..) in &self.files {
            fs::copy(self.path.join(name), target.join(name))?;
        }
        Ok(())
    }

    /// Prints each file with its sizes.
    pub(super) fn show(&self) {
        for (name, size, gzipped) in &self.files {
            println!("    {name}: {size} bytes, {gzipped} gzipped");
        }
        let sum: usize = self.files.iter().map(|(.., gzipped)| gzipped).sum();
        println!("    together {sum} bytes gzipped");
    }
}

/// The size of a file as a browser loads it.
pub(crate) fn gzipped(content: &[u8]) -> Result<usize> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_changes_with_the_content_and_only_with_it() {
        let scratch = tempfile::tempdir().unwrap();
        let mut folder = Folder::new(scratch.path().join("made")).unwrap();
        let first = folder.add("realm", "js", b"1").unwrap();
        assert_eq!(first, folder.add("realm", "js", b"1").unwrap());
        assert_ne!(first, folder.add("realm", "js", b"2").unwrap());
        assert!(first.starts_with("realm.") && first.ends_with(".js"));
    }

    #[test]
    fn what_was_in_the_target_before_is_gone() {
        let scratch = tempfile::tempdir().unwrap();
        let target = scratch.path().join("dist");
        fs::create_dir_all(&target).unwrap();
        fs::write(target.join("old.js"), "old").unwrap();
        let mut folder = Folder::new(scratch.path().join("made")).unwrap();
        folder.add_named("main.js", b"new").unwrap();
        folder.replace(&target).unwrap();
        assert!(!target.join("old.js").exists());
        assert_eq!(fs::read(target.join("main.js")).unwrap(), b"new");
    }
}
