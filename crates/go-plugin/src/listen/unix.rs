//! A unix socket in the host's folder, removed as soon as the host has connected.

use std::io;
use std::os::unix::fs::{PermissionsExt, chown};
use std::os::unix::process::parent_id;
use std::path::{Path, PathBuf};
use std::time::Duration;

use nix::unistd::Group;
use tokio::net::UnixListener;
use tokio::time::{MissedTickBehavior, interval};

use crate::Error;
use crate::environment::Environment;
use crate::socket::Socket;

/// How often a plugin that waits for its host checks that the host still exists.
const HOST_CHECK: Duration = Duration::from_millis(250);

/// Where the socket is created if that fails in the host's folder. A temporary folder may be missing in a container, not
/// writable for this user, or too long for a socket's path, which has at most 107 bytes. The handshake line tells the host
/// the path.
const OTHER_FOLDERS: [&str; 2] = ["/tmp", "/var/tmp"];

/// Owner and group may connect, if a group is named (as hashicorp/go-plugin sets it).
const GROUP_MODE: u32 = 0o660;

/// A bound socket; its file is removed when this is dropped.
#[derive(Debug)]
pub(crate) struct Listener {
    socket: tempfile::NamedTempFile<UnixListener>,
    host: u32,
}

impl Listener {
    pub(crate) const NETWORK: &str = "unix";

    pub(crate) fn bind(environment: &Environment) -> Result<Self, Error> {
        // The host has unpacked the plugin there. It comes last, because the file system may not support sockets.
        let own = std::env::current_exe().ok();
        let own = own.as_deref().and_then(Path::parent);
        let others = OTHER_FOLDERS.iter().map(Path::new).chain(own);
        Self::bind_in(environment, others.map(Path::to_owned).collect())
    }

    fn bind_in(environment: &Environment, others: Vec<PathBuf>) -> Result<Self, Error> {
        let (socket, folder) = Self::make(&environment.socket_dir, others)?;
        if let Some(group) = &environment.socket_group {
            share_with(socket.path(), group).map_err(|source| failed(&folder, source))?;
        }
        Ok(Self {
            socket,
            host: parent_id(),
        })
    }

    /// Creates the socket in the host's folder, or in the first of the others where that works, and logs it.
    fn make(
        wanted: &Path,
        others: Vec<PathBuf>,
    ) -> Result<(tempfile::NamedTempFile<UnixListener>, PathBuf), Error> {
        let error = match make_in(wanted) {
            Ok(socket) => return Ok((socket, wanted.to_owned())),
            Err(error) => error,
        };
        for folder in others {
            if let Ok(socket) = make_in(&folder) {
                tracing::warn!(
                    "the folder {} takes no socket ({error}); the plugin listens in {} instead",
                    wanted.display(),
                    folder.display()
                );
                return Ok((socket, folder));
            }
        }
        Err(failed(wanted, error))
    }

    pub(crate) fn address(&self) -> String {
        self.socket.path().display().to_string()
    }

    /// Accepts the host's connection and removes the socket.
    pub(crate) async fn accept(self) -> Result<Socket, Error> {
        let mut check = interval(HOST_CHECK);
        check.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                accepted = self.socket.as_file().accept() => {
                    let (stream, _) = accepted?;
                    return Ok(Socket::new(stream)?);
                }
                _ = check.tick() => {
                    // Without this, the process would wait for ever if its host dies before it connects.
                    if parent_id() != self.host {
                        return Err(Error::HostGone);
                    }
                }
            }
        }
    }
}

fn make_in(folder: &Path) -> io::Result<tempfile::NamedTempFile<UnixListener>> {
    tempfile::Builder::new()
        .prefix("plugin")
        .make_in(folder, |path| UnixListener::bind(path))
}

fn failed(folder: &Path, source: io::Error) -> Error {
    Error::Listen {
        address: format!("a unix socket in {}", folder.display()),
        source,
    }
}

fn share_with(path: &Path, group: &str) -> io::Result<()> {
    let id = match group.parse() {
        Ok(id) => id,
        Err(_) => Group::from_name(group)?
            .ok_or_else(|| io::Error::other(format!("there is no group {group:?}")))?
            .gid
            .as_raw(),
    };
    chown(path, None, Some(id))?;
    std::fs::set_permissions(path, PermissionsExt::from_mode(GROUP_MODE))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::MetadataExt as _;
    use tokio::net::UnixStream;

    fn environment(folder: &Path, group: Option<&str>) -> Environment {
        Environment {
            socket_dir: folder.to_owned(),
            socket_group: group.map(str::to_owned),
            ports: 0..=0,
            seventh_field: false,
        }
    }

    #[tokio::test]
    async fn the_socket_file_is_gone_as_soon_as_the_host_has_connected() {
        let folder = tempfile::tempdir().unwrap();
        let listener = Listener::bind(&environment(folder.path(), None)).unwrap();
        let path = listener.address();
        assert!(Path::new(&path).starts_with(folder.path()));
        let (accepted, connected) = tokio::join!(listener.accept(), UnixStream::connect(&path));
        assert!(accepted.is_ok() && connected.is_ok());
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_named_group_may_write_to_the_socket() {
        let folder = tempfile::tempdir().unwrap();
        let own_group = folder.path().metadata().unwrap().gid();
        let listener =
            Listener::bind(&environment(folder.path(), Some(&own_group.to_string()))).unwrap();
        let socket = std::fs::metadata(listener.address()).unwrap();
        assert_eq!(socket.gid(), own_group);
        assert_eq!(socket.mode() & 0o777, GROUP_MODE);
    }

    #[tokio::test]
    async fn an_unknown_group_is_an_error_and_leaves_no_file() {
        let folder = tempfile::tempdir().unwrap();
        let error = Listener::bind(&environment(folder.path(), Some("no such group"))).unwrap_err();
        assert!(error.to_string().contains("no such group"), "{error}");
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[tokio::test]
    async fn a_folder_that_takes_no_socket_is_named_where_there_is_no_other() {
        let nowhere = Path::new("/nowhere/at/all");
        let others = vec![PathBuf::from("/nowhere/else")];
        let error = Listener::bind_in(&environment(nowhere, None), others).unwrap_err();
        assert!(error.to_string().contains("/nowhere/at/all"), "{error}");
    }

    #[tokio::test]
    async fn where_the_folder_is_missing_or_its_path_too_long_the_socket_lies_in_another() {
        let folder = tempfile::tempdir().unwrap();
        let long = folder.path().join("x".repeat(100));
        std::fs::create_dir(&long).unwrap();
        for unusable in [Path::new("/nowhere/at/all"), &long] {
            let others = vec![PathBuf::from("/nowhere/else"), folder.path().to_owned()];
            let listener = Listener::bind_in(&environment(unusable, None), others).unwrap();
            let path = listener.address();
            assert_eq!(Path::new(&path).parent(), Some(folder.path()));
            let connected = UnixStream::connect(&path);
            assert!(tokio::join!(listener.accept(), connected).1.is_ok());
        }
    }
}
