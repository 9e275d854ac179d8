//! What a Mattermost server, or what stands in front of it, says when it refuses, and what to do about it.

use serde::Deserialize;

use notifymatters_findings::text::plain;

/// The body of every error of the REST API (`model.AppError`); any part of it may be missing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Refusal {
    id: String,
    message: String,
    detailed_error: String,
    #[serde(skip)]
    status: u16,
    /// The header `WWW-Authenticate`, which Mattermost never sends.
    #[serde(skip)]
    login: Option<String>,
    /// The answer was an error of Mattermost, not of something in front of it.
    #[serde(skip)]
    from_mattermost: bool,
}

impl Refusal {
    /// Reads an answer; `login` is its header `WWW-Authenticate`.
    pub(crate) fn parse(status: u16, login: Option<&str>, body: &str) -> Self {
        let login = login.map(str::to_owned);
        match serde_json::from_str::<Self>(body) {
            Ok(refusal) if !refusal.id.is_empty() => Self {
                status,
                login,
                from_mattermost: true,
                ..refusal
            },
            _ => Self {
                status,
                login,
                message: body.to_owned(),
                ..Self::default()
            },
        }
    }

    /// Whether Mattermost itself says that there is no such thing.
    pub(crate) fn is_not_found(&self) -> bool {
        self.from_mattermost && self.status == 404
    }

    /// Whether there is nothing at this path (5.39 to 11.6; below a subpath the socket's answer is a page).
    pub(crate) fn is_no_route(&self) -> bool {
        self.id == "api.context.404.app_error" || self.status == 404 && !self.from_mattermost
    }

    /// Whether more invitations were asked for than go out in an hour; nothing was sent (5.39 to 11.6).
    pub(crate) fn is_limit_of_mails(&self) -> bool {
        self.id == "app.email.rate_limit_exceeded.app_error"
    }

    /// Whether it is switched off; of plugins, three settings share this one answer (5.39 to 11.6).
    pub(crate) fn is_closed(&self) -> bool {
        self.from_mattermost && self.status == 501
    }

    /// Whether the new files are in their place and the plugin in them did not start (9.8, 11.6).
    pub(crate) fn is_failed_restart(&self) -> bool {
        self.id == "app.plugin.restart.app_error"
            || self.message.contains("Unable to restart plugin on upgrade")
    }

    /// Mattermost's own limit: status 413 in 11.6; in 9.8 status 400 and what Go's `MaxBytesReader` says.
    fn is_past_max_file_size(&self) -> bool {
        self.status == 413 && self.from_mattermost
            || matches!(self.status, 400 | 413)
                && format!("{} {}", self.message, self.detailed_error)
                    .contains("request body too large")
    }

    /// One sentence for the person who asked for it: what was refused and what to do.
    pub(crate) fn explain(&self, step: Step) -> String {
        let said = self.said();
        match (step, self.status) {
            (_, 429) => format!("the server asks to slow down ({said}): try again in a minute"),
            (Step::Upload { bytes }, _) if self.is_past_max_file_size() => format!(
                "Mattermost takes no file of {} ({said}): raise FileSettings.MaxFileSize (System Console, Environment, \
                 File Storage, Maximum File Size), or {SMALLER}",
                kilobytes(bytes)
            ),
            (Step::Upload { bytes }, 413) => format!(
                "something in front of Mattermost takes no file of {} ({said}): raise its limit (nginx takes 1 MB \
                 unless client_max_body_size says more), or {SMALLER}",
                kilobytes(bytes)
            ),
            (_, 401 | 403) if self.is_login_in_front() => format!(
                "something in front of Mattermost asks for a login of its own ({said}): let it pass /api/v4, \
                 or use Mattermost's own address, such as http://localhost:8065"
            ),
            (_, 403) if !self.from_mattermost && is_html(&self.message) => format!(
                "something in front of Mattermost forbids it ({said}): let it pass /api/v4 for this machine, or use \
                 Mattermost's own address, such as http://localhost:8065"
            ),
            // Caddy 2.6 says 502 of a body that is past its limit.
            (Step::Upload { bytes }, 502..=504) if !self.from_mattermost => format!(
                "the proxy in front of Mattermost has no answer from it ({said}): does the proxy take a file of {}, is \
                 its timeout long enough, and is Mattermost running?",
                kilobytes(bytes)
            ),
            (_, 502..=504) if !self.from_mattermost => format!(
                "the proxy in front of Mattermost has no answer from it ({said}): is Mattermost running, and is the \
                 proxy's timeout long enough?"
            ),
            (Step::LogIn, 401) if self.id.contains("mfa") => {
                "this account needs a second factor: use a personal access token".to_owned()
            }
            (Step::LogIn, 400 | 401) => {
                format!("the server does not accept this name and password ({said})")
            }
            (Step::CheckToken, 401) => format!(
                "the server does not accept the access token ({said}): it is wrong, revoked or expired, or \
                 ServiceSettings.EnableUserAccessTokens is off"
            ),
            (_, 401) => format!("the session ended meanwhile ({said})"),
            (_, 403) => {
                format!("this account may not do that ({said}): it takes a system administrator")
            }
            (Step::Plugin(_), 501) => format!(
                "plugins are switched off on this server ({said}): set PluginSettings.Enable to true (System Console, \
                 Plugin Management, Enable Plugins)"
            ),
            (Step::Upload { .. }, 400) => format!("the server refuses the bundle ({said})"),
            (_, 404) if !self.from_mattermost => format!(
                "there is no Mattermost at this address ({said}): a subpath is part of the address, as in \
                 https://intranet.example.com/chat"
            ),
            _ => format!("the server refuses to {step} ({said})"),
        }
    }

