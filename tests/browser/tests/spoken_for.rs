//! A host page that a test speaks for.

use notifymatters_browser_tests::{Host, Options, Outcome, Scene, enable, eventually};
use serde_json::json;

/// The page: it says nothing by itself.
pub(crate) const SPOKEN_FOR: Host<'static> = Host {
    parameters: "script=none",
    ..Host::TRUSTED
};

/// The page is open and has said nothing yet.
pub(crate) async fn spoken_for() -> Outcome<Scene> {
    let scene = Scene::start(&Options::default()).await?;
    scene.open(&SPOKEN_FOR).await?;
    Ok(scene)
}

/// The page has said `enable` and was answered.
pub(crate) async fn enabled() -> Outcome<Scene> {
    let scene = spoken_for().await?;
    scene
        .in_host(&format!("send({})", enable("granted")))
        .await?;
    scene.until_ok().await?;
    Ok(scene)
}

/// The host is still served, and the page has seen no error.
pub(crate) async fn is_unharmed(scene: &Scene) -> Outcome {
    let before = scene.crossed("in", "ok").await?.len();
    scene
        .in_host(&format!("send({})", enable("granted")))
        .await?;
    scene.until_crossed("in", "ok", before + 1).await?;
    let title = format!("after {before}");
    scene
        .in_frame(&format!("new Notification('{title}')"))
        .await?;
    eventually("the host gets its notification", async || {
        let sent = scene.crossed("in", "notification.new").await?;
        Ok(sent
            .iter()
            .any(|message| message["data"]["title"] == *title)
            .then_some(()))
    })
    .await?;
    let errors = scene.in_frame("return window.standin.errors").await?;
    anyhow::ensure!(errors == json!([]), "the page saw {errors}");
    Ok(())
}
