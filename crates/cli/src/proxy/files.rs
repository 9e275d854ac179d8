//! The files of a configuration, from the disk or from standard input.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use notifymatters_findings::configuration::{MAX_BYTES, name_matches};

/// The main file, and where others are looked for.
pub(super) struct Files {
    pub(super) name: String,
    pub(super) text: String,
    folders: Vec<PathBuf>,
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum FileError {
    #[error("{name}: {error}")]
    Read { name: String, error: io::Error },
    #[error("{0} is no text")]
    NoText(String),
    #[error("{0} is longer than {max} MB", max = MAX_BYTES / 1024 / 1024)]
    TooLong(String),
}

impl Files {
    /// Reads a file, or standard input where it is `-`.
    pub(super) fn read(path: &Path) -> Result<Self, FileError> {
        let (name, text) = if path == Path::new("-") {
            let name = "standard input".to_owned();
            let text = bounded(&name, io::stdin().lock())?;
            (name, text)
        } else {
            let name = path.display().to_string();
            let text = File::open(path).map_err(|error| FileError::Read {
                name: name.clone(),
                error,
            });
            let text = bounded(&name, text?)?;
            (name, text)
        };
        let own = path.parent().map(Path::to_owned);
        // nginx takes a relative path from the folder of nginx.conf, wherever the line stands.
        let above = path.parent().and_then(Path::parent).map(Path::to_owned);
        Ok(Self {
            name,
            text,
            folders: own.into_iter().chain(above).collect(),
        })
    }

    /// The files that an include names; a `*` may stand in its last part.
    pub(super) fn included(&self, pattern: &str) -> Vec<(String, String)> {
        for folder in &self.folders {
            let pattern = folder.join(pattern);
            let Some(entries) = pattern
                .parent()
                .and_then(|folder| fs::read_dir(folder).ok())
            else {
                continue;
            };
            let mut files: Vec<PathBuf> = entries
                .filter_map(|entry| Some(entry.ok()?.path()))
                .filter(|path| path.is_file() && name_matches(&pattern, path))
                .collect();
            files.sort();
            let texts: Vec<(String, String)> = files
                .iter()
                .filter_map(|path| {
                    let name = path.display().to_string();
                    let text = bounded(&name, File::open(path).ok()?).ok()?;
                    Some((name, text))
                })
                .collect();
            if !texts.is_empty() {
                return texts;
            }
        }
        Vec::new()
    }
}

fn bounded(name: &str, reader: impl io::Read) -> Result<String, FileError> {
    let mut bytes = Vec::new();
    reader
        .take(MAX_BYTES as u64 + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| FileError::Read {
            name: name.to_owned(),
            error,
        })?;
    if bytes.len() > MAX_BYTES {
        return Err(FileError::TooLong(name.to_owned()));
    }
    String::from_utf8(bytes).map_err(|_| FileError::NoText(name.to_owned()))
}
