//! What was seen of a Mattermost, and of the page around it.

use std::fmt;

use crate::address::Address;
use crate::language::{Language, texts};
use crate::text::plain;

/// What a server answered.
#[derive(Debug, Clone, Default)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unreached {
    Name,
    Refused,
    Timeout,
    Tls(String),
    Other(String),
}

impl Unreached {
    /// As it follows a colon.
    pub(crate) fn says(&self, say: Language) -> String {
        match self {
            Self::Name => say.unreached_name(),
            Self::Refused => say.unreached_refused(),
            Self::Timeout => say.unreached_timeout(),
            Self::Tls(why) => format!("TLS: {}", plain(why)),
            Self::Other(why) => plain(why),
        }
    }
}

impl fmt::Display for Unreached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.says(Language::English))
    }
}

impl std::error::Error for Unreached {}

texts! {
    unreached_name(): "the name cannot be resolved",
        "der Name lässt sich nicht auflösen";
    unreached_refused(): "nothing listens there (connection refused)",
        "dort nimmt niemand Verbindungen an (connection refused)";
    unreached_timeout(): "there was no answer in time",
        "es kam rechtzeitig keine Antwort";
}

/// One server, as far as one comes without asking it anything.
#[derive(Debug, Clone)]
pub struct Reach {
    /// The addresses of its name.
    pub addresses: Vec<String>,
    pub tls: Tls,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tls {
    /// The address begins with http.
    None,
    Verified {
        /// Within [`EXPIRY_DAYS`].
        expires_soon: bool,
    },
    Failed(Unreached),
}

/// Certificates that renew themselves are renewed 30 days before their end; half of that is late.
pub const EXPIRY_DAYS: u64 = 14;

/// Everything that was seen from outside, without a login.
#[derive(Debug, Clone)]
pub struct Facts {
    pub chat: Address,
    pub host: Address,
    pub chat_reach: Reach,
    pub host_reach: Reach,
    /// Mattermost's own page.
    pub page: Result<Answer, Unreached>,
    /// The page that embeds, before its login.
    pub host_page: Result<Answer, Unreached>,
    /// `/api/v4/config/client?format=old`
    pub client_config: Result<Answer, Unreached>,
    /// `/api/v4/plugins/webapp`
    pub active_plugins: Result<Answer, Unreached>,
    /// The plugin's script, where it is among the active plugins.
    pub script: Option<Result<Answer, Unreached>>,
    /// `/plugins/notifymatters/api/v1/config`, which takes a login.
    pub plugin: Result<Answer, Unreached>,
    /// `/plugins/notifymatters/embed`, asked without saying of which site.
    pub embed: Result<Answer, Unreached>,
    /// The status of a WebSocket's handshake with Mattermost's own origin.
    pub websocket: Result<u16, Unreached>,
    /// The same with the origin of a stranger.
    pub foreign_websocket: Result<u16, Unreached>,
    /// The first status after a file of the size of the plugin's bundle was announced where uploads go.
    pub upload: Result<u16, Unreached>,
}

impl Answer {
    /// All headers of a name that is given in lower case.
    pub fn all(&self, name: &str) -> Vec<String> {
        self.headers
            .iter()
            .filter(|(own, _)| own == name)
            .map(|(_, value)| value.clone())
            .collect()
    }

    /// The first header of a name that is given in lower case.
    pub fn first(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(own, _)| own == name)
            .map(|(_, value)| value.as_str())
    }

    /// Whether it is a document of this type, such as `text/html`.
    pub fn is(&self, media_type: &str) -> bool {
        self.first("content-type")
            .is_some_and(|own| own.to_ascii_lowercase().starts_with(media_type))
    }
}
