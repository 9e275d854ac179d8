//! What the page costs, and what happens where its script cannot be had.

use notifymatters_browser_tests::{Options, Outcome, SHORT_WHILE, eventually};
use serde_json::json;

use super::capabilities::CAPABILITIES;
use super::page::{Console, GENERAL};

const SCRIPT: &str = "/plugins/notifymatters/assets/console.";

#[tokio::test(flavor = "multi_thread")]
async fn only_the_system_console_loads_the_check() -> Outcome {
    let console = Console::open(&Options::default()).await?;
    assert_eq!(console.scene.standin.requests(SCRIPT)?.len(), 1);
    let site = console.scene.standin.site();
    console.scene.browser.driver().goto(site).await?;
    eventually("the page is connected", async || {
        let connected = "return window.standin?.socket.connected ?? false";
        Ok((console.scene.here(connected).await? == true).then_some(()))
    })
    .await?;
    tokio::time::sleep(SHORT_WHILE).await;
    assert_eq!(console.scene.standin.requests(SCRIPT)?.len(), 1);
    Ok(())
}

/// Nothing of Mattermost's and of the browser's depends on what is typed.
#[tokio::test(flavor = "multi_thread")]
async fn a_pause_in_typing_asks_the_server_part_alone() -> Outcome {
    let console = Console::open(&Options::default()).await?;
    let seen = console.scene.standin.requests("")?.len();
    for typed in ["mail.example.com", "portal.example.com"] {
        console.type_setting(typed).await?;
        console
            .until_finds(GENERAL, "problem-0", "problem", &[typed])
            .await?;
    }
    console.until_checked().await?;
    let paths: Vec<_> = console.scene.standin.requests("")?[seen..]
        .iter()
        .map(|(path, _)| path.clone())
        .filter(|path| !path.starts_with("/plugins/notifymatters/api/v1/diagnostics"))
        .collect();
    assert_eq!(paths, Vec::<String>::new());

    // A Save may have changed everything.
    console.type_setting("https://portal.example.com").await?;
    assert_eq!(console.save().await?, "");
    console
        .until_finds("https://portal.example.com", "framing", "problem", &[])
        .await?;
    let read = &console.scene.standin.requests("/api/v4/config")?;
    let first = read.iter().filter(|(path, _)| path == "/api/v4/config");
    assert!(first.count() > 2, "{read:?}");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_settings_work_where_the_check_cannot_be_loaded() -> Outcome {
    let console = Console::start(&Options::default()).await?;
    let fault = json!([{ "path": SCRIPT, "status": 404, "body": "" }]);
    console.scene.standin.order("/fault", &fault)?;
    console.go("").await?;
    eventually("the page says that the check is missing", async || {
        let text = console.scene.here("return document.body.innerText").await?;
        let told = text
            .as_str()
            .is_some_and(|text| text.contains("Could not load the check"));
        Ok(told.then_some(()))
    })
    .await?;
    console.type_setting("https://mail.example.com").await?;
    // The table's place is the text field that Mattermost itself has for the setting.
    let grants = r#"{"https://mail.example.com": ["go"]}"#;
    console
        .type_into(&format!("textarea[id='{CAPABILITIES}']"), grants)
        .await?;
    assert_eq!(console.save().await?, "");
    let saved = console.configuration().await?;
    let settings = &saved["PluginSettings"]["Plugins"]["notifymatters"];
    assert_eq!(settings["capabilities"], grants);
    Ok(())
}
