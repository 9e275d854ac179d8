//! A page that embeds by the host package's `embed`.

use std::time::Duration;

use notifymatters_browser_tests::{
    Engine, Host, Options, Outcome, SHORT_WHILE, Scene, WebAssembly, eventually, eventually_within,
};
use serde_json::{Value, json};
use thirtyfour::By;

/// The package gives the plugin 20 seconds, and looks after the frame every ten.
const PATIENCE: Duration = Duration::from_secs(40);

const EMBEDDED: Host<'static> = Host {
    parameters: "script=embed",
    ..Host::TRUSTED
};

/// The same, whose user has not decided yet whether to be notified, and agrees when asked.
const UNDECIDED: Host<'static> = Host {
    parameters: "script=embed&permission=default&answer=granted",
    ..Host::TRUSTED
};

async fn embedded(host: &Host<'_>) -> Outcome<Scene> {
    let scene = Scene::start(&Options::default()).await?;
    scene.open(host).await?;
    until_status(&scene, "connected").await?;
    Ok(scene)
}

async fn until_status(scene: &Scene, status: &str) -> Outcome {
    eventually_within(PATIENCE, &format!("the status is {status}"), async || {
        Ok((scene.in_host("return window.host?.status").await? == status).then_some(()))
    })
    .await
}

async fn codes(scene: &Scene) -> Outcome<Value> {
    scene
        .in_host(
            "return window.events.filter(({ type }) => type === 'error').map(({ code }) => code)",
        )
        .await
}

