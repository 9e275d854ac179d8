//! Many notifications over a long time, and the memory on the way.

use std::time::{Duration, Instant};

use anyhow::ensure;
use notifymatters_browser_tests::Outcome;
use serde::{Deserialize, Serialize};

use crate::memory::{self, Memory};
use crate::stage::{Stage, TRUSTED};
use crate::start;

const FRAME: &str = include_str!("../page/soak-frame.js");
const HOST: &str = include_str!("../page/soak-host.js");

/// How many notifications may be live at the end: the bound of the protocol's session.
const LIVE: u64 = 512;

/// How long the last reports and their events may take.
const LAST: Duration = Duration::from_secs(2);

/// How many, how long, and how often the memory is looked at.
#[derive(clap::Args, Clone, Copy, Debug)]
pub(crate) struct Amount {
    #[arg(long)]
    notifications: u32,
    #[arg(long)]
    minutes: f64,
    #[arg(long)]
    looks: u32,
}

/// A look at the memory on the way.
#[derive(Debug, Serialize)]
pub(crate) struct Sample {
    minutes: f64,
    notifications: u64,
    #[serde(flatten)]
    memory: Memory,
}

/// What the Mattermost's page counted.
#[derive(Debug, Deserialize)]
struct Frame {
    made: u64,
    show: u64,
    click: u64,
    close: u64,
    error: u64,
    over: bool,
}

/// What the host counted.
#[derive(Debug, Deserialize)]
struct Host {
    new: u64,
    click: u64,
}

pub(crate) async fn run(amount: Amount, print: fn(&Sample) -> Outcome) -> Outcome {
    let length = Duration::from_secs_f64(amount.minutes * 60.0);
    let stage = Stage::start().await?;
    stage.open(TRUSTED).await?;
    start::once(&stage).await?;
    stage.in_host::<()>(HOST).await?;
    stage
        .run_in_chat(
            FRAME,
            vec![amount.notifications.into(), (amount.minutes * 60e3).into()],
        )
        .await?;
    let begin = Instant::now();
    for look in 1..=amount.looks {
        let due = begin + length.mul_f64(f64::from(look) / f64::from(amount.looks));
        tokio::time::sleep_until(due.into()).await;
        let frame: Frame = stage.in_chat("return soaked").await?;
        print(&Sample {
            minutes: begin.elapsed().as_secs_f64() / 60.0,
            notifications: frame.made,
            memory: memory::look(&stage).await?,
        })?;
    }
    tokio::time::sleep(LAST).await;
    nothing_was_lost(
        &stage.in_chat("return soaked").await?,
        &stage.in_host("return soaked").await?,
        amount.notifications.into(),
    )
}

/// Memory that does not grow because nothing arrives any more would prove nothing.
fn nothing_was_lost(frame: &Frame, host: &Host, count: u64) -> Outcome {
    ensure!(
        frame.over && frame.made == count,
        "not all were made: {frame:?}"
    );
    ensure!(
        frame.error == 0 && frame.show == count && host.new == count,
        "not all reached the host: {frame:?}, {host:?}"
    );
    ensure!(
        frame.click == host.click && host.click > 0,
        "not all clicks came back: {frame:?}, {host:?}"
    );
    ensure!(
        frame.close <= count && count - frame.close <= LIVE,
        "not all that ended were closed: {frame:?}, {host:?}"
    );
    Ok(())
}
