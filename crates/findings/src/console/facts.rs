//! What a page sends along with its question.

use crate::members::Members;

/// What only the administrator's browser sees, and what Mattermost tells the administrator alone.
#[derive(Debug)]
pub struct Facts {
    pub configuration: Configuration,
    pub seen: Seen,
}

/// What Mattermost's configuration says of embedding.
#[derive(Debug)]
pub struct Configuration {
    /// `ServiceSettings.SiteURL`
    pub site_url: Option<String>,
    /// `ServiceSettings.FrameAncestors`; `None` before 10.6.1, which has no such setting.
    pub frame_ancestors: Option<String>,
    /// `ServiceSettings.EnableDesktopLandingPage`; `None` where there is no such setting.
    pub landing_page: Option<bool>,
    /// `ServiceSettings.AllowCorsFrom`
    pub cors_from: String,
    /// `ExperimentalSettings.RestrictSystemAdmin`
    pub restricted: bool,
    /// The trusted origins under each spelling of their key; the first counts.
    pub spellings: Vec<Spelling>,
    pub fixed: Fixed,
    /// The address to which Mattermost's pages connect.
    pub web_socket: String,
}

#[derive(Debug)]
pub struct Spelling {
    pub key: String,
    pub value: String,
}

/// Which settings come from environment variables.
#[derive(Debug, Default)]
pub struct Fixed {
    pub frame_ancestors: bool,
    pub landing_page: bool,
    /// The settings of all plugins, which are one variable.
    pub plugins: bool,
}

/// What the browser saw through every proxy.
#[derive(Debug)]
pub struct Seen {
    /// Of Mattermost's own page; `None` where it could not be read.
    pub page: Option<Headers>,
    /// Of the document in which WebAssembly is compiled.
    pub realm: Option<Headers>,
    /// Whether a WebSocket to Mattermost could be opened.
    pub connects: bool,
    /// Whether this browser has it at all.
    pub web_assembly: bool,
}

/// The headers of a document that decide who may frame it and what may run in it. A browser joins several of one name by
/// commas.
#[derive(Debug, Default)]
pub struct Headers {
    /// `Content-Security-Policy`
    pub policy: Option<String>,
    /// `X-Frame-Options`
    pub frame_options: Option<String>,
    /// `Server`
    pub server: Option<String>,
}

impl Facts {
    /// Reads them, each under its own name.
    pub fn read(facts: &Members<'_>) -> Self {
        Self {
            configuration: Configuration::read(&facts.object("configuration")),
            seen: Seen::read(&facts.object("seen")),
        }
    }
}

impl Configuration {
    fn read(configuration: &Members<'_>) -> Self {
        let spellings = configuration.objects("spellings");
        let fixed = configuration.object("fixed");
        Self {
            site_url: configuration.text_or_null("site_url"),
            frame_ancestors: configuration.text_or_null("frame_ancestors"),
            landing_page: configuration.flag_or_null("landing_page"),
            cors_from: configuration.text("cors_from"),
            restricted: configuration.flag("restricted"),
            spellings: spellings.iter().map(Spelling::read).collect(),
            fixed: Fixed {
                frame_ancestors: fixed.flag("frame_ancestors"),
                landing_page: fixed.flag("landing_page"),
                plugins: fixed.flag("plugins"),
            },
            web_socket: configuration.text("web_socket"),
        }
    }
}

impl Spelling {
    fn read(spelling: &Members<'_>) -> Self {
        Self {
            key: spelling.text("key"),
            value: spelling.text("value"),
        }
    }
}

impl Seen {
    fn read(seen: &Members<'_>) -> Self {
        let headers = |name| {
            let headers = seen.object_or_null(name)?;
            Some(Headers::read(&headers))
        };
        Self {
            page: headers("page"),
            realm: headers("realm"),
            connects: seen.flag("connects"),
            web_assembly: seen.flag("web_assembly"),
        }
    }
}

impl Headers {
    fn read(headers: &Members<'_>) -> Self {
        Self {
            policy: headers.text_or_null("policy"),
            frame_options: headers.text_or_null("frame_options"),
            server: headers.text_or_null("server"),
        }
    }
}
