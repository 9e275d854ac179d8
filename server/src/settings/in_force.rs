//! The settings that count at this moment, shared by hooks and requests.

use std::sync::Arc;

use arc_swap::ArcSwapOption;

use super::Settings;

/// Holds the settings since `OnConfigurationChange` first read them.
#[derive(Debug, Default)]
pub(crate) struct SettingsInForce(ArcSwapOption<Settings>);

impl SettingsInForce {
    /// The settings, or those that trust nobody as long as none could be read.
    pub(crate) fn current(&self) -> Arc<Settings> {
        self.0.load_full().unwrap_or_default()
    }

    /// Puts `settings` in force and says what that means to open pages.
    pub(crate) fn replace(&self, settings: Settings) -> Change {
        let settings = Arc::new(settings);
        match self.0.swap(Some(Arc::clone(&settings))) {
            None => Change::First,
            Some(before) if before == settings => Change::None,
            Some(before) if before.trusted_origins == settings.trusted_origins => Change::Text,
            Some(_) => Change::TrustedOrigins,
        }
    }
}

/// What `SettingsInForce::replace` changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Change {
    /// Nothing was in force before: no page can have read anything else.
    First,
    /// Mattermost calls the hook also when some other setting changed.
    None,
    /// Another text, but the same trusted origins in the same order.
    Text,
    /// Open pages hold a list that counts no longer.
    TrustedOrigins,
}

impl Change {
    /// Whether the administrator has written something since; what is wrong with it is news then.
    pub(crate) fn is_new(self) -> bool {
        self != Self::None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn settings(trusted_origin: &str) -> Settings {
        let stored = json!({ "trustedorigin": trusted_origin });
        Settings::from_plugin_configuration(stored.as_object().expect("an object")).0
    }

    #[test]
    fn only_another_meaning_is_a_change() {
        let in_force = SettingsInForce::default();
        let replace = |text| in_force.replace(settings(text));
        assert_eq!(replace("https://a.example"), Change::First);
        assert_eq!(replace("https://a.example"), Change::None);
        assert_eq!(replace("https://A.example:443/  "), Change::Text);
        assert_eq!(replace("https://a.example nonsense"), Change::Text);
        assert_eq!(
            replace("https://a.example https://b.example"),
            Change::TrustedOrigins
        );
        assert_eq!(replace(""), Change::TrustedOrigins);
    }

    #[test]
    fn the_text_is_kept_as_stored_also_when_its_meaning_stays() {
        let in_force = SettingsInForce::default();
        in_force.replace(settings("https://a.example"));
        in_force.replace(settings(" https://A.example/"));
        assert_eq!(in_force.current().trusted_origin, " https://A.example/");
    }
}
