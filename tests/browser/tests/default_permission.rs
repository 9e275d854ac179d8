//! A host whose permission is still `default`: Mattermost 10 and 11 would never ask.

use notifymatters_browser_tests::{Host, Options, Outcome, SHORT_WHILE, Scene, eventually};

async fn at_default(generation: u8, answer: &str) -> Outcome<Scene> {
    let scene = Scene::start(&Options {
        generation,
        ..Options::default()
    })
    .await?;
    let parameters = format!("permission=default&answer={answer}");
    scene
        .open(&Host {
            parameters: &parameters,
            ..Host::TRUSTED
        })
        .await?;
    scene.until_ok().await?;
    Ok(scene)
}

async fn asked_in_the_first_click(generation: u8) -> Outcome {
    let scene = at_default(generation, "granted").await?;
    assert_eq!(
        scene.in_frame("return Notification.permission").await?,
        "granted",
        "or Mattermost would give up"
    );
    scene.standin.mention("@anna before anybody was asked")?;
    tokio::time::sleep(SHORT_WHILE).await;
    assert_eq!(scene.shown().await?.len(), 0, "it is held");
    assert_eq!(
        scene.in_host("return window.asked").await?,
        0,
        "nobody is asked without a click"
    );

    scene.click_in_frame().await?;
    let shown = scene.until_shown(1).await?;
    assert_eq!(
        shown[0]["options"]["body"],
        "@ben: @anna before anybody was asked"
    );
    assert_eq!(
        scene
            .in_host("return [window.asked, window.askedWithActivation]")
            .await?,
        serde_json::json!([1, true])
    );

    scene.click_in_frame().await?;
    scene.mention_arrives("@anna afterwards", 2).await?;
    assert_eq!(
        scene.in_host("return window.asked").await?,
        1,
        "once is enough"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn its_user_is_asked_in_the_first_click_and_what_was_held_is_shown() -> Outcome {
    asked_in_the_first_click(11).await
}

#[tokio::test(flavor = "multi_thread")]
async fn its_user_is_asked_on_mattermost_10_as_well() -> Outcome {
    asked_in_the_first_click(10).await
}

#[tokio::test(flavor = "multi_thread")]
async fn when_its_user_says_no_the_page_is_told_the_truth_and_what_was_held_fails() -> Outcome {
    let scene = at_default(11, "denied").await?;
    scene
        .in_frame("window.failed = 0; new Notification('held').addEventListener('error', () => { window.failed += 1; })")
        .await?;
    scene.click_in_frame().await?;
    eventually("the page is told the truth", async || {
        Ok((scene.in_frame("return Notification.permission").await? == "denied").then_some(()))
    })
    .await?;
    eventually("what was held fails", async || {
        Ok((scene.in_frame("return window.failed").await? == 1).then_some(()))
    })
    .await?;
    assert_eq!(scene.shown().await?.len(), 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn at_most_16_are_held_and_the_oldest_fails() -> Outcome {
    let scene = at_default(11, "granted").await?;
    scene
        .in_frame(
            "window.failed = [];
             for (let n = 0; n < 20; n += 1) {
               new Notification('held ' + n).addEventListener('error', () => window.failed.push(n));
             }",
        )
        .await?;
    scene.click_in_frame().await?;
    let shown = scene.until_shown(16).await?;
    assert_eq!(shown.len(), 16);
    assert_eq!(shown[0]["title"], "held 4");
    assert_eq!(
        scene.in_frame("return window.failed").await?,
        serde_json::json!([0, 1, 2, 3])
    );
    Ok(())
}
