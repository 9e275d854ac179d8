//! What keeps a page from embedding Mattermost, and how it is mended: facts in, findings out, no I/O.

#![forbid(unsafe_code)]

pub mod address;
pub mod configuration;
pub mod console;
pub mod embedding;
pub mod facts;
pub mod inside;
pub mod language;
pub mod lines;
pub mod members;
pub mod origin;
pub mod policy;
pub mod problem;
pub mod proxy;
pub mod questions;
pub mod site;
pub mod text;
pub mod version;

use serde::Serialize;
use serde_json::Value;

use crate::language::{Language, texts};

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Pass,
    /// Nothing is to be done, and it is good to know.
    Note,
    Warn,
    /// It could not be looked at, so it is not clean either.
    Skip,
    Fail,
}

impl Status {
    /// What it means for a whole list of findings.
    pub fn says(self, say: Language) -> String {
        match self {
            Self::Pass | Self::Note => say.verdict_clean(),
            Self::Warn => say.verdict_warnings(),
            Self::Skip => say.verdict_open(),
            Self::Fail => say.verdict_fails(),
        }
    }
}

texts! {
    verdict_clean(): "Nothing is in the way.",
        "Es steht nichts im Weg.";
    verdict_warnings(): "Nothing fails; see the warnings.",
        "Nichts schlägt fehl; sehen Sie sich die Warnungen an.";
    verdict_open(): "Not everything could be checked, so this does not count as clean.",
        "Nicht alles ließ sich prüfen, deshalb gilt dies nicht als fehlerfrei.";
    verdict_fails(): "Something is in the way.",
        "Etwas steht im Weg.";
}

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Finding {
    /// In kebab-case, and the same for the same question in every version.
    pub id: &'static str,
    pub status: Status,
    /// One sentence.
    pub says: String,
    /// What it follows from, and what to consider.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub mends: Vec<Mend>,
    /// Only where somebody looks who can have it made.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(skip))]
    pub change: Option<Change>,
}

/// What mends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Mend {
    /// Where to write the lines.
    pub place: String,
    pub lines: String,
}

/// What a button in the System Console does to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Change {
    /// One setting of Mattermost, as long as it still is what it was.
    Setting {
        section: &'static str,
        key: &'static str,
        from: Value,
        to: Value,
    },
    /// One part of what stands in the field of the trusted origins, which nothing saves yet.
    Field {
        /// As it was written; empty where something is missing.
        wrong: String,
        right: String,
    },
}

impl Finding {
    pub fn new(id: &'static str, status: Status, says: impl Into<String>) -> Self {
        Self {
            id,
            status,
            says: says.into(),
            details: Vec::new(),
            mends: Vec::new(),
            change: None,
        }
    }

    pub fn pass(id: &'static str, says: impl Into<String>) -> Self {
        Self::new(id, Status::Pass, says)
    }

    pub fn note(id: &'static str, says: impl Into<String>) -> Self {
        Self::new(id, Status::Note, says)
    }

    pub fn warn(id: &'static str, says: impl Into<String>) -> Self {
        Self::new(id, Status::Warn, says)
    }

    pub fn skip(id: &'static str, says: impl Into<String>) -> Self {
        Self::new(id, Status::Skip, says)
    }

    pub fn fail(id: &'static str, says: impl Into<String>) -> Self {
        Self::new(id, Status::Fail, says)
    }

    #[must_use]
    pub fn detail(mut self, text: impl Into<String>) -> Self {
        self.details.push(text.into());
        self
    }

    #[must_use]
    pub fn mend(mut self, place: impl Into<String>, lines: impl Into<String>) -> Self {
        self.mends.push(Mend {
            place: place.into(),
            lines: lines.into(),
        });
        self
    }

    #[must_use]
    pub fn mends(mut self, mends: impl IntoIterator<Item = Mend>) -> Self {
        self.mends.extend(mends);
        self
    }

    #[must_use]
    pub fn change(mut self, change: Change) -> Self {
        self.change = Some(change);
        self
    }
}

/// What a list of findings comes to: the worst of them.
pub fn verdict(findings: &[Finding]) -> Status {
    findings
        .iter()
        .map(|finding| finding.status)
        .max()
        .unwrap_or(Status::Skip)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_skipped_check_never_counts_as_clean() {
        let pass = Finding::pass("a", "");
        let warn = Finding::warn("b", "");
        let skip = Finding::skip("c", "");
        let fail = Finding::fail("d", "");
        assert_eq!(verdict(std::slice::from_ref(&pass)), Status::Pass);
        let note = Finding::note("n", "");
        assert_eq!(verdict(&[note, pass.clone(), warn.clone()]), Status::Warn);
        assert_eq!(verdict(&[skip.clone(), warn, pass]), Status::Skip);
        assert_eq!(verdict(&[fail, skip]), Status::Fail);
        assert_eq!(verdict(&[]), Status::Skip);
    }
}
