//! Where the host connects: a unix socket, or a TCP port on Windows. It is closed after the first connection.

#[cfg(any(windows, test))]
mod tcp;
#[cfg(unix)]
mod unix;

#[cfg(windows)]
pub(crate) use tcp::Listener;
#[cfg(unix)]
pub(crate) use unix::Listener;
