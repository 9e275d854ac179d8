//! Each button of the embedding check: it shows what it will do, does that and nothing else, and a Save keeps it.

use notifymatters_browser_tests::{Options, Outcome, SHORT_WHILE, eventually};
use serde_json::{Value, json};

use super::page::{Console, GENERAL};

const SHOW: &str = "button[aria-expanded]";
const WRITE: &str = ".nm-change .btn-primary";
const LEAVE: &str = ".nm-change .btn-tertiary";

/// What changed in the configuration, by path.
fn changes(before: &Value, after: &Value, path: &str, into: &mut Vec<(String, Value)>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            for key in before
                .keys()
                .chain(after.keys().filter(|key| !before.contains_key(*key)))
            {
                let null = &Value::Null;
                let (old, new) = (
                    before.get(key).unwrap_or(null),
                    after.get(key).unwrap_or(null),
                );
                changes(old, new, &format!("{path}/{key}"), into);
            }
        }
        (before, after) if before != after => into.push((path.to_owned(), after.clone())),
        _ => {}
    }
}

fn changed(before: &Value, after: &Value) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    changes(before, after, "", &mut found);
    found
}

/// Presses through a button that writes a setting, and saves something else afterwards.
async fn writes(options: &Options, general: bool, id: &str, path: &str, value: Value) -> Outcome {
    let console = Console::open(options).await?;
    let mail = console.mail();
    let group = if general { GENERAL } else { &mail };
    let value = match value {
        Value::Null => json!(mail),
        value => value,
    };
    let before = console.configuration().await?;

    // Looking at it, and leaving it, changes nothing.
    console.press_in(group, id, SHOW).await?;
    let setting = path.trim_start_matches('/').replace('/', ".");
    let then = format!("New value\n{value}");
    let text = console.text().await?.replace("\n\n", "\n");
    assert!(text.contains(&setting) && text.contains(&then), "{text}");
    console.press_in(group, id, LEAVE).await?;
    assert_eq!(changed(&before, &console.configuration().await?), []);

    console.press_in(group, id, SHOW).await?;
    console.press_in(group, id, WRITE).await?;
    console.until_status(&format!("Saved: {setting}.")).await?;
    let written = console.configuration().await?;
    assert_eq!(changed(&before, &written), [(path.to_owned(), value)]);
    let focused = "return document.activeElement?.dataset.testid";
    assert_eq!(console.scene.here(focused).await?, "embedding-check-status");
    console.until_finds(group, id, "good", &[]).await?;

    // The page sends the whole configuration as it knows it.
    let setting = format!("{mail} https://other.example.com");
    console.type_setting(&setting).await?;
    assert_eq!(console.save().await?, "");
    let saved = console.configuration().await?;
    let own = "/PluginSettings/Plugins/notifymatters/trustedorigin".to_owned();
    assert_eq!(changed(&written, &saved), [(own, json!(setting))]);
    console.assert_no_errors().await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_origin_is_added_to_frame_ancestors_and_a_save_keeps_it() -> Outcome {
    let path = "/ServiceSettings/FrameAncestors";
    writes(&Options::default(), false, "framing", path, Value::Null).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_landing_page_is_switched_off_and_a_save_keeps_it() -> Outcome {
    let path = "/ServiceSettings/EnableDesktopLandingPage";
    writes(
        &Options::default(),
        true,
        "landing-page",
        path,
        json!(false),
    )
    .await
}

/// There the page carries React 17 and puts the whole configuration.
#[tokio::test(flavor = "multi_thread")]
async fn the_landing_page_is_switched_off_on_mattermost_9_below_a_subpath() -> Outcome {
    let options = Options {
        generation: 9,
        subpath: "/chat",
        ..Options::default()
    };
    let path = "/ServiceSettings/EnableDesktopLandingPage";
    writes(&options, true, "landing-page", path, json!(false)).await
}

/// Mattermost 5.39 carries a React 16; this one is older than that.
#[tokio::test(flavor = "multi_thread")]
async fn the_landing_page_is_switched_off_by_react_16() -> Outcome {
    let console = Console::start(&Options {
        generation: 9,
        ..Options::default()
    })
    .await?;
    console.visit("?react=16").await?;
    let version = console.scene.here("return React.version").await?;
    assert_eq!(version, "16.8.6");
    console.press_in(GENERAL, "landing-page", SHOW).await?;
    console.press_in(GENERAL, "landing-page", WRITE).await?;
    console
        .until_finds(GENERAL, "landing-page", "good", &[])
        .await?;
    console.until_checked().await?;
    console.type_setting("portal.example.com").await?;
    console.press_in(GENERAL, "problem-0", "button").await?;
    assert_eq!(console.field().await?, "https://portal.example.com");
    assert_eq!(console.save().await?, "");
    console
        .until_finds("https://portal.example.com", "framing", "problem", &[])
        .await?;
    console.assert_no_errors().await
}

/// React up to 17 says so of every part of a page that is set after it has gone.
#[tokio::test(flavor = "multi_thread")]
async fn who_leaves_the_page_while_it_writes_leaves_nothing_behind() -> Outcome {
    let console = Console::open(&Options {
        generation: 9,
        ..Options::default()
    })
    .await?;
    let slow = json!([{ "path": "/api/v4/config/patch", "delay_ms": 500 }]);
    console.scene.standin.order("/fault", &slow)?;
    console.press_in(GENERAL, "landing-page", SHOW).await?;
    console.press_in(GENERAL, "landing-page", WRITE).await?;
    console.scene.here("standin.leave()").await?;
    // The page's own copy knows it all the same: another page's Save sends it.
    eventually("the page's copy is as it was written", async || {
        let copy = "return standin.store.getState().entities.admin.config.ServiceSettings.EnableDesktopLandingPage";
        Ok((console.scene.here(copy).await? == false).then_some(()))
    })
    .await?;
    tokio::time::sleep(SHORT_WHILE).await;
    console.assert_no_errors().await
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_written_that_was_not_shown() -> Outcome {
    let console = Console::open(&Options::default()).await?;
    let mail = console.mail();
    console.press_in(&mail, "framing", SHOW).await?;
    let other = "https://other.example.com";
    console.configure(&json!({ "ServiceSettings": { "FrameAncestors": other } }))?;
    let before = console.configuration().await?;
    console.press_in(&mail, "framing", WRITE).await?;
    console.until_status("Somebody else has changed").await?;
    assert_eq!(changed(&before, &console.configuration().await?), []);

    // Looked at again, it adds to what is there now.
    console.until_checked().await?;
    console.press_in(&mail, "framing", SHOW).await?;
    console.press_in(&mail, "framing", WRITE).await?;
    console.until_status("Saved").await?;
    let written = console.configuration().await?;
    let both = format!("{other} {mail}");
    assert_eq!(written["ServiceSettings"]["FrameAncestors"], both);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refusal_is_told_in_mattermosts_words_and_a_silent_one_as_well() -> Outcome {
    let console = Console::open(&Options::default()).await?;
    let mail = console.mail();
    let body = json!({ "message": "You do not have the appropriate permissions." }).to_string();
    let fault =
        json!([{ "path": "/api/v4/config/patch", "status": 403, "body": body, "times": 1 }]);
    console.scene.standin.order("/fault", &fault)?;
    console.press_in(&mail, "framing", SHOW).await?;
    console.press_in(&mail, "framing", WRITE).await?;
    console
        .until_status("Mattermost refused: You do not have the appropriate permissions.")
        .await?;

    // Restricted after the page was loaded: Mattermost takes the change and drops it.
    console.until_checked().await?;
    console.configure(&json!({ "ExperimentalSettings": { "RestrictSystemAdmin": true } }))?;
    console.press_in(&mail, "framing", SHOW).await?;
    console.press_in(&mail, "framing", WRITE).await?;
    console.until_status("kept the old value").await?;
    console
        .until_finds(&mail, "framing", "problem", &["closed to you"])
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_part_of_the_setting_is_put_right_in_the_field_and_the_rest_stays() -> Outcome {
    let console = Console::open(&Options::default()).await?;
    console
        .type_setting("https://a.example portal.example.com/webapp https://b.example")
        .await?;
    console
        .until_finds(GENERAL, "problem-0", "problem", &["has no scheme"])
        .await?;
    let before = console.configuration().await?;
    console.press_in(GENERAL, "problem-0", "button").await?;
    let corrected = "https://a.example https://portal.example.com https://b.example";
    assert_eq!(console.field().await?, corrected);
    console.until_status("Press Save to keep it.").await?;
    assert_eq!(changed(&before, &console.configuration().await?), []);
    assert_eq!(console.save().await?, "");
    let saved = console.configuration().await?;
    assert_eq!(
        saved["PluginSettings"]["Plugins"]["notifymatters"]["trustedorigin"],
        corrected
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_are_copied_whole() -> Outcome {
    let console = Console::open(&Options {
        generation: 9,
        ..Options::default()
    })
    .await?;
    let mail = console.mail();
    console
        .scene
        .browser
        .set_permission("clipboard-write", "granted")
        .await?;
    console
        .scene
        .browser
        .set_permission("clipboard-read", "granted")
        .await?;
    console
        .press_in(&mail, "framing", "figure:last-of-type button")
        .await?;
    console
        .until_finds(&mail, "framing", "problem", &["Copied."])
        .await?;
    let copied = console
        .scene
        .here("return navigator.clipboard.readText()")
        .await?;
    let wanted = format!(
        "http-response replace-header Content-Security-Policy \"(.*)frame-ancestors[^;]*(.*)\" \"\\1frame-ancestors 'self' {mail}\\2\""
    );
    assert_eq!(copied, wanted);
    Ok(())
}
