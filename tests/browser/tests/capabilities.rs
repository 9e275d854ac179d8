//! What a host may know and do besides showing notifications.

use notifymatters_browser_tests::{Host, Options, Outcome, Scene, enable, eventually};
use serde_json::{Value, json};

/// A host that says itself what it has to say.
const SPEAKING: Host<'static> = Host {
    parameters: "script=none",
    ..Host::TRUSTED
};

/// A scene whose host wants all that is granted by default, and was answered.
async fn negotiated() -> Outcome<Scene> {
    let scene = Scene::start(&Options::default()).await?;
    scene.open(&SPEAKING).await?;
    want(&scene, &["unread", "session", "view", "no such thing"]).await?;
    let ok = scene.until_crossed("in", "ok", 1).await?;
    assert_eq!(ok[0]["have"], json!(["unread", "session", "view"]));
    assert_eq!(ok[0]["frame"], env!("CARGO_PKG_VERSION"));
    Ok(scene)
}

/// The administrator grants these to the host.
fn grant(scene: &Scene, names: &[&str]) -> Outcome {
    let host = scene.standin.origin("mail.example.localhost");
    let grants = json!({ host.as_str(): names }).to_string();
    let settings = json!({ "trustedorigin": host, "capabilities": grants });
    scene.standin.order("/settings", &settings)
}

async fn want(scene: &Scene, names: &[&str]) -> Outcome {
    let enable = format!(
        "send({{ ...{}, want: {} }})",
        enable("granted"),
        json!(names)
    );
    scene.in_host(&enable).await?;
    Ok(())
}

/// What the host was told of the state so far, put together.
async fn state(scene: &Scene) -> Outcome<Value> {
    let mut whole = json!({});
    for message in scene.crossed("in", "state").await? {
        for (name, value) in message["data"].as_object().into_iter().flatten() {
            whole[name] = value.clone();
        }
    }
    Ok(whole)
}

async fn until_state(scene: &Scene, name: &str, value: Value) -> Outcome {
    eventually(
        &format!("the host is told of {name}: {value}"),
        async || Ok((state(scene).await?[name] == value).then_some(())),
    )
    .await
}

