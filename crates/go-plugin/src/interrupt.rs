//! Interrupts are for the host: Ctrl-C in its terminal reaches its plugins, too, but they end only when the host tells them to.

use std::io;

/// Ignores interrupts for as long as the returned value exists, as hashicorp/go-plugin does.
///
/// # Errors
/// When the system refuses the handler.
#[cfg(unix)]
pub(crate) fn ignore() -> io::Result<impl Sized> {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    // The flag is never read; what matters is that there is a handler.
    signal_hook::flag::register(
        signal_hook::consts::SIGINT,
        Arc::new(AtomicBool::new(false)),
    )
}

/// The same for Ctrl+C and Ctrl+Break, both of which are `os.Interrupt` in Go. It must be called in a tokio runtime.
///
/// # Errors
/// When the system refuses the handler.
#[cfg(windows)]
pub(crate) fn ignore() -> io::Result<impl Sized> {
    use tokio::signal::windows::{ctrl_break, ctrl_c};

    // They are never polled; without them the system would end the process.
    Ok((ctrl_c()?, ctrl_break()?))
}
