//! What a Mattermost server says when it refuses, and what to do about it.

use serde::Deserialize;

/// Longer texts come from a proxy's error page, not from Mattermost.
const MAX_QUOTED_CHARS: usize = 300;

/// The body of every error of the REST API (`model.AppError`); any part of it may be missing.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Refusal {
    id: String,
    message: String,
    detailed_error: String,
    #[serde(skip)]
    status: u16,
    /// The answer was an error of Mattermost, not of something in front of it.
    #[serde(skip)]
    from_mattermost: bool,
}

impl Refusal {
    pub(super) fn parse(status: u16, body: &str) -> Self {
        match serde_json::from_str::<Self>(body) {
            Ok(refusal) if !refusal.id.is_empty() => Self {
                status,
                from_mattermost: true,
                ..refusal
            },
            _ => Self {
                status,
                message: body.to_owned(),
                ..Self::default()
            },
        }
    }

    /// One sentence for the person who deploys: what was refused and what to do.
    pub(super) fn explain(&self, step: Step) -> String {
        let said = self.said();
        match (step, self.status) {
            (_, 429) => format!("the server asks to slow down ({said}): try again in a minute"),
            (_, 413) => format!(
                "something in front of Mattermost refuses a file of this size ({said}): raise its limit \
                 (nginx: client_max_body_size)"
            ),
            (Step::LogIn, 401) if self.id.contains("mfa") => {
                "this account needs a second factor: use MM_ADMIN_TOKEN with a personal access token".to_owned()
            }
            (Step::LogIn, 400 | 401) => format!(
                "the server does not accept MM_ADMIN_USERNAME and MM_ADMIN_PASSWORD ({said})"
            ),
            (Step::CheckToken, 401) => format!(
                "the server does not accept MM_ADMIN_TOKEN ({said}): it is wrong, revoked or expired, or \
                 ServiceSettings.EnableUserAccessTokens is off"
            ),
            (_, 401) => format!("the session ended meanwhile ({said})"),
            (_, 403) => format!(
                "this account may not do that ({said}): it takes a system administrator"
            ),
            (Step::Upload | Step::Enable, 501) => format!(
                "the server takes no uploads ({said}): set PluginSettings.Enable and PluginSettings.EnableUploads \
                 to true in its config.json and restart it"
            ),
            (Step::Upload, 400) => format!("the server refuses the bundle ({said})"),
            (_, 404) if !self.from_mattermost => format!(
                "there is no Mattermost at this address ({said}): a subpath is part of MM_SERVICESETTINGS_SITEURL, \
                 as in https://intranet.example.com/chat"
            ),
            _ => format!("the server refuses to {step} ({said})"),
        }
    }

    fn said(&self) -> String {
        let detail = match (self.message.trim(), self.detailed_error.trim()) {
            ("", "") => return format!("status {}", self.status),
            (message, "") => message.to_owned(),
            (message, detailed) => format!("{message} {detailed}"),
        };
        let mut quoted: String = detail
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .take(MAX_QUOTED_CHARS)
            .collect();
        if quoted.len() < detail.len() {
            quoted.push('…');
        }
        format!("status {}: {quoted}", self.status)
    }
}

/// What was being done when the server refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    ReadVersion,
    LogIn,
    CheckToken,
    Upload,
    Enable,
    ReadStatus,
    LogOut,
}

impl std::fmt::Display for Step {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::ReadVersion => "say its version",
            Self::LogIn => "log in",
            Self::CheckToken => "check the token",
            Self::Upload => "take the bundle",
            Self::Enable => "enable the plugin",
            Self::ReadStatus => "say whether the plugin runs",
            Self::LogOut => "log out",
        })
    }
}
