//! A host whose permission is still `default`: Mattermost 10 and 11 would never ask.

use notifymatters_browser_tests::{Engine, Host, Options, Outcome, SHORT_WHILE, Scene, eventually};
use thirtyfour::By;

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

async fn asked_in_the_first_gesture(
    generation: u8,
    gesture: impl AsyncFn(&Scene) -> Outcome,
) -> Outcome {
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
        "nobody is asked without a gesture"
    );

    // Messages of one window to another stay in order, so what is posted in the event itself comes before this.
    scene
        .in_frame("for (const type of ['click', 'keyup']) addEventListener(type, () => parent.postMessage({ type }, '*'))")
        .await?;
    gesture(&scene).await?;
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
    let came: Vec<_> = scene
        .came_to_host()
        .await?
        .into_iter()
        .filter_map(|crossing| crossing["type"].as_str().map(str::to_owned))
        .collect();
    let place = |wanted: &[&str]| came.iter().position(|kind| wanted.contains(&kind.as_str()));
    let question = place(&["notifymatters.notification.requestPermission"]);
    let end_of_gesture = place(&["click", "keyup"]);
    assert!(
        question.is_some() && end_of_gesture.is_some() && question < end_of_gesture,
        "the question is put within the gesture: {came:?}"
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
    asked_in_the_first_gesture(11, Scene::click_in_frame).await
}

#[tokio::test(flavor = "multi_thread")]
async fn its_user_is_asked_in_the_first_key_press_as_well() -> Outcome {
    asked_in_the_first_gesture(11, async |scene: &Scene| {
        let driver = scene.browser.driver();
        // WebKit's driver sends no keys to a button, the others' none to a frame's body (seen in 2.50, 153.7 and 156).
        let takes_keys = if scene.browser.engine() == Engine::WebKitGtk {
            By::Tag("body")
        } else {
            By::Id("channel-support")
        };
        driver.enter_frame(0).await?;
        driver.find(takes_keys).await?.send_keys("a").await?;
        driver.enter_default_frame().await?;
        Ok(())
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn its_user_is_asked_on_mattermost_10_as_well() -> Outcome {
    asked_in_the_first_gesture(10, Scene::click_in_frame).await
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

#[tokio::test(flavor = "multi_thread")]
async fn what_a_script_clicks_asks_nobody_and_does_not_spend_the_users_click() -> Outcome {
    let scene = at_default(11, "granted").await?;
    scene
        .in_frame("document.querySelector('#channel-support').click()")
        .await?;
    scene.settle().await?;
    assert_eq!(scene.in_host("return window.asked").await?, 0);
    scene.click_in_frame().await?;
    scene.mention_arrives("@anna after a click", 1).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_was_asked_in_vain_is_asked_again_in_the_next_click() -> Outcome {
    let scene = at_default(11, "default").await?;
    scene.standin.mention("@anna nobody was asked")?;
    for count in 1..=2 {
        scene.click_in_frame().await?;
        eventually("the host's browser is asked", async || {
            let asked = scene.in_host("return window.asked").await?;
            Ok((asked == count).then_some(()))
        })
        .await?;
        scene.settle().await?;
    }
    scene
        .in_host("setPermission('granted'); host.enable()")
        .await?;
    let shown = scene.until_shown(1).await?;
    assert_eq!(
        shown[0]["options"]["body"], "@ben: @anna nobody was asked",
        "nothing was lost"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_mattermost_9_closes_by_itself_while_it_is_held_is_shown_all_the_same() -> Outcome {
    let scene = at_default(9, "granted").await?;
    scene
        .in_frame(
            "window.closings = 0;
             const { prototype } = Notification;
             const { close } = prototype;
             prototype.close = function () { window.closings += 1; close.call(this); };",
        )
        .await?;
    scene.standin.mention("@anna five seconds ago")?;
    eventually("Mattermost closes it", async || {
        Ok((scene.in_frame("return window.closings").await? == 1).then_some(()))
    })
    .await?;
    scene.click_in_frame().await?;
    let shown = scene.until_shown(1).await?;
    assert_eq!(shown[0]["options"]["body"], "@ben: @anna five seconds ago");
    let channel = scene.channel().await?;
    scene.click(0).await?;
    eventually("the click opens the channel", async || {
        Ok((scene.channel().await? != channel).then_some(()))
    })
    .await
}
