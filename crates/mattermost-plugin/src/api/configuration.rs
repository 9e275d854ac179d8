//! The plugin's settings as a Rust type.

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::Api;
use crate::wire::ValueOnly;
use crate::{Error, ErrorKind};

/// What was expected, for errors.
const WHAT: &str = "the plugin's settings";

impl Api {
    /// The plugin's settings, with the manifest's defaults for those that were never set.
    ///
    /// **The names of the settings are in lower case** (`#[serde(rename = "trustedorigin")]`): servers store them
    /// differently, because Go ignores the case of names in JSON.
    ///
    /// # Errors
    /// When the settings do not fit `T`, or the server does not answer.
    pub async fn load_plugin_configuration<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let json: Vec<u8> = self
            .call::<ValueOnly<Vec<u8>>, _>("Plugin.LoadPluginConfiguration", ())
            .await?;
        Ok(parse(&json)?)
    }
}

fn parse<T: DeserializeOwned>(json: &[u8]) -> Result<T, ErrorKind> {
    let failed = |source| ErrorKind::Json { what: WHAT, source };
    let settings: Option<Map<String, Value>> = serde_json::from_slice(json).map_err(failed)?;
    let settings = settings.unwrap_or_default().into_iter();
    let settings: Map<String, Value> = settings
        .map(|(name, value)| (name.to_lowercase(), value))
        .collect();
    serde_json::from_value(Value::Object(settings)).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, PartialEq, serde::Deserialize)]
    #[serde(default)]
    struct Settings {
        trustedorigin: String,
    }

    impl Default for Settings {
        fn default() -> Self {
            Self {
                trustedorigin: "none".into(),
            }
        }
    }

    fn origin(json: &str) -> Result<String, String> {
        let settings: Result<Settings, _> = parse(json.as_bytes());
        settings
            .map(|settings| settings.trustedorigin)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn the_case_of_a_settings_name_does_not_matter() {
        for name in ["TrustedOrigin", "trustedorigin", "TRUSTEDORIGIN"] {
            assert_eq!(origin(&format!("{{\"{name}\": \"a\"}}")).unwrap(), "a");
        }
    }

    #[test]
    fn no_settings_are_empty_settings() {
        assert_eq!(origin("{}").unwrap(), "none");
        assert_eq!(origin("null").unwrap(), "none");
    }

    #[test]
    fn settings_that_are_no_json_or_do_not_fit_are_an_error_that_says_so() {
        for json in ["", "[]", "{", "{\"TrustedOrigin\": 7}"] {
            let error = origin(json).unwrap_err();
            assert!(error.starts_with("the plugin's settings: "), "{error}");
        }
    }
}
