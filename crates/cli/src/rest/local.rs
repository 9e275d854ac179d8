//! The socket of Mattermost's local mode (`ServiceSettings.EnableLocalMode`): REST without a login, as by `mmctl --local`.
//!
//! It has fewer routes than the server's address. Of those that this program takes it lacks, in 5.39 to 11, `users/me`,
//! `plugins/statuses`, `email/test`, `config/environment` and all that plugins answer; `config/client` came late.

use std::env;
use std::path::{Path, PathBuf};

use crate::exit::Failure;
use crate::paths;

/// The server's own name on its socket, which no router looks at.
pub(super) const SITE: &str = "http://localhost";

/// What is said on Windows.
const NOT_HERE: &str = "local mode needs Mattermost's own machine, which is a Unix system: run this there, or use \
     --token-file or --user in place of --local";

/// The socket that was named, or else that of the Mattermost on this machine.
pub(super) fn find(named: Option<&Path>) -> Result<PathBuf, Failure> {
    if !cfg!(unix) {
        return Err(Failure::usage(NOT_HERE));
    }
    if let Some(path) = named {
        return Ok(path.to_owned());
    }
    if let Some(path) = env::var_os(paths::SOCKET_VARIABLE).filter(|path| !path.is_empty()) {
        return Ok(path.into());
    }
    let hint = "name the socket, as in --local=/var/tmp/mattermost_local.socket";
    let installation = paths::the_one(None, None)
        .map_err(|failure| Failure::could_not_look(format!("{}; {hint}", failure.message)))?;
    match (installation.socket, installation.unread) {
        (Some(place), Some(why)) if !place.exists => Err(Failure::could_not_look(format!(
            "there is no socket at {}, and the configuration, which may name another, could not be read ({why}): put `sudo` \
             before it, or {hint}",
            place.path.display()
        ))),
        (Some(place), _) => Ok(place.path),
        (None, _) => Err(Failure::could_not_look(format!(
            "it is not known where the Mattermost of this machine has its socket; {hint}"
        ))),
    }
}

#[cfg(unix)]
pub(super) use self::unix::agent;

#[cfg(not(unix))]
pub(super) fn agent(_: &Path, _: std::time::Duration) -> Result<ureq::Agent, Failure> {
    Err(Failure::usage(NOT_HERE))
}

#[cfg(unix)]
mod unix {
    use std::io::{self, Read as _, Write as _};
    use std::os::unix::fs::MetadataExt as _;
    use std::os::unix::net::UnixStream;
    use std::path::{Path, PathBuf};
    use std::time::Duration;

    use ureq::Agent;
    use ureq::unversioned::resolver::DefaultResolver;
    use ureq::unversioned::transport::{
        Buffers, ConnectionDetails, Connector, LazyBuffers, NextTimeout, Transport,
    };

    use crate::client;
    use crate::exit::Failure;
    use crate::paths;

    /// Everything it asks goes through the socket, whatever host an address has.
    pub(in crate::rest) fn agent(socket: &Path, timeout: Duration) -> Result<Agent, Failure> {
        let failure = |error| Failure::could_not_look(why(socket, &error));
        UnixStream::connect(socket).map_err(failure)?;
        // A proxy that the environment names is for the network.
        let config = client::config(timeout).proxy(None).build();
        let connector = Socket(socket.to_owned());
        Ok(Agent::with_parts(
            config,
            connector,
            DefaultResolver::default(),
        ))
    }

    fn why(socket: &Path, error: &io::Error) -> String {
        let at = socket.display();
        match error.kind() {
            io::ErrorKind::NotFound => paths::no_socket(socket),
            io::ErrorKind::ConnectionRefused => {
                format!("nobody listens at the socket {at}: the server that made it does not run")
            }
            io::ErrorKind::PermissionDenied => {
                let owner = socket.metadata().ok().map(|file| file.uid());
                let owner = owner.and_then(paths::user_name);
                let owner = owner.unwrap_or_else(|| "Mattermost's user".to_owned());
                format!(
                    "the socket {at} is open to nobody else: this has to run as {}",
                    paths::or_root(&owner)
                )
            }
            _ => format!("the socket {at} cannot be used: {error}"),
        }
    }

    #[derive(Debug)]
    struct Socket(PathBuf);

    impl Connector for Socket {
        type Out = Stream;

        fn connect(
            &self,
            details: &ConnectionDetails<'_>,
            _: Option<()>,
        ) -> Result<Option<Stream>, ureq::Error> {
            let config = details.config;
            Ok(Some(Stream {
                stream: UnixStream::connect(&self.0)?,
                buffers: LazyBuffers::new(config.input_buffer_size(), config.output_buffer_size()),
            }))
        }
    }

    #[derive(Debug)]
    struct Stream {
        stream: UnixStream,
        buffers: LazyBuffers,
    }

    impl Transport for Stream {
        fn buffers(&mut self) -> &mut dyn Buffers {
            &mut self.buffers
        }

        fn transmit_output(
            &mut self,
            amount: usize,
            timeout: NextTimeout,
        ) -> Result<(), ureq::Error> {
            let timeout = timeout.for_write();
            let limit = timeout.not_zero().map(|limit| *limit);
            self.stream.set_write_timeout(limit)?;
            let sent = self.stream.write_all(&self.buffers.output()[..amount]);
            sent.map_err(|error| timely(error, timeout))
        }

        fn await_input(&mut self, timeout: NextTimeout) -> Result<bool, ureq::Error> {
            let timeout = timeout.for_read();
            let limit = timeout.not_zero().map(|limit| *limit);
            self.stream.set_read_timeout(limit)?;
            let amount = loop {
                match self.stream.read(self.buffers.input_append_buf()) {
                    // Stopped and continued by whoever is at the terminal.
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    read => break read.map_err(|error| timely(error, timeout))?,
                }
            };
            self.buffers.input_appended(amount);
            Ok(amount > 0)
        }

        /// Each call has a connection of its own: they cost nothing on one machine.
        fn is_open(&mut self) -> bool {
            false
        }
    }

    /// A socket's own word for a time that is over.
    fn timely(error: io::Error, timeout: NextTimeout) -> ureq::Error {
        match error.kind() {
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut => {
                ureq::Error::Timeout(timeout.reason)
            }
            _ => error.into(),
        }
    }
}
