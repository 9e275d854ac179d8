//! What the page holds in memory after a collection of its garbage.

use anyhow::Context as _;
use notifymatters_browser_tests::Outcome;
use serde::Serialize;

use crate::stage::Stage;

/// A look at the memory.
#[derive(Clone, Copy, Debug, Serialize)]
pub(crate) struct Memory {
    /// The JavaScript heap of the thread: the Mattermost's page, its host and what they embed.
    pub(crate) heap_bytes: f64,
    /// The component's WebAssembly memory; 0 without one.
    pub(crate) wasm_bytes: f64,
}

pub(crate) async fn look(stage: &Stage) -> Outcome<Memory> {
    stage.devtools("Performance.enable").await?;
    // What the first collection frees may hold further things by finalizers.
    for _ in 0..2 {
        stage.devtools("HeapProfiler.collectGarbage").await?;
    }
    let metrics = stage.devtools("Performance.getMetrics").await?;
    let heap = metrics["metrics"]
        .as_array()
        .into_iter()
        .flatten()
        .find(|metric| metric["name"] == "JSHeapUsedSize")
        .and_then(|metric| metric["value"].as_f64());
    Ok(Memory {
        heap_bytes: heap.context("the browser does not say how large its heap is")?,
        wasm_bytes: stage.in_chat("return bench.wasm()").await?,
    })
}
