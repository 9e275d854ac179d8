//! Disabled, enabled, upgraded, downgraded under an open page.

use notifymatters_browser_tests::{
    Host, Options, Outcome, SHORT_WHILE, Scene, eventually, renamed_bundle,
};
use serde_json::{Value, json};

async fn served(generation: u8) -> Outcome<Scene> {
    let scene = Scene::start(&Options {
        generation,
        ..Options::default()
    })
    .await?;
    scene.open(&Host::TRUSTED).await?;
    scene.until_ok().await?;
    scene.mention_arrives("@anna before", 1).await?;
    Ok(scene)
}

async fn until_gone(scene: &Scene) -> Outcome {
    eventually("the browser's own Notification is back", async || {
        Ok(scene.has_own_notification().await?.then_some(()))
    })
    .await?;
    no_frame_is_left(scene).await
}

async fn until_back(scene: &Scene) -> Outcome {
    eventually("the plugin's Notification is back", async || {
        Ok((!scene.has_own_notification().await?).then_some(()))
    })
    .await?;
    no_frame_is_left(scene).await
}

async fn no_frame_is_left(scene: &Scene) -> Outcome {
    let frames = scene.frames().await?;
    anyhow::ensure!(frames == 0, "{frames} frames are left in the page");
    Ok(())
}

/// One answer to one question, one notification for one mention.
async fn answers_once(scene: &Scene, message: &str, notifications: usize) -> Outcome {
    scene.settle().await?;
    let (asked, answered) = questions_and_answers(scene).await?;
    scene.in_host("host.enable()").await?;
    scene.until_crossed("in", "ok", answered + 1).await?;
    scene.mention_arrives(message, notifications).await?;
    // Time for a second answer, if there is one.
    tokio::time::sleep(SHORT_WHILE).await;
    anyhow::ensure!(
        scene.shown().await?.len() == notifications,
        "one mention, one notification"
    );
    let (asked_since, answered_since) = questions_and_answers(scene).await?;
    // A slow page is asked twice.
    let (asked, answered) = (asked_since - asked, answered_since - answered);
    anyhow::ensure!(
        answered == asked,
        "{asked} questions were answered {answered} times"
    );
    Ok(())
}

async fn questions_and_answers(scene: &Scene) -> Outcome<(usize, usize)> {
    let asked = scene.crossed("out", "enable").await?.len();
    Ok((asked, scene.crossed("in", "ok").await?.len()))
}

#[tokio::test(flavor = "multi_thread")]
async fn disabled_it_leaves_the_page_as_it_found_it() -> Outcome {
    let scene = served(11).await?;
    scene
        .standin
        .order("/plugin", &json!({ "disable": true }))?;
    until_gone(&scene).await?;
    scene
        .mention_stays_away("@anna while it is disabled")
        .await?;
    let script = scene
        .in_frame("return document.querySelector('#plugin_notifymatters')")
        .await?;
    assert_eq!(script, json!(null));
    Ok(())
}

async fn enabled_again(generation: u8) -> Outcome {
    let scene = served(generation).await?;
    scene
        .standin
        .order("/plugin", &json!({ "disable": true }))?;
    until_gone(&scene).await?;
    scene.standin.order("/plugin", &json!({ "enable": true }))?;
    // The host was answered once and does not ask again.
    until_back(&scene).await?;
    answers_once(&scene, "@anna after", 2).await
}

#[tokio::test(flavor = "multi_thread")]
async fn enabled_again_it_serves_the_host_without_being_asked() -> Outcome {
    enabled_again(11).await
}

#[tokio::test(flavor = "multi_thread")]
async fn enabled_again_on_mattermost_10_as_well() -> Outcome {
    enabled_again(10).await
}

#[tokio::test(flavor = "multi_thread")]
async fn enabled_again_it_still_knows_what_the_user_allowed_meanwhile() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene
        .open(&Host {
            parameters: "permission=default&answer=granted",
            ..Host::TRUSTED
        })
        .await?;
    scene.until_ok().await?;
    scene.click_in_frame().await?;
    scene.mention_arrives("@anna before", 1).await?;
    scene
        .standin
        .order("/plugin", &json!({ "disable": true }))?;
    until_gone(&scene).await?;
    scene.standin.order("/plugin", &json!({ "enable": true }))?;
    until_back(&scene).await?;
    // Nobody clicks.
    scene.mention_arrives("@anna after", 2).await
}

/// Installs another bundle over the one that runs, and waits until the page has the `Notification` of the new one.
async fn replaced_by(scene: &Scene, bundle: &Value) -> Outcome {
    scene
        .in_frame("window.before = window.Notification")
        .await?;
    scene
        .standin
        .order("/plugin", &json!({ "upgrade": bundle }))?;
    eventually("the new plugin's Notification is there", async || {
        let other = scene
            .in_frame("return window.Notification !== window.before")
            .await?;
        Ok((other == true && !scene.has_own_notification().await?).then_some(()))
    })
    .await?;
    until_back(scene).await
}

async fn upgraded(generation: u8) -> Outcome {
    let scene = served(generation).await?;
    let folder = tempfile::tempdir()?;
    let bundle = folder.path().join("upgraded.tar.gz");
    renamed_bundle(&bundle)?;
    replaced_by(&scene, &json!(bundle)).await?;
    answers_once(&scene, "@anna after the upgrade", 2).await?;
    let missing: Vec<_> = scene
        .standin
        .requests("/static/plugins/")?
        .into_iter()
        .filter(|(_, status)| *status == 404)
        .collect();
    anyhow::ensure!(
        missing.is_empty(),
        "asked for files that are gone: {missing:?}"
    );
    // Back to the version from before.
    let original = std::env::var("NOTIFYMATTERS_BUNDLE")?;
    replaced_by(&scene, &json!(original)).await?;
    answers_once(&scene, "@anna after the downgrade", 3).await
}

#[tokio::test(flavor = "multi_thread")]
async fn upgraded_and_downgraded_it_goes_on_in_the_same_page() -> Outcome {
    upgraded(11).await
}

#[tokio::test(flavor = "multi_thread")]
async fn upgraded_and_downgraded_on_mattermost_10_as_well() -> Outcome {
    upgraded(10).await
}
