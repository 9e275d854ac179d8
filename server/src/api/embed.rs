//! Where a page of another site begins, so that a login reaches the frame in it.
//!
//! Mattermost sets its session's cookies without `SameSite`, which browsers take for `Lax`: a frame in a page of another site
//! gets none of them. Where the login itself carries the cookie `MMEMBED=1` over https, they are set with
//! `SameSite=None; Secure` (pull request 23776 of July 2023; in the source of 11.1, in that of neither 5.39.3 nor 6.7.2). The
//! server never sets that cookie; Mattermost's own plugin for Microsoft Teams does, in a page of its own.

use std::sync::{Arc, OnceLock};

use http::header::{CACHE_CONTROL, LOCATION, SET_COOKIE};
use http::request::Parts;
use http::{HeaderValue, Method, StatusCode};
use mattermost_plugin::{OriginalTarget, gob};

use super::answer::{Response, method_not_allowed, refuse};
use super::diagnostics::Answer;
use super::{Endpoints, parameter};

/// Below the plugin's address.
pub(super) const PATH: &str = "/embed";

/// The same below the site, where the path of a request ends in it.
const BELOW_THE_SITE: &str = "/plugins/notifymatters/embed";

/// From there to the site, whatever its subpath is: a relative address leads to no other origin.
const TO_THE_SITE: &str = "../..";

/// Characters of a path: a team's and a channel's name have 64 each at most.
const MAX_PATH: usize = 256;

/// First parts of Mattermost's own addresses: no team has such a name (5.39 to 11).
const RESERVED: [&str; 13] = [
    "signup",
    "login",
    "admin",
    "channel",
    "post",
    "api",
    "oauth",
    "error",
    "help",
    "plugins",
    "plug",
    "playbooks",
    "boards",
];

const NO_DESTINATION: &str = "\"to\" has to be / or a path inside Mattermost: /<team>/channels/<name>, /<team>/messages/<name>, \
     /<team>/pl/<id> or /<team>/threads";

const NOT_HTTPS: &str = "this Mattermost is not reached by https, without which no cookie reaches a frame of another site; \
     a proxy in front of it has to send X-Forwarded-Proto: https";

/// Asks Mattermost whether it serves TLS itself, without a proxy in front.
pub(crate) type ServesTls = Arc<dyn Fn() -> Answer + Send + Sync>;

/// Whether the server with this `model.Config` does (`ServiceSettings.ConnectionSecurity`, 5.39 to 11).
pub(crate) fn serves_tls(configuration: &gob::Value) -> bool {
    let service = configuration.field("ServiceSettings");
    let security = service.and_then(|service| service.field("ConnectionSecurity"));
    security.and_then(gob::Value::as_str) == Some("TLS")
}

/// Its answer, asked once: the server has to be restarted for a change, and this plugin with it.
pub(crate) struct OwnTls {
    ask: ServesTls,
    known: OnceLock<bool>,
}

impl OwnTls {
    pub(crate) fn new(ask: ServesTls) -> Self {
        let known = OnceLock::new();
        Self { ask, known }
    }

    async fn is_there(&self) -> Result<bool, String> {
        if let Some(known) = self.known.get() {
            return Ok(*known);
        }
        let answer = (self.ask)().await?;
        Ok(*self.known.get_or_init(|| answer))
    }
}

impl Endpoints {
    /// Sets the cookie and leads to the path that `to` names; without `to` it only sets the cookie, for scripts.
    ///
    /// Nobody is logged in yet, so it is for everybody.
    pub(super) async fn embed(&self, request: &Parts) -> Response {
        if !matches!(request.method, Method::GET | Method::HEAD) {
            return method_not_allowed("GET,HEAD");
        }
        let to = parameter(request, "to");
        if to.as_deref().is_some_and(|path| !is_destination(path)) {
            return refuse(StatusCode::BAD_REQUEST, NO_DESTINATION);
        }
        match self.is_https(request).await {
            Ok(true) => {}
            Ok(false) => return refuse(StatusCode::BAD_REQUEST, NOT_HTTPS),
            Err(error) => {
                // A warning would let strangers fill the log.
                tracing::debug!("Mattermost's configuration cannot be read: {error}");
                let why = "Mattermost does not say whether it is reached by https; try again";
                return refuse(StatusCode::SERVICE_UNAVAILABLE, why);
            }
        }
        let mut response = Response::default();
        *response.status_mut() = StatusCode::NO_CONTENT;
        let headers = response.headers_mut();
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if is_cross_site(request)
            && let Ok(cookie) = HeaderValue::try_from(cookie(subpath(request)))
        {
            headers.insert(SET_COOKIE, cookie);
        }
        if let Some(path) = to
            && let Ok(location) = HeaderValue::try_from(format!("{TO_THE_SITE}{path}"))
        {
            headers.insert(LOCATION, location);
            *response.status_mut() = StatusCode::SEE_OTHER;
        }
        response
    }

