//! What closes the way to WebAssembly in the field, and that the component then runs as JavaScript.

use notifymatters_browser_tests::{Host, Options, Outcome, Scene, WebAssembly};
use serde_json::{Value, json};

async fn falls_back(webassembly: WebAssembly, policy: &Value) -> Outcome {
    let scene = Scene::start_fresh(&Options::default(), webassembly).await?;
    scene.standin.order("/policy", policy)?;
    scene.open(&Host::TRUSTED).await?;
    scene.until_ok().await?;
    let loaded = scene.standin.requests(".fallback.js")?;
    assert_eq!(loaded.len(), 1, "the fallback is loaded once: {loaded:?}");
    let said = scene.said("uses its slower form").await?;
    assert_eq!(said.len(), 1, "it is said once: {said:?}");
    assert_eq!(scene.frames().await?, 0, "no frame is left behind");
    scene.mention_arrives("@anna by another way", 1).await
}

/// A proxy in front of Mattermost adds this header to static files; the host lies on another origin.
async fn falls_back_behind(header: &str, value: &str) -> Outcome {
    let policy = json!({ "static_headers": { header: value } });
    falls_back(WebAssembly::There, &policy).await
}

#[tokio::test(flavor = "multi_thread")]
async fn files_that_may_be_framed_by_their_own_origin_alone() -> Outcome {
    falls_back_behind("X-Frame-Options", "SAMEORIGIN").await
}

#[tokio::test(flavor = "multi_thread")]
async fn files_whose_ancestors_the_host_is_not_among() -> Outcome {
    falls_back_behind("Content-Security-Policy", "frame-ancestors 'self'").await
}

#[tokio::test(flavor = "multi_thread")]
async fn files_whose_policy_allows_scripts_and_no_webassembly() -> Outcome {
    falls_back_behind("Content-Security-Policy", "script-src 'self'").await
}

#[tokio::test(flavor = "multi_thread")]
async fn files_whose_policy_allows_no_scripts() -> Outcome {
    falls_back_behind("Content-Security-Policy", "default-src 'none'").await
}

#[tokio::test(flavor = "multi_thread")]
async fn files_whose_policy_makes_them_nobodys() -> Outcome {
    falls_back_behind("Content-Security-Policy", "sandbox allow-scripts").await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_without_webassembly() -> Outcome {
    falls_back(WebAssembly::Off, &json!({})).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_browser_whose_webassembly_is_too_old_for_the_component() -> Outcome {
    falls_back(WebAssembly::There, &json!({ "webassembly_version": 2 })).await
}
