//! What can be said of one trusted origin without asking anybody.

use serde::Serialize;

use crate::site::{Context, Place, Relation};

/// One trusted origin against the address at which Mattermost is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct OriginReport {
    /// Canonical, as in `event.origin`.
    pub origin: String,
    /// The host name as people read it, where it is written in punycode.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unicode_host: Option<String>,
    pub relation: Relation,
    /// `None`: the host is a site of its own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub registrable_domain: Option<String>,
    pub context: Context,
    pub cookies: Cookies,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mixed: Option<Mixed>,
}

/// Whether Mattermost's session cookies reach it inside a frame of that origin.
///
/// Mattermost sets them without `SameSite`, which browsers take for `Lax`: a frame gets them within
/// one site only. When a login carries the cookie `MMEMBED=1` over https, they are set with
/// `SameSite=None; Secure` instead (Mattermost 9 to 11).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cookies {
    Reach,
    /// Only after a login with `MMEMBED=1`, and where the browser lets third parties have cookies.
    NeedEmbeddedLogin,
    /// `SameSite=None` wants https, which this Mattermost is not used with.
    NeverReach,
    /// An application's own page; the application decides.
    Application,
}

/// What browsers think of https and http in one page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Mixed {
    /// An https page may not hold an http frame (Mixed Content, section 5.1).
    FrameBlocked,
    /// An http page may hold an https frame, which is another site for that.
    HostInsecure,
}

impl OriginReport {
    /// `None` for what is no canonical origin.
    pub fn new(origin: &str, mattermost: &Place) -> Option<Self> {
        Some(Self::of(origin, &Place::of(origin)?, mattermost))
    }

    /// The same of an origin that is taken apart already.
    pub(crate) fn of(origin: &str, host: &Place, mattermost: &Place) -> Self {
        let relation = host.relation_to(mattermost);
        Self {
            origin: origin.to_owned(),
            unicode_host: host.unicode_host(),
            relation,
            registrable_domain: host.registrable_domain().map(str::to_owned),
            context: host.context(),
            cookies: cookies(host, relation, mattermost),
            mixed: mixed(host.context(), mattermost.context()),
        }
    }
}

fn cookies(host: &Place, relation: Relation, mattermost: &Place) -> Cookies {
    match relation {
        Relation::SameOrigin | Relation::SameSite => Cookies::Reach,
        _ if host.context() == Context::Application => Cookies::Application,
        _ if mattermost.context() == Context::Https => Cookies::NeedEmbeddedLogin,
        _ => Cookies::NeverReach,
    }
}

fn mixed(host: Context, mattermost: Context) -> Option<Mixed> {
    match (host, mattermost) {
        (Context::Https, Context::Insecure) => Some(Mixed::FrameBlocked),
        (Context::Insecure, Context::Https) => Some(Mixed::HostInsecure),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn report(origin: &str, mattermost: &str) -> OriginReport {
        OriginReport::new(origin, &Place::of(mattermost).expect("a place")).expect("an origin")
    }

    #[track_caller]
    fn session(origin: &str, mattermost: &str, cookies: Cookies) {
        assert_eq!(
            report(origin, mattermost).cookies,
            cookies,
            "{origin} around {mattermost}"
        );
    }

    #[test]
    fn the_session_reaches_a_frame_within_one_site() {
        for (host, mattermost) in [
            ("https://mail.example.com", "https://chat.example.com"),
            ("https://chat.example.com", "https://chat.example.com"),
            ("http://mail.example.com", "http://chat.example.com"),
        ] {
            session(host, mattermost, Cookies::Reach);
        }
    }

    #[test]
    fn across_sites_it_needs_an_embedded_login_and_that_needs_https() {
        for (host, mattermost) in [
            ("https://portal.example.net", "https://chat.example.com"),
            ("http://mail.example.com", "https://chat.example.com"),
        ] {
            session(host, mattermost, Cookies::NeedEmbeddedLogin);
        }
        for (host, mattermost) in [
            ("https://portal.example.net", "http://chat.example.com"),
            ("http://mail.localhost", "http://chat.localhost"),
        ] {
            session(host, mattermost, Cookies::NeverReach);
        }
    }

    #[test]
    fn an_application_decides_for_itself() {
        session(
            "app://deskapp",
            "https://chat.example.com",
            Cookies::Application,
        );
    }

    #[test]
    fn https_and_http_do_not_mix() {
        for (scheme, mattermost, mixed) in [
            (
                "https",
                "http://chat.example.com",
                Some(Mixed::FrameBlocked),
            ),
            (
                "http",
                "https://chat.example.com",
                Some(Mixed::HostInsecure),
            ),
            ("https", "https://chat.example.com", None),
            ("https", "http://localhost:8065", None),
            ("http", "http://chat.example.com", None),
        ] {
            let host = format!("{scheme}://mail.example.com");
            assert_eq!(
                report(&host, mattermost).mixed,
                mixed,
                "{host} {mattermost}"
            );
        }
    }

    #[test]
    fn the_report_is_json_of_plain_words() {
        let report = report(
            "https://xn--bro-hoa.example",
            "https://chat.xn--bro-hoa.example",
        );
        assert_eq!(
            serde_json::to_value(report).expect("json"),
            serde_json::json!({
                "origin": "https://xn--bro-hoa.example",
                "unicode_host": "büro.example",
                "relation": "same_site",
                "registrable_domain": "xn--bro-hoa.example",
                "context": "https",
                "cookies": "reach",
            })
        );
    }
}
