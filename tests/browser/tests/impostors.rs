//! Who must not be served.

use notifymatters_browser_tests::{Host, Options, Outcome, SHORT_WHILE, Scene, enable, eventually};
use serde_json::json;
use thirtyfour::By;

use crate::spoken_for::{SPOKEN_FOR, enabled, is_unharmed};

#[tokio::test(flavor = "multi_thread")]
async fn look_alike_origins_get_nothing() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    let port = scene.standin.port;
    // What the setting says, and who asks.
    let mail = "mail.example.localhost";
    for (setting, asks) in [
        (format!("http://{mail}:{port}"), "xmail.example.localhost"),
        (
            format!("http://{mail}:{port}"),
            "mail.example.localhost.evil.example.localhost",
        ),
        (format!("http://{mail}:{port}"), "example.localhost"),
        // Cyrillic а in place of the Latin one.
        (
            format!("http://{mail}:{port}"),
            "xn--mil-6cd.example.localhost",
        ),
        (format!("http://m\u{430}il.example.localhost:{port}"), mail),
        (format!("https://{mail}:{port}"), mail),
        (format!("http://{mail}"), mail),
        (format!("http://{mail}:{}", port ^ 1), mail),
        (
            format!("http://{mail}:{port}@evil.example.localhost:{port}"),
            mail,
        ),
        (
            format!("http://evil.example.localhost:{port}@{mail}:{port}"),
            mail,
        ),
        (format!("http://*.example.localhost:{port}"), mail),
        ("*".to_owned(), mail),
        ("null".to_owned(), mail),
    ] {
        scene.standin.trust(&setting)?;
        scene
            .open(&Host {
                name: asks,
                ..Host::TRUSTED
            })
            .await?;
        // Only then has the page judged who asks.
        let sentence = format!("Trusted Origins: {}", scene.standin.origin(asks));
        scene.until_noted(&sentence).await?;
        scene.until_crossed("out", "enable", 5).await?;
        let came = scene.came_to_host().await?;
        assert!(
            came.is_empty(),
            "with {setting:?} {asks} was answered: {came:?}"
        );
    }
    // The table would prove nothing if nobody were answered.
    scene.standin.trust(&scene.standin.origin(mail))?;
    scene.open(&Host::TRUSTED).await?;
    scene.until_ok().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_stranger_sends_is_never_read() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene
        .open(&Host {
            parameters: "script=none",
            ..Host::STRANGER
        })
        .await?;
    scene
        .in_frame(
            "window.read = 0;
             const { get } = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data');
             Object.defineProperty(MessageEvent.prototype, 'data', { get() { if (this.source === parent) window.read += 1; return get.call(this); } })",
        )
        .await?;
    scene
        .in_host(&format!(
            "setInterval(() => send({}), 200)",
            enable("granted")
        ))
        .await?;
    scene.until_noted("Trusted Origins: ").await?;
    tokio::time::sleep(SHORT_WHILE).await;
    assert_eq!(scene.in_frame("return window.read").await?, 0);

    scene
        .standin
        .trust(&scene.standin.origin(Host::STRANGER.name))?;
    scene.until_ok().await?;
    assert_ne!(
        scene.in_frame("return window.read").await?,
        0,
        "once it is trusted, what it sent is read"
    );
    Ok(())
}

