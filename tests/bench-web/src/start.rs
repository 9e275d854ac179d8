//! From the host's first `enable` to the `ok`, and how long the page's thread is taken meanwhile.

use std::time::Duration;

use notifymatters_browser_tests::Outcome;

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

/// The same with files from the browser's cache, several times.
pub(crate) async fn cached(stage: &Stage) -> Outcome<Vec<f64>> {
    let mut times = Vec::new();
    for _ in 0..REPEATS {
        stage.reload().await?;
        times.push(once(stage).await?);
    }
    Ok(times)
}

/// The longest time for which the thread is taken between `enable` and shortly after `ok`, several times.
pub(crate) async fn longest(stage: &Stage) -> Outcome<Vec<f64>> {
    let mut longest = Vec::new();
    for _ in 0..REPEATS {
        stage.reload().await?;
        calm().await;
        stage.in_chat::<()>("bench.watch()").await?;
        stage.in_host::<f64>("return enable()").await?;
        longest.push(stage.in_chat("return bench.watched()").await?);
    }
    Ok(longest)
}
