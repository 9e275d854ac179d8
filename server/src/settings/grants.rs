//! The capabilities of each trusted origin, which one setting holds as JSON.

use std::fmt;

use notifymatters_findings::problem::Problem;
use notifymatters_protocol::{Capabilities, Capability, UnknownCapability};
use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::Value;

use super::trusted_origin::{self, QUOTED_CHARS};
use super::trusted_origins::{MAX_SETTING_BYTES, TrustedOrigins};
use super::{CAPABILITIES, kind, written};

/// The capabilities of the trusted origins: two are equal if every origin has the same in both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Grants {
    /// Only trusted origins whose capabilities differ from `otherwise`, in the order of their texts.
    by_origin: Vec<(String, Capabilities)>,
    /// What the other trusted origins have.
    otherwise: Capabilities,
}

impl Default for Grants {
    fn default() -> Self {
        Self::nothing_but(Capabilities::DEFAULT)
    }
}

impl Grants {
    /// Parses a setting such as `{"https://mail.example.com": ["unread", "go"]}`.
    ///
    /// What is wrong is left out and named; the rest counts. A text that is not a JSON object grants no capability to any origin,
    /// not even the defaults: a typing error must not give back what the administrator has taken from an origin.
    pub(crate) fn parse(setting: &str, trusted: &TrustedOrigins) -> (Self, Vec<GrantsProblem>) {
        if setting.trim().is_empty() {
            return (Self::default(), Vec::new());
        }
        let entries = match read(setting) {
            Ok(entries) => entries,
            Err(problem) => return (Self::none(), vec![problem]),
        };
        let mut grants = Self::default();
        let mut problems = Vec::new();
        for (text, value) in entries {
            let origin = match trusted_origin::parse(&text) {
                Ok(origin) => origin,
                Err(error) => {
                    problems.push(GrantsProblem::Origin(error));
                    continue;
                }
            };
            if !trusted.contains(&origin) {
                problems.push(GrantsProblem::NotTrusted(origin.clone()));
            }
            if text != origin {
                let origin = origin.clone();
                problems.push(GrantsProblem::NotCanonical { text, origin });
            }
            let granted = capabilities(&origin, &value, &mut problems);
            match grants.place(&origin) {
                Err(place) => grants.by_origin.insert(place, (origin, granted)),
                Ok(place) => {
                    let (_, both) = &mut grants.by_origin[place];
                    *both = both.intersection(granted);
                    problems.push(GrantsProblem::Twice(origin));
                }
            }
        }
        grants.by_origin.retain(|(origin, granted)| {
            trusted.contains(origin) && *granted != Capabilities::DEFAULT
        });
        (grants, problems)
    }

    /// The capabilities of a trusted origin.
    pub(crate) fn of(&self, origin: &str) -> Capabilities {
        self.place(origin)
            .map_or(self.otherwise, |place| self.by_origin[place].1)
    }

    /// Where the origin is in the list, or would have to be.
    fn place(&self, origin: &str) -> Result<usize, usize> {
        self.by_origin
            .binary_search_by(|(known, _)| known.as_str().cmp(origin))
    }

    /// No capability for any origin: what counts if the setting cannot be understood.
    pub(super) fn none() -> Self {
        Self::nothing_but(Capabilities::NONE)
    }

    fn nothing_but(otherwise: Capabilities) -> Self {
        Self {
            by_origin: Vec::new(),
            otherwise,
        }
    }
}

/// Why a part of the setting has no effect, or another effect than it seems; the text is a sentence for the administrator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GrantsProblem {
    #[error(
        "the setting {CAPABILITIES} has {0} bytes, more than {MAX_SETTING_BYTES}, so no origin has any capability: name only origins whose capabilities differ from the default"
    )]
    TooLong(usize),
    #[error(
        "the setting {CAPABILITIES} is no JSON ({0}), so no origin has any capability: {EXAMPLE}"
    )]
    NoJson(String),
    #[error(
        "the setting {CAPABILITIES} is no JSON object, so no origin has any capability: {EXAMPLE}"
    )]
    NoObject,
    #[error("in the setting {CAPABILITIES}: {0}")]
    Origin(Problem),
    #[error(
        "in the setting {CAPABILITIES}, {text} is not as browsers write this origin: write {origin}"
    )]
    NotCanonical { text: String, origin: String },
    #[error(
        "the setting {CAPABILITIES} names {0}, which is no trusted origin, so that has no effect: remove it, or add it to the trusted origins"
    )]
    NotTrusted(String),
    #[error(
        "the setting {CAPABILITIES} names {0} more than once, so it has only what is granted each time: write it once"
    )]
    Twice(String),
    #[error(
        "the setting {CAPABILITIES} grants {origin} {kind}, not a list, so it has no capability: write a list such as [\"unread\", \"go\"]"
    )]
    NoList { origin: String, kind: &'static str },
    #[error(
        "the setting {CAPABILITIES} grants {origin} {name}, but {UnknownCapability}: correct it or remove it"
    )]
    Unknown { origin: String, name: String },
}

