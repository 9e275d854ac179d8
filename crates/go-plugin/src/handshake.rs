//! The handshake: the magic cookie, by which the plugin knows that a host started it, and the line that tells the host where
//! to connect.

use std::env;
use std::ffi::OsStr;
use std::fmt::Display;
use std::io::{self, Write};

/// The version of the line's format (`CoreProtocolVersion` of hashicorp/go-plugin).
const CORE_PROTOCOL_VERSION: u32 = 1;

/// What host and plugin must agree on (`HandshakeConfig`).
#[derive(Debug, Clone, Copy)]
pub struct Handshake {
    /// The environment variable that the host sets.
    pub cookie_key: &'static str,
    /// Its value. It is not a secret; it only shows that a host started this process.
    pub cookie_value: &'static str,
    /// The version of the protocol above net/rpc.
    pub protocol_version: u32,
}

/// Printed when a person starts the executable by hand. It says the same as that of hashicorp/go-plugin.
pub(crate) const EXPLANATION: &str = "This program is a plugin: it is not meant to be run by hand.\n\
     Install it in the program that uses it, which then starts it by itself.\n";

impl Handshake {
    /// Whether a host started this process.
    #[must_use]
    pub fn is_started_by_host(&self) -> bool {
        self.matches(env::var_os(self.cookie_key).as_deref())
    }

    fn matches(&self, value: Option<&OsStr>) -> bool {
        value == Some(OsStr::new(self.cookie_value))
    }

    /// Writes `core|app|network|address|netrpc|` with an empty certificate, and a seventh field for hosts that read one.
    pub(crate) fn write_line(
        &self,
        mut out: impl Write,
        network: &str,
        address: impl Display,
        seventh_field: bool,
    ) -> io::Result<()> {
        let version = self.protocol_version;
        let tail = if seventh_field { "|true" } else { "" };
        writeln!(
            out,
            "{CORE_PROTOCOL_VERSION}|{version}|{network}|{address}|netrpc|{tail}"
        )?;
        out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HANDSHAKE: Handshake = Handshake {
        cookie_key: "COOKIE",
        cookie_value: "chocolate",
        protocol_version: 1,
    };

    fn line(seventh_field: bool) -> String {
        let mut out = Vec::new();
        HANDSHAKE
            .write_line(&mut out, "unix", "/tmp/plugin1", seventh_field)
            .unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn the_line_has_six_fields_the_last_of_them_empty() {
        assert_eq!(line(false), "1|1|unix|/tmp/plugin1|netrpc|\n");
    }

    #[test]
    fn a_host_that_reads_a_seventh_field_gets_it() {
        assert_eq!(line(true), "1|1|unix|/tmp/plugin1|netrpc||true\n");
    }

    #[test]
    fn only_the_exact_cookie_counts() {
        assert!(HANDSHAKE.matches(Some(OsStr::new("chocolate"))));
        assert!(!HANDSHAKE.matches(Some(OsStr::new("Chocolate"))));
        assert!(!HANDSHAKE.matches(None));
    }
}
