//! The settings in force, shared by hooks and requests.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use arc_swap::ArcSwapOption;
use serde_json::{Map, Value};

use super::{Settings, Verdict};

/// Holds the settings since they could first be read.
#[derive(Debug, Default)]
pub(crate) struct SettingsInForce {
    current: ArcSwapOption<Settings>,
    begun: AtomicU64,
    last: Mutex<Last>,
}

/// What the last [`SettingsInForce::replace`] left.
#[derive(Debug, Default)]
struct Last {
    reading: u64,
    /// Open pages were told since the trusted origins and their capabilities became what they are.
    told: bool,
}

/// One reading of the settings from the server; the result of a later one takes precedence.
#[derive(Debug)]
pub(crate) struct Reading(u64);

impl SettingsInForce {
    /// The settings; as long as none could be read, they trust no origin.
    pub(crate) fn current(&self) -> Arc<Settings> {
        self.current.load_full().unwrap_or_default()
    }

    /// Judges settings that are about to be saved. As long as none are in force, it is unknown what is
    /// new in them, and all may be saved.
    pub(crate) fn judge(&self, new: &Map<String, Value>) -> Verdict {
        match &*self.current.load() {
            Some(settings) => settings.judge(new),
            None => Verdict::Pass,
        }
    }

    /// To be called before the settings are asked for.
    pub(crate) fn begin(&self) -> Reading {
        Reading(self.begun.fetch_add(1, Ordering::Relaxed) + 1)
    }

    /// Whether no reading has begun since this one.
    pub(crate) fn is_latest(&self, reading: &Reading) -> bool {
        self.begun.load(Ordering::Relaxed) == reading.0
    }

    /// Puts `settings` in force, unless those of a later reading are: Mattermost runs the hook for
    /// two changes side by side, and the answer to the first may be the last to arrive.
    ///
    /// What the caller is told to announce counts as announced until [`Self::not_announced`].
    pub(crate) fn replace(&self, reading: &Reading, settings: Settings) -> Change {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if reading.0 < last.reading {
            return Change::default();
        }
        last.reading = reading.0;
        let settings = Arc::new(settings);
        let before = self.current.swap(Some(Arc::clone(&settings)));
        let means_the_same = before.as_ref().is_some_and(|before| {
            before.trusted_origins == settings.trusted_origins && before.grants == settings.grants
        });
        let announce = !(last.told && means_the_same);
        last.told = true;
        Change {
            is_new: before.is_none_or(|before| before != settings),
            announce,
        }
    }

    /// Notes that open pages could not be told.
    pub(crate) fn not_announced(&self) {
        self.last
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .told = false;
    }
}

/// What [`SettingsInForce::replace`] changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Change {
    /// The administrator has written something since, or nothing was read before; what is wrong
    /// with it is news then.
    pub(crate) is_new: bool,
    /// Open pages may have other trusted origins or capabilities. So they may after a start: they have
    /// those of an earlier process, and were not told what changed while no process ran.
    pub(crate) announce: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn settings(trusted_origin: &str) -> Settings {
        let stored = json!({ "trustedorigin": trusted_origin });
        Settings::from_plugin_configuration(stored.as_object().expect("an object")).0
    }

    const NOTHING: Change = Change {
        is_new: false,
        announce: false,
    };
    const OTHER_TEXT: Change = Change {
        is_new: true,
        announce: false,
    };
    const OTHER_MEANING: Change = Change {
        is_new: true,
        announce: true,
    };

    #[test]
    fn only_another_meaning_is_announced_and_the_first_of_a_process() {
        let in_force = SettingsInForce::default();
        let replace = |text| in_force.replace(&in_force.begin(), settings(text));
        assert_eq!(replace("https://a.example"), OTHER_MEANING);
        assert_eq!(replace("https://a.example"), NOTHING);
        assert_eq!(replace("https://A.example:443/  "), OTHER_TEXT);
        assert_eq!(replace("https://a.example nonsense"), OTHER_TEXT);
        assert_eq!(
            replace("https://a.example https://b.example"),
            OTHER_MEANING
        );
        assert_eq!(replace(""), OTHER_MEANING);
    }

    #[test]
    fn a_changed_grant_is_announced_and_one_that_changes_nothing_is_not() {
        let in_force = SettingsInForce::default();
        let replace = |capabilities: &str| {
            let stored =
                json!({ "trustedorigin": "https://a.example", "capabilities": capabilities });
            let stored = stored.as_object().expect("an object");
            let (settings, _) = Settings::from_plugin_configuration(stored);
            in_force.replace(&in_force.begin(), settings)
        };
        assert_eq!(replace(""), OTHER_MEANING);
        assert_eq!(
            replace(r#"{"https://a.example": ["unread", "session", "view"]}"#),
            OTHER_TEXT
        );
        assert_eq!(replace(r#"{"https://b.example": ["go"]}"#), OTHER_TEXT);
        for other in [
            r#"{"https://a.example": ["unread", "session", "view", "go"]}"#,
            r#"{"https://a.example": []}"#,
            "",
            "{",
        ] {
            assert_eq!(replace(other), OTHER_MEANING, "{other}");
        }
    }

    #[test]
    fn what_pages_could_not_be_told_is_announced_with_the_next_reading() {
        let in_force = SettingsInForce::default();
        let replace = || in_force.replace(&in_force.begin(), settings("https://a.example"));
        assert!(replace().announce);
        in_force.not_announced();
        assert!(replace().announce);
        assert!(!replace().announce);
    }

    #[test]
    fn the_answer_to_an_earlier_question_does_not_undo_a_later_one() {
        let in_force = SettingsInForce::default();
        let (first, second) = (in_force.begin(), in_force.begin());
        assert!(!in_force.is_latest(&first) && in_force.is_latest(&second));
        assert!(
            in_force
                .replace(&second, settings("https://kept.example"))
                .announce
        );
        let late = in_force.replace(
            &first,
            settings("https://kept.example https://struck.example"),
        );
        assert_eq!(late, NOTHING);
        assert_eq!(in_force.current().trusted_origin, "https://kept.example");
    }

    #[test]
    fn the_text_is_kept_as_stored_also_when_its_meaning_stays() {
        let in_force = SettingsInForce::default();
        in_force.replace(&in_force.begin(), settings("https://a.example"));
        in_force.replace(&in_force.begin(), settings(" https://A.example/"));
        assert_eq!(in_force.current().trusted_origin, " https://A.example/");
    }

    #[test]
    fn nothing_is_refused_as_long_as_nothing_was_read() {
        let in_force = SettingsInForce::default();
        let wrong = json!({ "trustedorigin": "mail.example.com" });
        let wrong = wrong.as_object().expect("an object");
        assert_eq!(in_force.judge(wrong), Verdict::Pass);
        in_force.replace(&in_force.begin(), settings(""));
        assert!(matches!(in_force.judge(wrong), Verdict::Refuse(_)));
    }
}
