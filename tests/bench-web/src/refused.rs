//! What messages cost that are refused: those of a host that is not trusted.

use notifymatters_browser_tests::Outcome;
use serde::Serialize;

use crate::stage::{STRANGER, Stage};
use crate::start::calm;

const MESSAGES: usize = 10_000;
const TURNS: usize = 5;

/// The milliseconds for all of them: in the page with the plugin, and in one with an empty listener.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Refused {
    ours: Vec<f64>,
    bare: Vec<f64>,
}

pub(crate) async fn measure(stage: &Stage) -> Outcome<Refused> {
    stage.open(STRANGER).await?;
    // Its first message makes the plugin load what it needs and read the setting.
    stage
        .in_host::<()>("chat.contentWindow.postMessage(envelope('enable', 'granted'), '*')")
        .await?;
    calm().await;
    calm().await;
    let mut refused = Refused::default();
    for turn in 0..=TURNS {
        let bare = stage
            .in_host(&format!("return refused(bare, {MESSAGES})"))
            .await?;
        let ours = stage
            .in_host(&format!("return refused(chat, {MESSAGES})"))
            .await?;
        if turn > 0 {
            refused.ours.push(ours);
            refused.bare.push(bare);
        }
    }
    Ok(refused)
}
