//! Shows the plugin at work on this machine: a Mattermost-like page inside a host page.

use std::process::Stdio;
use std::thread;

use anyhow::{Context as _, Result, bail};

use crate::dist;
use crate::host;
use crate::process;
use crate::setup::{GO, Need, Setup, Toolchain};
use crate::standin::Standin;
use crate::web::Purpose;

/// Builds what is shown, starts the stand-in with it, and stays until Ctrl-C.
pub(crate) fn run(setup: &Setup) -> Result<()> {
    setup.require(&[
        Need::Tool(&GO),
        Need::NodeModules("webapp"),
        Need::Toolchain(Toolchain::WASM),
    ])?;
    println!(
        "\nBuilding the plugin for this machine, and the pages around it. The first time this takes some three minutes on two \
         processors, besides what has to be downloaded; later some seconds.\n"
    );
    let (bundle, standin) = thread::scope(|scope| {
        let standin = scope.spawn(|| Standin::build(setup));
        let bundle = dist::make_for_here(setup, Purpose::Demo);
        let standin = standin
            .join()
            .unwrap_or_else(|_| bail!("the thread that builds the stand-in panicked"));
        (bundle, standin)
    });
    let (bundle, standin) = (bundle?, standin?);
    let embedding = host::build_for_demo(setup)?;
    println!("\nStarting. Ctrl-C ends all of it.\n");
    // The stand-in ends when its standard input is closed, so also if we are killed.
    let mut running = process::start(
        standin
            .command(&bundle)
            .arg("--host-package")
            .arg(&embedding)
            .arg("--demo")
            .stdin(Stdio::piped()),
    )?;
    let input = running
        .child()
        .stdin
        .take()
        .context("the stand-in has no standard input")?;
    let status = running.wait()?;
    drop(input);
    bail!("the demo ended by itself: {status}")
}
