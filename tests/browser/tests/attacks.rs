//! What must not do harm.

use notifymatters_browser_tests::{Host, Options, Outcome, SHORT_WHILE, Scene, enable, eventually};
use serde_json::Value;

use crate::spoken_for::{enabled, is_unharmed};

#[tokio::test(flavor = "multi_thread")]
async fn malformed_messages_do_no_harm_and_are_noted_once() -> Outcome {
    let scene = enabled().await?;
    let said_before = scene.said("Notifymatters").await?.len();
    let answered = scene.crossed("in", "ok").await?.len();
    scene
        .in_host(
            "const cyclic = {}; cyclic.self = cyclic;
             let deep = 'end'; for (let level = 0; level < 500; level += 1) deep = [deep];
             const values = [undefined, null, 0, 1, -1, NaN, 2n, true, '', 'granted?', 'x'.repeat(1000), [], ['granted'], {}, cyclic, deep,
               new Date(NaN), /granted/g, new Map([[1, 2]]), new Set('granted'), new Error('granted'), new ArrayBuffer(8), new Blob(['x'])];
             for (const value of values) {
               send(value);
               send({ type: value, notifymatters: '20171130', data: 'granted', ref: null });
               send({ type: 'notifymatters.enable', notifymatters: value, data: 'granted', ref: null });
               // Data may be missing, for example where the host has no Notification of its own.
               if (value != null) send({ type: 'notifymatters.enable', notifymatters: '20171130', data: value, ref: null });
             }
             for (const type of ['notifymatters', 'notifymatters.', 'notifymatters.Enable', 'notifymatters.enable ', 'Notifymatters.enable',
               'notifymatters.__proto__', 'notifymatters.constructor', 'notifymatters.ok', 'notifymatters.notification.new', 'enable']) {
               send({ type, notifymatters: '20171130', data: 'granted', ref: null });
             }
             send(JSON.parse('{\"__proto__\": {\"type\": \"notifymatters.enable\", \"notifymatters\": \"20171130\", \"data\": \"granted\"}}'));
             send(JSON.parse('{\"constructor\": {\"prototype\": {\"polluted\": true}}, \"type\": \"notifymatters.enable\"}'))",
        )
        .await?;
    tokio::time::sleep(SHORT_WHILE).await;
    assert_eq!(
        scene.crossed("in", "ok").await?.len(),
        answered,
        "none of them is an enable"
    );
    assert_eq!(
        scene.in_frame("return ({}).polluted ?? null").await?,
        Value::Null
    );
    is_unharmed(&scene).await?;
    let said = scene.said("Notifymatters").await?.split_off(said_before);
    let mut once = said.clone();
    once.sort();
    once.dedup();
    assert_eq!(
        said.len(),
        once.len(),
        "each sentence is said once: {said:?}"
    );
    assert!(!said.is_empty(), "and it is said");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn data_of_100_megabytes_does_no_harm() -> Outcome {
    let scene = enabled().await?;
    scene
        .in_host(
            "const huge = 'x'.repeat(100_000_000);
             send({ type: 'notifymatters.enable', notifymatters: '20171130', data: huge, ref: null });
             send({ type: huge, notifymatters: '20171130', data: 'granted', ref: null });
             send({ type: 'notifymatters.notification.onclick', notifymatters: huge, data: null, ref: huge })",
        )
        .await?;
    is_unharmed(&scene).await
}

/// Enough to stall a page that looks into each.
const FLOOD: u32 = 10_000;

/// Why they cost little; what they cost is a figure of `cargo xtask bench web`.
#[tokio::test(flavor = "multi_thread")]
async fn of_a_strangers_10_000_messages_none_is_opened() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene
        .open(&Host {
            parameters: "script=none",
            ..Host::STRANGER
        })
        .await?;
    // The stranger's first message brings the component up, which reads the setting; what comes then is refused.
    scene
        .in_host(&format!("send({})", enable("granted")))
        .await?;
    eventually("the component is there", async || {
        Ok((!scene.standin.requests("/api/v1/config")?.is_empty()).then_some(()))
    })
    .await?;
    scene
        .in_frame(
            "const { get, ...rest } = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data');
             Object.assign(window, { opened: 0, arrived: 0 });
             addEventListener('message', () => { window.arrived += 1; });
             Object.defineProperty(MessageEvent.prototype, 'data', { ...rest, get() { window.opened += 1; return get.call(this); } })",
        )
        .await?;
    scene
        .in_host(&format!(
            "for (let ref = 0; ref < {FLOOD}; ref += 1) {{
               send({{ type: 'notifymatters.notification.onclick', notifymatters: '20171130', data: null, ref }});
             }}"
        ))
        .await?;
    eventually("all have come", async || {
        Ok((scene.in_frame("return window.arrived").await? == FLOOD).then_some(()))
    })
    .await?;
    assert_eq!(scene.in_frame("return window.opened").await?, 0);
    assert_eq!(
        scene
            .in_frame("void new MessageEvent('message').data; return window.opened")
            .await?,
        1,
        "a look would have been seen"
    );
    Ok(())
}
