//! What the programs that embed Mattermost today rely on, each line a test.

use notifymatters_browser_tests::{Host, Options, Outcome, SHORT_WHILE, Scene, enable, eventually};
use serde_json::{Value, json};

use crate::spoken_for::{enabled, spoken_for};

#[tokio::test(flavor = "multi_thread")]
async fn ok_repeats_the_hosts_version_and_echoes_its_state() -> Outcome {
    let scene = spoken_for().await?;
    scene
        .in_host(
            "send({ type: 'notifymatters.enable', notifymatters: '20171130', data: 'granted', ref: null,
                    state: { deep: [1, { when: new Date(0) }], map: new Map([['a', 1]]) } })",
        )
        .await?;
    let ok = scene.until_ok().await?;
    assert_eq!(ok["notifymatters"], "20171130");
    let kept = "const { state } = recorded.find(({ type }) => type === 'notifymatters.ok');
                return [state.deep[1].when instanceof window.Date, state.map instanceof window.Map, state.map.get('a')]";
    assert_eq!(
        scene.in_host(kept).await?,
        json!([true, true, 1]),
        "the state is cloned, not turned into JSON"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_state_ok_carries_none() -> Outcome {
    let scene = enabled().await?;
    assert_eq!(scene.until_ok().await?["state"], Value::Null);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn each_enable_is_answered_and_the_page_is_changed_once() -> Outcome {
    let scene = enabled().await?;
    scene
        .in_frame("window.before = window.Notification")
        .await?;
    for count in 2..5 {
        scene
            .in_host(&format!("send({})", enable("granted")))
            .await?;
        scene.until_crossed("in", "ok", count).await?;
    }
    assert_eq!(
        scene
            .in_frame("return window.before === window.Notification")
            .await?,
        true
    );
    assert_eq!(scene.frames().await?, 0, "no frame is left in the page");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn options_are_always_an_object_and_icons_a_path_on_the_frames_origin() -> Outcome {
    let scene = enabled().await?;
    let origin = scene.standin.origin("chat.example.localhost");
    scene
        .in_frame(&format!(
            "new Notification('none');
             new Notification('null', null);
             new Notification('path', {{ icon: '/static/a.png' }});
             new Notification('absolute', {{ icon: '{origin}/static/b.png?x#y' }});
             new Notification('relative', {{ icon: 'c.png' }});
             new Notification('elsewhere', {{ icon: 'https://elsewhere.example.com/d.png' }});
             new Notification('data', {{ icon: 'data:image/png;base64,AA==' }});"
        ))
        .await?;
    let sent = scene.until_crossed("in", "notification.new", 7).await?;
    for message in &sent {
        let options = &message["data"]["options"];
        assert!(options.is_object(), "{message}");
    }
    let icons: Vec<_> = sent
        .iter()
        .map(|message| message["data"]["options"]["icon"].clone())
        .collect();
    // Hosts compute `event.origin + icon` without a look at it.
    assert_eq!(
        icons,
        [
            "",
            "",
            "/static/a.png",
            "/static/b.png?x#y",
            "/team/channels/c.png",
            "",
            ""
        ]
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_are_json_numbers_and_the_options_make_no_constructor_throw() -> Outcome {
    let scene = enabled().await?;
    scene
        .in_frame(
            "new Notification('all', { actions: [], badge: '/b.png', body: 'b', data: { a: 1 }, dir: 'ltr', icon: '/i.png', image: '/m.png',
               lang: 'en', navigate: '/elsewhere', renotify: true, requireInteraction: true, tag: 't', timestamp: 7, vibrate: [1],
               unknown: () => {} })",
        )
        .await?;
    let sent = scene.until_crossed("in", "notification.new", 1).await?;
    assert!(sent[0]["data"]["id"].is_number());
    assert_eq!(sent[0].get("ref").unwrap_or(&Value::Null), &Value::Null);
    let options = sent[0]["data"]["options"].as_object();
    let mut names: Vec<_> = options
        .into_iter()
        .flat_map(|options| options.keys())
        .collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "badge",
            "body",
            "data",
            "dir",
            "icon",
            "image",
            "lang",
            "renotify",
            "requireInteraction",
            "tag",
            "timestamp"
        ]
    );
    // As the hosts do: the options as they are, to the host's own constructor.
    let made = "const { title, options } = recorded.find(({ type }) => type === 'notifymatters.notification.new').data;
                return new Notification(title, options).body";
    assert_eq!(scene.in_host(made).await?, "b");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_asked_permission_is_asked_of_the_host_by_number() -> Outcome {
    let scene = spoken_for().await?;
    scene
        .in_host(&format!("send({})", enable("denied")))
        .await?;
    scene.until_ok().await?;
    scene
        .in_frame("Notification.requestPermission().then((answer) => { window.answer = answer; })")
        .await?;
    let asked = scene
        .until_crossed("in", "notification.requestPermission", 1)
        .await?;
    let number = &asked[0]["ref"];
    assert!(number.is_number(), "{asked:?}");
    scene.in_host(&format!("send({{ type: 'notifymatters.ref.resolve', notifymatters: '20171130', data: 'granted', ref: {number} }})")).await?;
    eventually("the page is answered", async || {
        Ok((scene.in_frame("return window.answer").await? == "granted").then_some(()))
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn when_the_host_has_granted_the_page_is_answered_without_a_round_trip() -> Outcome {
    let scene = enabled().await?;
    scene
        .in_frame("Notification.requestPermission().then((answer) => { window.answer = answer; })")
        .await?;
    eventually("the page is answered", async || {
        Ok((scene.in_frame("return window.answer").await? == "granted").then_some(()))
    })
    .await?;
    assert_eq!(
        scene
            .crossed("in", "notification.requestPermission")
            .await?
            .len(),
        0
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn show_click_and_close_reach_handlers_and_listeners_with_an_event() -> Outcome {
    let scene = enabled().await?;
    scene
        .in_frame(
            "window.heard = [];
             const one = new Notification('one');
             for (const type of ['show', 'click', 'close']) {
               one['on' + type] = (event) => heard.push('on' + event.type);
               one.addEventListener(type, (event) => heard.push(event.type + (event.target === one) + event.cancelable));
             }",
        )
        .await?;
    let id = scene.until_crossed("in", "notification.new", 1).await?[0]["data"]["id"].clone();
    for report in ["onclick", "onclose", "onclick"] {
        scene.in_host(&format!("send({{ type: 'notifymatters.notification.{report}', notifymatters: '20171130', data: null, ref: {id} }})")).await?;
    }
    tokio::time::sleep(SHORT_WHILE).await;
    let heard = scene.in_frame("return window.heard").await?;
    assert_eq!(
        heard,
        json!([
            "onshow",
            "showtruefalse",
            "onclick",
            "clicktruetrue",
            "onclose",
            "closetruefalse"
        ]),
        "what is closed is clicked no more"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_host_that_never_reports_a_close_does_not_make_the_page_grow() -> Outcome {
    let scene = enabled().await?;
    scene
        .in_frame("for (let n = 0; n < 600; n += 1) { new Notification('n' + n); }")
        .await?;
    scene.until_crossed("in", "notification.new", 600).await?;
    let closed = scene.until_crossed("in", "notification.close", 88).await?;
    assert_eq!(
        closed.len(),
        88,
        "512 may live at once, the oldest are closed first"
    );
    let first = &scene.crossed("in", "notification.new").await?[0]["data"]["id"];
    assert_eq!(&closed[0]["data"]["id"], first);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_later_version_of_the_protocol_is_not_answered() -> Outcome {
    let scene = spoken_for().await?;
    scene.in_host("send({ type: 'notifymatters.enable', notifymatters: '20990101', data: 'granted', ref: null })").await?;
    tokio::time::sleep(SHORT_WHILE).await;
    assert!(scene.came_to_host().await?.is_empty());
    scene.in_host("send({ type: 'notifymatters.enable', notifymatters: '20171129', data: 'granted', ref: null })").await?;
    assert_eq!(
        scene.until_ok().await?["notifymatters"],
        "20171129",
        "an earlier one is answered in its own words"
    );
    Ok(())
}

/// iOS has no `Notification` outside of installed applications; the one of Chrome on Android cannot be constructed.
#[tokio::test(flavor = "multi_thread")]
async fn a_host_whose_browser_can_show_nothing_tells_the_chat_so() -> Outcome {
    for (parameters, finds_out_late) in [
        ("notification=none", false),
        ("notification=throwing", true),
    ] {
        let scene = Scene::start(&Options::default()).await?;
        scene
            .open(&Host {
                parameters,
                ..Host::TRUSTED
            })
            .await?;
        scene.until_ok().await?;
        if finds_out_late {
            scene.standin.mention("@anna this cannot be shown")?;
        }
        eventually("Mattermost knows that nothing can be shown", async || {
            let permission = scene.in_frame("return Notification.permission").await?;
            Ok((permission == "denied").then_some(()))
        })
        .await?;
        assert_eq!(scene.shown().await?, Vec::<Value>::new());
    }
    Ok(())
}
