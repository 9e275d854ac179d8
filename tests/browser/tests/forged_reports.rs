//! Clicks, closings and answers that are not the host's, or not of anything that it was told.

use notifymatters_browser_tests::{Outcome, SHORT_WHILE, Scene, enable, eventually};
use serde_json::json;

use crate::spoken_for::{enabled, is_unharmed};

/// A page with a notification that counts its clicks and closings, and a question that waits for its answer.
struct Waiting {
    scene: Scene,
    id: u64,
    request: u64,
}

impl Waiting {
    async fn begin() -> Outcome<Self> {
        let scene = enabled().await?;
        scene
            .in_frame(
                "window.heard = [];
                 const mine = new Notification('mine');
                 mine.onclick = mine.onclose = ({ type }) => heard.push(type)",
            )
            .await?;
        let sent = scene.until_crossed("in", "notification.new", 1).await?;
        scene
            .in_host(&format!("send({})", enable("denied")))
            .await?;
        scene.until_crossed("in", "ok", 2).await?;
        scene
            .in_frame("Notification.requestPermission().then((answer) => heard.push(answer))")
            .await?;
        let asked = scene
            .until_crossed("in", "notification.requestPermission", 1)
            .await?;
        Ok(Self {
            id: sent[0]["data"]["id"].as_u64().unwrap_or(0),
            request: asked[0]["ref"].as_u64().unwrap_or(0),
            scene,
        })
    }

    /// A click, a close and an answer, all with the right numbers, as JavaScript expressions.
    fn reports(&self) -> [String; 3] {
        let Self { id, request, .. } = self;
        [
            ("ref.resolve", request),
            ("notification.onclick", id),
            ("notification.onclose", id),
        ]
        .map(|(command, number)| {
            format!("{{ type: 'notifymatters.{command}', notifymatters: '20171130', data: 'granted', ref: {number} }}")
        })
    }

    /// So far nothing of it has had an effect; what the host itself sends has.
    async fn only_the_host_is_heard(&self) -> Outcome {
        tokio::time::sleep(SHORT_WHILE).await;
        let heard = self.scene.in_frame("return window.heard").await?;
        anyhow::ensure!(heard == json!([]), "the page heard {heard}");
        for report in self.reports() {
            self.scene.in_host(&format!("send({report})")).await?;
        }
        eventually("what the host reports has its effect", async || {
            let heard = self.scene.in_frame("return window.heard").await?;
            Ok((heard == json!(["granted", "click", "close"])).then_some(()))
        })
        .await
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn another_window_of_the_hosts_origin_can_neither_click_nor_answer() -> Outcome {
    let waiting = Waiting::begin().await?;
    waiting
        .scene
        .in_host(&format!(
            "const sibling = document.createElement('iframe'); document.body.append(sibling);
             const send = `for (const report of [{}]) parent.frames[0].postMessage(report, '*')`;
             sibling.contentDocument.write('<script>' + send + '</' + 'script>')",
            waiting.reports().join(", ")
        ))
        .await?;
    waiting.only_the_host_is_heard().await
}

#[tokio::test(flavor = "multi_thread")]
async fn numbers_that_were_never_given_settle_nothing() -> Outcome {
    let waiting = Waiting::begin().await?;
    let Waiting { scene, id, request } = &waiting;
    scene
        .in_host(&format!(
            "for (const [right, commands] of [[{id}, ['notification.onclick', 'notification.onclose']], [{request}, ['ref.resolve', 'ref.reject']]]) {{
               const wrong = [right + 1, right - 1, -1, 0, 1.5, NaN, Infinity, 2 ** 53, String(right), [right], {{}}, null, undefined, true, BigInt(right)];
               for (const ref of [...wrong, {id} + {request} - right]) {{
                 for (const command of commands) {{
                   send({{ type: 'notifymatters.' + command, notifymatters: '20171130', data: 'granted', ref }});
                 }}
               }}
             }}"
        ))
        .await?;
    waiting.only_the_host_is_heard().await?;
    is_unharmed(scene).await
}
