//! The page that embeds: what its own headers let a frame do.

use super::super::Finding;
use super::super::facts::{Answer, Facts};
use super::super::policy::may_hold_frame;
use crate::text::plain;

pub(super) fn host_page(facts: &Facts) -> Vec<Finding> {
    const IDS: [&str; 3] = [
        "host-frame-src",
        "host-embedder-policy",
        "host-permissions-policy",
    ];
    let Ok(page) = &facts.host_page else {
        return IDS
            .map(|id| Finding::skip(id, "the page that embeds could not be read"))
            .to_vec();
    };
    vec![
        host_frame_src(facts, page),
        host_embedder_policy(facts, page),
        host_permissions(facts, page),
    ]
}

fn host_frame_src(facts: &Facts, page: &Answer) -> Finding {
    const ID: &str = "host-frame-src";
    let chat = facts.chat.origin();
    match may_hold_frame(
        &page.all("content-security-policy"),
        &chat,
        &facts.host.origin(),
    ) {
        Ok(()) => Finding::pass(
            ID,
            "the page's own policy lets it hold a frame with Mattermost",
        ),
        Err(directive) => Finding::fail(
            ID,
            "the page's own policy forbids it a frame with Mattermost",
        )
        .detail(format!(
            "its Content-Security-Policy says \"{}\"",
            plain(&directive)
        ))
        .mend(
            format!("Content-Security-Policy of {}", facts.host),
            format!("frame-src 'self' {chat}"),
        ),
    }
}

fn host_embedder_policy(facts: &Facts, page: &Answer) -> Finding {
    const ID: &str = "host-embedder-policy";
    let value = page
        .first("cross-origin-embedder-policy")
        .unwrap_or_default();
    let value = value.split(';').next().unwrap_or_default().trim();
    let asks = matches!(value, "require-corp" | "credentialless");
    if !asks || facts.chat.origin() == facts.host.origin() {
        return Finding::pass(
            ID,
            "the page does not ask its frames for a Cross-Origin-Embedder-Policy",
        );
    }
    Finding::fail(
        ID,
        format!(
            "the page's Cross-Origin-Embedder-Policy \"{value}\" keeps Mattermost's frame empty"
        ),
    )
    .detail("Mattermost sends no such header itself")
    .mend(
        format!("the headers of {}", facts.host),
        "Cross-Origin-Embedder-Policy: unsafe-none",
    )
}

/// What Mattermost does in a frame only where the page lets it, and what is missed without it.
const FEATURES: [(&str, &str); 7] = [
    ("autoplay", "sounds"),
    ("clipboard-read", "pasting by menu"),
    ("clipboard-write", "copying links"),
    ("microphone", "calls"),
    ("camera", "calls"),
    ("display-capture", "sharing the screen"),
    ("fullscreen", "full screen"),
];

fn host_permissions(facts: &Facts, page: &Answer) -> Finding {
    const ID: &str = "host-permissions-policy";
    let header = page.all("permissions-policy").join(", ");
    let Ok(policy) = sfv::Parser::new(&header).parse::<sfv::Dictionary>() else {
        return Finding::warn(
            ID,
            "the page's Permissions-Policy cannot be read, so browsers do not obey it",
        )
        .detail(plain(&header));
    };
    let chat = facts.chat.origin();
    let same_origin = chat == facts.host.origin();
    let allows = |item: &sfv::Item| match &item.bare_item {
        sfv::BareItem::Token(token) => {
            token.as_str() == "*" || (same_origin && token.as_str() == "self")
        }
        sfv::BareItem::String(origin) => origin.as_str().eq_ignore_ascii_case(&chat),
        _ => false,
    };
    let refused: Vec<(&str, &str)> = FEATURES
        .into_iter()
        .filter(|(feature, _)| match policy.get(*feature) {
            None => false,
            Some(sfv::ListEntry::Item(item)) => !allows(item),
            Some(sfv::ListEntry::InnerList(list)) => !list.items.iter().any(allows),
        })
        .collect();
    if refused.is_empty() {
        return Finding::pass(
            ID,
            "the page's own Permissions-Policy takes nothing from Mattermost",
        );
    }
    let missed: Vec<String> = refused
        .iter()
        .map(|(feature, what)| format!("{feature} ({what})"))
        .collect();
    let lines: Vec<String> = refused
        .iter()
        .map(|(feature, _)| format!("{feature}=(self \"{chat}\")"))
        .collect();
    Finding::warn(
        ID,
        format!(
            "the page's own Permissions-Policy takes from Mattermost: {}",
            missed.join(", ")
        ),
    )
    .mend(
        format!("Permissions-Policy of {}", facts.host),
        lines.join(", "),
    )
}
