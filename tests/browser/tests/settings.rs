//! The setting changes while pages are open.

use std::time::Duration;

use notifymatters_browser_tests::{
    Host, Options, Outcome, SHORT_WHILE, Scene, eventually, eventually_within,
};
use serde_json::{Value, json};

/// Pages hear of a change at once and spread their question over three seconds; a closed WebSocket is opened
/// again after three.
const CHANGE_PATIENCE: Duration = Duration::from_secs(12);

async fn until_own_notification(scene: &Scene, own: bool) -> Outcome {
    let what = if own {
        "the browser's own Notification is back"
    } else {
        "the plugin's Notification is there"
    };
    eventually_within(CHANGE_PATIENCE, what, async || {
        Ok((scene.has_own_notification().await? == own).then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_origin_that_is_struck_stops_at_once() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene.open(&Host::TRUSTED).await?;
    scene.until_ok().await?;
    scene.mention_arrives("@anna one", 1).await?;
    let came = scene.came_to_host().await?.len();
    let answered = scene.crossed("in", "ok").await?.len();
    scene.standin.trust("https://other.example.com")?;
    // The page has heard of the change before it hears of this, and has most likely not read the setting again.
    scene.standin.mention("@anna right after it")?;
    until_own_notification(&scene, true).await?;
    assert_eq!(
        scene.came_to_host().await?.split_off(came),
        Vec::<Value>::new()
    );
    scene.mention_stays_away("@anna two").await?;
    scene.in_host("host.enable()").await?;
    tokio::time::sleep(SHORT_WHILE).await;
    assert_eq!(
        scene.crossed("in", "ok").await?.len(),
        answered,
        "the struck host is not answered"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happens_during_a_change_still_reaches_a_host_that_stays() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene.open(&Host::TRUSTED).await?;
    scene.until_ok().await?;
    scene.standin.trust(&format!(
        "https://other.example.com {}",
        scene.standin.origin("mail.example.localhost")
    ))?;
    for message in ["@anna one", "@anna two", "@anna three"] {
        scene.standin.mention(message)?;
    }
    let bodies: Vec<_> = scene
        .until_shown(3)
        .await?
        .into_iter()
        .map(|shown| shown["options"]["body"].clone())
        .collect();
    assert_eq!(
        bodies,
        ["@ben: @anna one", "@ben: @anna two", "@ben: @anna three"]
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_origin_that_is_added_starts_at_once() -> Outcome {
    let scene = Scene::start(&Options {
        trusted_origin: String::new(),
        ..Options::default()
    })
    .await?;
    scene
        .open(&Host {
            parameters: "script=none",
            ..Host::TRUSTED
        })
        .await?;
    scene
        .in_host(&format!(
            "send({})",
            notifymatters_browser_tests::enable("granted")
        ))
        .await?;
    tokio::time::sleep(SHORT_WHILE).await;
    assert!(scene.came_to_host().await?.is_empty());
    scene
        .standin
        .trust(&scene.standin.origin("mail.example.localhost"))?;
    // The enable from before is answered: the host does not ask again.
    scene.until_ok().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_while_the_websocket_is_away_is_heard_after_it() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene.open(&Host::TRUSTED).await?;
    scene.until_ok().await?;
    scene.standin.order("/websocket", &json!({ "up": false }))?;
    eventually("the page has lost its WebSocket", async || {
        Ok((scene.standin.ask("/state")?["websockets"] == 0).then_some(()))
    })
    .await?;
    scene.standin.trust("https://other.example.com")?;
    scene.standin.order("/websocket", &json!({ "up": true }))?;
    until_own_notification(&scene, true).await?;
    scene.until_ready().await?;
    scene.mention_stays_away("@anna after the pause").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_while_the_server_part_was_dead_is_heard_after_its_restart() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene.open(&Host::TRUSTED).await?;
    scene.until_ok().await?;
    scene.standin.order("/plugin", &json!({ "kill": true }))?;
    scene.standin.trust("https://other.example.com")?;
    scene
        .standin
        .order("/plugin", &json!({ "check_health": true }))?;
    until_own_notification(&scene, true).await?;
    scene
        .mention_stays_away("@anna after the restart, to a host that was struck meanwhile")
        .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_a_host_asks_nothing_and_stays_as_it_was() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene.log_in().await?;
    scene.standin.trust("https://other.example.com")?;
    tokio::time::sleep(SHORT_WHILE * 4).await;
    assert_eq!(
        scene.standin.requests("/plugins/notifymatters/api/")?,
        vec![]
    );
    let files = scene.standin.requests("/static/plugins/")?;
    assert_eq!(files.len(), 1, "one script and nothing else: {files:?}");
    let untouched = scene
        .here("return String(window.Notification).includes('[native code]') && !document.querySelector('iframe')")
        .await?;
    assert_eq!(untouched, true);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn many_pages_do_not_ask_in_the_same_instant() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene
        .open(&Host {
            parameters: "frames=6",
            ..Host::TRUSTED
        })
        .await?;
    let times = async |count: usize| {
        eventually_within(CHANGE_PATIENCE, "all pages ask", async || {
            let requests = scene.standin.ask("/requests")?;
            let times: Vec<i64> = requests
                .as_array()
                .into_iter()
                .flatten()
                .filter(|request| {
                    request["path"]
                        .as_str()
                        .is_some_and(|path| path.contains("/api/v1/config"))
                })
                .filter_map(|request| request["at"].as_i64())
                .collect();
            Ok((times.len() >= count).then_some(times))
        })
        .await
    };
    let first = times(6).await?.len();
    eventually("all pages have their WebSocket", async || {
        Ok((scene.standin.ask("/state")?["websockets"].as_u64() >= Some(6)).then_some(()))
    })
    .await?;
    // The page that Anna logged in on may still be among them.
    tokio::time::sleep(SHORT_WHILE).await;
    scene.standin.trust(&format!(
        "{} https://other.example.com",
        scene.standin.origin("mail.example.localhost")
    ))?;
    let mut asked = times(first + 6).await?.split_off(first);
    asked.sort_unstable();
    let spread = asked[5] - asked[0];
    // Six moments within three seconds: that they lie within 300 ms has a chance of about 1 in 17,000.
    assert!(spread > 300, "six pages asked within {spread} ms");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_setting_that_means_the_same_disturbs_nobody() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene.open(&Host::TRUSTED).await?;
    scene.until_ok().await?;
    let before = scene.standin.requests("/api/v1/config")?.len();
    let came = scene.came_to_host().await?.len();
    scene.standin.trust(&format!(
        " {}/ ",
        scene.standin.origin("MAIL.example.localhost")
    ))?;
    tokio::time::sleep(SHORT_WHILE * 4).await;
    assert_eq!(scene.standin.requests("/api/v1/config")?.len(), before);
    assert_eq!(
        scene.came_to_host().await?.split_off(came),
        Vec::<Value>::new()
    );
    Ok(())
}
