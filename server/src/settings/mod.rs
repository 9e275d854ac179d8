//! The plugin's settings as Mattermost stores them, and as they are parsed, once.

mod grants;
mod in_force;
mod refusal;
mod saved;
mod trusted_origin;
mod trusted_origins;

pub(crate) use grants::{Grants, GrantsProblem};
pub(crate) use in_force::{Reading, SettingsInForce};
pub(crate) use refusal::Verdict;
pub(crate) use saved::{plugin_settings, stored_settings};
pub(crate) use trusted_origin::parse as parse_origin;
pub(crate) use trusted_origins::TrustedOrigins;

use notifymatters_findings::problem::Problem;
use serde_json::{Map, Value};

/// The settings' keys in `plugin.json`.
const TRUSTED_ORIGIN: &str = "TrustedOrigin";
const CAPABILITIES: &str = "Capabilities";

/// What an administrator has set, as stored and as understood.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    /// `TrustedOrigin` exactly as it stands in the setting: the web part of 2019 reads it.
    pub(crate) trusted_origin: String,
    /// The same, parsed.
    pub(crate) trusted_origins: TrustedOrigins,
    /// `Capabilities` exactly as it stands in the setting.
    capabilities: String,
    /// The same, parsed.
    pub(crate) grants: Grants,
    /// The spellings of the keys under which something is stored; of each key the first one counts.
    keys: Vec<String>,
}

impl Settings {
    /// Reads what is stored under the plugin's id.
    ///
    /// What cannot be understood makes no origin trusted, and is named in the returned problems.
    pub(crate) fn from_plugin_configuration(
        settings: &Map<String, Value>,
    ) -> (Self, Vec<SettingsProblem>) {
        let mut keys = Vec::new();
        let mut problems = Vec::new();
        for key in [TRUSTED_ORIGIN, CAPABILITIES] {
            let found = spellings(settings, key);
            problems.extend(SettingsProblem::of_spellings(key, &found));
            keys.extend(found.into_iter().map(str::to_owned));
        }
        let (trusted_origin, trusted_origins) = match setting(settings, TRUSTED_ORIGIN) {
            None | Some(Value::Null) => (String::new(), TrustedOrigins::default()),
            Some(Value::String(text)) => {
                let (origins, wrong) = TrustedOrigins::parse(text);
                problems.extend(wrong.into_iter().map(SettingsProblem::from));
                (text.clone(), origins)
            }
            Some(other) => {
                problems.push(SettingsProblem::TrustedOriginNotText(kind(other)));
                (written(other), TrustedOrigins::default())
            }
        };
        let (capabilities, grants) = match setting(settings, CAPABILITIES) {
            None | Some(Value::Null) => (String::new(), Grants::default()),
            Some(Value::String(text)) => {
                let (grants, wrong) = Grants::parse(text, &trusted_origins);
                problems.extend(wrong.into_iter().map(SettingsProblem::from));
                (text.clone(), grants)
            }
            Some(other) => {
                problems.push(SettingsProblem::CapabilitiesNotText(kind(other)));
                (written(other), Grants::none())
            }
        };
        let settings = Self {
            trusted_origin,
            trusted_origins,
            capabilities,
            grants,
            keys,
        };
        (settings, problems)
    }
}

