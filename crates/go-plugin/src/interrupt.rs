//! Interrupts are the host's: a Ctrl-C in its terminal reaches its plugins too, and they leave when it says so.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

/// Lets this process live on when it is interrupted, as hashicorp/go-plugin does.
///
/// # Errors
/// When the system refuses the handler.
pub(crate) fn ignore() -> std::io::Result<()> {
    // A handler that sets a flag which nobody reads.
    signal_hook::flag::register(
        signal_hook::consts::SIGINT,
        Arc::new(AtomicBool::new(false)),
    )?;
    Ok(())
}
