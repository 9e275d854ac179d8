//! Whether Mattermost's cookies reach a frame: sites, as browsers tell them apart.

use public_suffix::{DEFAULT_PROVIDER, EffectiveTLDProvider as _};

use crate::address::Address;

/// How the page that embeds and Mattermost relate, from the nearest to the farthest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relation {
    SameSite,
    /// One registrable domain, two schemes: two sites in Chromium (HTML, "schemelessly same site").
    OtherScheme,
    CrossSite,
}

/// Compares by the public suffix list.
pub(crate) fn relation(host: &Address, chat: &Address) -> Relation {
    if site(host) != site(chat) {
        Relation::CrossSite
    } else if host.is_https() == chat.is_https() {
        Relation::SameSite
    } else {
        Relation::OtherScheme
    }
}

/// The public suffix and one label more; `None` for addresses and for names that are a public suffix themselves.
pub(crate) fn registrable_domain(address: &Address) -> Option<&str> {
    if !address.has_name() {
        return None;
    }
    DEFAULT_PROVIDER.effective_tld_plus_one(address.host()).ok()
}

fn site(address: &Address) -> &str {
    registrable_domain(address).unwrap_or(address.host())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn related(host: &str, chat: &str) -> Relation {
        relation(&host.parse().unwrap(), &chat.parse().unwrap())
    }

    #[test]
    fn one_registrable_domain_is_one_site() {
        assert_eq!(
            related("https://mail.example.com", "https://chat.example.com:8443"),
            Relation::SameSite
        );
        assert_eq!(
            related("http://mail.example.com", "https://chat.example.com"),
            Relation::OtherScheme
        );
        assert_eq!(
            related("https://a.co.uk", "https://b.co.uk"),
            Relation::CrossSite
        );
        assert_eq!(
            related("http://mail.localhost", "http://chat.localhost"),
            Relation::CrossSite
        );
        assert_eq!(
            related("http://10.0.0.1:80", "http://10.0.0.1:8065"),
            Relation::SameSite
        );
    }
}