/// Why a part of the settings has no effect; the text is a sentence for the administrator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SettingsProblem {
    #[error(
        "the setting {TRUSTED_ORIGIN} is {0}, not text, so no origin is trusted: write origins such as https://mail.example.com, separated by spaces"
    )]
    TrustedOriginNotText(&'static str),
    #[error(
        "the setting {CAPABILITIES} is {0}, not text, so no origin has any capability: write the JSON as text, or set it in the System Console"
    )]
    CapabilitiesNotText(&'static str),
    #[error(
        "the setting {key} is stored twice: {counts} counts, {stale} has no effect; remove {stale} from {STORED_IN} of the server's configuration"
    )]
    Stale {
        key: &'static str,
        counts: String,
        stale: String,
    },
    #[error(
        "the setting {key} is stored as {counts}, which the System Console does not show, and what is saved there will count instead; rename it to {shown} in {STORED_IN} of the server's configuration",
        shown = key.to_ascii_lowercase()
    )]
    NotShown { key: &'static str, counts: String },
    #[error(transparent)]
    TrustedOrigins(#[from] Problem),
    #[error(transparent)]
    Grants(#[from] GrantsProblem),
}

impl SettingsProblem {
    /// What is wrong with the spellings of a key; the first of them counts.
    fn of_spellings(key: &'static str, spellings: &[&str]) -> Vec<Self> {
        let Some((counts, stale)) = spellings.split_first() else {
            return Vec::new();
        };
        let not_shown = (*counts != key.to_ascii_lowercase()).then(|| Self::NotShown {
            key,
            counts: (*counts).to_owned(),
        });
        let stale = stale.iter().map(|stale| Self::Stale {
            key,
            counts: (*counts).to_owned(),
            stale: (*stale).to_owned(),
        });
        not_shown.into_iter().chain(stale).collect()
    }
}

/// Where the settings stand in Mattermost's configuration.
const STORED_IN: &str = "PluginSettings.Plugins.notifymatters";

/// The setting that counts, whatever the case of its key.
fn setting<'a>(settings: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    settings.get(*spellings(settings, key).first()?)
}

/// The spellings of a key under which something is stored, the one that counts first.
///
/// The System Console reads and writes lower-case keys alone (5.39 to 11.6), so that one counts:
/// what an administrator strikes there must be struck. A `config.json` that was written by hand
/// may carry the key as in the manifest, or in any case, and a save leaves it beside the other.
fn spellings<'a>(settings: &'a Map<String, Value>, key: &str) -> Vec<&'a str> {
    let mut found: Vec<&str> = settings
        .keys()
        .map(String::as_str)
        .filter(|name| name.eq_ignore_ascii_case(key))
        .collect();
    // Any order will do for the rest, as long as it is always the same.
    found.sort_by_key(|name| (*name != key.to_ascii_lowercase(), *name != key, *name));
    found
}

