//! What must not do harm.

use notifymatters_browser_tests::{Host, Options, Outcome, SHORT_WHILE, Scene, enable, eventually};
use serde_json::{Value, json};

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

/// How much of ten seconds the page's own timers got, while it is sent 10,000 messages a second.
async fn ticks_under_fire(scene: &Scene) -> Outcome<f64> {
    scene
        .in_frame(
            "window.ticks = 0; const until = performance.now() + 10_000;
             const step = () => { if (performance.now() < until) { window.ticks += 1; setTimeout(step, 4); } };
             step()",
        )
        .await?;
    scene
        .in_host(
            "let sent = 0; const until = performance.now() + 10_000; const begin = performance.now();
             const fire = setInterval(() => {
               const due = Math.min(100_000, (performance.now() - begin) * 10);
               for (; sent < due; sent += 1) send({ type: 'notifymatters.notification.onclick', notifymatters: '20171130', data: null, ref: sent });
               if (performance.now() > until) { clearInterval(fire); window.fired = sent; }
             }, 5)",
        )
        .await?;
    tokio::time::sleep(std::time::Duration::from_secs(11)).await;
    let sent = scene.in_host("return window.fired").await?;
    anyhow::ensure!(sent.as_u64() > Some(90_000), "only {sent} were sent");
    Ok(scene
        .in_frame("return window.ticks")
        .await?
        .as_f64()
        .unwrap_or(0.0))
}

/// Other programs on the machine slow one measurement and not the other; a cost of the plugin's own shows in every round.
const ROUNDS_UNDER_FIRE: usize = 3;

#[tokio::test(flavor = "multi_thread")]
async fn at_10_000_messages_a_second_the_page_is_as_quick_as_with_an_empty_listener() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    let mut rounds = Vec::new();
    for _ in 0..ROUNDS_UNDER_FIRE {
        scene.standin.order("/plugin", &json!({ "enable": true }))?;
        scene
            .open(&Host {
                parameters: "script=none",
                ..Host::STRANGER
            })
            .await?;
        // The stranger's first message brings the component up, which reads the setting; what comes then is refused.
        let read = scene.standin.requests("/api/v1/config")?.len();
        scene
            .in_host(&format!("send({})", enable("granted")))
            .await?;
        eventually("the component is there", async || {
            Ok((scene.standin.requests("/api/v1/config")?.len() > read).then_some(()))
        })
        .await?;
        let with_plugin = ticks_under_fire(&scene).await?;

        scene
            .standin
            .order("/plugin", &json!({ "disable": true }))?;
        eventually("the plugin is gone", async || {
            let script = "return document.querySelector('#plugin_notifymatters') === null";
            Ok((scene.in_frame(script).await? == true).then_some(()))
        })
        .await?;
        scene
            .in_frame("addEventListener('message', () => {})")
            .await?;
        let empty = ticks_under_fire(&scene).await?;
        if with_plugin > 0.9 * empty {
            return Ok(());
        }
        rounds.push(format!(
            "{with_plugin} steps with the plugin, {empty} with an empty listener"
        ));
    }
    anyhow::bail!("slower in every round: {}", rounds.join("; "))
}
