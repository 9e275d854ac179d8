//! What a server is to become: options, and a file with the same names.

use std::fs;
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use serde::Deserialize;

use crate::exit::Failure;
use crate::rest::TeamName;
use notifymatters_findings::address::Address;
use notifymatters_findings::text::plain;

/// Every field may stand in the file as well, by the option's name; an option counts before the file. Neither holds a
/// secret.
#[derive(Debug, Clone, Default, clap::Args, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Wanted {
    /// Mattermost's address, as people use it; it becomes the Site URL [with --local: what it has as Site URL]
    #[arg(long, value_name = "URL", env = "MM_SERVICESETTINGS_SITEURL")]
    pub(super) chat: Option<Address>,
    /// A page that embeds Mattermost: the plugin trusts it, and it may frame Mattermost
    #[arg(long, value_name = "URL")]
    pub(super) host: Vec<Address>,
    /// In the file only: the option belongs to the login.
    #[arg(skip)]
    pub(super) user: Option<String>,
    /// The first administrator's e-mail address, on a server that has no account yet
    #[arg(long, value_name = "ADDRESS")]
    pub(super) email: Option<String>,
    /// Make this team, whose name cannot be changed later
    #[arg(long, value_name = "NAME")]
    pub(super) team: Option<TeamName>,
    /// The team's name as people read it
    #[arg(long, value_name = "TEXT", requires = "team")]
    pub(super) team_display_name: Option<String>,
    /// Send mails through this server
    #[arg(long, value_name = "HOST[:PORT]")]
    pub(super) smtp: Option<String>,
    /// How the connection to the mail server is encrypted [default: starttls; none on this machine without a password]
    #[arg(long, value_enum, requires = "smtp")]
    pub(super) smtp_security: Option<Security>,
    /// Log in to the mail server with this name; the password is asked for, or is in NOTIFYMATTERS_SMTP_PASSWORD
    #[arg(long, value_name = "NAME", requires = "smtp")]
    pub(super) smtp_user: Option<String>,
    /// The sender of Mattermost's mails
    #[arg(long, value_name = "ADDRESS", requires = "smtp")]
    pub(super) mail_from: Option<String>,
    /// The plugin's bundle
    #[arg(long, value_name = "FILE")]
    pub(super) bundle: Option<PathBuf>,
    /// Leave one of the recommendations out
    #[arg(long, value_enum, value_name = "NAME")]
    pub(super) without: Vec<Recommended>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Security {
    None,
    Starttls,
    Tls,
}

/// What is changed unless it is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Recommended {
    /// No reports about errors and use
    Diagnostics,
    /// No page before the first login that asks how to view it
    LandingPage,
    /// Webhooks may have a name
    WebhookNames,
    /// Webhooks may have a picture
    WebhookIcons,
    /// Notification mails are combined
    Batching,
    /// People can be invited by mail
    Invitations,
    /// Only administrators make teams
    TeamCreation,
}

/// A mail server as Mattermost names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Smtp {
    pub(super) server: String,
    pub(super) port: String,
    /// `EmailSettings.ConnectionSecurity`
    pub(super) security: &'static str,
    pub(super) from: String,
    pub(super) user: Option<String>,
}

/// What is wrong, and in which line; the whole error would show the line, which may hold a secret in spite of all.
fn placed(error: &toml::de::Error, text: &str) -> String {
    let line = error.span().map(|place| {
        let before = text.get(..place.start).unwrap_or_default();
        format!("line {}: ", before.matches('\n').count() + 1)
    });
    plain(&(line.unwrap_or_default() + error.message()))
}

impl Wanted {
    /// Reads the file, and lays it below the options.
    pub(super) fn with_file(self, path: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = path else {
            return Ok(self);
        };
        let failure = |why: String| Failure::usage(format!("--from {}: {why}", path.display()));
        let text = fs::read_to_string(path).map_err(|error| failure(error.to_string()))?;
        let file: Self = toml::from_str(&text).map_err(|error| failure(placed(&error, &text)))?;
        let or = |own: Vec<Address>, file| if own.is_empty() { file } else { own };
        Ok(Self {
            chat: self.chat.or(file.chat),
            host: or(self.host, file.host),
            user: file.user,
            email: self.email.or(file.email),
            team: self.team.or(file.team),
            team_display_name: self.team_display_name.or(file.team_display_name),
            smtp: self.smtp.or(file.smtp),
            smtp_security: self.smtp_security.or(file.smtp_security),
            smtp_user: self.smtp_user.or(file.smtp_user),
            mail_from: self.mail_from.or(file.mail_from),
            bundle: self.bundle.or(file.bundle),
            without: [self.without, file.without].concat(),
        })
    }

    pub(super) fn smtp(&self) -> Result<Option<Smtp>, Failure> {
        let Some(server) = &self.smtp else {
            return Ok(None);
        };
        let Some(from) = self.mail_from.clone() else {
            return Err(Failure::usage(
                "the mails need a sender: --mail-from is missing, such as chat@example.com",
            ));
        };
        let (server, port) = match server.rsplit_once(':') {
            Some((server, port)) => (server, Some(port)),
            None => (server.as_str(), None),
        };
        let local = matches!(server, "localhost" | "127.0.0.1");
        let security = self
            .smtp_security
            .unwrap_or(if local && self.smtp_user.is_none() {
                Security::None
            } else {
                Security::Starttls
            });
        // "authentication failed: unencrypted connection", also on one machine (seen in 6.7.2)
        if security == Security::None && self.smtp_user.is_some() {
            return Err(Failure::usage(
                "Mattermost sends no password over an unencrypted connection: leave --smtp-security out, or choose starttls or tls",
            ));
        }
        let (security, usual) = match security {
            Security::None => ("", "25"),
            Security::Starttls => ("STARTTLS", "587"),
            Security::Tls => ("TLS", "465"),
        };
        let port = port.unwrap_or(usual);
        if server.is_empty() || !port.parse::<u16>().is_ok_and(|port| port > 0) {
            return Err(Failure::usage(
                "--smtp is not a mail server: write it as in mail.example.com:587",
            ));
        }
        Ok(Some(Smtp {
            server: server.to_owned(),
            port: port.to_owned(),
            security,
            from,
            user: self.smtp_user.clone(),
        }))
    }
}
