//! Shows the plugin at work on this machine: a Mattermost-like page inside a host page.

use std::process::Stdio;

use anyhow::{Context as _, Result, bail};

use crate::dist;
use crate::process;
use crate::setup::Setup;
use crate::standin::Standin;

/// Builds the plugin for this machine, starts the stand-in with it, and stays until Ctrl-C.
pub(crate) fn run(setup: &Setup) -> Result<()> {
    let bundle = dist::make_for_here(setup)?;
    let standin = Standin::build(setup)?;
    println!("\nStarting. Ctrl-C ends all of it.\n");
    // The stand-in ends when its standard input is closed, so also if we are killed.
    let mut running = process::start(standin.command(&bundle).arg("--demo").stdin(Stdio::piped()))?;
    let input = running
        .child()
        .stdin
        .take()
        .context("the stand-in has no standard input")?;
    let status = running.wait()?;
    drop(input);
    bail!("the demo ended by itself: {status}")
}
