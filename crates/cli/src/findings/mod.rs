//! What is wrong and how it is mended: facts in, findings out, no I/O.

pub(crate) mod embedding;
pub(crate) mod facts;
pub(crate) mod inside;
pub(crate) mod lines;
pub(crate) mod policy;
pub(crate) mod proxy;
pub(crate) mod site;

use serde::Serialize;

/// How a check came out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    Pass,
    Warn,
    /// It could not be looked at, so it is not clean either.
    Skip,
    Fail,
}

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Finding {
    /// In kebab-case, and the same for the same question in every version.
    pub(crate) id: &'static str,
    pub(crate) status: Status,
    /// One sentence.
    pub(crate) says: String,
    /// What it follows from, and what to consider.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) details: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) mends: Vec<Mend>,
}

/// What mends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(crate) struct Mend {
    /// Where to write the lines.
    pub(crate) place: String,
    pub(crate) lines: String,
}

impl Finding {
    pub(crate) fn new(id: &'static str, status: Status, says: impl Into<String>) -> Self {
        Self {
            id,
            status,
            says: says.into(),
            details: Vec::new(),
            mends: Vec::new(),
        }
    }

    pub(crate) fn pass(id: &'static str, says: impl Into<String>) -> Self {
        Self::new(id, Status::Pass, says)
    }

    pub(crate) fn warn(id: &'static str, says: impl Into<String>) -> Self {
        Self::new(id, Status::Warn, says)
    }

    pub(crate) fn skip(id: &'static str, says: impl Into<String>) -> Self {
        Self::new(id, Status::Skip, says)
    }

    pub(crate) fn fail(id: &'static str, says: impl Into<String>) -> Self {
        Self::new(id, Status::Fail, says)
    }

    #[must_use]
    pub(crate) fn detail(mut self, text: impl Into<String>) -> Self {
        self.details.push(text.into());
        self
    }

    #[must_use]
    pub(crate) fn mend(mut self, place: impl Into<String>, lines: impl Into<String>) -> Self {
        self.mends.push(Mend {
            place: place.into(),
            lines: lines.into(),
        });
        self
    }

    #[must_use]
    pub(crate) fn mends(mut self, mends: impl IntoIterator<Item = Mend>) -> Self {
        self.mends.extend(mends);
        self
    }
}

/// What a list of findings comes to: the worst of them.
pub(crate) fn verdict(findings: &[Finding]) -> Status {
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
