//! What keeps a page from embedding Mattermost, and how it is mended: facts in, findings out, no I/O.

#![forbid(unsafe_code)]

pub mod address;
pub mod configuration;
pub mod embedding;
pub mod facts;
pub mod inside;
pub mod lines;
pub mod policy;
pub mod proxy;
pub mod site;
pub mod text;
pub mod version;

use serde::Serialize;

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Status {
    Pass,
    Warn,
    /// It could not be looked at, so it is not clean either.
    Skip,
    Fail,
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
}

/// What mends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Mend {
    /// Where to write the lines.
    pub place: String,
    pub lines: String,
}

impl Finding {
    pub fn new(id: &'static str, status: Status, says: impl Into<String>) -> Self {
        Self {
            id,
            status,
            says: says.into(),
            details: Vec::new(),
            mends: Vec::new(),
        }
    }

    pub fn pass(id: &'static str, says: impl Into<String>) -> Self {
        Self::new(id, Status::Pass, says)
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
        assert_eq!(verdict(&[pass.clone(), warn.clone()]), Status::Warn);
        assert_eq!(verdict(&[skip.clone(), warn, pass]), Status::Skip);
        assert_eq!(verdict(&[fail, skip]), Status::Fail);
        assert_eq!(verdict(&[]), Status::Skip);
    }
}