const EXAMPLE: &str = "write it as in {\"https://mail.example.com\": [\"unread\", \"go\"]}";

/// Why `new` may not be saved in place of `in_force`; one sentence that says what to write.
///
/// Only what is new in it counts, as for the trusted origins: the old capabilities of an origin that is removed from the
/// trusted origins in the same save may stay.
pub(super) fn refusal(
    in_force: &str,
    new: &str,
    trusted: &TrustedOrigins,
) -> Option<GrantsProblem> {
    let (_, known) = Grants::parse(in_force, trusted);
    let (_, problems) = Grants::parse(new, trusted);
    problems
        .into_iter()
        .find(|problem| !known.contains(problem))
}

/// What a list grants; what is wrong with it is added to the problems.
fn capabilities(origin: &str, value: &Value, problems: &mut Vec<GrantsProblem>) -> Capabilities {
    let Value::Array(names) = value else {
        problems.push(GrantsProblem::NoList {
            origin: origin.to_owned(),
            kind: kind(value),
        });
        return Capabilities::NONE;
    };
    let mut granted = Capabilities::NONE;
    for name in names {
        match name.as_str().map(str::parse::<Capability>) {
            Some(Ok(capability)) => granted.insert(capability),
            Some(Err(UnknownCapability)) | None => problems.push(GrantsProblem::Unknown {
                origin: origin.to_owned(),
                name: written(name).chars().take(QUOTED_CHARS).collect(),
            }),
        }
    }
    granted
}

fn read(setting: &str) -> Result<Vec<(String, Value)>, GrantsProblem> {
    if setting.len() > MAX_SETTING_BYTES {
        return Err(GrantsProblem::TooLong(setting.len()));
    }
    match serde_json::from_str(setting) {
        Ok(Object(entries)) => Ok(entries),
        // Its text would quote the whole setting if that is a JSON string.
        Err(error) if error.is_data() => Err(GrantsProblem::NoObject),
        Err(error) => Err(GrantsProblem::NoJson(error.to_string())),
    }
}

/// A JSON object, and the keys that it has twice.
struct Object(Vec<(String, Value)>);

impl<'de> Deserialize<'de> for Object {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries;

