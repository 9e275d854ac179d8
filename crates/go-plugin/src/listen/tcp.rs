//! A TCP port on the loopback address, in the range that the host allows.

use std::io;
use std::net::Ipv4Addr;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use crate::Error;
use crate::environment::Environment;

/// How long the host may take to connect. It connects as soon as it has read the handshake line; if it has not, it has
/// ended, which a child process on Windows does not notice.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(60);

/// A bound port.
#[derive(Debug)]
pub(crate) struct Listener {
    socket: TcpListener,
    address: String,
}

// Compiled elsewhere for its tests alone.
#[cfg_attr(not(windows), allow(dead_code))]
impl Listener {
    pub(crate) const NETWORK: &str = "tcp";

    pub(crate) fn bind(environment: &Environment) -> Result<Self, Error> {
        let mut last = io::Error::from(io::ErrorKind::AddrInUse);
        for port in environment.ports.clone() {
            match Self::bind_port(port) {
                Ok(listener) => return Ok(listener),
                Err(error) => last = error,
            }
        }
        Err(Error::Listen {
            address: format!(
                "127.0.0.1, ports {} to {}",
                environment.ports.start(),
                environment.ports.end()
            ),
            source: last,
        })
    }

    fn bind_port(port: u16) -> io::Result<Self> {
        let socket = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        socket.set_nonblocking(true)?;
        let socket = TcpListener::from_std(socket)?;
        let address = socket.local_addr()?.to_string();
        Ok(Self { socket, address })
    }

    pub(crate) fn address(&self) -> String {
        self.address.clone()
    }

    /// Accepts the host's connection and closes the port.
    pub(crate) async fn accept(self) -> Result<TcpStream, Error> {
        let (stream, _) = timeout(CONNECT_TIMEOUT, self.socket.accept())
            .await
            .map_err(|_| Error::HostGone)??;
        stream.set_nodelay(true)?;
        Ok(stream)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn environment(first: u16, last: u16) -> Environment {
        Environment {
            socket_dir: std::env::temp_dir(),
            socket_group: None,
            ports: first..=last,
            seventh_field: false,
        }
    }

    #[tokio::test]
    async fn without_bounds_the_system_chooses_the_port() {
        let listener = Listener::bind(&environment(0, 0)).unwrap();
        let address = listener.address();
        assert!(
            address.starts_with("127.0.0.1:") && !address.ends_with(":0"),
            "{address}"
        );
        let (accepted, connected) = tokio::join!(listener.accept(), TcpStream::connect(&address));
        assert!(accepted.is_ok() && connected.is_ok());
        assert!(
            TcpStream::connect(&address).await.is_err(),
            "the door is closed"
        );
    }

    #[tokio::test]
    async fn a_taken_port_is_passed_over_and_a_full_range_is_an_error() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = taken.local_addr().unwrap().port();
        let error = Listener::bind(&environment(port, port)).unwrap_err();
        assert!(
            error
                .to_string()
                .contains(&format!("ports {port} to {port}")),
            "{error}"
        );
    }
}
