//! Interrupts are the host's: a Ctrl-C in its terminal reaches its plugins too, and they leave when it says so.

use std::io;

/// Lets this process live on when it is interrupted, for as long as the value that it returns is kept, as
/// hashicorp/go-plugin does.
///
/// # Errors
/// When the system refuses the handler.
#[cfg(unix)]
pub(crate) fn ignore() -> io::Result<impl Sized> {
    use std::sync::Arc;
    use std::sync::atomic::AtomicBool;

    // A handler that sets a flag which nobody reads.
    signal_hook::flag::register(
        signal_hook::consts::SIGINT,
        Arc::new(AtomicBool::new(false)),
    )
}

/// The same for Ctrl+C and Ctrl+Break, both of which are Go's `os.Interrupt`. It needs a runtime around it.
///
/// # Errors
/// When the system refuses the handler.
#[cfg(windows)]
pub(crate) fn ignore() -> io::Result<impl Sized> {
    use tokio::signal::windows::{ctrl_break, ctrl_c};

    // Listeners that nobody asks. Without one the system would end the process.
    Ok((ctrl_c()?, ctrl_break()?))
}
