//! Whether a login reaches the frame: the cookies of one site do, those of two sites where Mattermost marks them for it.

use super::super::Finding;
use super::super::facts::Facts;
use super::described;
use crate::site::Relation;
use crate::text::plain;
use crate::version::Version;

/// The plugin's endpoint at which a frame of another site begins.
const EMBED: &str = "/plugins/notifymatters/embed";

/// How its cookie begins.
const EMBEDDED: &str = "MMEMBED=1;";

pub(super) fn session(facts: &Facts, version: Option<Version>) -> Finding {
    const ID: &str = "session";
    let (host, chat) = (facts.host.place(), facts.chat.place());
    let relation = host.relation_to(&chat);
    let two_sites = match relation {
        Relation::SameOrigin | Relation::SameSite => {
            let site = chat.registrable_domain().unwrap_or(facts.chat.host());
            return Finding::pass(
                ID,
                format!("a login reaches the frame: both are of the site {site}"),
            );
        }
        Relation::OtherScheme => "http and https are two sites in Chrome and Edge",
        Relation::CrossSite => "the two are not of one site",
    };
    let lost = || {
        Finding::fail(ID, format!("a login does not reach the frame: {two_sites}"))
            .detail("users see a login form that never ends")
    };
    let finding = if facts.chat.is_https() {
        embedded_login(facts, version, two_sites, lost)
    } else {
        lost().detail("without https no cookie reaches a frame of another site")
    };
    let name = host.registrable_domain().map_or_else(
        || format!("chat.{}", facts.host.host()),
        |domain| format!("chat.{domain}"),
    );
    let scheme = if facts.host.is_https() || relation == Relation::OtherScheme {
        "https"
    } else {
        "http"
    };
    finding.mend(
        "Mattermost's address (SiteURL), below the domain of the page",
        format!("{scheme}://{name}"),
    )
}

/// What is left between two sites: Mattermost's mark for the cookies of a login, which the plugin asks for.
fn embedded_login(
    facts: &Facts,
    version: Option<Version>,
    two_sites: &str,
    lost: impl FnOnce() -> Finding,
) -> Finding {
    if version.is_some_and(|version| !version.marks_embedded_logins()) {
        return lost()
            .detail("Mattermost 9 and later can mark its cookies for frames of other sites");
    }
    let answer = match &facts.embed {
        Ok(answer) => answer,
        Err(why) => return lost().detail(format!("{EMBED} could not be asked: {why}")),
    };
    let is_marked = |cookie: &String| cookie.starts_with(EMBEDDED);
    if answer.all("set-cookie").iter().any(is_marked) {
        return Finding::warn(
            "session",
            format!("a login reaches the frame in some browsers only: {two_sites}"),
        )
        .detail(format!(
            "let the frame begin at {}?to=/ (<mattermost-embed> does it by itself)",
            facts.chat.below(EMBED)
        ))
        .detail("Firefox keeps the login for this page alone: people log in there once more")
        .detail("Safari, Chrome and Edge keep none where they block third-party cookies, as Safari and incognito windows do");
    }
    let says = match answer.body.lines().next() {
        Some(sentence) if answer.is("text/plain") && answer.status == 400 => plain(sentence),
        _ => described(answer),
    };
    lost().detail(format!(
        "{EMBED}, where the frame could begin, answers with {says}"
    ))
}