    fn is_login_in_front(&self) -> bool {
        !self.from_mattermost
            && (self.login.is_some() || self.status == 401 && is_html(&self.message))
    }

    /// The status and what was said with it, in one line.
    fn said(&self) -> String {
        let status = self.status;
        if let Some(login) = self.login.as_deref().filter(|_| !self.from_mattermost) {
            return format!("status {status}, {}", line(login));
        }
        match (self.message.trim(), self.detailed_error.trim()) {
            ("", "") => format!("status {status}"),
            (message, "") => format!("status {status}: {}", line(message)),
            (message, detailed) => format!(
                "status {status}: {}",
                line(&format!("{message} {detailed}"))
            ),
        }
    }
}

const SMALLER: &str = "take a smaller bundle: `cargo xtask dist --platform` and the name of the server's platform make one";

/// What a redirect means; both are absolute addresses, `to` may be anything.
pub(crate) fn redirected(from: &str, to: Option<&str>) -> String {
    let elsewhere = to
        .and_then(|to| url::Url::parse(from).ok()?.join(to).ok())
        .map(|mut to| {
            // A login's address carries what belongs to nobody else.
            to.set_query(None);
            to.set_fragment(None);
            let _ = to.set_password(None);
            let _ = to.set_username("");
            to
        });
    let Some(elsewhere) = elsewhere else {
        return "sends elsewhere without saying where to".to_owned();
    };
    let call = from.find("/api/v4/").map_or("", |at| &from[at..]);
    let call = call.split('?').next().unwrap_or_default();
    if elsewhere.path().ends_with(call) {
        return format!("sends to {elsewhere}: name the address that people use");
    }
    format!(
        "sends to {elsewhere}, which looks like a login of something in front of Mattermost: let it pass /api/v4, or \
         use Mattermost's own address, such as http://localhost:8065"
    )
}

/// A text in one line; of a page of HTML only its title, since the rest is for browsers.
pub(crate) fn line(text: &str) -> String {
    let text = text.trim();
    if is_html(text) {
        return match title(text) {
            Some(title) => format!("a page with the title {}", line(title)),
            None => "a page of HTML".to_owned(),
        };
    }
    plain(text)
}

fn is_html(text: &str) -> bool {
    text.trim_start().starts_with('<')
}

fn title(html: &str) -> Option<&str> {
    // Lower case in ASCII keeps every byte's place.
    let lower = html.to_ascii_lowercase();
    let begin = lower.find("<title")?;
    let begin = begin + lower[begin..].find('>')? + 1;
    let end = begin + lower[begin..].find('<')?;
    let title = html[begin..end].trim();
    (!title.is_empty()).then_some(title)
}

fn kilobytes(bytes: usize) -> String {
    format!("{} kB", bytes.div_ceil(1000))
}

/// What was being done when the server refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    LogIn,
    CheckToken,
    Upload {
        /// The bundle's size.
        bytes: usize,
    },
    /// Something that takes plugins to be switched on.
    Plugin(&'static str),
    /// Anything else, as it follows "the server refuses to".
    To(&'static str),
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::LogIn => "log in",
            Self::CheckToken => "check the token",
            Self::Upload { .. } => "take the bundle",
            Self::Plugin(what) | Self::To(what) => what,
        })
    }
}
