//! The address of a Mattermost server, perhaps below a subpath.

use std::fmt;

use anyhow::{Result, bail, ensure};
use url::{Host, Url};

const VARIABLE: &str = "MM_SERVICESETTINGS_SITEURL";

/// `ServiceSettings.SiteURL`: scheme, host, port and subpath, without a trailing slash.
#[derive(Debug, Clone)]
pub(super) struct Site(Url);

impl Site {
    pub(super) fn from_variables(variable: &impl Fn(&str) -> Option<String>) -> Result<Self> {
        let Some(text) = variable(VARIABLE) else {
            bail!(
                "where to? Set {VARIABLE} to the server's address, such as https://chat.example.com"
            );
        };
        Self::parse(&text)
    }

    pub(super) fn parse(text: &str) -> Result<Self> {
        let url = match Url::parse(text.trim()) {
            Ok(url) if matches!(url.scheme(), "https" | "http") => url,
            _ => bail!("{VARIABLE} is no address: write it as in https://chat.example.com"),
        };
        // Whoever puts a password here would find it in Mattermost's log of requests.
        ensure!(
            url.username().is_empty() && url.password().is_none(),
            "{VARIABLE} holds a user name or a password: use MM_ADMIN_USERNAME and MM_ADMIN_PASSWORD"
        );
        ensure!(
            url.query().is_none() && url.fragment().is_none(),
            "{VARIABLE} has a query or a fragment: write only the address, as in https://chat.example.com"
        );
        Ok(Self(url))
    }

    /// The address of a path of the REST API, such as `plugins/statuses`.
    pub(super) fn api(&self, path: &str) -> String {
        format!("{self}/api/v4/{path}")
    }

    /// What to say before secrets are sent to this server.
    pub(super) fn warning(&self) -> Option<String> {
        let loopback = match self.0.host() {
            Some(Host::Domain(name)) => name == "localhost" || name.ends_with(".localhost"),
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            None => false,
        };
        (self.0.scheme() == "http" && !loopback)
            .then(|| format!("{self} is not https: whoever is on the way can read the credentials"))
    }
}

impl fmt::Display for Site {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}
