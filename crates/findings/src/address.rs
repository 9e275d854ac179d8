//! Addresses that a person types: of a Mattermost, and of the page that embeds it.

use std::fmt;
use std::str::FromStr;

use serde::Deserialize;
use url::Url;

use crate::site::Place;

/// Scheme, host, port and path of a web server, without a slash at the end.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Address(Url);

/// Why a text is no such address; each says what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    #[error("it has no scheme: write https://{0}")]
    NoScheme(String),
    #[error("it is neither https nor http: write it as in https://chat.example.com")]
    Scheme,
    #[error("it has no host that exists: write it as in https://chat.example.com")]
    Host,
    #[error("it has a user name or a password: leave them out")]
    UserName,
    #[error("it has a query or a fragment: write only {0}")]
    Surplus(String),
    #[error(
        "its path has characters that no subpath of a Mattermost has: use letters, digits, - . _ ~"
    )]
    Path,
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        if !text.contains("://") {
            return Err(AddressError::NoScheme(text.to_owned()));
        }
        let url = Url::parse(text).map_err(|_| AddressError::Host)?;
        if !matches!(url.scheme(), "https" | "http") {
            return Err(AddressError::Scheme);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(AddressError::UserName);
        }
        // A wildcard would get into lines that are written for a proxy.
        if url.host_str().is_none_or(|host| host.contains('*')) {
            return Err(AddressError::Host);
        }
        // These characters need no quotes in the configuration of any proxy.
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '.' | '_' | '~');
        if !url.path().chars().all(plain) {
            return Err(AddressError::Path);
        }
        let address = Self(url);
        if address.0.query().is_some() || address.0.fragment().is_some() {
            return Err(AddressError::Surplus(address.to_string()));
        }
        Ok(address)
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        text.parse()
    }
}

impl Address {
    /// As browsers write it in `event.origin`.
    pub fn origin(&self) -> String {
        self.0.origin().ascii_serialization()
    }

    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The host name or address, in punycode; IPv6 in brackets.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default()
    }

    /// The port, also where it is the usual one of the scheme.
    pub fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or_default()
    }

    /// The port, unless it is the usual one of the scheme.
    pub fn unusual_port(&self) -> Option<u16> {
        self.0.port()
    }

    /// Where Mattermost lies on its host: empty, or as in `/chat`.
    pub fn subpath(&self) -> &str {
        self.0.path().trim_end_matches('/')
    }

    /// The address of a path below it, which begins with a slash.
    pub fn below(&self, path: &str) -> String {
        format!("{self}{path}")
    }

    /// What its cookies and notifications depend on.
    pub fn place(&self) -> Place {
        Place::of_url(&self.0)
    }

    /// Whether what is sent there never leaves this machine (Secure Contexts, section 3.1).
    pub fn is_local(&self) -> bool {
        self.place().is_local()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin(), self.subpath())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        text.parse::<Address>().unwrap_err().to_string()
    }

    #[test]
    fn an_address_is_written_in_one_way() {
        let address: Address = " HTTPS://Chat.Example.com:443/Chat/ ".parse().unwrap();
        assert_eq!(address.to_string(), "https://chat.example.com/Chat");
        assert_eq!(address.origin(), "https://chat.example.com");
        assert_eq!(
            address.below("/api/v4"),
            "https://chat.example.com/Chat/api/v4"
        );
        assert_eq!((address.port(), address.unusual_port()), (443, None));
    }

    #[test]
    fn what_is_wrong_with_an_address_is_said_with_what_to_write() {
        assert!(error("chat.example.com").ends_with("write https://chat.example.com"));
        assert!(error("ftp://chat.example.com").contains("neither https nor http"));
        assert!(error("https://anna:secret@chat.example.com").contains("leave them out"));
        assert!(!error("https://anna:secret@chat.example.com").contains("secret"));
        assert!(
            error("https://chat.example.com/?a=b").ends_with("write only https://chat.example.com")
        );
        assert!(error("https://*.example.com").contains("no host that exists"));
        assert!(error("https://chat.example.com/a;b").contains("its path has characters"));
        assert!(error("https://").contains("no host that exists"));
    }

    #[test]
    fn loopback_never_leaves_the_machine() {
        let local = |text: &str| text.parse::<Address>().unwrap().is_local();
        assert!(
            local("http://chat.example.localhost")
                && local("http://127.0.0.2:80")
                && local("http://[::1]")
        );
        assert!(!local("http://notlocalhost") && !local("http://10.0.0.1"));
    }
}