/// Opens a document that lies beside the chat's frame in the trusted host page and sends `enable` to the chat.
async fn sibling_gets_nothing(make: &str) -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene.open(&SPOKEN_FOR).await?;
    let sends = format!("parent.frames[0].postMessage({}, '*')", enable("granted"));
    scene
        .in_host(&format!(
            "window.addEventListener('message', (event) => {{ if (event.data === 'sent') window.siblingSent = true; }});
             const listens = \"<script>addEventListener('message', (event) => parent.postMessage({{ got: event.data?.type }}, '*'));\";
             const html = listens + `{sends}; parent.postMessage('sent', '*');` + '</' + 'script>';
             window.siblingGot = [];
             addEventListener('message', (event) => event.data?.got && siblingGot.push(event.data.got));
             const sibling = document.createElement('iframe');
             {make}"
        ))
        .await?;
    eventually("the sibling has sent its enable", async || {
        Ok((scene.in_host("return window.siblingSent === true").await? == true).then_some(()))
    })
    .await?;
    tokio::time::sleep(SHORT_WHILE).await;
    assert_eq!(scene.in_host("return window.siblingGot").await?, json!([]));
    assert!(scene.came_to_host().await?.is_empty());
    scene
        .in_host(&format!("send({})", enable("granted")))
        .await?;
    scene.until_ok().await?;
    is_unharmed(&scene).await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_about_blank_child_of_the_host_gets_nothing() -> Outcome {
    sibling_gets_nothing("document.body.append(sibling); sibling.contentDocument.write(html)").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_blob_child_of_the_host_gets_nothing() -> Outcome {
    sibling_gets_nothing("sibling.src = URL.createObjectURL(new Blob([html], { type: 'text/html' })); document.body.append(sibling)").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_data_child_of_the_host_gets_nothing() -> Outcome {
    sibling_gets_nothing(
        "sibling.src = 'data:text/html,' + encodeURIComponent(html); document.body.append(sibling)",
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sandboxed_child_of_the_host_gets_nothing() -> Outcome {
    sibling_gets_nothing(
        "sibling.sandbox = 'allow-scripts'; sibling.srcdoc = html; document.body.append(sibling)",
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn in_a_sandboxed_frame_no_opaque_origin_is_its_own() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene.log_in().await?;
    let script = scene
        .here("return document.querySelector('#plugin_notifymatters').src")
        .await?;
    // From an opaque origin the plugin's modules can be loaded only where a proxy opens them to all.
    scene.standin.order(
        "/policy",
        &json!({ "frame_ancestors": "", "x_frame_options": "", "static_headers": { "Access-Control-Allow-Origin": "*" } }),
    )?;
    // Host page and chat both have the origin "null".
    let host = format!(
        "<body><script>
         window.recorded = [];
         addEventListener('message', (event) => recorded.push(event.data));
         const frame = document.createElement('iframe');
         frame.src = '{}';
         document.body.append(frame);
         window.sent = 0;
         setInterval(() => {{ sent += 1; frame.contentWindow.postMessage({}, '*'); }}, 100);
         </script>",
        scene.standin.site(),
        enable("granted")
    );
    let driver = scene.browser.driver();
    driver
        .goto(format!(
            "{}/blank.txt",
            scene.standin.origin("mail.example.localhost")
        ))
        .await?;
    scene
        .here(&format!(
            "const host = document.createElement('iframe');
             host.sandbox = 'allow-scripts';
             host.srcdoc = {};
             document.body.append(host)",
            json!(host)
        ))
        .await?;
    driver.enter_frame(0).await?;
    driver.enter_frame(0).await?;
    assert_eq!(scene.here("return self.origin").await?, "null");
    // Mattermost's own scripts do not come far without their origin, so the plugin's is started without them.
    scene
        .here(&format!(
            "window.said = [];
             console.info = (sentence) => said.push(sentence);
             window.registerPlugin = (_, plugin) => plugin.initialize({{}}, undefined);
             const plugin = document.createElement('script');
             plugin.src = {script};
             document.head.append(plugin)"
        ))
        .await?;
    eventually("the page has judged its host", async || {
        let said = scene
            .here("return said.some((sentence) => sentence.includes('without an origin that can be trusted'))")
            .await?;
        Ok((said == true).then_some(()))
    })
    .await?;
    driver.enter_parent_frame().await?;
    let sent = scene.here("return sent").await?.as_u64().unwrap_or(0);
    eventually("it has asked often", async || {
        let asked = scene.here("return sent").await?.as_u64();
        Ok((asked > Some(sent + 10)).then_some(()))
    })
    .await?;
    assert_eq!(scene.here("return recorded").await?, json!([]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_inside_the_chat_cannot_take_the_hosts_place() -> Outcome {
    let scene = enabled().await?;
    let nested = format!(
        "{}/host.html?src=about:blank&script=none",
        scene.standin.origin("mail.example.localhost")
    );
    scene
        .in_frame(&format!(
            "const nested = document.createElement('iframe'); nested.src = '{nested}'; nested.id = 'nested'; document.body.append(nested)"
        ))
        .await?;
    let driver = scene.browser.driver();
    driver.enter_default_frame().await?;
    driver.enter_frame(0).await?;
    driver.find(By::Id("nested")).await?.enter_frame().await?;
    eventually("the nested page is loaded", async || {
        Ok((scene.here("return window.recorded !== undefined").await? == true).then_some(()))
    })
    .await?;
    assert_eq!(
        scene.here("return self.origin").await?,
        scene.standin.origin("mail.example.localhost")
    );
    scene.here(&format!("window.got = []; addEventListener('message', (event) => got.push(event.data)); parent.postMessage({}, '*')", enable("granted"))).await?;
    tokio::time::sleep(SHORT_WHILE).await;
    assert_eq!(
        scene
            .here("return window.got.filter((data) => data?.type)")
            .await?,
        json!([])
    );
    driver.enter_default_frame().await?;
    is_unharmed(&scene).await
}
