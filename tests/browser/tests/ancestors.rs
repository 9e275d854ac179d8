//! Pages above the one that holds the frame.

use notifymatters_browser_tests::{Host, Options, Outcome, Scene, enable, eventually};
use serde_json::json;

use crate::spoken_for::SPOKEN_FOR;

/// Opens a host page that holds another one, which embeds the Mattermost.
async fn nested_hosts(outer: &Host<'_>, inner: &Host<'_>) -> Outcome<Scene> {
    let scene = Scene::start(&Options::default()).await?;
    scene.log_in().await?;
    let driver = scene.browser.driver();
    for host in [inner, outer] {
        driver
            .goto(format!("{}/blank.txt", scene.standin.origin(host.name)))
            .await?;
        scene
            .browser
            .set_permission("notifications", host.permission)
            .await?;
    }
    let middle = format!(
        "{}/host.html?{}&src={}",
        scene.standin.origin(inner.name),
        inner.parameters,
        scene.standin.site()
    );
    driver
        .goto(format!(
            "{}/host.html?{}&src={}",
            scene.standin.origin(outer.name),
            outer.parameters,
            middle.replace('?', "%3F").replace('&', "%26")
        ))
        .await?;
    Ok(scene)
}

const SILENT_STRANGER: Host<'static> = Host {
    parameters: "script=none",
    ..Host::STRANGER
};

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_page_above_the_one_that_holds_the_frame_can_be_the_host() -> Outcome {
    let scene = nested_hosts(&SPOKEN_FOR, &SILENT_STRANGER).await?;
    scene
        .here(&format!(
            "window.got = [];
             addEventListener('message', ({{ source, data }}) => source === frames[0].frames[0] && got.push(data.type));
             setInterval(() => frames[0].frames[0]?.postMessage({}, '{}'), 200)",
            enable("granted"),
            scene.standin.origin("chat.example.localhost")
        ))
        .await?;
    eventually("the page at the top is answered", async || {
        let got = scene
            .here("return got.includes('notifymatters.ok')")
            .await?;
        Ok((got == true).then_some(()))
    })
    .await?;
    scene.browser.driver().enter_frame(0).await?;
    let came = scene
        .here("return window.recorded.filter(({ type }) => type)")
        .await?;
    assert_eq!(came, json!([]), "the stranger between gets nothing");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trusted_host_that_a_stranger_frames_is_served_as_usual() -> Outcome {
    let scene = nested_hosts(&SILENT_STRANGER, &Host::TRUSTED).await?;
    let driver = scene.browser.driver();
    driver.enter_frame(0).await?;
    eventually("the trusted host in the middle is answered", async || {
        let ok = scene
            .here("return window.recorded?.some(({ type }) => type === 'notifymatters.ok')")
            .await?;
        Ok((ok == true).then_some(()))
    })
    .await?;
    driver.enter_default_frame().await?;
    let came = scene
        .here("return window.recorded.filter(({ type }) => type)")
        .await?;
    assert_eq!(came, json!([]), "the stranger outside gets nothing");
    Ok(())
}
