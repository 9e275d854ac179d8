//! The files of a configuration.

use std::cell::Cell;
use std::fmt;
use std::path::Path;

use super::tree::{Directive, ParseError};
use crate::text::plain;

/// The longest configuration that is read, in bytes, all files together: `nginx -T` of a large hoster is a tenth of it.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

/// Includes that include each other end here.
const MAX_INCLUDED: usize = 8;

/// One configuration.
pub struct Source<'a> {
    name: String,
    text: String,
    /// The files that a dump holds (`nginx -T`).
    dumped: Vec<(String, String)>,
    included: &'a dyn Fn(&str) -> Vec<(String, String)>,
    /// How many bytes may still be read: a file may be included many times.
    left: Cell<usize>,
}

/// Why a text cannot be judged.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ConfigurationError {
    #[error("{name} and what it includes are longer than {} MB", MAX_BYTES / 1024 / 1024)]
    TooLong { name: String },
    #[error("{name}, {error}")]
    Parse { name: String, error: ParseError },
}

type Parser = fn(&str) -> Result<Vec<Directive>, ParseError>;

impl fmt::Debug for Source<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl<'a> Source<'a> {
    /// `name` is for people; `included` gives names and texts of the files that an include's pattern stands for.
    pub fn new(
        name: &str,
        text: String,
        included: &'a dyn Fn(&str) -> Vec<(String, String)>,
    ) -> Self {
        Self {
            name: plain(name),
            dumped: dumped(&text),
            text,
            included,
            left: Cell::new(MAX_BYTES),
        }
    }

    /// The directives, includes in their place; those that cannot be found stay.
    pub(super) fn parse(&self, parser: Parser) -> Result<Vec<Located>, ConfigurationError> {
        self.left.set(MAX_BYTES);
        // Of a dump the first file is the main one, and the others are included by it.
        match self.dumped.first() {
            Some((name, text)) => self.parse_text(name, text, parser, 0),
            None => self.parse_text(&self.name, &self.text, parser, 0),
        }
    }

    fn parse_text(
        &self,
        name: &str,
        text: &str,
        parser: Parser,
        depth: usize,
    ) -> Result<Vec<Located>, ConfigurationError> {
        // An empty file costs a line as well.
        let Some(left) = self.left.get().checked_sub(text.len() + 1) else {
            return Err(ConfigurationError::TooLong {
                name: self.name.clone(),
            });
        };
        self.left.set(left);
        let directives = parser(text).map_err(|error| ConfigurationError::Parse {
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
    ) -> Result<Vec<Located>, ConfigurationError> {
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
        if self.dumped.is_empty() {
            let files = (self.included)(pattern).into_iter();
            return files.map(|(name, text)| (plain(&name), text)).collect();
        }
        let pattern = Path::new(pattern);
        let folder = pattern.parent().unwrap_or(Path::new(""));
        let matching = |path: &str| {
            let path = Path::new(path);
            path.parent().is_some_and(|own| own.ends_with(folder)) && name_matches(pattern, path)
        };
        let files = self.dumped.iter().filter(|(name, _)| matching(name));
        files.cloned().collect()
    }
}

/// A directive with the file and the line where it stands.
#[derive(Debug, Clone)]
pub(super) struct Located {
    pub(super) name: String,
    pub(super) arguments: Vec<String>,
    pub(super) place: String,
    pub(super) block: Vec<Located>,
}

impl Located {
    pub(super) fn argument(&self, index: usize) -> &str {
        self.arguments.get(index).map_or("", String::as_str)
    }

    pub(super) fn has_block(&self) -> bool {
        !self.block.is_empty()
    }

    /// As somebody would write it.
    pub(super) fn shown(&self) -> String {
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

/// `nginx -T` writes `# configuration file /etc/nginx/nginx.conf:` before each file.
fn dumped(text: &str) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        let name = line
            .strip_prefix("# configuration file ")
            .and_then(|rest| rest.strip_suffix(':'));
        match (name, files.last_mut()) {
            (Some(name), _) => files.push((plain(name), String::new())),
            (None, Some((_, text))) => {
                text.push_str(line);
                text.push('\n');
            }
            (None, None) => {}
        }
    }
    files
}

/// Whether a path's last part is as the pattern's, in which one `*` stands for anything.
pub fn name_matches(pattern: &Path, path: &Path) -> bool {
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

#[cfg(test)]
mod tests {
    use super::super::read;
    use super::*;
    use crate::lines::Program;

    #[test]
    fn files_that_include_each_other_again_and_again_come_to_an_end() {
        let comment = "#".repeat(MAX_BYTES / 4);
        let dump = format!("# configuration file a:\ninclude a; include a;\n{comment}\n");
        let source = Source::new("-", dump, &|_| Vec::new());
        let too_long = ConfigurationError::TooLong {
            name: "-".to_owned(),
        };
        assert_eq!(read(Program::Nginx, &source).unwrap_err(), too_long);
    }
}
