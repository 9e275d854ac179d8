//! Users who come and go while the page stays.

use notifymatters_browser_tests::{
    FILL_IN, Host, Options, Outcome, SHORT_WHILE, Scene, enable, eventually,
};
use serde_json::json;

async fn scene_without_session() -> Outcome<Scene> {
    let scene = Scene::start(&Options::default()).await?;
    scene
        .embed(&Host {
            parameters: "script=none",
            ..Host::TRUSTED
        })
        .await?;
    eventually("the login form is shown in the frame", async || {
        let form = scene
            .in_frame("return document.querySelector('#loginId') !== null")
            .await?;
        Ok((form == true).then_some(()))
    })
    .await?;
    Ok(scene)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_logs_in_after_the_host_gave_up_gets_notifications() -> Outcome {
    let scene = scene_without_session().await?;
    scene
        .in_host(&format!("send({})", enable("granted")))
        .await?;
    tokio::time::sleep(SHORT_WHILE).await;
    assert!(
        scene.came_to_host().await?.is_empty(),
        "nobody is logged in yet"
    );

    scene.in_frame(FILL_IN).await?;
    scene.until_ok().await?;
    scene.until_ready().await?;
    scene.standin.mention("@anna welcome")?;
    let sent = scene.until_crossed("in", "notification.new", 1).await?;
    assert_eq!(sent[0]["data"]["options"]["body"], "@ben: @anna welcome");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn after_a_logout_nothing_crosses_and_the_next_user_is_served() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene.open(&Host::TRUSTED).await?;
    scene.until_ok().await?;
    scene.mention_arrives("@anna before", 1).await?;

    let came = scene.came_to_host().await?.len();
    let answered = scene.crossed("in", "ok").await?.len();
    scene
        .in_frame("document.querySelector('#logOut').click()")
        .await?;
    eventually("the browser's own Notification is back", async || {
        Ok(scene.has_own_notification().await?.then_some(()))
    })
    .await?;
    eventually("the form is shown", async || {
        let form = scene
            .in_frame("return document.querySelector('#loginId') !== null")
            .await?;
        Ok((form == true).then_some(()))
    })
    .await?;
    scene.in_host("host.enable()").await?;
    tokio::time::sleep(SHORT_WHILE).await;
    let since: Vec<_> = scene.came_to_host().await?.split_off(came);
    assert!(
        since.len() == 1 && since[0]["type"] == "notifymatters.notification.close",
        "what the first user was shown is closed, and nothing else comes: {since:?}"
    );

    // The host gives up.
    scene.in_host("host.stop()").await?;
    scene.in_frame(&FILL_IN.replace("anna", "ben")).await?;
    scene.until_ready().await?;
    scene.until_crossed("in", "ok", answered + 1).await?;
    let order = json!({ "user": "ben", "from": "anna", "message": "@ben welcome" });
    scene.standin.order("/mention", &order)?;
    let sent = scene.until_crossed("in", "notification.new", 2).await?;
    assert_eq!(sent[1]["data"]["options"]["body"], "@anna: @ben welcome");
    Ok(())
}
