//! Any settings: what is trusted is canonical, what is refused says what to write, and saving judges as reading does.
#![no_main]
#![allow(dead_code, unused_imports, reason = "a part of the server, which uses all of it")]

#[path = "../../../server/src/settings/mod.rs"]
mod settings;

use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};
use settings::{Settings, Verdict, parse_origin};

/// The bytes as the JSON that Mattermost sends, or else as the text of the one setting.
fn stored(bytes: &[u8]) -> Map<String, Value> {
    match serde_json::from_slice(bytes) {
        Ok(Value::Object(settings)) => settings,
        _ => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            Map::from_iter([("trustedorigin".to_owned(), Value::String(text))])
        }
    }
}

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
            && let Some(cure) = error.origin()
            && let Err(again) = parse_origin(cure)
        {
            // Only where all that lacks is a scheme may there be no host to be found either.
            assert_eq!(error.code(), "no_scheme", "{text:?}: told to write {cure:?}, then {again}");
            assert!(again.origin().is_none(), "{text:?}: told to write {cure:?}, then {again}");
        }
    }
    // Saved again as they are, they stop nobody; saved where nothing was, exactly what is wrong with them does.
    assert!(!matches!(settings.judge(&stored), Verdict::Refuse(_)));
    if let Verdict::Refuse(_) = Settings::default().judge(&stored) {
        assert!(!problems.is_empty(), "refused for nothing");
    }
});
