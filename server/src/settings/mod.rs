//! The plugin's settings as Mattermost stores them, parsed once into what the rest believes.

mod in_force;
mod refusal;
mod saved;
mod trusted_origin;
mod trusted_origins;

pub(crate) use in_force::{Change, SettingsInForce};
pub(crate) use refusal::Verdict;
pub(crate) use saved::plugin_settings;
pub(crate) use trusted_origin::parse as parse_origin;
pub(crate) use trusted_origins::{TrustedOrigins, TrustedOriginsProblem};

use serde_json::{Map, Value};

/// The setting's key in `plugin.json`.
pub(crate) const TRUSTED_ORIGIN: &str = "TrustedOrigin";

/// What an administrator has set, as stored and as understood.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(crate) struct Settings {
    /// `TrustedOrigin` exactly as it stands in the setting: the web part of 2019 reads it.
    pub(crate) trusted_origin: String,
    /// The same, parsed.
    pub(crate) trusted_origins: TrustedOrigins,
}

impl Settings {
    /// Reads what `LoadPluginConfiguration` returns.
    ///
    /// Whatever cannot be understood trusts nobody and is named in the returned problems.
    pub(crate) fn from_plugin_configuration(
        settings: &Map<String, Value>,
    ) -> (Self, Vec<SettingsProblem>) {
        let text = match setting(settings, TRUSTED_ORIGIN) {
            None | Some(Value::Null) => "",
            Some(Value::String(text)) => text,
            Some(other) => {
                let settings = Self {
                    trusted_origin: other.to_string(),
                    ..Self::default()
                };
                return (settings, vec![SettingsProblem::NotText(kind(other))]);
            }
        };
        let (trusted_origins, problems) = TrustedOrigins::parse(text);
        let settings = Self {
            trusted_origin: text.to_owned(),
            trusted_origins,
        };
        (settings, problems.into_iter().map(Into::into).collect())
    }
}

/// Why a part of the settings has no effect; the text is a sentence for the administrator.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum SettingsProblem {
    #[error(
        "the setting {TRUSTED_ORIGIN} is {0}, not text, so no origin is trusted: write origins such as https://mail.example.com, separated by spaces"
    )]
    NotText(&'static str),
    #[error(transparent)]
    TrustedOrigins(#[from] TrustedOriginsProblem),
}

/// Finds a setting whatever the case of its key.
///
/// The System Console stores keys in lower case, `LoadPluginConfiguration` lowers them on most
/// servers, and a `config.json` written by hand carries them as in the manifest. Where several
/// spellings are present, the lower-case one is the one that the System Console shows.
fn setting<'a>(settings: &'a Map<String, Value>, key: &str) -> Option<&'a Value> {
    settings.get(&key.to_ascii_lowercase()).or_else(|| {
        settings
            .iter()
            .find_map(|(name, value)| name.eq_ignore_ascii_case(key).then_some(value))
    })
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
    use serde_json::json;

    fn read(value: &Value) -> (Settings, Vec<String>) {
        let (settings, problems) =
            Settings::from_plugin_configuration(value.as_object().expect("an object"));
        (settings, problems.iter().map(ToString::to_string).collect())
    }

    #[test]
    fn a_setting_stored_by_the_plugin_of_2019_works_under_any_case_of_its_key() {
        for key in ["TrustedOrigin", "trustedorigin", "TRUSTEDORIGIN"] {
            let (settings, problems) = read(&json!({ key: "https://a.example https://b.example" }));
            assert_eq!(
                settings.trusted_origin,
                "https://a.example https://b.example"
            );
            assert_eq!(
                settings.trusted_origins.as_slice(),
                ["https://a.example", "https://b.example"]
            );
            assert!(problems.is_empty());
        }
    }

    #[test]
    fn of_two_spellings_of_the_key_the_one_of_the_system_console_counts() {
        let (settings, _) = read(&json!({
            "TrustedOrigin": "https://old.example",
            "trustedorigin": "https://new.example",
        }));
        assert_eq!(settings.trusted_origins.as_slice(), ["https://new.example"]);
    }

    #[test]
    fn a_missing_setting_trusts_nobody_without_a_complaint() {
        for value in [
            json!({}),
            json!({ "trustedorigin": null }),
            json!({ "trustedorigin": "" }),
        ] {
            assert_eq!(read(&value), (Settings::default(), Vec::new()));
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
    fn what_is_wrong_in_a_list_is_named_and_the_rest_counts() {
        let (settings, problems) = read(&json!({
            "trustedorigin": "https://a.example mail.example.com"
        }));
        assert_eq!(settings.trusted_origins.as_slice(), ["https://a.example"]);
        assert_eq!(
            problems,
            ["mail.example.com has no scheme: write https://mail.example.com"]
        );
    }
}
