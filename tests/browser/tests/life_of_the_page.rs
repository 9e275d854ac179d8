//! What happens to host and frame in a day.

use notifymatters_browser_tests::{Engine, Host, Options, Outcome, Scene, eventually};
use serde_json::json;

async fn served() -> Outcome<Scene> {
    let scene = Scene::start(&Options::default()).await?;
    scene.open(&Host::TRUSTED).await?;
    scene.until_ok().await?;
    Ok(scene)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_is_reloaded() -> Outcome {
    let scene = served().await?;
    scene.browser.driver().refresh().await?;
    scene.until_ok().await?;
    scene.until_ready().await?;
    scene.mention_arrives("@anna after the reload", 1).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_frame_is_reloaded() -> Outcome {
    let scene = served().await?;
    scene.mention_arrives("@anna before the reload", 1).await?;
    assert_eq!(scene.in_host("return host.shown.size").await?, 1);
    scene.load_anew("frame.src = frame.src").await?;
    let shown = scene.in_host("return host.shown.size").await?;
    assert_eq!(shown, 0, "nobody could answer a click on it any more");
    scene.mention_arrives("@anna after the reload", 2).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_frame_is_moved_in_the_document() -> Outcome {
    let scene = served().await?;
    // Browsers load a frame anew that is taken out and put in elsewhere.
    scene.load_anew("document.body.append(document.createElement('main')); document.querySelector('main').append(frame)").await?;
    scene.mention_arrives("@anna after the move", 1).await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_hosts_permission_changes() -> Outcome {
    let scene = served().await?;
    assert_eq!(
        scene.in_frame("return Notification.permission").await?,
        "granted"
    );
    scene
        .in_host("setPermission('denied'); host.enable()")
        .await?;
    eventually("the page is told the truth", async || {
        Ok((scene.in_frame("return Notification.permission").await? == "denied").then_some(()))
    })
    .await?;
    scene.mention_is_read("@anna while it is denied").await?;
    // Where the browser's own permission read `default` at first, Mattermost may ask once.
    assert_eq!(scene.crossed("in", "notification.new").await?.len(), 0);
    assert_eq!(scene.shown().await?.len(), 0);
    scene
        .in_host("setPermission('granted'); host.enable()")
        .await?;
    eventually("the page is told the truth again", async || {
        Ok((scene.in_frame("return Notification.permission").await? == "granted").then_some(()))
    })
    .await?;
    scene
        .mention_arrives("@anna now it is granted again", 1)
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn the_host_goes_into_the_back_forward_cache_and_comes_back() -> Outcome {
    let scene = served().await?;
    let driver = scene.browser.driver();
    scene
        .in_host(
            "addEventListener('pageshow', ({ persisted }) => { window.persisted = persisted; })",
        )
        .await?;
    driver
        .goto(format!(
            "{}/blank.txt",
            scene.standin.origin("other.example.localhost")
        ))
        .await?;
    driver.back().await?;
    // Firefox keeps no such page (seen in 153.7) and loads it anew.
    if scene.browser.engine() != Engine::Firefox {
        assert_eq!(scene.in_host("return window.persisted").await?, true);
    }
    scene.until_ok().await?;
    scene.until_ready().await?;
    scene.mention_arrives("@anna after the way back", 1).await
}

/// How many notifications in a row.
const MANY: usize = 100_000;

/// How many of them one script makes: a driver gives a script a minute, whatever else the machine does.
const PART: usize = 2_000;

#[tokio::test(flavor = "multi_thread")]
async fn of_100_000_notifications_none_is_lost_doubled_or_out_of_order() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene
        .open(&Host {
            parameters: "notification=recorded",
            ..Host::TRUSTED
        })
        .await?;
    scene.until_ok().await?;
    for part in (0..MANY).step_by(PART) {
        let end = part + PART;
        scene
            .in_frame(&format!("for (let n = {part}; n < {end}; n += 1) {{ new Notification('n' + n, {{ body: 'of many' }}); }}"))
            .await?;
    }
    // However long all of it takes: as long as more arrive, nothing is wrong.
    let mut arrived = 0;
    while arrived < MANY as u64 {
        arrived = eventually(&format!("more arrive than {arrived}"), async || {
            let now = scene.in_host("return window.shown.length").await?;
            Ok(now.as_u64().filter(|now| *now > arrived))
        })
        .await?;
    }
    let order = scene
        .in_host(
            "const titles = window.shown.map(({ title }) => title);
             return [titles.length, titles.findIndex((title, n) => title !== 'n' + n)]",
        )
        .await?;
    assert_eq!(
        order,
        json!([MANY, -1]),
        "how many, and the first that is out of order"
    );
    Ok(())
}
