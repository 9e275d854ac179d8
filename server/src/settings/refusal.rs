//! Whether settings may be saved, judged while the administrator edits them.

use serde_json::{Map, Value};

use super::{
    CAPABILITIES, Settings, SettingsProblem, TRUSTED_ORIGIN, TrustedOrigins, grants, kind, setting,
    trusted_origins,
};

/// What `ConfigurationWillBeSaved` does with the plugin's own settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// This plugin's settings do not change, or nothing is wrong with them.
    Pass,
    /// They cannot be judged, so they may be saved; the text is for the log.
    PassUnread(String),
    /// The sentence for the administrator, which says what to write instead.
    Refuse(String),
}

impl Settings {
    /// Judges the plugin's settings that are about to take the place of these.
    ///
    /// The hook runs on every save of the whole configuration. To stop a save that has nothing to do
    /// with this plugin would be worse than any wrong origin, so settings that did not change or are
    /// not understood may be saved.
    pub(crate) fn judge(&self, new: &Map<String, Value>) -> Verdict {
        let origins = match text(new, TRUSTED_ORIGIN) {
            Ok(text) => text,
            Err(kind) => {
                let why = SettingsProblem::TrustedOriginNotText(kind);
                return Verdict::PassUnread(why.to_string());
            }
        };
        if let Some(problem) = trusted_origins::refusal(&self.trusted_origin, origins) {
            return Verdict::Refuse(problem.to_string());
        }
        let capabilities = match text(new, CAPABILITIES) {
            Ok(text) => text,
            Err(kind) => {
                let why = SettingsProblem::CapabilitiesNotText(kind);
                return Verdict::PassUnread(why.to_string());
            }
        };
        let (trusted, _) = TrustedOrigins::parse(origins);
        match grants::refusal(&self.capabilities, capabilities, &trusted) {
            None => Verdict::Pass,
            Some(problem) => Verdict::Refuse(problem.to_string()),
        }
    }
}

/// The text of a setting; `Err` says what it is instead.
///
/// A setting that is emptied arrives as absent: gob leaves out what is zero.
fn text<'a>(settings: &'a Map<String, Value>, key: &str) -> Result<&'a str, &'static str> {
    match setting(settings, key) {
        None | Some(Value::Null) => Ok(""),
        Some(Value::String(text)) => Ok(text),
        Some(other) => Err(kind(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn judge(in_force: &str, new: &Value) -> Verdict {
        let in_force = json!({ "trustedorigin": in_force });
        let (settings, _) =
            Settings::from_plugin_configuration(in_force.as_object().expect("an object"));
        settings.judge(new.as_object().expect("an object"))
    }

    fn saving(in_force: &str, new: &str) -> Verdict {
        judge(in_force, &json!({ "trustedorigin": new }))
    }

    fn refuse(sentence: &str) -> Verdict {
        Verdict::Refuse(sentence.to_owned())
    }

    #[test]
    fn a_wrong_origin_is_refused_with_what_to_write() {
        assert_eq!(
            saving("", "https://mail.example.com/webapp"),
            refuse(
                "https://mail.example.com/webapp has a path; an origin has none. Write https://mail.example.com instead."
            )
        );
        assert_eq!(
            saving("", "https://Mail.Example.com/webapp/"),
            refuse(
                "https://Mail.Example.com/webapp/ has a path; an origin has none. Write https://mail.example.com instead."
            )
        );
    }

    #[test]
    fn good_origins_and_none_at_all_may_be_saved() {
        for new in [
            "",
            " ",
            "https://mail.example.com",
            "https://a.example, https://b.example/",
        ] {
            assert_eq!(saving("https://old.example", new), Verdict::Pass, "{new:?}");
        }
        for new in [json!({}), json!({ "trustedorigin": null })] {
            assert_eq!(judge("https://old.example", &new), Verdict::Pass, "{new}");
        }
    }

    #[test]
    fn what_was_wrong_before_stops_no_save() {
        let wrong = "mail.example.com https://old.example/path";
        assert_eq!(saving(wrong, wrong), Verdict::Pass);
        assert_eq!(
            saving(wrong, &format!("{wrong} https://new.example")),
            Verdict::Pass
        );
        assert_eq!(
            saving(wrong, "mail.example.com"),
            Verdict::Pass,
            "struck one of two"
        );
    }

    #[test]
    fn only_what_is_new_is_refused() {
        assert_eq!(
            saving("mail.example.com", "mail.example.com new.example"),
            refuse("new.example has no scheme. Write https://new.example instead.")
        );
    }

    #[test]
    fn a_pasted_file_is_refused_unless_it_is_there_already() {
        let file = "https://a.example ".repeat(10_000);
        let Verdict::Refuse(sentence) = saving("", &file) else {
            panic!("passed");
        };
        assert!(sentence.contains("64 KiB"), "{sentence}");
        assert_eq!(saving(&file, &file), Verdict::Pass);
    }

    #[test]
    fn what_is_no_text_passes_and_is_named_for_the_log() {
        let Verdict::PassUnread(why) = judge("", &json!({ "trustedorigin": ["a"] })) else {
            panic!("judged");
        };
        assert!(why.contains("is a list, not text"), "{why}");
        let Verdict::PassUnread(why) = judge("", &json!({ "capabilities": { "a": [] } })) else {
            panic!("judged");
        };
        assert!(why.contains("Capabilities is an object, not text"), "{why}");
    }

    #[test]
    fn wrong_capabilities_are_refused_with_what_to_write() {
        let saving = |capabilities: &str| {
            let new = json!({ "trustedorigin": "https://a.example", "capabilities": capabilities });
            judge("", &new)
        };
        assert_eq!(saving(r#"{"https://a.example": ["go"]}"#), Verdict::Pass);
        for (wrong, cure) in [
            (
                "{",
                "write it as in {\"https://mail.example.com\": [\"unread\", \"go\"]}",
            ),
            (
                r#"{"https://A.example": ["go"]}"#,
                "write https://a.example",
            ),
            (
                r#"{"https://b.example": ["go"]}"#,
                "add it to the trusted origins",
            ),
            (
                r#"{"https://a.example": ["fly"]}"#,
                "there are unread, session, view",
            ),
        ] {
            let Verdict::Refuse(sentence) = saving(wrong) else {
                panic!("{wrong} passed");
            };
            assert!(sentence.contains(cure), "{sentence}");
        }
    }

    #[test]
    fn an_origin_may_be_struck_while_its_capabilities_stay() {
        let capabilities = r#"{"https://a.example": ["go"]}"#;
        let stored = json!({ "trustedorigin": "https://a.example", "capabilities": capabilities });
        let (settings, _) =
            Settings::from_plugin_configuration(stored.as_object().expect("an object"));
        let judge = |new: Value| settings.judge(new.as_object().expect("an object"));
        for new in [
            json!({ "capabilities": capabilities }),
            json!({ "trustedorigin": "https://b.example", "capabilities": capabilities }),
            json!({
                "trustedorigin": "https://b.example",
                "capabilities": r#"{"https://a.example": ["go"], "https://b.example": ["go"]}"#,
            }),
        ] {
            assert_eq!(judge(new.clone()), Verdict::Pass, "{new}");
        }
        let other = judge(
            json!({ "capabilities": r#"{"https://a.example": [], "https://b.example": []}"# }),
        );
        assert!(matches!(other, Verdict::Refuse(_)), "{other:?}");
    }

    #[test]
    fn the_key_may_be_written_in_any_case() {
        assert_eq!(
            judge("", &json!({ "TrustedOrigin": "a.example" })),
            refuse("a.example has no scheme. Write https://a.example instead.")
        );
    }
}
