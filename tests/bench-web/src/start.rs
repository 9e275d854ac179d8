//! From the host's `enable`, and from the plugin's arrival, to the `ok`, and how long the page's thread is taken meanwhile.

use std::time::Duration;

use notifymatters_browser_tests::Outcome;
use serde::Serialize;

use crate::stage::Stage;

/// How many further starts with files from the cache.
const REPEATS: usize = 5;

/// What is still under way after an `ok`, or after a page has loaded, has ended by then.
const CALM: Duration = Duration::from_millis(500);

pub(crate) async fn calm() {
    tokio::time::sleep(CALM).await;
}

/// The time from `enable` to `ok` in the page as it is.
pub(crate) async fn once(stage: &Stage) -> Outcome<f64> {
    calm().await;
    stage.in_host("return enable()").await
}

/// Starts with files from the browser's cache, several times.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Cached {
    /// From `enable` to `ok` in a page that has been there for a while.
    calm: Vec<f64>,
    /// From the plugin's first line to `ok`, the host asking all the while.
    asked: Vec<f64>,
    /// The longest time for which the page's thread is taken between the plugin's arrival and shortly after `ok`.
    longest: Vec<f64>,
}

pub(crate) async fn cached(stage: &Stage) -> Outcome<Cached> {
    let mut times = Cached::default();
    for _ in 0..REPEATS {
        stage.reload().await?;
        stage.ready().await?;
        times.calm.push(once(stage).await?);

        stage.reload_asking().await?;
        let ok: f64 = stage.in_host("return firstOk").await?;
        let registered: f64 = stage.in_chat("return registered").await?;
        times.asked.push(ok - registered);

        // The page itself takes its thread for longer: the plugin comes to one that has been there for a while.
        stage.switch_plugin(false).await?;
        stage.reload_asking().await?;
        calm().await;
        stage.in_chat::<()>("bench.watch()").await?;
        stage.switch_plugin(true).await?;
        stage.in_host::<f64>("return firstOk").await?;
        calm().await;
        times
            .longest
            .push(stage.in_chat("return bench.watched()").await?);
    }
    Ok(times)
}
