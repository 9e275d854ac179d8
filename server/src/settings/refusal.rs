//! Whether settings may be saved, judged while the administrator still looks at them.

use serde_json::{Map, Value};

use super::{Settings, SettingsProblem, TRUSTED_ORIGIN, kind, setting, trusted_origins};

/// What `ConfigurationWillBeSaved` does with the plugin's own settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Nothing of ours changes, or nothing is wrong with it.
    Pass,
    /// Cannot be judged, so it passes; the text is for the log.
    PassUnread(String),
    /// The sentence that the administrator reads, with what to write.
    Refuse(String),
}

impl Settings {
    /// Judges the plugin's settings that are about to take the place of these.
    ///
    /// The hook runs on every save of the whole configuration. Stopping a save that has nothing to
    /// do with this plugin would be worse than any wrong origin, so everything passes that did not
    /// change or is not understood.
    pub(crate) fn judge(&self, new: &Map<String, Value>) -> Verdict {
        let text = match setting(new, TRUSTED_ORIGIN) {
            // A setting that is emptied arrives as absent: gob leaves out what is zero.
            None | Some(Value::Null) => return Verdict::Pass,
            Some(Value::String(text)) => text,
            Some(other) => {
                return Verdict::PassUnread(SettingsProblem::NotText(kind(other)).to_string());
            }
        };
        match trusted_origins::refusal(&self.trusted_origin, text) {
            None => Verdict::Pass,
            Some(problem) => Verdict::Refuse(problem.to_string()),
        }
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
            refuse("https://mail.example.com/webapp has a path: write https://mail.example.com")
        );
        assert_eq!(
            saving("", "https://Mail.Example.com/webapp/"),
            refuse("https://Mail.Example.com/webapp/ has a path: write https://mail.example.com")
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
            refuse("new.example has no scheme: write https://new.example")
        );
    }

    #[test]
    fn a_pasted_file_is_refused_unless_it_is_there_already() {
        let file = "https://a.example ".repeat(10_000);
        let Verdict::Refuse(sentence) = saving("", &file) else {
            panic!("passed");
        };
        assert!(sentence.contains("180000 bytes"), "{sentence}");
        assert_eq!(saving(&file, &file), Verdict::Pass);
    }

    #[test]
    fn what_is_no_text_passes_and_is_named_for_the_log() {
        let Verdict::PassUnread(why) = judge("", &json!({ "trustedorigin": ["a"] })) else {
            panic!("judged");
        };
        assert!(why.contains("is a list, not text"), "{why}");
    }

    #[test]
    fn the_key_may_be_written_in_any_case() {
        assert_eq!(
            judge("", &json!({ "TrustedOrigin": "a.example" })),
            refuse("a.example has no scheme: write https://a.example")
        );
    }
}
