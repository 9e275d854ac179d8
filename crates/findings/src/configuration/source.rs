//! The files of a configuration.

use std::fs::{self, File};
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use super::tree::{Directive, MAX_BYTES, ParseError};

/// Includes that include each other end here.
const MAX_INCLUDED: usize = 8;

/// One configuration, from a file or from standard input.
#[derive(Debug)]
pub(crate) struct Source {
    name: String,
    text: String,
    /// Where relative includes are looked for.
    folders: Vec<PathBuf>,
    /// The files that a dump holds (`nginx -T`).
    dumped: Vec<(String, String)>,
}

/// Why a configuration cannot be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SourceError {
    #[error("{name}: {error}")]
    Read { name: String, error: io::Error },
    #[error("{0} is no text")]
    NoText(String),
    #[error("{0} is longer than 8 MB")]
    TooLong(String),
    #[error("{name}, {error}")]
    Parse { name: String, error: ParseError },
}

type Parser = fn(&str) -> Result<Vec<Directive>, ParseError>;

impl Source {
    /// Reads a file, or standard input where it is `-`.
    pub(crate) fn read(path: &Path) -> Result<Self, SourceError> {
        let (name, text) = if path == Path::new("-") {
            let name = "standard input".to_owned();
            let text = bounded(&name, io::stdin().lock())?;
            (name, text)
        } else {
            let name = path.display().to_string();
            let text = File::open(path).map_err(|error| SourceError::Read {
                name: name.clone(),
                error,
            });
            let text = bounded(&name, text?)?;
            (name, text)
        };
        let own = path.parent().map(Path::to_owned);
        // nginx takes a relative path from the folder of nginx.conf, wherever the line stands.
        let above = path.parent().and_then(Path::parent).map(Path::to_owned);
        let dumped = dumped(&text);
        Ok(Self {
            name,
            text,
            folders: own.into_iter().chain(above).collect(),
            dumped,
        })
    }

    /// The directives, includes in their place; those that cannot be found stay.
    pub(super) fn parse(&self, parser: Parser) -> Result<Vec<Located>, SourceError> {
        if self.dumped.is_empty() {
            return self.parse_text(&self.name, &self.text, parser, 0);
        }
        // Of a dump the first file is the main one, and the others are included by it.
        match self.dumped.first() {
            Some((name, text)) => self.parse_text(name, text, parser, 0),
            None => Ok(Vec::new()),
        }
    }

    fn parse_text(
        &self,
        name: &str,
        text: &str,
        parser: Parser,
        depth: usize,
    ) -> Result<Vec<Located>, SourceError> {
        let directives = parser(text).map_err(|error| SourceError::Parse {
            name: name.to_owned(),
            error,
        })?;
        self.locate(directives, name, parser, depth)
    }

    fn locate(
        &self,
        directives: Vec<Directive>,
        name: &str,
        parser: Parser,
        depth: usize,
    ) -> Result<Vec<Located>, SourceError> {
        let mut found = Vec::new();
        for directive in directives {
            let is_include = matches!(directive.name.as_str(), "include" | "includeoptional");
            if is_include && depth < MAX_INCLUDED {
                let included =
                    self.included(directive.arguments.first().map_or("", String::as_str));
                for (name, text) in &included {
                    found.extend(self.parse_text(name, text, parser, depth + 1)?);
                }
                if !included.is_empty() {
                    continue;
                }
            }
            found.push(Located {
                place: format!("{name}:{}", directive.line),
                block: self.locate(directive.block, name, parser, depth)?,
                name: directive.name,
                arguments: directive.arguments,
            });
        }
        Ok(found)
    }

    /// The files that an include names; a `*` may stand in its last part.
    fn included(&self, pattern: &str) -> Vec<(String, String)> {
        let matching = |path: &str| {
            let pattern = Path::new(pattern);
            let path = Path::new(path);
            let folder = pattern.parent().unwrap_or(Path::new(""));
            path.parent().is_some_and(|own| own.ends_with(folder)) && name_matches(pattern, path)
        };
        if !self.dumped.is_empty() {
            return self
                .dumped
                .iter()
                .filter(|(name, _)| matching(name))
                .cloned()
                .collect();
        }
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

/// A directive with the file and the line where it stands.
#[derive(Debug, Clone)]
pub(super) struct Located {
    pub(crate) name: String,
    pub(crate) arguments: Vec<String>,
    pub(crate) place: String,
    pub(crate) block: Vec<Located>,
}

impl Located {
    pub(crate) fn argument(&self, index: usize) -> &str {
        self.arguments.get(index).map_or("", String::as_str)
    }

    pub(crate) fn has_block(&self) -> bool {
        !self.block.is_empty()
    }

    /// As somebody would write it.
    pub(crate) fn shown(&self) -> String {
        let words = self.arguments.iter().map(|word| {
            if word.contains([' ', ';', '"']) {
                format!("\"{word}\"")
            } else {
                word.clone()
            }
        });
        std::iter::once(self.name.clone())
            .chain(words)
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// Every directive, also in blocks.
pub(super) fn all(directives: &[Located]) -> Vec<&Located> {
    let mut found = Vec::new();
    for directive in directives {
        found.push(directive);
        found.extend(all(&directive.block));
    }
    found
}

fn bounded(name: &str, reader: impl io::Read) -> Result<String, SourceError> {
    let mut bytes = Vec::new();
    reader
        .take(MAX_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(|error| SourceError::Read {
            name: name.to_owned(),
            error,
        })?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(SourceError::TooLong(name.to_owned()));
    }
    String::from_utf8(bytes).map_err(|_| SourceError::NoText(name.to_owned()))
}

/// `nginx -T` writes `# configuration file /etc/nginx/nginx.conf:` before each file.
fn dumped(text: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let name = line
            .strip_prefix("# configuration file ")
            .and_then(|rest| rest.strip_suffix(':'));
        match (name, files.last_mut()) {
            (Some(name), _) => files.push((name.to_owned(), String::new())),
            (None, Some((_, text))) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    files
}

fn name_matches(pattern: &Path, path: &Path) -> bool {
    let (Some(pattern), Some(name)) = (pattern.file_name(), path.file_name()) else {
        return false;
    };
    let (pattern, name) = (pattern.to_string_lossy(), name.to_string_lossy());
    match pattern.split_once('*') {
        Some((before, after)) => {
            name.len() >= before.len() + after.len()
                && name.starts_with(before)
                && name.ends_with(after)
        }
        None => pattern == name,
    }
}
