//! The environment variables that the host sets, read once at the start.

use std::env;
use std::ffi::OsString;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use crate::Error;

/// The folder for the socket; the temporary folder when unset.
const SOCKET_DIR: &str = "PLUGIN_UNIX_SOCKET_DIR";
/// The group that may write to the socket: a name or a number.
const SOCKET_GROUP: &str = "PLUGIN_UNIX_SOCKET_GROUP";
/// The first port to try (Windows).
const MIN_PORT: &str = "PLUGIN_MIN_PORT";
/// The last port to try (Windows).
const MAX_PORT: &str = "PLUGIN_MAX_PORT";
/// Set by hosts that read a seventh field of the handshake line.
const MULTIPLEX_GRPC: &str = "PLUGIN_MULTIPLEX_GRPC";
/// Set by hosts that want mutual TLS (`AutoMTLS`).
const CLIENT_CERTIFICATE: &str = "PLUGIN_CLIENT_CERT";

/// The variables of hashicorp/go-plugin 1.8 that concern a net/rpc plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Environment {
    pub(crate) socket_dir: PathBuf,
    pub(crate) socket_group: Option<String>,
    /// `0..=0` lets the system choose.
    pub(crate) ports: RangeInclusive<u16>,
    pub(crate) seventh_field: bool,
}

impl Environment {
    pub(crate) fn of_process() -> Result<Self, Error> {
        Self::read(|name| env::var_os(name))
    }

    /// An empty variable counts as unset, as in hashicorp/go-plugin.
    pub(crate) fn read(variable: impl Fn(&str) -> Option<OsString>) -> Result<Self, Error> {
        let set = |name| variable(name).filter(|value| !value.is_empty());
        if let Some(value) = set(CLIENT_CERTIFICATE) {
            return Err(Error::Environment {
                variable: CLIENT_CERTIFICATE,
                value: value.to_string_lossy().chars().take(40).collect(),
                reason: "this plugin does not support TLS; the host must not ask for AutoMTLS"
                    .into(),
            });
        }
        let port = |name| set(name).map_or(Ok(0), |value| parse_port(name, &value));
        let (first, last) = (port(MIN_PORT)?, port(MAX_PORT)?);
        if first > last {
            return Err(Error::Environment {
                variable: MIN_PORT,
                value: first.to_string(),
                reason: format!("is greater than {MAX_PORT}={last}"),
            });
        }
        Ok(Self {
            socket_dir: set(SOCKET_DIR).map_or_else(env::temp_dir, PathBuf::from),
            socket_group: set(SOCKET_GROUP).map(|group| group.to_string_lossy().into_owned()),
            ports: first..=last,
            seventh_field: set(MULTIPLEX_GRPC).is_some(),
        })
    }
}

fn parse_port(variable: &'static str, value: &OsString) -> Result<u16, Error> {
    let value = value.to_string_lossy();
    value.parse().map_err(|_| Error::Environment {
        variable,
        value: value.clone().into_owned(),
        reason: "is no port (0 to 65535)".into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(variables: &[(&str, &str)]) -> Result<Environment, Error> {
        Environment::read(|name| {
            let found = variables.iter().find(|(key, _)| *key == name);
            found.map(|(_, value)| OsString::from(value))
        })
    }

    #[test]
    fn an_empty_environment_means_the_temporary_folder_and_any_port() {
        let environment = read(&[]).unwrap();
        assert_eq!(environment.socket_dir, env::temp_dir());
        assert_eq!(environment.socket_group, None);
        assert_eq!(environment.ports, 0..=0);
        assert!(!environment.seventh_field);
    }

    #[test]
    fn empty_variables_count_as_unset() {
        let empty = [
            SOCKET_DIR,
            SOCKET_GROUP,
            MIN_PORT,
            MAX_PORT,
            MULTIPLEX_GRPC,
            CLIENT_CERTIFICATE,
        ];
        assert_eq!(
            read(&empty.map(|name| (name, ""))).unwrap(),
            read(&[]).unwrap()
        );
    }

    #[test]
    fn all_variables_are_heeded() {
        let environment = read(&[
            (SOCKET_DIR, "/run/sockets"),
            (SOCKET_GROUP, "mattermost"),
            (MIN_PORT, "10000"),
            (MAX_PORT, "25000"),
            (MULTIPLEX_GRPC, "false"),
        ])
        .unwrap();
        assert_eq!(environment.socket_dir, PathBuf::from("/run/sockets"));
        assert_eq!(environment.socket_group.as_deref(), Some("mattermost"));
        assert_eq!(environment.ports, 10_000..=25_000);
        // hashicorp/go-plugin checks only whether it is set.
        assert!(environment.seventh_field);
    }

    #[test]
    fn ports_that_are_none_are_named() {
        let error = read(&[(MIN_PORT, "seven")]).unwrap_err().to_string();
        assert_eq!(error, "PLUGIN_MIN_PORT=\"seven\": is no port (0 to 65535)");
        let error = read(&[(MIN_PORT, "20"), (MAX_PORT, "10")])
            .unwrap_err()
            .to_string();
        assert_eq!(
            error,
            "PLUGIN_MIN_PORT=\"20\": is greater than PLUGIN_MAX_PORT=10"
        );
    }

    #[test]
    fn a_host_that_wants_tls_is_told_so() {
        let error = read(&[(CLIENT_CERTIFICATE, "-----BEGIN CERTIFICATE-----")]).unwrap_err();
        assert!(error.to_string().contains("AutoMTLS"), "{error}");
    }
}
