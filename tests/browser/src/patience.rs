//! Waiting for what the other side does in its own time.

use std::time::{Duration, Instant};

use crate::Outcome;

/// How long a browser on a busy machine may take for what it does at once. Only a test that fails waits that long.
const PATIENCE: Duration = Duration::from_secs(60);

/// How often to look.
const STEP: Duration = Duration::from_millis(30);

/// How long to wait before saying that something does not happen. Longer than the slowest way that it would
/// take: the host's retry (200 ms), a request to the server and back, a message.
pub const SHORT_WHILE: Duration = Duration::from_millis(1200);

/// Asks again until the answer is `Some`, or fails saying what did not happen.
pub async fn eventually<T>(what: &str, ask: impl AsyncFnMut() -> Outcome<Option<T>>) -> Outcome<T> {
    eventually_within(PATIENCE, what, ask).await
}

/// [`eventually`] with a patience of its own.
pub async fn eventually_within<T>(
    patience: Duration,
    what: &str,
    mut ask: impl AsyncFnMut() -> Outcome<Option<T>>,
) -> Outcome<T> {
    let begin = Instant::now();
    loop {
        if let Some(answer) = ask().await? {
            return Ok(answer);
        }
        if begin.elapsed() > patience {
            anyhow::bail!("within {patience:?} this did not happen: {what}");
        }
        tokio::time::sleep(STEP).await;
    }
}
