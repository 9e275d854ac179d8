//! How the page that embeds and the Mattermost page relate in the eyes of a browser's cookies.

use serde::Serialize;
use url::{Host, Url};

/// An origin taken apart, as far as its cookies and its notifications depend on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    scheme: String,
    host: String,
    /// `None`: the scheme's default.
    port: Option<u16>,
    kind: HostKind,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum HostKind {
    Name,
    Address {
        loopback: bool,
    },
    /// The host of a scheme that is not of the web, such as `app://deskapp`.
    Application,
}

/// From the nearest to the farthest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Relation {
    SameOrigin,
    SameSite,
    /// The same registrable domain under another scheme: another site in Chromium, whose sites are
    /// schemeful (HTML, "schemelessly same site"), the same one elsewhere.
    OtherScheme,
    CrossSite,
}

/// Whether a page there is a secure context (Secure Contexts, section 3.1), which is where browsers
/// offer notifications.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Context {
    Https,
    /// Not encrypted, and trusted because it never leaves the machine.
    Local,
    Insecure,
    /// An application's own scheme; the application decides.
    Application,
}

impl Place {
    /// Takes a canonical origin apart, as the settings' parser writes it.
    ///
    /// `None` for a text that is no such origin.
    pub fn of(origin: &str) -> Option<Self> {
        let (scheme, host) = origin.split_once("://")?;
        if !matches!(scheme, "https" | "http") {
            return Some(Self {
                scheme: scheme.to_owned(),
                host: host.to_owned(),
                port: None,
                kind: HostKind::Application,
            });
        }
        Url::parse(origin)
            .ok()
            .filter(Url::has_host)
            .map(|url| Self::of_url(&url))
    }

    pub(crate) fn of_url(url: &Url) -> Self {
        let kind = match url.host() {
            Some(Host::Ipv4(address)) => HostKind::Address {
                loopback: address.is_loopback(),
            },
            Some(Host::Ipv6(address)) => HostKind::Address {
                loopback: address.is_loopback(),
            },
            Some(Host::Domain(_)) | None => HostKind::Name,
        };
        Self {
            scheme: url.scheme().to_owned(),
            host: url.host_str().unwrap_or_default().to_owned(),
            port: url.port(),
            kind,
        }
    }

    /// The part of the host name that somebody registered: the public suffix and one label more.
    ///
    /// `None` for addresses, for names that are a public suffix themselves (`co.uk`, `localhost`)
    /// and for applications: such a host is a site of its own.
    pub fn registrable_domain(&self) -> Option<&str> {
        use public_suffix::{DEFAULT_PROVIDER, EffectiveTLDProvider as _};
        match self.kind {
            HostKind::Name => DEFAULT_PROVIDER.effective_tld_plus_one(&self.host).ok(),
            HostKind::Address { .. } | HostKind::Application => None,
        }
    }

    pub fn context(&self) -> Context {
        match (self.scheme.as_str(), self.is_local()) {
            _ if self.is_application() => Context::Application,
            ("https", _) => Context::Https,
            (_, true) => Context::Local,
            (_, false) => Context::Insecure,
        }
    }

    /// Whether what is sent there never leaves this machine (Secure Contexts, section 3.1).
    pub(crate) fn is_local(&self) -> bool {
        match self.kind {
            HostKind::Application => false,
            HostKind::Name => self.host == "localhost" || self.host.ends_with(".localhost"),
            HostKind::Address { loopback } => loopback,
        }
    }

    pub fn relation_to(&self, other: &Self) -> Relation {
        let same_scheme = self.scheme == other.scheme;
        if self == other {
            Relation::SameOrigin
        } else if self.is_application() != other.is_application() || self.site() != other.site() {
            Relation::CrossSite
        } else if same_scheme {
            Relation::SameSite
        } else {
            Relation::OtherScheme
        }
    }

    /// The host name as people read it, where that differs from the punycode.
    ///
    /// Only to be shown beside the punycode: two names that look alike may be two hosts.
    pub fn unicode_host(&self) -> Option<String> {
        if self.kind != HostKind::Name || !self.host.contains("xn--") {
            return None;
        }
        let (unicode, _) = idna::domain_to_unicode(&self.host);
        (unicode != self.host).then_some(unicode)
    }

