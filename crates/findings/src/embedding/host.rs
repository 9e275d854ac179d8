//! The page that embeds: what its own headers let a frame do.

use super::Look;
use crate::Finding;
use crate::facts::Answer;
use crate::language::{Language, texts};
use crate::policy::may_hold_frame;

type Text = fn(Language) -> String;

/// What Mattermost does in a frame only where the page lets it, and what is missed without it.
const FEATURES: [(&str, Text); 7] = [
    ("autoplay", Language::feature_sounds),
    ("clipboard-read", Language::feature_pasting),
    ("clipboard-write", Language::feature_copying),
    ("microphone", Language::feature_calls),
    ("camera", Language::feature_calls),
    ("display-capture", Language::feature_screen),
    ("fullscreen", Language::feature_full),
];

impl Look<'_> {
    pub(super) fn host_page(&self) -> [Finding; 3] {
        match &self.facts.host_page {
            Ok(page) => [
                self.host_frame_src(page),
                self.host_embedder_policy(page),
                self.host_permissions(page),
            ],
            Err(_) => [
                "host-frame-src",
                "host-embedder-policy",
                "host-permissions-policy",
            ]
            .map(|id| Finding::skip(id, self.say.host_unread())),
        }
    }

    fn host_frame_src(&self, page: &Answer) -> Finding {
        const ID: &str = "host-frame-src";
        let (say, chat) = (self.say, &self.own);
        let policies = page.all("content-security-policy");
        match may_hold_frame(&policies, chat, &self.report.origin) {
            Ok(()) => Finding::pass(ID, say.holds_frame()),
            Err(directive) => Finding::fail(ID, say.holds_none(&directive)).mend(
                format!("Content-Security-Policy, {}", self.facts.host),
                format!("frame-src 'self' {chat}"),
            ),
        }
    }

    fn host_embedder_policy(&self, page: &Answer) -> Finding {
        const ID: &str = "host-embedder-policy";
        let say = self.say;
        let value = page
            .first("cross-origin-embedder-policy")
            .unwrap_or_default();
        let value = value.split(';').next().unwrap_or_default().trim();
        let asks = matches!(value, "require-corp" | "credentialless");
        if !asks || self.own == self.report.origin {
            return Finding::pass(ID, say.embedder_none());
        }
        Finding::fail(ID, say.embedder_asks(value))
            .detail(say.embedder_mattermost())
            .mend(
                say.place_headers(&self.facts.host.to_string()),
                "Cross-Origin-Embedder-Policy: unsafe-none",
            )
    }

    fn host_permissions(&self, page: &Answer) -> Finding {
        const ID: &str = "host-permissions-policy";
        let (say, chat) = (self.say, &self.own);
        let header = page.all("permissions-policy").join(", ");
        let Ok(policy) = sfv::Parser::new(&header).parse::<sfv::Dictionary>() else {
            return Finding::warn(ID, say.permissions_unread(&header));
        };
        let same_origin = *chat == self.report.origin;
        let allows = |item: &sfv::Item| match &item.bare_item {
            sfv::BareItem::Token(token) => {
                token.as_str() == "*" || (same_origin && token.as_str() == "self")
            }
            sfv::BareItem::String(origin) => origin.as_str().eq_ignore_ascii_case(chat),
            _ => false,
        };
        let refused = FEATURES
            .iter()
            .filter(|(feature, _)| match policy.get(*feature) {
                None => false,
                Some(sfv::ListEntry::Item(item)) => !allows(item),
                Some(sfv::ListEntry::InnerList(list)) => !list.items.iter().any(allows),
            });
        let (missed, lines): (Vec<String>, Vec<String>) = refused
            .map(|(feature, what)| {
                let line = format!("{feature}=(self \"{chat}\")");
                (format!("{feature} ({})", what(say)), line)
            })
            .unzip();
        if missed.is_empty() {
            return Finding::pass(ID, say.permissions_all());
        }
        Finding::warn(ID, say.permissions_taken(&missed.join(", "))).mend(
            format!("Permissions-Policy, {}", self.facts.host),
            lines.join(", "),
        )
    }
}

texts! {
    host_unread(): "The page that embeds could not be read.",
        "Die einbettende Seite konnte nicht gelesen werden.";
    holds_frame(): "The page’s own policy lets it hold a frame with Mattermost.",
        "Die eigene Policy der Seite erlaubt ihr einen Rahmen mit Mattermost.";
    holds_none(directive): "The page’s own Content-Security-Policy forbids it a frame with Mattermost: it says “{directive}”.",
        "Die eigene Content-Security-Policy der Seite verbietet ihr einen Rahmen mit Mattermost: Sie sagt „{directive}“.";
    embedder_none(): "The page does not ask its frames for a Cross-Origin-Embedder-Policy.",
        "Die Seite verlangt von ihren Rahmen keine Cross-Origin-Embedder-Policy.";
    embedder_asks(value): "The page’s Cross-Origin-Embedder-Policy “{value}” keeps Mattermost’s frame empty.",
        "Die Cross-Origin-Embedder-Policy „{value}“ der Seite lässt Mattermosts Rahmen leer.";
    embedder_mattermost(): "Mattermost sends no such header itself.",
        "Mattermost selbst schickt keinen solchen Header.";
    place_headers(host): "the headers of {host}",
        "die Header von {host}";
    permissions_unread(header): "The page’s Permissions-Policy cannot be read, so browsers do not obey it: {header}",
        "Die Permissions-Policy der Seite ist nicht lesbar, deshalb befolgen Browser sie nicht: {header}";
    permissions_all(): "The page’s own Permissions-Policy takes nothing from Mattermost.",
        "Die eigene Permissions-Policy der Seite nimmt Mattermost nichts.";
    permissions_taken(features): "The page’s own Permissions-Policy takes from Mattermost: {features}.",
        "Die eigene Permissions-Policy der Seite nimmt Mattermost: {features}.";
    feature_sounds(): "sounds",
        "Töne";
    feature_pasting(): "pasting by menu",
        "Einfügen über das Menü";
    feature_copying(): "copying links",
        "Kopieren von Links";
    feature_calls(): "calls",
        "Anrufe";
    feature_screen(): "sharing the screen",
        "Teilen des Bildschirms";
    feature_full(): "full screen",
        "Vollbild";
}
