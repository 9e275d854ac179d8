//! A plugin's process: cookie, socket, handshake line, and the host's connection.

use std::io::{self, Write as _, stderr, stdout};
use std::process::ExitCode;
use std::sync::Arc;

use tokio::runtime::Runtime;

use crate::environment::Environment;
use crate::handshake::EXPLANATION;
use crate::listen::Listener;
use crate::{Dispense, Error, Handshake, interrupt, serve_connection};

/// After how many polls of tasks the runtime checks the sockets, even if tasks are ready.
/// The default of 61 would cost a system call each time during a burst.
const EVENT_INTERVAL: u32 = 1024;

/// Serves `plugin` to the host that started this process until the host ends it or dies, on a runtime with one thread.
///
/// If no host started it, it prints an explanation and fails, as hashicorp/go-plugin does.
/// Errors are logged through `tracing`; see [`hclog::install`](crate::hclog::install).
#[must_use]
pub fn serve(handshake: &Handshake, plugin: Arc<dyn Dispense>) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .event_interval(EVENT_INTERVAL)
        .build();
    serve_if_started(handshake, plugin, runtime)
}

/// The same on the given runtime, which needs I/O and time.
#[must_use]
pub fn serve_on(runtime: Runtime, handshake: &Handshake, plugin: Arc<dyn Dispense>) -> ExitCode {
    serve_if_started(handshake, plugin, Ok(runtime))
}

fn serve_if_started(
    handshake: &Handshake,
    plugin: Arc<dyn Dispense>,
    runtime: io::Result<Runtime>,
) -> ExitCode {
    if !handshake.is_started_by_host() {
        drop(stderr().write_all(EXPLANATION.as_bytes()));
        return ExitCode::FAILURE;
    }
    match serve_host(handshake, plugin, runtime) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("the plugin ends: {error}");
            ExitCode::FAILURE
        }
    }
}

fn serve_host(
    handshake: &Handshake,
    plugin: Arc<dyn Dispense>,
    runtime: io::Result<Runtime>,
) -> Result<(), Error> {
    let environment = Environment::of_process()?;
    let runtime = runtime?;
    let result = runtime.block_on(async {
        let _ignored = interrupt::ignore()?;
        let listener = Listener::bind(&environment)?;
        handshake
            .write_line(
                stdout().lock(),
                Listener::NETWORK,
                listener.address(),
                environment.seventh_field,
            )
            .map_err(Error::Handshake)?;
        let socket = listener.accept().await?;
        // A task of its own, because waking the future of `block_on` costs a system call and waking a task does not.
        tokio::spawn(serve_connection(socket, plugin))
            .await
            .unwrap_or(Err(Error::Panicked))
    });
    // A handler that blocks must not keep the process alive when the host has ended.
    runtime.shutdown_background();
    result
}