    fn is_application(&self) -> bool {
        self.kind == HostKind::Application
    }

    fn site(&self) -> &str {
        self.registrable_domain().unwrap_or(&self.host)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn place(origin: &str) -> Place {
        Place::of(origin).expect(origin)
    }

    #[track_caller]
    fn related(host: &str, mattermost: &str, relation: Relation) {
        assert_eq!(
            place(host).relation_to(&place(mattermost)),
            relation,
            "{host} to {mattermost}"
        );
    }

    #[test]
    fn hosts_below_one_registrable_domain_are_one_site() {
        for (host, mattermost) in [
            ("https://mail.example.com", "https://chat.example.com"),
            ("https://example.com", "https://chat.example.com:8443"),
            ("https://a.b.example.co.uk", "https://example.co.uk"),
        ] {
            related(host, mattermost, Relation::SameSite);
        }
    }

    #[test]
    fn hosts_below_one_public_suffix_are_two_sites() {
        for (host, mattermost) in [
            ("https://mail.example.com", "https://example.net"),
            ("https://one.co.uk", "https://two.co.uk"),
            ("https://mail.github.io", "https://chat.github.io"),
            ("http://mail.localhost", "http://chat.localhost"),
        ] {
            related(host, mattermost, Relation::CrossSite);
        }
        related(
            "http://mail.example.localhost",
            "http://chat.example.localhost",
            Relation::SameSite,
        );
    }

    #[test]
    fn a_site_has_one_scheme() {
        for (host, mattermost) in [
            ("http://mail.example.com", "https://chat.example.com"),
            ("http://chat.example.com", "https://chat.example.com"),
        ] {
            related(host, mattermost, Relation::OtherScheme);
        }
    }

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        related(
            "https://chat.example.com",
            "https://chat.example.com",
            Relation::SameOrigin,
        );
        related(
            "https://chat.example.com:8443",
            "https://chat.example.com",
            Relation::SameSite,
        );
    }

    #[test]
    fn an_address_is_a_site_of_its_own() {
        related(
            "https://10.0.0.1",
            "https://10.0.0.1:8443",
            Relation::SameSite,
        );
        related("https://10.0.0.1", "https://10.0.0.2", Relation::CrossSite);
        related(
            "https://[2001:db8::1]",
            "https://[2001:db8::1]:1",
            Relation::SameSite,
        );
        related("app://deskapp", "https://deskapp", Relation::CrossSite);
    }

    #[test]
    fn notifications_need_https_or_a_page_that_never_leaves_the_machine() {
        for (origin, context) in [
            ("https://mail.example.com", Context::Https),
            ("http://mail.example.com", Context::Insecure),
            ("http://localhost:8080", Context::Local),
            ("http://mail.example.localhost", Context::Local),
            ("http://127.0.0.2", Context::Local),
            ("http://[::1]", Context::Local),
            ("http://notlocalhost", Context::Insecure),
            ("http://10.0.0.1", Context::Insecure),
            ("app://deskapp", Context::Application),
        ] {
            assert_eq!(place(origin).context(), context, "{origin}");
        }
    }

    #[test]
    fn a_name_in_punycode_is_shown_beside_what_people_read() {
        assert_eq!(
            place("https://xn--bro-hoa.example")
                .unicode_host()
                .as_deref(),
            Some("büro.example")
        );
        assert_eq!(place("https://mail.example.com").unicode_host(), None);
    }

    #[test]
    fn a_public_suffix_has_no_registrable_domain() {
        for origin in ["https://co.uk", "http://localhost", "https://10.0.0.1"] {
            assert_eq!(place(origin).registrable_domain(), None, "{origin}");
        }
        assert_eq!(
            place("https://a.b.kawasaki.jp").registrable_domain(),
            Some("a.b.kawasaki.jp")
        );
    }

    #[test]
    fn what_is_no_origin_has_no_place() {
        for text in ["", "mail.example.com", "https://"] {
            assert_eq!(Place::of(text), None, "{text}");
        }
    }
}
