//! The list of trusted origins that one setting holds.

use notifymatters_findings::problem::{Flaw, Problem};

use super::trusted_origin;

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
    pub(crate) fn parse(setting: &str) -> (Self, Vec<Problem>) {
        if setting.len() > MAX_SETTING_BYTES {
            return (Self::default(), vec![whole(Flaw::SettingTooLong)]);
        }
        let mut origins = Vec::new();
        let mut problems = Vec::new();
        for text in split(setting) {
            match trusted_origin::parse(text) {
                Ok(origin) if origins.contains(&origin) => {}
                Ok(_) if origins.len() == MAX_ORIGINS => {
                    problems.push(whole(Flaw::TooMany));
                    break;
                }
                Ok(origin) => origins.push(origin),
                Err(problem) => problems.push(problem),
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

/// What is wrong with the whole setting.
fn whole(flaw: Flaw) -> Problem {
    Problem {
        flaw,
        text: None,
        write: None,
    }
}

/// Why `new` may not be saved in place of `in_force`; one sentence that says what to write.
///
/// Only what is new in it counts: an administrator who changes something else must not be stopped
/// by what was there before. An empty setting may be saved.
pub(super) fn refusal(in_force: &str, new: &str) -> Option<Problem> {
    if new == in_force {
        return None;
    }
    if new.len() > MAX_SETTING_BYTES {
        return Some(whole(Flaw::SettingTooLong));
    }
    let known: std::collections::HashSet<&str> = split(in_force).collect();
    split(new)
        .filter(|text| !known.contains(text))
        .find_map(|text| trusted_origin::parse(text).err())
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
        assert!(
            problems[0].contains(&format!("{} KiB", MAX_SETTING_BYTES / 1024)),
            "{problems:?}"
        );
    }

    #[test]
    fn past_the_last_origin_allowed_nothing_is_believed_and_one_sentence_says_so() {
        let setting: String = (0..1100)
            .map(|n| format!("https://h{n}.example "))
            .collect();
        let (origins, problems) = parse(&setting);
        assert_eq!(origins.len(), MAX_ORIGINS);
        assert_eq!(problems.len(), 1);
        assert!(
            problems[0].contains(&MAX_ORIGINS.to_string()),
            "{problems:?}"
        );
    }
}
