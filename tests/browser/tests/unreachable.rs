//! The configuration cannot be had: the page tries again with growing pauses, and says so once.

use std::time::Duration;

use notifymatters_browser_tests::{Host, Options, Outcome, Scene, eventually_within};
use serde_json::{Value, json};

const ENDPOINT: &str = "/plugins/notifymatters/api/v1/config";

/// Three failures cost pauses of one, two and four seconds.
const RECOVERY: Duration = Duration::from_secs(25);

/// The same in milliseconds, less a tenth: a request may be noted late.
const LEAST_PAUSES: [i64; 3] = [900, 1800, 3600];

async fn recovers_from(fault: Value) -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene.standin.order("/fault", &json!([fault]))?;
    scene.open(&Host::TRUSTED).await?;
    eventually_within(RECOVERY, "the host is answered in the end", async || {
        Ok((!scene.crossed("in", "ok").await?.is_empty()).then_some(()))
    })
    .await?;
    scene.mention_arrives("@anna in the end", 1).await?;

    let times: Vec<i64> = scene
        .standin
        .ask("/requests")?
        .as_array()
        .into_iter()
        .flatten()
        .filter(|request| request["path"] == ENDPOINT)
        .filter_map(|request| request["at"].as_i64())
        .collect();
    let pauses: Vec<i64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(pauses.len(), LEAST_PAUSES.len(), "{pauses:?}");
    assert!(
        pauses
            .iter()
            .zip(LEAST_PAUSES)
            .all(|(pause, least)| *pause > least),
        "the pauses grow: {pauses:?}"
    );
    let said = scene.said("could not read the plugin's settings").await?;
    assert_eq!(said.len(), 1, "it is said once");
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn its_answer_breaks_off() -> Outcome {
    recovers_from(json!({ "path": ENDPOINT, "cut": true, "times": 3 })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn it_answers_500() -> Outcome {
    recovers_from(json!({ "path": ENDPOINT, "status": 500, "body": "boom", "times": 3 })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn it_answers_401_although_somebody_is_logged_in() -> Outcome {
    recovers_from(json!({ "path": ENDPOINT, "status": 401, "times": 3 })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn it_answers_no_json() -> Outcome {
    recovers_from(json!({ "path": ENDPOINT, "status": 200, "body": "<!DOCTYPE html>", "content_type": "text/html", "times": 3 })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn it_answers_json_of_another_shape() -> Outcome {
    let body = r#"{"trusted_origins": [1, {"a": null}], "TrustedOrigin": {}}"#;
    recovers_from(json!({ "path": ENDPOINT, "status": 200, "body": body, "content_type": "application/json", "times": 3 })).await
}

#[tokio::test(flavor = "multi_thread")]
async fn it_is_slow() -> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene.standin.order(
        "/fault",
        &json!([{ "path": ENDPOINT, "delay_ms": 4000, "times": 1 }]),
    )?;
    scene.open(&Host::TRUSTED).await?;
    scene.until_ok().await?;
    assert_eq!(
        scene.standin.requests(ENDPOINT)?.len(),
        1,
        "a slow answer is waited for"
    );
    Ok(())
}

/// Nobody but the component itself is there to catch what a function of the page throws while an answer of the server is handled.
#[tokio::test(flavor = "multi_thread")]
async fn what_the_page_throws_meanwhile_ends_the_component_with_a_word_and_another_one_answers()
-> Outcome {
    let scene = Scene::start(&Options::default()).await?;
    scene.standin.order(
        "/fault",
        &json!([{ "path": ENDPOINT, "status": 500, "body": "boom", "delay_ms": 6000, "times": 1 }]),
    )?;
    scene.open(&Host::TRUSTED).await?;
    scene
        .in_frame(
            "window.errors = [];
             const { error } = console;
             console.error = (...words) => { errors.push(words.join(' ')); error(...words); };
             console.info = () => { throw new Error('thrown by another script'); };",
        )
        .await?;
    eventually_within(RECOVERY, "the host is answered in the end", async || {
        Ok((!scene.crossed("in", "ok").await?.is_empty()).then_some(()))
    })
    .await?;
    let errors = scene.in_frame("return errors.join()").await?;
    anyhow::ensure!(
        errors.to_string().contains("thrown by another script"),
        "{errors}"
    );
    Ok(())
}