/// As JSON. Its `Display` would be the code that writes answers once more.
fn written(value: &Value) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use notifymatters_protocol::Capability;
    use serde_json::json;

    fn read(value: &Value) -> (Settings, Vec<String>) {
        let (settings, problems) =
            Settings::from_plugin_configuration(value.as_object().expect("an object"));
        (settings, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_setting_stored_by_the_plugin_of_2019_works_under_any_case_of_its_key() {
        for key in ["TrustedOrigin", "trustedorigin", "TRUSTEDORIGIN"] {
            let (settings, _) = read(&json!({ key: "https://a.example https://b.example" }));
            assert_eq!(
                settings.trusted_origin,
                "https://a.example https://b.example"
            );
            assert_eq!(
                settings.trusted_origins.as_slice(),
                ["https://a.example", "https://b.example"]
            );
        }
    }

    #[test]
    fn of_several_spellings_of_the_key_the_one_of_the_system_console_counts() {
        let (settings, problems) = read(&json!({
            "TRUSTEDORIGIN": "https://older.example",
            "TrustedOrigin": "https://old.example not.parsed.example",
            "trustedorigin": "https://new.example",
        }));
        assert_eq!(settings.trusted_origins.as_slice(), ["https://new.example"]);
        assert_eq!(
            settings.keys,
            ["trustedorigin", "TrustedOrigin", "TRUSTEDORIGIN"]
        );
        assert_eq!(
            problems,
            ["TrustedOrigin", "TRUSTEDORIGIN"].map(|stale| format!(
                "the setting TrustedOrigin is stored twice: trustedorigin counts, {stale} has no effect; \
                 remove {stale} from PluginSettings.Plugins.notifymatters of the server's configuration"
            ))
        );
    }

    #[test]
    fn what_was_emptied_in_the_system_console_stays_empty_whatever_other_spellings_say() {
        for emptied in [json!(""), Value::Null] {
            let (settings, _) = read(&json!({
                "TrustedOrigin": "https://struck.example",
                "trustedorigin": emptied,
            }));
            assert!(settings.trusted_origins.as_slice().is_empty());
        }
    }

    #[test]
    fn a_key_that_the_system_console_does_not_show_counts_and_is_named() {
        let (settings, problems) = read(&json!({ "TrustedOrigin": "https://a.example" }));
        assert_eq!(settings.trusted_origins.as_slice(), ["https://a.example"]);
        assert!(
            problems[0].contains("rename it to trustedorigin"),
            "{problems:?}"
        );
        assert_eq!(problems.len(), 1);
    }

    #[test]
    fn a_missing_setting_trusts_nobody_without_a_complaint() {
        for value in [
            json!({}),
            json!({ "trustedorigin": null }),
            json!({ "trustedorigin": "" }),
        ] {
            let (settings, problems) = read(&value);
            assert_eq!(settings.trusted_origin, "");
            assert!(settings.trusted_origins.as_slice().is_empty());
            assert!(problems.is_empty(), "{problems:?}");
        }
    }

    #[test]
    fn a_setting_that_is_no_text_trusts_nobody_and_says_what_it_is() {
        let (settings, problems) = read(&json!({ "trustedorigin": ["https://a.example"] }));
        assert!(settings.trusted_origins.as_slice().is_empty());
        assert_eq!(settings.trusted_origin, r#"["https://a.example"]"#);
        assert!(problems[0].contains("is a list, not text"), "{problems:?}");
    }

    #[test]
    fn capabilities_are_those_of_the_origins_that_the_same_settings_trust() {
        let (settings, problems) = read(&json!({
            "trustedorigin": "https://a.example",
            "capabilities": r#"{"https://a.example": ["go"], "https://b.example": ["go"]}"#,
        }));
        assert!(
            settings
                .grants
                .of("https://a.example")
                .iter()
                .eq([Capability::Go])
        );
        assert_eq!(problems.len(), 1, "{problems:?}");
        assert!(problems[0].contains("https://b.example, which is no trusted origin"));
    }

    #[test]
    fn capabilities_under_another_spelling_of_their_key_count_alone_and_are_named() {
        let by_hand = r#"{"https://a.example": ["go"]}"#;
        let (settings, problems) =
            read(&json!({ "trustedorigin": "https://a.example", "Capabilities": by_hand }));
        assert!(
            settings
                .grants
                .of("https://a.example")
                .iter()
                .eq([Capability::Go])
        );
        assert_eq!(
            problems,
            [
                "the setting Capabilities is stored as Capabilities, which the System Console does not show, \
              and what is saved there will count instead; \
              rename it to capabilities in PluginSettings.Plugins.notifymatters of the server's configuration"
            ]
        );
        let (settings, problems) = read(&json!({
            "trustedorigin": "https://a.example", "Capabilities": by_hand, "capabilities": "",
        }));
        assert_eq!(settings.grants, Grants::default());
        assert_eq!(
            problems,
            [
                "the setting Capabilities is stored twice: capabilities counts, Capabilities has no effect; \
              remove Capabilities from PluginSettings.Plugins.notifymatters of the server's configuration"
            ]
        );
    }

    #[test]
    fn capabilities_that_are_no_text_grant_nothing_and_say_what_they_are() {
        let (settings, problems) = read(&json!({
            "trustedorigin": "https://a.example", "capabilities": { "https://a.example": ["go"] },
        }));
        assert!(settings.grants.of("https://a.example").is_empty());
        assert!(
            problems[0].contains("Capabilities is an object, not text"),
            "{problems:?}"
        );
    }

    #[test]
    fn what_is_wrong_in_a_list_is_named_and_the_rest_counts() {
        let (settings, problems) = read(&json!({
            "trustedorigin": "https://a.example mail.example.com"
        }));
        assert_eq!(settings.trusted_origins.as_slice(), ["https://a.example"]);
        assert_eq!(
            problems,
            ["mail.example.com has no scheme. Write https://mail.example.com instead."]
        );
    }
}
