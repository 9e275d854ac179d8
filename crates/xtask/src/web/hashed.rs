//! A folder of files whose names change with their content.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, ensure};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

/// Bytes of the hash in a name: two versions of one file do not meet by accident, and the script that names the others stays small.
const HASH_BYTES: usize = 4;

/// Words in addresses that filter lists of content blockers look for: a file with such a name would be missing for many users.
const FILTERED: [&str; 8] = [
    "notif", "push", "track", "analytic", "banner", "popup", "beacon", "promo",
];

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
        let name = hashed_name(stem, extension, content)?;
        self.add_named(&name, content)?;
        Ok(name)
    }

    /// Adds `stem.<hash>.extension.gz` and returns the name without its last part.
    pub(super) fn add_compressed(
        &mut self,
        stem: &str,
        extension: &str,
        content: &[u8],
    ) -> Result<String> {
        let name = hashed_name(stem, extension, content)?;
        let compressed = compress(content)?;
        self.write(&format!("{name}.gz"), &compressed, compressed.len())?;
        Ok(name)
    }

    /// Adds a file under a fixed name.
    pub(super) fn add_named(&mut self, name: &str, content: &[u8]) -> Result<()> {
        self.write(name, content, gzipped(content)?)
    }

    fn write(&mut self, name: &str, content: &[u8], gzipped: usize) -> Result<()> {
        fs::write(self.path.join(name), content).with_context(|| name.to_owned())?;
        self.files.push((name.to_owned(), content.len(), gzipped));
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

fn hashed_name(stem: &str, extension: &str, content: &[u8]) -> Result<String> {
    for word in FILTERED {
        ensure!(
            !stem.contains(word),
            "{stem} must not contain {word}: content blockers would keep the file from the page"
        );
    }
    let hash: String = Sha256::digest(content)
        .iter()
        .take(HASH_BYTES)
        .map(|byte| format!("{byte:02x}"))
        .collect();
    Ok(format!("{stem}.{hash}.{extension}"))
}

fn compress(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

/// The size of a file as a browser loads it.
pub(crate) fn gzipped(content: &[u8]) -> Result<usize> {
    Ok(compress(content)?.len())
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
    fn a_name_that_content_blockers_look_for_is_refused() {
        let scratch = tempfile::tempdir().unwrap();
        let mut folder = Folder::new(scratch.path().join("made")).unwrap();
        let error = folder.add("notification", "js", b"1").unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("notification must not contain notif")
        );
    }

    #[test]
    fn a_compressed_file_is_named_by_what_is_in_it() {
        use std::io::Read as _;
        let scratch = tempfile::tempdir().unwrap();
        let mut folder = Folder::new(scratch.path().join("made")).unwrap();
        let name = folder.add_compressed("console", "js", b"1").unwrap();
        assert_eq!(name, folder.add("console", "js", b"1").unwrap());
        let compressed = fs::read(folder.path.join(format!("{name}.gz"))).unwrap();
        let mut content = Vec::new();
        flate2::read::GzDecoder::new(&compressed[..])
            .read_to_end(&mut content)
            .unwrap();
        assert_eq!(content, b"1");
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
