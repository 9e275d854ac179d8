//! A notification out and its click back, beside the same way without anything at its ends.

use notifymatters_browser_tests::Outcome;
use serde::{Deserialize, Serialize};

use crate::stage::Stage;

/// Ours in turn with the bare ones, so that what else the machine does meets both.
const TURNS: usize = 20;
/// Of each kind in a turn.
const HOPS: usize = 50;

/// The hops of one turn, in milliseconds.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Turn {
    /// Each by itself, with a rest before. The page's clock has steps of a tenth of a millisecond: only many of them together say more.
    single: Vec<f64>,
    /// One of many, one right after the other.
    row: f64,
}

/// All turns.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Hops {
    ours: Vec<Turn>,
    bare: Vec<Turn>,
}

pub(crate) async fn measure(stage: &Stage) -> Outcome<Hops> {
    stage.in_host::<()>("reports = ['click']").await?;
    let mut hops = Hops::default();
    for turn in 0..=TURNS {
        let bare = stage
            .in_bare(&format!("return bench.bareHops({HOPS})"))
            .await?;
        let ours = stage.in_chat(&format!("return bench.hops({HOPS})")).await?;
        // The first turn is for the compilers.
        if turn > 0 {
            hops.ours.push(ours);
            hops.bare.push(bare);
        }
    }
    Ok(hops)
}
