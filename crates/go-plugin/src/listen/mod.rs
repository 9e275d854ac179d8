//! Where the host connects: a unix socket, or a TCP port on Windows; one connection, and the door is gone.

#[cfg(any(windows, test))]
mod tcp;
#[cfg(unix)]
mod unix;

#[cfg(windows)]
pub(crate) use tcp::Listener;
#[cfg(unix)]
pub(crate) use unix::Listener;
