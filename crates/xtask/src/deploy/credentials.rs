//! In whose name to deploy; secrets that no output shows.

use std::fmt;

use anyhow::{Result, bail};

/// A text that is shown nowhere: its `Debug` says only that it is there.
#[derive(Clone)]
pub(super) struct Secret(String);

impl Secret {
    pub(super) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the request that needs it.
    pub(super) fn reveal(&self) -> &str {
        &self.0
    }

    /// `text` without the secret: a server may repeat what it was sent.
    pub(super) fn redact(&self, text: &str) -> String {
        if self.0.is_empty() {
            return text.to_owned();
        }
        text.replace(&self.0, "[secret]")
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("[secret]")
    }
}

/// A system administrator's.
#[derive(Debug, Clone)]
pub(super) enum Credentials {
    Token(Secret),
    Password { username: String, password: Secret },
}

impl Credentials {
    pub(super) fn from_variables(variable: &impl Fn(&str) -> Option<String>) -> Result<Self> {
        if let Some(token) = variable("MM_ADMIN_TOKEN") {
            let token = token.trim();
            // A line break would end the header that carries it.
            if token.is_empty() || !token.chars().all(|c| c.is_ascii_graphic()) {
                bail!("MM_ADMIN_TOKEN is no access token: it has letters and digits only");
            }
            return Ok(Self::Token(Secret::new(token)));
        }
        match (variable("MM_ADMIN_USERNAME"), variable("MM_ADMIN_PASSWORD")) {
            (Some(username), Some(password)) => Ok(Self::Password {
                username,
                password: Secret::new(password),
            }),
            (Some(_), None) => bail!("MM_ADMIN_PASSWORD is not set, only MM_ADMIN_USERNAME"),
            (None, Some(_)) => bail!("MM_ADMIN_USERNAME is not set, only MM_ADMIN_PASSWORD"),
            (None, None) => bail!(
                "in whose name? Set MM_ADMIN_TOKEN, or MM_ADMIN_USERNAME and MM_ADMIN_PASSWORD, \
                 to a system administrator's"
            ),
        }
    }
}
