//! The Mattermost page without a parent: its own window, or a webview's, as in Kopano's DeskApp.

use notifymatters_browser_tests::{Host, Options, Outcome, SHORT_WHILE, Scene, enable, eventually};
use serde_json::json;
use thirtyfour::WindowHandle;

/// A host page, and the Mattermost in a window that it opened under the name `chat`.
async fn opened_by_a_host() -> Outcome<(Scene, WindowHandle, WindowHandle)> {
    let scene = Scene::start(&Options::default()).await?;
    scene.log_in().await?;
    scene
        .embed(&Host {
            parameters: "script=none",
            ..Host::TRUSTED
        })
        .await?;
    let driver = scene.browser.driver();
    let host = driver.window().await?;
    scene.here(&format!("window.got = []; addEventListener('message', (event) => event.source !== frame.contentWindow && got.push(event.data));
        window.chat = window.open('{}', 'chat')", scene.standin.site())).await?;
    let chat = eventually("the window is there", async || {
        let windows = driver.windows().await?;
        Ok(windows.into_iter().find(|window| *window != host))
    })
    .await?;
    driver.switch_to_window(chat.clone()).await?;
    eventually("the page in it is connected", async || {
        Ok((scene
            .here("return window.standin?.socket.connected")
            .await?
            == true)
            .then_some(()))
    })
    .await?;
    Ok((scene, host, chat))
}

async fn stays_untouched(scene: &Scene) -> Outcome {
    tokio::time::sleep(SHORT_WHILE).await;
    let own = scene
        .here("return String(window.Notification).includes('[native code]')")
        .await?;
    anyhow::ensure!(own == true, "the page's Notification was replaced");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn the_window_that_opened_it_is_not_its_host() -> Outcome {
    let (scene, host, chat) = opened_by_a_host().await?;
    let driver = scene.browser.driver();
    driver.switch_to_window(host.clone()).await?;
    scene
        .here(&format!("chat.postMessage({}, '*')", enable("granted")))
        .await?;
    driver.switch_to_window(chat).await?;
    stays_untouched(&scene).await?;
    driver.switch_to_window(host).await?;
    assert_eq!(scene.here("return got").await?, json!([]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_that_it_opened_is_not_its_host() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene.log_in().await?;
    let driver = scene.browser.driver();
    let chat = driver.window().await?;
    let popup = format!(
        "{}/host.html?src=about:blank&script=none",
        scene.standin.origin("mail.example.localhost")
    );
    scene
        .here(&format!("window.open('{popup}', 'popup')"))
        .await?;
    let opened = eventually("the window is there", async || {
        let windows = driver.windows().await?;
        Ok(windows.into_iter().find(|window| *window != chat))
    })
    .await?;
    driver.switch_to_window(opened).await?;
    eventually("its page is loaded", async || {
        Ok((scene.here("return window.recorded !== undefined").await? == true).then_some(()))
    })
    .await?;
    scene.here(&format!("window.got = []; addEventListener('message', (event) => event.source === opener && got.push(event.data)); opener.postMessage({}, '*')", enable("granted"))).await?;
    driver.switch_to_window(chat).await?;
    stays_untouched(&scene).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_in_it_is_not_its_host() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene.log_in().await?;
    let nested = format!(
        "{}/host.html?src=about:blank&script=none",
        scene.standin.origin("mail.example.localhost")
    );
    scene
        .here(&format!("const nested = document.createElement('iframe'); nested.src = '{nested}'; document.body.append(nested)"))
        .await?;
    let driver = scene.browser.driver();
    driver.enter_frame(0).await?;
    eventually("its page is loaded", async || {
        Ok((scene.here("return window.recorded !== undefined").await? == true).then_some(()))
    })
    .await?;
    scene
        .here(&format!("parent.postMessage({}, '*')", enable("granted")))
        .await?;
    driver.enter_default_frame().await?;
    stays_untouched(&scene).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_frame_that_posts_and_is_removed_at_once_makes_no_error() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene.log_in().await?;
    scene
        .here(
            "addEventListener('message', ({ data }) => { if (data === 'gone') window.heard = true; });
             const nested = document.createElement('iframe');
             // Its document bears no policy, which would forbid the test to say anything in the frame's name.
             nested.src = '/static/plugins/notifymatters/realm.html';
             nested.onload = () => new nested.contentWindow.Function('parent.postMessage(\"gone\", \"*\"); frameElement.remove()')();
             document.body.append(nested)",
        )
        .await?;
    eventually("the message has come", async || {
        Ok((scene.here("return window.heard === true").await? == true).then_some(()))
    })
    .await?;
    assert_eq!(scene.here("return window.standin.errors").await?, json!([]));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_window_of_a_trusted_origin_that_is_no_relative_is_served_as_a_webviews_embedder_is()
-> Outcome {
    let (scene, host, chat) = opened_by_a_host().await?;
    let driver = scene.browser.driver();
    driver.switch_to_window(host.clone()).await?;
    let other = format!(
        "{}/host.html?src=about:blank&script=none",
        scene.standin.origin("mail.example.localhost")
    );
    scene
        .here(&format!("window.open('{other}', 'other')"))
        .await?;
    let opened = eventually("the window is there", async || {
        let windows = driver.windows().await?;
        Ok(windows
            .into_iter()
            .find(|window| *window != host && *window != chat))
    })
    .await?;
    driver.switch_to_window(opened).await?;
    eventually("its page is loaded", async || {
        Ok((scene.here("return window.recorded !== undefined").await? == true).then_some(()))
    })
    .await?;
    scene.here(&format!(
        "window.got = []; addEventListener('message', (event) => event.source === chat && got.push(event.data.type));
         window.chat = opener.chat; chat.postMessage({}, '*')", enable("granted"))).await?;
    eventually("it is answered", async || {
        Ok((scene
            .here("return got.includes('notifymatters.ok')")
            .await?
            == true)
            .then_some(()))
    })
    .await
}

/// Runs before the page's own scripts: notes the types of the listeners that the plugin's files add.
const NOTE_LISTENERS: &str = "
    window.listeners = [];
    const add = EventTarget.prototype.addEventListener;
    EventTarget.prototype.addEventListener = function (type, ...rest) {
        if (new Error().stack.includes('/static/plugins/notifymatters/')) listeners.push(type);
        return add.call(this, type, ...rest);
    }";

#[tokio::test(flavor = "multi_thread")]
async fn a_page_without_a_host_costs_one_script_and_one_listener() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    let before_scripts = json!({ "source": NOTE_LISTENERS });
    let cdp = scene.browser.driver().cdp();
    cdp.send_raw("Page.addScriptToEvaluateOnNewDocument", before_scripts)
        .await?;
    scene.log_in().await?;
    scene.browser.driver().refresh().await?;
    eventually("the page is connected", async || {
        let connected = "return window.standin?.socket.connected";
        Ok((scene.here(connected).await? == true).then_some(()))
    })
    .await?;
    tokio::time::sleep(SHORT_WHILE).await;
    assert_eq!(scene.here("return listeners").await?, json!(["message"]));
    let asked = scene.standin.requests("notifymatters")?;
    assert!(!asked.is_empty(), "the script is loaded");
    for (path, _) in asked {
        // Mattermost serves `main.js` under this name.
        assert!(path.ends_with("_bundle.js"), "{path}");
    }
    Ok(())
}
