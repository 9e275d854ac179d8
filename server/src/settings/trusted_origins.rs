//! The list of trusted origins that one setting holds.

use super::trusted_origin::{self, TrustedOriginError};

/// Longer settings are a mistake (a pasted file), and would be sent to every page.
pub(super) const MAX_SETTING_BYTES: usize = 64 * 1024;

/// More embedders than any organisation has. The web part refuses a longer list as malformed.
const MAX_ORIGINS: usize = notifymatters_protocol::limits::TRUSTED_ORIGINS;

/// The trusted origins in the order of the setting, canonical, each once.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct TrustedOrigins(Vec<String>);

impl TrustedOrigins {
    /// Parses a setting: origins separated by white space, as the plugin of 2019 had it, or by
    /// commas or semicolons, which no origin contains.
    ///
    /// What is wrong is left out and named; the rest counts.
    pub(crate) fn parse(setting: &str) -> (Self, Vec<TrustedOriginsProblem>) {
        if setting.len() > MAX_SETTING_BYTES {
            return (
                Self::default(),
                vec![TrustedOriginsProblem::TooLong(setting.len())],
            );
        }
        let mut origins = Vec::new();
        let mut problems = Vec::new();
        for text in split(setting) {
            match trusted_origin::parse(text) {
                Ok(origin) if origins.contains(&origin) => {}
                Ok(_) if origins.len() == MAX_ORIGINS => {
                    problems.push(TrustedOriginsProblem::TooMany);
                    break;
                }
                Ok(origin) => origins.push(origin),
                Err(error) => problems.push(error.into()),
            }
        }
        (Self(origins), problems)
    }

    /// Whether a canonical origin is one of them.
    pub(crate) fn contains(&self, origin: &str) -> bool {
        self.0.iter().any(|trusted| trusted == origin)
    }

    pub(crate) fn as_slice(&self) -> &[String] {
        &self.0
    }
}

/// Why a part of the list has no effect.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TrustedOriginsProblem {
    #[error(transparent)]
    Origin(#[from] TrustedOriginError),
    #[error(
        "the list of trusted origins has {0} bytes, more than {MAX_SETTING_BYTES}, so no origin is trusted: write only the origins, separated by spaces"
    )]
    TooLong(usize),
    #[error("only the first {MAX_ORIGINS} trusted origins count: remove some")]
    TooMany,
}

/// Why `new` may not be saved in place of `in_force`; one sentence that says what to write.
///
/// Only what is new in it counts: an administrator who changes something else must not be stopped
/// by what was there before. An empty setting may be saved.
pub(super) fn refusal(in_force: &str, new: &str) -> Option<TrustedOriginsProblem> {
    if new == in_force {
        return None;
    }
    if new.len() > MAX_SETTING_BYTES {
        return Some(TrustedOriginsProblem::TooLong(new.len()));
    }
    let known: std::collections::HashSet<&str> = split(in_force).collect();
    split(new)
        .filter(|text| !known.contains(text))
        .find_map(|text| trusted_origin::parse(text).err())
        .map(Into::into)
}

fn split(setting: &str) -> impl Iterator<Item = &str> {
    setting
        .split(|c: char| c.is_whitespace() || matches!(c, ',' | ';'))
        .filter(|text| !text.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(setting: &str) -> (Vec<String>, Vec<String>) {
        let (origins, problems) = TrustedOrigins::parse(setting);
        (
            origins.0,
            problems.iter().map(ToString::to_string).collect(),
        )
    }

    #[test]
    fn origins_are_separated_by_white_space_commas_or_semicolons() {
        for setting in [
            "https://a.example https://b.example",
            " https://a.example\t\r\nhttps://b.example/ ",
            "https://a.example,https://b.example;",
            "https://a.example ,  https://b.example",
        ] {
            let (origins, problems) = parse(setting);
            assert_eq!(
                origins,
                ["https://a.example", "https://b.example"],
                "for {setting:?}"
            );
            assert!(problems.is_empty());
        }
    }

    #[test]
    fn the_same_origin_written_twice_counts_once() {
        let (origins, problems) = parse("https://a.example HTTPS://A.example:443/");
        assert_eq!(origins, ["https://a.example"]);
        assert!(problems.is_empty());
    }

    #[test]
    fn a_wrong_origin_is_named_and_the_others_count() {
        let (origins, problems) = parse("* https://a.example https://b.example/chat");
        assert_eq!(origins, ["https://a.example"]);
        assert_eq!(problems.len(), 2);
    }

    #[test]
    fn a_setting_that_is_a_pasted_file_trusts_nobody() {
        let (origins, problems) = parse(&"https://a.example ".repeat(10_000));
        assert!(origins.is_empty());
        assert!(problems[0].contains("180000 bytes"), "{problems:?}");
    }

    #[test]
    fn past_the_last_origin_allowed_nothing_is_believed_and_one_sentence_says_so() {
        let setting: String = (0..1100)
            .map(|n| format!("https://h{n}.example "))
            .collect();
        let (origins, problems) = parse(&setting);
        assert_eq!(origins.len(), MAX_ORIGINS);
        assert_eq!(
            problems,
            ["only the first 256 trusted origins count: remove some"]
        );
    }
}
