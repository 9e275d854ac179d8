//! The plugin's settings as Mattermost sends them: alone, or in a whole configuration that is about to be saved.

use mattermost_plugin::{Payload, gob};
use serde_json::{Map, Value};

/// What Mattermost stores the settings under, `PluginSettings.Plugins[<id>]`.
const PLUGIN_ID: &str = "notifymatters";

/// Settings of this plugin are not nested deeper.
const MAX_DEPTH: usize = 8;

/// What `GetPluginConfig` returned: the settings with their keys as they are stored.
pub(crate) fn stored_settings(settings: Payload) -> Map<String, Value> {
    settings
        .into_iter()
        .map(|(key, value)| (key, interface_to_json(value.as_ref(), 0)))
        .collect()
}

/// The settings in a `model.Config`, if there are any.
pub(crate) fn plugin_settings(configuration: &gob::Value) -> Map<String, Value> {
    configuration
        .field("PluginSettings")
        .and_then(|settings| settings.field("Plugins"))
        .and_then(|plugins| plugins.entry(PLUGIN_ID))
        .and_then(|settings| match to_json(settings, 0) {
            Value::Object(settings) => Some(settings),
            _ => None,
        })
        .unwrap_or_default()
}

/// Only texts keep their value. Of everything else only the type is kept, because all settings of
/// this plugin are texts.
fn to_json(value: &gob::Value, depth: usize) -> Value {
    if depth == MAX_DEPTH {
        return Value::Null;
    }
    match value {
        gob::Value::Bool(value) => Value::Bool(*value),
        gob::Value::Int(_)
        | gob::Value::Uint(_)
        | gob::Value::Float(_)
        | gob::Value::Complex(_) => Value::from(0),
        gob::Value::String(text) => Value::String(String::from_utf8_lossy(text).into_owned()),
        gob::Value::List(_) | gob::Value::Bytes(_) | gob::Value::Opaque(_) => {
            Value::Array(Vec::new())
        }
        gob::Value::Struct(_) => Value::Object(Map::new()),
        gob::Value::Map(map) => {
            let entries = map.entries().iter().filter_map(|(key, value)| {
                Some((key.as_str()?.to_owned(), to_json(value, depth + 1)))
            });
            Value::Object(entries.collect())
        }
        gob::Value::Interface(interface) => interface_to_json(interface.as_deref(), depth),
    }
}

fn interface_to_json(interface: Option<&gob::Interface>, depth: usize) -> Value {
    interface.map_or(Value::Null, |interface| {
        to_json(&interface.value, depth + 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use gob::{Encode, Interface};
    use serde_json::json;
    use std::collections::BTreeMap;

    #[derive(Default, Encode)]
    struct Config {
        service_settings: ServiceSettings,
        plugin_settings: PluginSettings,
    }

    #[derive(Default, Encode)]
    struct ServiceSettings {
        #[gob(name = "SiteURL")]
        site_url: String,
    }

    #[derive(Default, Encode)]
    struct PluginSettings {
        plugins: BTreeMap<String, BTreeMap<String, Option<Interface>>>,
    }

    /// A configuration as it arrives, with the settings of this plugin.
    fn arrived(settings: BTreeMap<String, Option<Interface>>) -> gob::Value {
        let mut config = Config::default();
        config.service_settings.site_url = "https://chat.example.com".to_owned();
        config
            .plugin_settings
            .plugins
            .insert(PLUGIN_ID.to_owned(), settings);
        decoded(&config)
    }

    fn decoded(config: &Config) -> gob::Value {
        let mut buffer = bytes::BytesMut::new();
        gob::Encoder::new()
            .encode(config, &mut buffer)
            .expect("encoded");
        let mut decoder = gob::Decoder::default();
        let message = decoder
            .next_message(&mut buffer)
            .expect("well-formed")
            .expect("whole");
        decoder.decode(&message).expect("decoded")
    }

    fn text(value: &str) -> Option<Interface> {
        Some(Interface::new("string", gob::Value::String(value.into())))
    }

    #[test]
    fn the_setting_is_found_in_a_configuration_that_came_through_gob() {
        let configuration = arrived(BTreeMap::from([
            ("trustedorigin".to_owned(), text("https://mail.example.com")),
            (
                "other".to_owned(),
                Some(Interface::new("bool", gob::Value::Bool(true))),
            ),
        ]));
        assert_eq!(
            Value::Object(plugin_settings(&configuration)),
            json!({ "trustedorigin": "https://mail.example.com", "other": true })
        );
    }

    #[test]
    fn both_spellings_of_a_key_arrive_as_they_are_stored() {
        let stored = BTreeMap::from([
            ("TrustedOrigin".to_owned(), text("https://old.example")),
            ("trustedorigin".to_owned(), text("")),
            ("nothing".to_owned(), None),
        ]);
        assert_eq!(
            Value::Object(stored_settings(stored)),
            json!({ "TrustedOrigin": "https://old.example", "trustedorigin": "", "nothing": null })
        );
    }

    #[test]
    fn a_configuration_without_the_plugin_has_no_settings() {
        assert_eq!(plugin_settings(&decoded(&Config::default())), Map::new());
        assert_eq!(plugin_settings(&gob::Value::Bool(true)), Map::new());
    }

    #[test]
    fn a_setting_that_is_no_text_is_told_apart() {
        let configuration = arrived(BTreeMap::from([(
            "trustedorigin".to_owned(),
            Some(Interface::new("float64", gob::Value::Float(1.5))),
        )]));
        assert!(plugin_settings(&configuration)["trustedorigin"].is_number());
    }
}
