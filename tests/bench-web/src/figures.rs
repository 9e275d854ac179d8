//! Everything that is compared, measured once.

use notifymatters_browser_tests::Outcome;
use serde::Serialize;

use crate::hop::{self, Hops};
use crate::memory::{self, Memory};
use crate::refused::{self, Refused};
use crate::stage::{Stage, TRUSTED};
use crate::start::{self, Cached};

/// How many notifications are past when the memory is looked at.
const PAST: [usize; 2] = [100, 10_000];

/// What one run found; times in milliseconds. What is made of them is decided by who reads them.
#[derive(Debug, Serialize)]
pub(crate) struct Figures {
    /// The paths that a page asks for which nobody embeds, and further ones until the `ok`.
    loaded_idle: Vec<String>,
    loaded_embedded: Vec<String>,
    ok_first: f64,
    cached: Cached,
    hops: Hops,
    /// Without the plugin; after the `ok`; after 100 and after 10,000 notifications.
    memory: Vec<Memory>,
    refused: Refused,
}

pub(crate) async fn measure() -> Outcome<Figures> {
    let stage = Stage::start().await?;
    stage.open_alone().await?;
    start::calm().await;
    let idle = stage.loaded()?;
    stage.switch_plugin(false).await?;
    // The browser keeps some of a page for the next one: the one that is looked at is the second, as that with the plugin will be.
    for _ in 0..2 {
        stage.close().await?;
        stage.embed(TRUSTED).await?;
    }
    start::calm().await;
    let mut memory = vec![memory::look(&stage).await?];
    stage.close().await?;
    stage.switch_plugin(true).await?;
    stage.open(TRUSTED).await?;
    let ok_first = start::once(&stage).await?;
    start::calm().await;
    let embedded = stage.loaded()?;
    memory.push(memory::look(&stage).await?);
    stage.in_host::<()>("reports = ['click', 'close']").await?;
    let mut past = 0;
    for until in PAST {
        stage
            .in_chat::<()>(&format!("return bench.past({})", until - past))
            .await?;
        past = until;
        memory.push(memory::look(&stage).await?);
    }
    let hops = hop::measure(&stage).await?;
    let cached = start::cached(&stage).await?;
    let refused = refused::measure(&stage).await?;
    Ok(Figures {
        loaded_embedded: embedded[idle.len()..].to_vec(),
        loaded_idle: idle,
        ok_first,
        cached,
        hops,
        memory,
        refused,
    })
}