        impl<'de> Visitor<'de> for Entries {
            type Value = Object;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Object, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Object(entries))
            }
        }

        deserializer.deserialize_map(Entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUSTED: &str = "https://a.example https://b.example";

    fn trusted() -> TrustedOrigins {
        TrustedOrigins::parse(TRUSTED).0
    }

    /// What the two trusted origins have, and what is wrong.
    fn parse(setting: &str) -> ([String; 2], Vec<String>) {
        let (grants, problems) = Grants::parse(setting, &trusted());
        let names = |origin| {
            let names = grants.of(origin).iter().map(Capability::as_str);
            names.collect::<Vec<_>>().join(" ")
        };
        (
            ["https://a.example", "https://b.example"].map(names),
            problems.iter().map(ToString::to_string).collect(),
        )
    }

    const DEFAULT: &str = "unread session view";

    #[test]
    fn an_origin_has_what_it_is_granted_and_one_that_is_not_named_has_the_default() {
        for setting in ["", " \n", "{}"] {
            let (granted, problems) = parse(setting);
            assert_eq!(granted, [DEFAULT, DEFAULT], "{setting:?}");
            assert!(problems.is_empty());
        }
        let (granted, problems) =
            parse("{\"https://a.example\": [\"status.set\", \"unread\", \"unread\"]}\n");
        assert_eq!(granted, ["unread status.set", DEFAULT]);
        assert!(problems.is_empty(), "{problems:?}");
        let (granted, _) = parse(r#"{"https://a.example": []}"#);
        assert_eq!(granted, ["", DEFAULT]);
    }

    #[test]
    fn a_setting_that_is_no_json_object_grants_nothing_and_says_where_it_ends_to_be_one() {
        for (setting, sentence) in [
            (
                "{\"https://a.example\": [\"unread\"]\n \"https://b.example\": []}",
                "the setting Capabilities is no JSON (expected `,` or `}` at line 2 column 2), so no origin has any capability: \
                 write it as in {\"https://mail.example.com\": [\"unread\", \"go\"]}",
            ),
            (
                "\"https://a.example\"",
                "the setting Capabilities is no JSON object, so no origin has any capability: \
                 write it as in {\"https://mail.example.com\": [\"unread\", \"go\"]}",
            ),
        ] {
            let (granted, problems) = parse(setting);
            assert_eq!(granted, ["", ""], "{setting}");
            assert_eq!(problems, [sentence]);
        }
        for setting in [
            "{",
            "{} x",
            "[]",
            "null",
            "unread",
            "{\"a\": [}",
            "{'a': []}",
        ] {
            let (granted, problems) = parse(setting);
            assert_eq!(granted, ["", ""], "{setting}");
            assert_eq!(problems.len(), 1, "{setting}");
        }
        let (granted, problems) = parse(&" ".repeat(MAX_SETTING_BYTES).replace(' ', "[]"));
        assert_eq!(granted, ["", ""]);
        assert!(problems[0].contains("131072 bytes"), "{problems:?}");
    }

    #[test]
    fn what_is_wrong_with_one_entry_is_named_with_the_cure_and_the_rest_counts() {
        for (entry, granted, sentences) in [
            (
                r#""https://a.example": ["go", "unraed", 7]"#,
                "go",
                vec![
                    "the setting Capabilities grants https://a.example \"unraed\", but there is no such capability; \
                     there are unread, session, view, status, context, go and status.set: correct it or remove it",
                    "the setting Capabilities grants https://a.example 7, but there is no such capability; \
                     there are unread, session, view, status, context, go and status.set: correct it or remove it",
                ],
            ),
            (
                r#""https://a.example": "go""#,
                "",
                vec![
                    "the setting Capabilities grants https://a.example text, not a list, so it has no capability: \
                     write a list such as [\"unread\", \"go\"]",
                ],
            ),
            (
                r#""https://A.example/": ["go"]"#,
                "go",
                vec![
                    "in the setting Capabilities, https://A.example/ is not as browsers write this origin: \
                     write https://a.example",
                ],
            ),
            (
                r#""https://a.example": ["go", "view"], "https://a.example": ["go", "status"]"#,
                "go",
                vec![
                    "the setting Capabilities names https://a.example more than once, so it has only what is granted each time: \
                     write it once",
                ],
            ),
            (
                r#""a.example": []"#,
                DEFAULT,
                vec![
                    "in the setting Capabilities: a.example has no scheme. Write https://a.example instead.",
                ],
            ),
            (
                r#""https://c.example": ["go"]"#,
                DEFAULT,
                vec![
                    "the setting Capabilities names https://c.example, which is no trusted origin, so that has no effect: \
                     remove it, or add it to the trusted origins",
                ],
            ),
        ] {
            let setting = format!(r#"{{{entry}, "https://b.example": ["status"]}}"#);
            let (found, problems) = parse(&setting);
            assert_eq!(found, [granted, "status"], "{setting}");
            assert_eq!(problems, sentences, "{setting}");
        }
    }

    #[test]
    fn a_name_that_is_a_pasted_file_is_quoted_in_part_only() {
        let setting = format!(r#"{{"https://a.example": ["{}"]}}"#, "x".repeat(10_000));
        let (_, problems) = parse(&setting);
        assert!(problems[0].len() < 400, "{problems:?}");
    }

    #[test]
    fn grants_that_give_every_origin_the_same_are_equal_however_they_are_written() {
        let grants = |setting| Grants::parse(setting, &trusted()).0;
        let granted = grants(r#"{"https://a.example": ["go", "unread"]}"#);
        for same in [
            r#"{"https://a.example":["unread","go"],"https://b.example":["unread","session","view"]}"#,
            r#"{"https://a.example":["unread","go"],"https://c.example":["status"]}"#,
        ] {
            assert_eq!(grants(same), granted, "{same}");
        }
        for other in ["", "{", r#"{"https://a.example": ["go"]}"#] {
            assert_ne!(grants(other), granted, "{other}");
        }
        assert_ne!(grants("{"), grants(""));
    }

    #[test]
    fn only_what_is_new_is_refused() {
        let old = r#"{"https://struck.example":["go"],"https://a.example":["unraed"]}"#;
        for fine in [
            "",
            old,
            r#"{"https://a.example":["unraed"],"https://struck.example":["go"]}"#,
            r#"{"https://struck.example":["go"],"https://b.example":["status"]}"#,
        ] {
            assert_eq!(refusal(old, fine, &trusted()), None, "{fine}");
        }
        for (new, part) in [
            (
                r#"{"https://struck.example":["go"],"https://new.example":[]}"#,
                "new.example",
            ),
            (r#"{"https://a.example":["unraed","og"]}"#, "\"og\""),
            ("{", "line 1 column 1"),
        ] {
            let sentence = refusal(old, new, &trusted()).map(|problem| problem.to_string());
            assert!(
                sentence.as_ref().is_some_and(|text| text.contains(part)),
                "{new}: {sentence:?}"
            );
        }
        assert_eq!(refusal("{", "{", &trusted()), None);
    }
}
