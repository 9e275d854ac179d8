//! In whose name to speak to a server; secrets that no output shows.

use std::env;
use std::fmt;
use std::fs;
use std::io::{self, IsTerminal as _, Read as _};
use std::path::{Path, PathBuf};

use super::local;
use crate::exit::{Failure, say};
use crate::interrupt;
use notifymatters_findings::address::Address;
use notifymatters_findings::text::plain;

/// An access token has 26 characters; a file that is longer holds something else.
const MAX_TOKEN_BYTES: u64 = 4096;

/// A text that is shown nowhere: its `Debug` says only that it is there.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Secret(String);

impl Secret {
    pub(crate) fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself, for the request that needs it.
    pub(crate) fn reveal(&self) -> &str {
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Credentials {
    Token(Secret),
    Password {
        username: String,
        password: Secret,
    },
    /// Nobody's: the server takes who may use its socket for an administrator.
    Local,
}

/// Which Mattermost.
#[derive(Debug, Clone, clap::Args)]
pub(crate) struct Site {
    /// Mattermost's address, as people use it [with --local: its Site URL]
    #[arg(
        long,
        value_name = "URL",
        env = "MM_SERVICESETTINGS_SITEURL",
        required_unless_present = "local"
    )]
    pub(crate) chat: Option<Address>,
}

/// Whose token or name; no option holds a secret, because every user of a machine sees the arguments of a program.
#[derive(Debug, Clone, Default, clap::Args)]
pub(crate) struct Login {
    /// On Mattermost's own machine: use the socket of its local mode, without a login, as mmctl --local does
    #[arg(
        long,
        value_name = "SOCKET",
        num_args = 0..=1,
        require_equals = true,
        conflicts_with = "token_file"
    )]
    #[expect(
        clippy::option_option,
        reason = "clap's form of an option whose value may be left out"
    )]
    pub(crate) local: Option<Option<PathBuf>>,
    /// Read a system administrator's personal access token from this file (- for standard input)
    #[arg(long, value_name = "FILE")]
    pub(crate) token_file: Option<PathBuf>,
    /// Log in with this administrator's name, and ask for the password
    #[arg(
        long,
        value_name = "NAME",
        env = "MM_ADMIN_USERNAME",
        hide_env_values = true
    )]
    pub(crate) user: Option<String>,
}

/// For the help of every command that logs in.
pub(crate) const ENVIRONMENT: &str = "\
How it logs in, in this order: not at all with --local, which finds the socket as `notifymatters paths` does; \
--token-file; the variable MM_ADMIN_TOKEN; --user or MM_ADMIN_USERNAME, with the \
password in MM_ADMIN_PASSWORD; otherwise it asks, without showing what you type.";

impl Login {
    /// Reads the token or the password, from wherever it is.
    pub(crate) fn credentials(&self) -> Result<Credentials, Failure> {
        self.read_from(|name| env::var(name).ok(), &|question| {
            ask(question, WITHOUT_TERMINAL)
        })
    }

    /// The socket to ask by, where that is the way.
    pub(crate) fn socket(&self) -> Result<Option<PathBuf>, Failure> {
        let named = self.local.as_ref().map(Option::as_deref);
        named.map(local::find).transpose()
    }

    /// Whether anything was said about it, so that nobody has to be asked.
    pub(crate) fn is_given(&self) -> bool {
        self.local.is_some()
            || self.token_file.is_some()
            || self.user.is_some()
            || env::var_os("MM_ADMIN_TOKEN").is_some_and(|token| !token.is_empty())
    }

    pub(crate) fn read_from(
        &self,
        variable: impl Fn(&str) -> Option<String>,
        ask: &dyn Fn(&str) -> Result<String, Failure>,
    ) -> Result<Credentials, Failure> {
        if self.local.is_some() {
            return Ok(Credentials::Local);
        }
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        if let Some(path) = &self.token_file {
            return token(&read(path)?, &format!("--token-file {}", path.display()));
        }
        if let Some(text) = variable("MM_ADMIN_TOKEN") {
            return token(&text, "MM_ADMIN_TOKEN");
        }
        let password = variable("MM_ADMIN_PASSWORD");
        match (&self.user, password) {
            (Some(username), password) => Ok(Credentials::Password {
                username: username.clone(),
                password: Secret::new(match password {
                    Some(password) => password,
                    None => ask(&format!("Password for {username}: "))?,
                }),
            }),
            (None, Some(_)) => Err(Failure::usage(
                "MM_ADMIN_PASSWORD is set, but neither MM_ADMIN_USERNAME nor --user is",
            )),
            (None, None) => token(
                &ask("A system administrator's personal access token: ")?,
                "what was typed",
            ),
        }
    }
}

fn token(text: &str, from: &str) -> Result<Credentials, Failure> {
    let token = text.trim();
    // A line break would end the header that carries it.
    if token.is_empty() || !token.chars().all(|c| c.is_ascii_graphic()) {
        return Err(Failure::usage(format!(
            "{from} is not an access token, which has only letters and digits"
        )));
    }
    Ok(Credentials::Token(Secret::new(token)))
}

fn read(path: &Path) -> Result<String, Failure> {
    let failure = |error: io::Error| {
        Failure::usage(format!(
            "--token-file {}: {}",
            path.display(),
            plain(&error.to_string())
        ))
    };
    let mut text = String::new();
    let mut from: Box<dyn io::Read> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(fs::File::open(path).map_err(failure)?)
    };
    from.by_ref()
        .take(MAX_TOKEN_BYTES)
        .read_to_string(&mut text)
        .map_err(failure)?;
    Ok(text)
}

/// What to do where nobody can be asked for a login.
const WITHOUT_TERMINAL: &str = "use --token-file, or set MM_ADMIN_TOKEN, or MM_ADMIN_USERNAME and MM_ADMIN_PASSWORD, \
                                to a system administrator's";

/// Asks at the terminal, without echo; `otherwise` is what to do where there is none.
pub(crate) fn ask(question: &str, otherwise: &str) -> Result<String, Failure> {
    if !io::stdin().is_terminal() {
        let question = question.trim_end_matches([' ', ':']);
        return Err(Failure::usage(format!(
            "there is no terminal to ask at ({question}): {otherwise}"
        )));
    }
    // The prompt sends the signal to itself before the terminal is what it was (rpassword 7.5), and few shells make it
    // show again what is typed: the program ends once it is.
    let held = interrupt::hold();
    let typed = rpassword::prompt_password(question);
    drop(held);
    if interrupt::came() {
        say("");
        interrupt::end();
    }
    typed.map_err(|error| Failure::could_not_look(format!("nothing was typed: {error}")))
}