async fn until_channel(scene: &Scene, channel: &str) -> Outcome {
    eventually(&format!("the channel is {channel}"), async || {
        Ok((scene.channel().await? == channel).then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mention_is_shown_and_its_click_brings_the_chat_into_view_before_it_opens_the_channel()
-> Outcome {
    let scene = embedded(&EMBEDDED).await?;
    scene
        .in_host("host.destroy(); embedFrame({ open: () => { window.opened = document.title; } })")
        .await?;
    until_status(&scene, "connected").await?;
    scene.mention_arrives("@anna have a look", 1).await?;
    let shown = scene.shown().await?;
    assert_eq!(shown[0]["title"], "Design");
    assert_eq!(
        shown[0]["options"]["icon"],
        format!(
            "{}/static/icon50x50.png",
            scene.standin.origin("chat.example.localhost")
        )
    );
    scene.click(0).await?;
    until_channel(&scene, "Design").await?;
    assert_eq!(scene.in_host("return window.opened").await?, "Host");
    assert_eq!(codes(&scene).await?, json!([]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_user_is_asked_in_the_first_click_in_the_frame() -> Outcome {
    let scene = embedded(&UNDECIDED).await?;
    scene.standin.mention("@anna before anybody was asked")?;
    tokio::time::sleep(SHORT_WHILE).await;
    assert_eq!(scene.shown().await?.len(), 0);
    scene.click_in_frame().await?;
    scene.until_shown(1).await?;
    assert_eq!(
        scene
            .in_host("return [window.asked, window.askedWithActivation]")
            .await?,
        json!([1, true])
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_button_of_the_hosts_asks_and_what_was_held_is_shown() -> Outcome {
    let scene = embedded(&UNDECIDED).await?;
    scene.standin.mention("@anna before anybody was asked")?;
    tokio::time::sleep(SHORT_WHILE).await;
    scene.in_host("host.requestPermission()").await?;
    scene.until_shown(1).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_is_loaded_anew_or_moved_is_served_again() -> Outcome {
    let scene = embedded(&EMBEDDED).await?;
    scene.mention_arrives("@anna one", 1).await?;
    scene
        .in_host("shown[0].notification.addEventListener('close', () => { window.closed = true; })")
        .await?;
    for (count, script) in [
        (2, "frame.src = frame.src"),
        (
            3,
            "document.body.append(document.createElement('main')); document.querySelector('main').append(frame)",
        ),
    ] {
        scene.load_anew(script).await?;
        until_status(&scene, "connected").await?;
        scene
            .mention_arrives(&format!("@anna number {count}"), count)
            .await?;
    }
    let statuses = scene
        .in_host("return window.events.filter(({ type }) => type === 'statuschange').map(({ detail }) => detail)")
        .await?;
    assert_eq!(
        statuses.as_array().and_then(|all| all.last()),
        Some(&json!("connected"))
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_is_taken_out_is_lost_and_found_again() -> Outcome {
    let scene = embedded(&EMBEDDED).await?;
    scene.in_host("frame.remove()").await?;
    until_status(&scene, "lost").await?;
    scene.in_host("document.body.append(frame)").await?;
    until_status(&scene, "connected").await?;
    assert_eq!(codes(&scene).await?, json!([]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_page_comes_back_from_the_back_forward_cache() -> Outcome {
    let scene = embedded(&EMBEDDED).await?;
    let driver = scene.browser.driver();
    let elsewhere = scene.standin.origin("other.example.localhost");
    driver.goto(format!("{elsewhere}/blank.txt")).await?;
    driver.back().await?;
    until_status(&scene, "connected").await?;
    scene.until_ready().await?;
    scene.mention_arrives("@anna after the way back", 1).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_that_is_not_trusted_is_told_why_nothing_comes() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene
        .open(&Host {
            parameters: "script=embed",
            ..Host::STRANGER
        })
        .await?;
    until_status(&scene, "lost").await?;
    assert_eq!(codes(&scene).await?, json!(["no-answer"]));
    let port = scene.standin.port;
    scene
        .standin
        .trust(&format!("http://stranger.example.localhost:{port}"))?;
    until_status(&scene, "connected").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_down_and_a_page_of_this_site_are_told_apart() -> Outcome {
    let scene = embedded(&EMBEDDED).await?;
    scene
        .in_host(
            "window.told = {};
             for (const [name, src] of Object.entries({ down: 'http://chat.example.localhost:1/', own: '/stranger.html' })) {
               const one = document.body.appendChild(document.createElement('iframe'));
               one.src = src;
               import('/notifymatters/dist/embed.js').then(({ embed }) =>
                 embed(one, { origin: 'http://chat.example.localhost:1' })
                   .addEventListener('error', ({ detail }) => { window.told[name] ??= detail.code; }));
             }",
        )
        .await?;
    eventually_within(PATIENCE, "both are told", async || {
        let told = scene.in_host("return window.told").await?;
        Ok((told == json!({ "down": "unreachable", "own": "redirected" })).then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn after_destroy_the_chat_knows_that_nothing_is_shown() -> Outcome {
    let scene = embedded(&EMBEDDED).await?;
    scene.in_host("host.destroy()").await?;
    eventually("the chat is told the truth", async || {
        Ok((scene.in_frame("return Notification.permission").await? == "denied").then_some(()))
    })
    .await?;
    scene.mention_is_read("@anna nobody shows this").await?;
    assert_eq!(scene.shown().await?.len(), 0);
    scene.in_host("embedFrame({})").await?;
    until_status(&scene, "connected").await?;
    // In WebKitGTK the permission reads `default` when Mattermost loads, so it asks although it is `denied` now, and what waits
    // for that answer is shown as well once there is a host that gives it.
    let message = "@anna and now somebody does";
    scene.standin.mention(message)?;
    eventually("it is shown", async || {
        let shown = scene.shown().await?;
        Ok(shown
            .iter()
            .any(|one| one.to_string().contains(message))
            .then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_show_a_message_once() -> Outcome {
    let scene = embedded(&EMBEDDED).await?;
    let driver = scene.browser.driver();
    let first = driver.window().await?;
    let second = driver.new_tab().await?;
    driver.switch_to_window(second.clone()).await?;
    scene.embed(&EMBEDDED).await?;
    scene.until_ready().await?;
    until_status(&scene, "connected").await?;

    for (round, message) in ["@anna one", "@anna two", "@anna three"].iter().enumerate() {
        scene.standin.mention(message)?;
        eventually("both tabs have been told, and one shows it", async || {
            let mut told = 0;
            let mut shown = 0;
            for tab in [&first, &second] {
                driver.switch_to_window(tab.clone()).await?;
                shown += scene.shown().await?.len();
                told += scene
                    .in_host(
                        "return window.events.filter(({ type }) => type === 'notification').length",
                    )
                    .await?
                    .as_u64()
                    .unwrap_or(0);
            }
            anyhow::ensure!(shown <= round + 1, "{message} is shown {shown} times");
            Ok((told == 2 * (round as u64 + 1) && shown == round + 1).then_some(()))
        })
        .await?;
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn where_there_are_no_notifications_a_toast_shows_it_and_can_be_clicked() -> Outcome {
    let scene = embedded(&Host {
        parameters: "script=embed&notification=none",
        ..Host::TRUSTED
    })
    .await?;
    scene.standin.mention("@anna look up")?;
    let driver = scene.browser.driver();
    let toast = eventually("a toast is shown", async || {
        driver.enter_default_frame().await?;
        Ok(driver.find(By::Css("[role=alert] button")).await.ok())
    })
    .await?;
    // WebKit's driver leaves out the line's end (seen in 2.50).
    let words = toast.text().await?.replace('\n', "");
    assert_eq!(words, "Design@ben: @anna look up");
    scene.browser.picture("toast.png").await?;
    toast.click().await?;
    until_channel(&scene, "Design").await?;
    let left = scene
        .in_host("return document.querySelectorAll('[role=alert]').length")
        .await?;
    assert_eq!(left, 0);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_notifications_and_toasts_the_chat_is_told_the_truth() -> Outcome {
    let scene = embedded(&Host {
        parameters: "script=embed&notification=none&options={\"toast\":false}",
        ..Host::TRUSTED
    })
    .await?;
    assert_eq!(
        scene.in_frame("return Notification.permission").await?,
        "denied"
    );
    Ok(())
}

/// The only way on Chrome for Android; no driver clicks its notification, so the worker is told that somebody did.
#[tokio::test(flavor = "multi_thread")]
async fn where_only_a_service_worker_may_show_its_click_finds_the_way_back() -> Outcome {
    // In a browser that had shown others, Chromium 156 sometimes had none of the worker's notifications.
    let scene = Scene::start_fresh(&Options::default(), WebAssembly::There).await?;
    let host = Host {
        parameters: "script=embed&notification=throwing",
        ..Host::TRUSTED
    };
    scene.open(&host).await?;
    until_status(&scene, "connected").await?;
    scene
        .in_host(
            "host.destroy();
             const ready = navigator.serviceWorker.register('/service-worker.js').then(() => navigator.serviceWorker.ready);
             ready.then((registration) => { window.registration = registration; });
             embedFrame({ serviceWorker: ready });",
        )
        .await?;
    until_status(&scene, "connected").await?;
    scene.standin.mention("@anna from the pocket")?;
    eventually("the worker shows it", async || {
        scene
            .in_host("window.registration?.getNotifications().then((all) => { window.worker = all.map(({ body }) => body); })")
            .await?;
        let all = scene.in_host("return window.worker").await?;
        Ok((all == json!(["@ben: @anna from the pocket"])).then_some(()))
    })
    .await?;
    scene
        .in_host("registration.active.postMessage('click them')")
        .await?;
    until_channel(&scene, "Design").await?;
    assert_eq!(codes(&scene).await?, json!([]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_frame_notifies_of_the_channel_that_is_open_in_it() -> Outcome {
    let scene = embedded(&EMBEDDED).await?;
    scene.click_in_frame().await?;
    until_channel(&scene, "Support").await?;
    let has_focus = scene.in_frame("return document.hasFocus()").await? == true;
    let hide = "host.visible = false; frame.style.display = 'none'";
    scene.in_host(hide).await?;
    let mention = json!({ "message": "@anna are you there?", "channel": "support" });
    scene.standin.order("/mention", &mention)?;
    scene.until_shown(1).await?;
    assert!(
        has_focus || scene.browser.engine() == Engine::WebKitGtk,
        "the frame had the focus, or this proves nothing"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_users_click_in_the_frame_is_activity() -> Outcome {
    let scene = embedded(&EMBEDDED).await?;
    scene.click_in_frame().await?;
    eventually("the click is told", async || {
        let kinds = scene
            .in_host("return window.events.filter(({ type }) => type === 'activity').map(({ detail }) => detail.kind)")
            .await?;
        Ok(kinds
            .as_array()
            .is_some_and(|kinds| !kinds.is_empty())
            .then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_logs_in_inside_the_frame_is_served_then() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene.embed(&EMBEDDED).await?;
    eventually("the login form is drawn", async || {
        Ok((scene
            .in_frame("return document.querySelector('#loginId') !== null")
            .await?
            == true)
            .then_some(()))
    })
    .await?;
    assert_eq!(scene.in_host("return host.status").await?, "waiting");
    scene.in_frame(notifymatters_browser_tests::FILL_IN).await?;
    until_status(&scene, "connected").await
}

/// A stand-in for the plugin of 2019, which knows nothing of capabilities.
#[tokio::test(flavor = "multi_thread")]
async fn an_old_plugin_notifies_and_what_it_cannot_do_is_refused_at_once() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    let origin = scene.standin.origin("old.example.localhost");
    let host = scene.standin.origin("mail.example.localhost");
    let driver = scene.browser.driver();
    driver
        .goto(format!(
            "{host}/host.html?src={origin}/old-plugin.html&script=embed&permission=granted&notification=recorded\
             &options={{\"want\":[\"unread\",\"session\",\"view\",\"go\",\"status.set\"]}}"
        ))
        .await?;
    scene
        .in_host(
            "window.errors = [];
             for (const type of ['error', 'unhandledrejection']) addEventListener(type, (event) => errors.push(event.message ?? String(event.reason)));",
        )
        .await?;
    until_status(&scene, "connected").await?;
    assert_eq!(
        scene.in_host("return [host.have, host.state]").await?,
        json!([[], {}])
    );

    let notify =
        "const one = new Notification('Design', { body: 'hello', icon: '/static/icon50x50.png' });
                  one.onclick = () => { window.clicked = true; };";
    scene.in_frame(notify).await?;
    let shown = scene.until_shown(1).await?;
    assert_eq!(
        shown[0],
        json!({ "title": "Design", "options": { "body": "hello", "icon": format!("{origin}/static/icon50x50.png") } })
    );
    scene.click(0).await?;
    eventually("the click arrives", async || {
        Ok((scene.in_frame("return window.clicked").await? == true).then_some(()))
    })
    .await?;

    scene
        .in_host(
            "host.visible = false;
             host.visible = true;
             window.codes = [];
             import('/notifymatters/dist/requests.js').then(({ go, setStatus }) => {
               for (const request of [go(host, '/team/channels/design'), setStatus(host, 'away')]) {
                 request.catch(({ code }) => codes.push(code));
               }
             });",
        )
        .await?;
    eventually("both are refused", async || {
        let codes = scene.in_host("return window.codes").await?;
        Ok((codes == json!(["not-granted", "not-granted"])).then_some(()))
    })
    .await?;
    scene.in_frame("new Notification('Support')").await?;
    scene.until_shown(2).await?;
    assert_eq!(scene.in_frame("return window.unknown").await?, json!([]));

    scene.in_host("host.destroy()").await?;
    eventually(
        "the chat hears the farewell that it understands",
        async || {
            Ok((scene.in_frame("return Notification.permission").await? == "denied").then_some(()))
        },
    )
    .await?;
    assert_eq!(codes(&scene).await?, json!([]));
    for errors in [
        scene.in_host("return window.errors").await?,
        scene.in_frame("return window.errors").await?,
    ] {
        assert_eq!(errors, json!([]));
    }
    Ok(())
}
