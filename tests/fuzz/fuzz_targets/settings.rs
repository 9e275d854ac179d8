//! Any settings: what is trusted is canonical, what is refused says what to write, what is granted can be written down, and
//! saving judges as reading does.
#![no_main]
#![allow(dead_code, unused_imports, reason = "a part of the server, which uses all of it")]

#[path = "../../../server/src/settings/mod.rs"]
mod settings;

use libfuzzer_sys::fuzz_target;
use notifymatters_findings::problem::Flaw;
use serde_json::{Map, Value};
use notifymatters_protocol::Capability;
use settings::{Grants, Settings, Verdict, parse_origin};

/// The bytes as the JSON that Mattermost sends, or else as the texts of the two settings, with a line between them.
fn stored(bytes: &[u8]) -> Map<String, Value> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(settings)) => settings,
        _ => {
            let text = String::from_utf8_lossy(bytes);
            let (origins, capabilities) = text.split_once('\n').unwrap_or((&text, ""));
            let setting = |key: &str, text: &str| (key.to_owned(), Value::String(text.to_owned()));
            Map::from_iter([setting("trustedorigin", origins), setting("capabilities", capabilities)])
        }
    }
}

/// The capabilities in force, as somebody would write them into the setting.
fn written(settings: &Settings) -> String {
    let origins = settings.trusted_origins.as_slice();
    let grants = origins.iter().map(|origin| {
        let names = settings.grants.of(origin).iter().map(Capability::as_str);
        (origin.clone(), Value::from(names.collect::<Vec<_>>()))
    });
    Value::Object(grants.collect()).to_string()
}

/// Longer texts are refused whatever they hold (`MAX_SETTING_BYTES`).
const LONGEST: usize = 64 * 1024;

fuzz_target!(|bytes: &[u8]| {
    let stored = stored(bytes);
    let (settings, problems) = Settings::from_plugin_configuration(&stored);
    for origin in settings.trusted_origins.as_slice() {
        assert_eq!(parse_origin(origin).as_ref(), Ok(origin), "no canonical origin");
        assert!(origin.is_ascii() && !origin.contains(char::is_whitespace), "{origin:?}");
        assert_ne!(origin, "null", "an opaque origin is trusted");
    }
    for problem in &problems {
        let sentence = problem.to_string();
        assert!(!sentence.is_empty());
    }
    for text in settings.trusted_origin.split_whitespace() {
        // What a refusal says to write must be taken when it is written.
        if let Err(error) = parse_origin(text)
            && let Some(cure) = &error.write
            && let Err(again) = parse_origin(cure)
        {
            // Only where all that lacks is a scheme may there be no host to be found either.
            assert_eq!(error.flaw, Flaw::NoScheme, "{text:?}: told to write {cure:?}, then {again}");
            assert!(again.write.is_none(), "{text:?}: told to write {cure:?}, then {again}");
        }
    }
    let written = written(&settings);
    if written.len() <= LONGEST {
        let (again, problems) = Grants::parse(&written, &settings.trusted_origins);
        assert!(problems.is_empty(), "{problems:?}");
        for origin in settings.trusted_origins.as_slice() {
            assert_eq!(again.of(origin), settings.grants.of(origin), "{written}");
        }
    }
    // Saved again as they are, they stop nobody; saved where nothing was, exactly what is wrong with them does.
    assert!(!matches!(settings.judge(&stored), Verdict::Refuse(_)));
    if let Verdict::Refuse(_) = Settings::default().judge(&stored) {
        assert!(!problems.is_empty(), "refused for nothing");
    }
});