/// Hides or shows the frame to Mattermost, and waits until that is done.
async fn view(scene: &Scene, visible: bool, number: usize) -> Outcome {
    let message = json!({
        "type": "notifymatters.view", "notifymatters": "20171130",
        "data": { "visible": visible }, "ref": number,
    });
    scene.in_host(&format!("send({message})")).await?;
    let done = scene.until_crossed("in", "ref.resolve", number).await?;
    assert_eq!(done[number - 1]["ref"], number);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_is_told_what_is_unread() -> Outcome {
    let scene = negotiated().await?;
    until_state(&scene, "unread", json!({ "mentions": 0, "messages": 0 })).await?;
    until_state(&scene, "session", json!("in")).await?;
    for channel in ["design", "support"] {
        let order = json!({ "channel": channel });
        scene.standin.order("/mention", &order)?;
    }
    until_state(&scene, "unread", json!({ "mentions": 2, "messages": 2 })).await?;
    scene.click_in_frame().await?;
    until_state(&scene, "unread", json!({ "mentions": 1, "messages": 1 })).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hidden_frame_notifies_for_the_open_channel_and_leaves_it_unread() -> Outcome {
    let scene = negotiated().await?;
    let order = json!({ "channel": "town-square" });
    // Whether a driver's window has the focus is the engine's secret.
    scene.in_frame("dispatchEvent(new Event('focus'))").await?;
    scene.standin.order("/mention", &order)?;
    eventually("the post is in the page", async || {
        let posts = scene
            .in_frame("return window.standin.store.getState().views.posts.length")
            .await?;
        Ok((posts == 1).then_some(()))
    })
    .await?;
    view(&scene, false, 1).await?;
    assert_eq!(
        scene.crossed("in", "notification.new").await?,
        Vec::<Value>::new(),
        "the user has seen the one before"
    );
    scene.standin.order("/mention", &order)?;
    scene.until_crossed("in", "notification.new", 1).await?;
    until_state(&scene, "unread", json!({ "mentions": 1, "messages": 1 })).await?;
    scene.in_frame("dispatchEvent(new Event('focus'))").await?;
    scene.standin.order("/mention", &order)?;
    scene.until_crossed("in", "notification.new", 2).await?;
    view(&scene, true, 2).await?;
    scene.in_frame("dispatchEvent(new Event('focus'))").await?;
    until_state(&scene, "unread", json!({ "mentions": 0, "messages": 0 })).await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_does_not_ask_costs_and_gets_what_it_did_before() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene.open(&Host::TRUSTED).await?;
    let ok = scene.until_ok().await?;
    for name in ["have", "frame"] {
        assert_eq!(ok.get(name), None, "{name}");
    }
    scene
        .mention_arrives("@anna have you seen this?", 1)
        .await?;
    assert!(scene.crossed("in", "state").await?.is_empty());
    assert!(!scene.standin.requests("/component.")?.is_empty());
    assert_eq!(scene.standin.requests("capabilities")?, []);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_right_that_is_taken_ends_at_once() -> Outcome {
    let scene = negotiated().await?;
    until_state(&scene, "unread", json!({ "mentions": 0, "messages": 0 })).await?;
    grant(&scene, &["session"])?;
    scene.standin.mention("@anna right after it")?;
    let oks = scene.until_crossed("in", "ok", 2).await?;
    assert_eq!(oks[1]["have"], json!(["session"]));
    scene.mention_is_read("@anna later").await?;
    assert_eq!(
        state(&scene).await?["unread"],
        json!({ "mentions": 0, "messages": 0 }),
        "of what came after the change nothing is told"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_is_told_that_the_user_signed_out() -> Outcome {
    let scene = negotiated().await?;
    until_state(&scene, "session", json!("in")).await?;
    scene
        .in_frame("document.querySelector('#logOut').click()")
        .await?;
    let off = scene.until_crossed("in", "off", 1).await?;
    assert_eq!(off[0]["data"], json!({ "reason": "signed-out" }));
    assert_eq!(state(&scene).await?["session"], json!("out"));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_leaves_is_left_at_once() -> Outcome {
    let scene = negotiated().await?;
    assert!(!scene.has_own_notification().await?);
    scene
        .in_host("send({ type: 'notifymatters.disable', notifymatters: '20171130', data: null, ref: null })")
        .await?;
    eventually("the browser's own Notification is back", async || {
        Ok(scene.has_own_notification().await?.then_some(()))
    })
    .await?;
    let came = scene.came_to_host().await?.len();
    scene.mention_is_read("@anna later").await?;
    assert_eq!(scene.came_to_host().await?.len(), came);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_may_opens_a_channel_and_nothing_else() -> Outcome {
    for subpath in ["", "/chat"] {
        let scene = Scene::start(&Options {
            subpath,
            ..Options::default()
        })
        .await?;
        grant(&scene, &["go"])?;
        scene.open(&SPEAKING).await?;
        want(&scene, &["go", "unread"]).await?;
        let ok = scene.until_crossed("in", "ok", 1).await?;
        assert_eq!(ok[0]["have"], json!(["go"]));
        let go = async |path: &str, number: u8| {
            let message = json!({
                "type": "notifymatters.go", "notifymatters": "20171130",
                "data": { "path": path }, "ref": number,
            });
            scene.in_host(&format!("send({message})")).await
        };
        go("/team/channels/support", 1).await?;
        let done = scene.until_crossed("in", "ref.resolve", 1).await?;
        assert_eq!(done[0]["ref"], 1);
        assert_eq!(scene.channel().await?, "Support");
        go("/team/channels/../../login", 2).await?;
        let refused = scene.until_crossed("in", "ref.reject", 1).await?;
        assert_eq!(refused[0]["ref"], 2);
        assert_eq!(refused[0]["data"], json!({ "code": "invalid" }));
        assert_eq!(scene.channel().await?, "Support");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_may_knows_where_the_user_is_and_sets_the_status() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    grant(&scene, &["status", "context", "status.set"])?;
    scene.open(&SPEAKING).await?;
    want(&scene, &["status", "context", "status.set"]).await?;
    let ok = scene.until_crossed("in", "ok", 1).await?;
    assert_eq!(ok[0]["have"], json!(["status", "context", "status.set"]));
    until_state(&scene, "status", json!("online")).await?;
    let context = |channel: &str, name: &str, theme: &str| {
        json!({
            "team": "Stand-in", "channel": name, "path": format!("/team/channels/{channel}"),
            "title": format!("{name} - Stand-in"), "locale": "en", "theme": theme,
        })
    };
    let set = async |status: &str, number: u8| {
        let message = json!({
            "type": "notifymatters.status.set", "notifymatters": "20171130",
            "data": { "status": status }, "ref": number,
        });
        scene.in_host(&format!("send({message})")).await
    };

    until_state(
        &scene,
        "context",
        context("town-square", "Town Square", "light"),
    )
    .await?;
    scene.click_in_frame().await?;
    until_state(&scene, "context", context("support", "Support", "light")).await?;
    scene
        .in_frame("document.documentElement.style.setProperty('--center-channel-bg', '#1f1f1f')")
        .await?;
    until_state(&scene, "context", context("support", "Support", "dark")).await?;

    set("dnd", 1).await?;
    scene.until_crossed("in", "ref.resolve", 1).await?;
    until_state(&scene, "status", json!("dnd")).await?;
    set("ooo", 2).await?;
    let refused = scene.until_crossed("in", "ref.reject", 1).await?;
    assert_eq!(refused[0]["data"], json!({ "code": "invalid" }));
    assert_eq!(refused[0]["ref"], 2);
    Ok(())
}

/// The host that stands in the documentation, word for word.
#[tokio::test(flavor = "multi_thread")]
async fn the_host_of_the_documentation_knows_and_does_all_that_it_wants() -> Outcome {
    const DOCUMENT: &str = include_str!("../../../docs/protocol.md");
    let sample = DOCUMENT
        .split_once("```js\n")
        .and_then(|(_, rest)| rest.split_once("```"))
        .map(|(sample, _)| sample)
        .unwrap_or_default();
    let scene = Scene::start(&Options::default()).await?;
    grant(&scene, &["unread", "session", "view", "go"])?;
    scene.open(&SPEAKING).await?;
    // As a script of the page's own, after the load that the sample waits for.
    let script = format!("{sample}\nenable(100);\nObject.assign(window, {{ go, setVisible }});");
    scene
        .in_host(&format!(
            "const script = document.createElement('script'); script.textContent = {}; document.head.append(script)",
            json!(script)
        ))
        .await?;
    let until_title = async |title: &str| {
        eventually(&format!("the title is {title}"), async || {
            Ok((scene.in_host("return document.title").await? == title).then_some(()))
        })
        .await
    };
    until_title("Mail").await?;
    let order = json!({ "channel": "design" });
    scene.standin.order("/mention", &order)?;
    scene.until_shown(1).await?;
    until_title("(1) Mail").await?;
    scene
        .in_host("window.go('/team/channels/design').then(() => { window.went = true; })")
        .await?;
    eventually("the request is done", async || {
        Ok((scene.in_host("return window.went").await? == true).then_some(()))
    })
    .await?;
    assert_eq!(scene.channel().await?, "Design");
    until_title("Mail").await?;
    scene.in_host("window.setVisible(false)").await?;
    scene.standin.order("/mention", &order)?;
    scene.until_shown(2).await?;
    scene
        .in_frame("document.querySelector('#logOut').click()")
        .await?;
    until_title("Mail, signed out of the chat").await
}