    /// As Mattermost decides it for its own cookies (`GetProtocol`, 5.39 to 11). Whether the request itself came over TLS,
    /// it tells no plugin.
    async fn is_https(&self, request: &Parts) -> Result<bool, String> {
        match request.headers.get("X-Forwarded-Proto") {
            Some(protocol) if protocol == "https" => Ok(true),
            _ => self.own_tls.is_there().await,
        }
    }
}

/// Whether the frame is in a page of another site, which the browser tells (Fetch Metadata, section 2.2): Chromium 156, Firefox
/// 153 and WebKitGTK 2.50 do, over https. One that does not is older than 2023, and gets the cookie.
///
/// Within a site the session needs none, and keeps its `SameSite`.
fn is_cross_site(request: &Parts) -> bool {
    let site = request.headers.get("Sec-Fetch-Site");
    site.is_none_or(|site| site == "cross-site")
}

/// The cookie by Mattermost's name, with the attributes that a frame of another site needs. It lasts as long as the browser
/// runs, and scripts may read it: Mattermost's own do, to hide what a frame has no use for.
fn cookie(subpath: &str) -> String {
    format!("MMEMBED=1; Path={subpath}; Secure; SameSite=None")
}

/// Where Mattermost lies on its host: `/` or, for example, `/chat`.
fn subpath(request: &Parts) -> &str {
    let target = request.extensions.get::<OriginalTarget>();
    target
        .and_then(|OriginalTarget(target)| target.split('?').next())
        .and_then(|path| path.strip_suffix(BELOW_THE_SITE))
        // What would end the attribute ends in no path of a browser's either: it is written `%3B`.
        .filter(|subpath| subpath.starts_with('/') && !subpath.contains(';'))
        .unwrap_or("/")
}

/// Whether it is the site's root, or a path to which a host may lead Mattermost's page as well: `destination` in
/// `webapp/page/capabilities.js`.
fn is_destination(path: &str) -> bool {
    if path == "/" {
        return true;
    }
    if path.len() > MAX_PATH {
        return false;
    }
    let parts: Vec<_> = path.split('/').collect();
    match parts[..] {
        ["", team, "threads"] => is_team(team),
        ["", team, "channels" | "messages" | "pl", target] => is_team(team) && is_target(target),
        _ => false,
    }
}

fn is_team(name: &str) -> bool {
    let is_of_it = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-');
    !name.is_empty() && name.bytes().all(is_of_it) && !RESERVED.contains(&name)
}

/// What names a channel (`@ben` and an address as well) or a message. Two dots lead out of the folder.
fn is_target(name: &str) -> bool {
    let is_of_it = |byte: u8| byte.is_ascii_alphanumeric() || b"_@.:+-".contains(&byte);
    !matches!(name, "" | "." | "..") && name.bytes().all(is_of_it)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    /// The table that the web part's own reader is tested by.
    const DESTINATIONS: &str = include_str!("../../../webapp/test/destinations.json");

    #[derive(Deserialize)]
    struct Destinations {
        shown: Vec<String>,
        refused: Vec<String>,
    }

    #[test]
    fn it_leads_where_a_host_may_lead_the_page_and_to_the_root() {
        let table: Destinations = serde_json::from_str(DESTINATIONS).expect("a table");
        assert!(is_destination("/"));
        for path in table.shown {
            assert!(is_destination(&path), "{path}");
        }
        for path in table.refused {
            assert!(!is_destination(&path), "{path}");
        }
        for name in RESERVED {
            assert!(!is_destination(&format!("/{name}/channels/a")), "{name}");
        }
        let longest = format!("/team/channels/{}", "a".repeat(MAX_PATH - 15));
        assert!(is_destination(&longest));
        assert!(!is_destination(&format!("{longest}a")));
    }

    #[test]
    fn the_cookie_is_for_all_of_mattermost_and_for_nothing_beside_it() {
        for (target, path) in [
            ("/plugins/notifymatters/embed?to=%2F", "/"),
            ("/chat/plugins/notifymatters/embed", "/chat"),
            (
                "/a/b/plugins/notifymatters/embed?/plugins/notifymatters/embed",
                "/a/b",
            ),
            ("/a;Domain=example/plugins/notifymatters/embed", "/"),
            ("http://chat.example/plugins/notifymatters/embed", "/"),
            ("*", "/"),
        ] {
            let (mut request, ()) = http::Request::new(()).into_parts();
            assert_eq!(subpath(&request), "/");
            request.extensions.insert(OriginalTarget(target.to_owned()));
            assert_eq!(subpath(&request), path, "{target}");
        }
    }
}
