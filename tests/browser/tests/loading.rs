//! A file of the web part does not come: the page says why, once, and tries again as long as it keeps a host's message.

use std::time::Duration;

use notifymatters_browser_tests::{Host, Options, Outcome, Scene, enable, eventually_within};
use serde_json::{Value, json};

use crate::spoken_for::SPOKEN_FOR;

/// The script that `main.js` starts.
const SCRIPT: &str = "/static/plugins/notifymatters/start.";

/// Three failures cost pauses of one, two and four seconds.
const RECOVERY: Duration = Duration::from_secs(25);

/// The host says `enable` once, and nothing after that: it is served all the same once the script comes.
async fn serves_the_host_that_gave_up_after(fault: Value, sentence: &str) -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene.standin.order("/fault", &json!([fault]))?;
    scene.open(&SPOKEN_FOR).await?;
    scene
        .in_host(&format!("send({})", enable("granted")))
        .await?;
    eventually_within(RECOVERY, "the host is answered in the end", async || {
        Ok((!scene.crossed("in", "ok").await?.is_empty()).then_some(()))
    })
    .await?;
    let said = scene.said("could not load").await?;
    assert_eq!(said.len(), 1, "it is said once: {said:?}");
    assert!(said[0].ends_with(sentence), "{said:?}");
    assert_eq!(scene.frames().await?, 0, "no frame is left behind");
    scene.standin.mention("@anna in the end")?;
    scene.until_crossed("in", "notification.new", 1).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_is_forbidden() -> Outcome {
    serves_the_host_that_gave_up_after(
        // Each attempt asks twice: for the script, and for the cause.
        json!({ "path": SCRIPT, "status": 403, "body": "blocked", "times": 6 }),
        ": 403",
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_script_comes_as_plain_text() -> Outcome {
    serves_the_host_that_gave_up_after(
        json!({ "path": SCRIPT, "status": 200, "content_type": "text/plain", "body": "export const start = 1;", "times": 6 }),
        ": 200",
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_component_comes_by_neither_way() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    let fault =
        |path: &str, times: u32| json!({ "path": path, "status": 404, "body": "", "times": times });
    scene.standin.order(
        "/fault",
        &json!([
            fault("/static/plugins/notifymatters/component.", 3),
            fault("/plugins/notifymatters/assets/component.", 6)
        ]),
    )?;
    scene.open(&Host::TRUSTED).await?;
    eventually_within(RECOVERY, "the host is answered in the end", async || {
        Ok((!scene.crossed("in", "ok").await?.is_empty()).then_some(()))
    })
    .await?;
    for words in ["could not load", "uses its slower form"] {
        let said = scene.said(words).await?;
        // By the other way the slower form is used in the end as well, with another reason.
        let reasons = said.iter().filter(|text| text.contains("404")).count();
        assert_eq!(reasons, 1, "it is said once: {said:?}");
    }
    scene.mention_arrives("@anna in the end", 1).await
}
