//! What stands between a page that embeds and Mattermost's notifications, judged from outside.

mod connection;
mod host;
mod plugin;
mod session;
#[cfg(test)]
mod tests;

use serde::Deserialize;

use self::connection::{answers, dns, tls, upload, websocket, websocket_origin};
use self::host::host_page;
pub use self::plugin::script_path;
use self::plugin::{plugin_active, plugin_answers, plugin_files};
use self::session::session;
use super::facts::{Answer, Facts};
use super::language::Language;
use super::lines::{Program, frame_ancestors};
use super::policy::{Framing, framing, restricts_scripts, values};
use super::proxy::frame_ancestors_setting;
use super::{Finding, Mend};
use crate::address::Address;
use crate::text::plain;
use crate::version::{OLDEST, Version};

/// `GET /api/v4/config/client?format=old`: every value is a text.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct ClientConfig {
    version: String,
    #[serde(rename = "SiteURL")]
    site_url: String,
    enable_desktop_landing_page: Option<String>,
    enable_saml: String,
    enable_sign_up_with_git_lab: String,
    enable_sign_up_with_google: String,
    enable_sign_up_with_office365: String,
    enable_sign_up_with_open_id: String,
}

/// All of them, in the order in which one would look.
pub fn findings(facts: &Facts) -> Vec<Finding> {
    let config = client_config(facts);
    let mut findings = vec![
        dns("host-dns", &facts.host, &facts.host_reach),
        dns("chat-dns", &facts.chat, &facts.chat_reach),
        tls("host-tls", &facts.host, &facts.host_reach),
        tls("chat-tls", &facts.chat, &facts.chat_reach),
        answers("host-answers", &facts.host, &facts.host_page),
        answers("chat-answers", &facts.chat, &facts.page),
        secure_context(facts),
        session(facts, server_version(config.as_ref())),
        version(facts, config.as_ref()),
    ];
    match &config {
        Some(config) => findings.extend([
            site_url(facts, config),
            landing_page(config),
            single_sign_on(config),
        ]),
        None => findings.extend(
            ["site-url", "landing-page", "single-sign-on"]
                .map(|id| Finding::skip(id, "Mattermost did not tell its configuration")),
        ),
    }
    findings.extend([framing_of_chat(facts, config.as_ref()), policy_kept(facts)]);
    findings.extend(host_page(facts));
    findings.extend([
        plugin_active(facts),
        plugin_answers(facts),
        plugin_files(facts),
        websocket(facts),
        websocket_origin(facts),
        upload(facts),
    ]);
    findings
}

fn secure_context(facts: &Facts) -> Finding {
    const ID: &str = "secure-context";
    let (host, chat) = (&facts.host, &facts.chat);
    if host.is_https() && !chat.is_https() && !chat.is_local() {
        return Finding::fail(
            ID,
            "browsers do not show a page with http inside one with https",
        )
        .mend(
            "the address of Mattermost (SiteURL)",
            format!("https://{}", chat.host()),
        );
    }
    if host.is_https() || host.is_local() {
        return Finding::pass(
            ID,
            format!("browsers let pages of {} show notifications", host.origin()),
        );
    }
    Finding::fail(
        ID,
        format!(
            "browsers have no notifications on pages of {}, which is not https",
            host.origin()
        ),
    )
    .mend(
        "the address of the page that embeds",
        format!("https://{}", host.host()),
    )
}

fn client_config(facts: &Facts) -> Option<ClientConfig> {
    let answer = facts.client_config.as_ref().ok()?;
    serde_json::from_str(&answer.body)
        .ok()
        .filter(|config: &ClientConfig| !config.version.is_empty())
}

fn server_version(config: Option<&ClientConfig>) -> Option<Version> {
    config?.version.parse().ok()
}

fn version(facts: &Facts, config: Option<&ClientConfig>) -> Finding {
    const ID: &str = "mattermost-version";
    match (server_version(config), &facts.client_config) {
        (Some(version), _) if version < OLDEST => Finding::fail(
            ID,
            format!("Mattermost {version} is older than the plugin needs, which is {OLDEST}"),
        ),
        (Some(version), _) => Finding::pass(ID, format!("Mattermost {version}")),
        (None, Err(why)) => Finding::skip(ID, format!("Mattermost could not be asked: {why}")),
        (None, Ok(answer)) => Finding::fail(
            ID,
            format!(
                "{} is no Mattermost, or something answers in its place",
                facts.chat
            ),
        )
        .detail(format!(
            "/api/v4/config/client answers with {}",
            described(answer)
        ))
        .detail("a subpath is part of the address, as in https://intranet.example.com/chat"),
    }
}

/// An answer in a few words.
fn described(answer: &Answer) -> String {
    let kind = answer.first("content-type").unwrap_or("no type");
    match answer.first("location") {
        Some(to) => format!("HTTP {} to {}", answer.status, plain(to)),
        None => format!("HTTP {}, {}", answer.status, plain(kind)),
    }
}

fn site_url_mend(chat: &Address) -> Mend {
    Mend {
        place: "Mattermost".to_owned(),
        lines: format!("mmctl config set ServiceSettings.SiteURL \"{chat}\""),
    }
}

fn site_url(facts: &Facts, config: &ClientConfig) -> Finding {
    const ID: &str = "site-url";
    let used = facts.chat.to_string();
    let mend = site_url_mend(&facts.chat);
    if config.site_url.is_empty() {
        return Finding::fail(ID, "Mattermost has no Site URL").mends([mend]);
    }
    if config
        .site_url
        .parse::<Address>()
        .is_ok_and(|stored| stored == facts.chat || stored.to_string() == used)
    {
        return Finding::pass(ID, format!("the Site URL is {used}"));
    }
    Finding::fail(
        ID,
        format!(
            "the Site URL is {}, and people use {used}",
            plain(&config.site_url)
        ),
    )
    .detail("Mattermost makes its links from it, and the right origin of a WebSocket")
    .mends([mend])
}

fn landing_page(config: &ClientConfig) -> Finding {
    const ID: &str = "landing-page";
    match config.enable_desktop_landing_page.as_deref() {
        Some("true") => Finding::warn(
            ID,
            "a new browser is first asked \"Where would you like to view this?\", inside the frame",
        )
        .mend(
            "Mattermost",
            "mmctl config set ServiceSettings.EnableDesktopLandingPage false",
        ),
        Some(_) => Finding::pass(ID, "new users come straight to Mattermost"),
        None => Finding::pass(ID, "this Mattermost has no page that asks how to view it"),
    }
}

fn single_sign_on(config: &ClientConfig) -> Finding {
    const ID: &str = "single-sign-on";
    let kinds = [
        ("SAML", &config.enable_saml),
        ("GitLab", &config.enable_sign_up_with_git_lab),
        ("Google", &config.enable_sign_up_with_google),
        ("Entra ID", &config.enable_sign_up_with_office365),
        ("OpenID Connect", &config.enable_sign_up_with_open_id),
    ];
    let on: Vec<&str> = kinds
        .into_iter()
        .filter(|(_, value)| *value == "true")
        .map(|(name, _)| name)
        .collect();
    if on.is_empty() {
        return Finding::pass(ID, "people log in to Mattermost itself");
    }
    Finding::warn(ID, format!("people may log in by {}", on.join(", ")))
        .detail("most providers refuse to be shown in a frame: log in to Mattermost in a tab of its own once")
}

/// What to change so that the page may frame Mattermost.
fn framing_mends(facts: &Facts, config: Option<&ClientConfig>, page: &Answer) -> Vec<Mend> {
    let hosts = [facts.host.origin()];
    let version = server_version(config);
    let mut mends = Vec::new();
    if version.is_some_and(Version::has_frame_ancestors) {
        mends.push(Mend {
            place: "Mattermost (several origins are separated by spaces)".to_owned(),
            lines: frame_ancestors_setting(&hosts),
        });
    } else {
        mends.extend(
            programs(page)
                .iter()
                .flat_map(|program| program.policy(&hosts, Language::English)),
        );
    }
    mends
}

/// The proxy that the answer names; all of them where it names none.
fn programs(answer: &Answer) -> Vec<Program> {
    Program::behind(answer.first("server"))
}

fn framing_of_chat(facts: &Facts, config: Option<&ClientConfig>) -> Finding {
    const ID: &str = "framing";
    let (host, own) = (facts.host.origin(), facts.chat.origin());
    let Ok(page) = &facts.page else {
        return Finding::skip(ID, "Mattermost's page could not be read");
    };
    let (policies, options) = (
        page.all("content-security-policy"),
        page.all("x-frame-options"),
    );
    let mends = || framing_mends(facts, config, page);
    let lists = values(&policies, "frame-ancestors");
    let shown: Vec<String> = lists
        .iter()
        .map(|list| format!("frame-ancestors {}", list.join(" ")))
        .collect();
    match framing(&policies, &options, &host, &own) {
        Framing::Allowed => Finding::pass(
            ID,
            format!("browsers show Mattermost inside pages of {host}"),
        ),
        Framing::Open => Finding::fail(ID, "any site may frame Mattermost: no header says who may")
            .detail("a stranger's page could lay itself over Mattermost and catch clicks")
            .mends(mends()),
        Framing::RefusedByPolicy => Finding::fail(
            ID,
            format!("browsers refuse to show Mattermost inside pages of {host}"),
        )
        .detail(format!(
            "Content-Security-Policy says \"{}\" and needs \"{}\"",
            plain(&shown.join(", ")),
            frame_ancestors(&[host])
        ))
        .mends(mends()),
        Framing::RefusedByFrameOptions => Finding::fail(
            ID,
            format!("browsers refuse to show Mattermost inside pages of {host}"),
        )
        .detail(format!(
            "X-Frame-Options says \"{}\", and no policy names frame-ancestors",
            plain(&options.join(", "))
        ))
        .mends(mends()),
    }
}

fn policy_kept(facts: &Facts) -> Finding {
    const ID: &str = "policy-kept";
    let Ok(page) = &facts.page else {
        return Finding::skip(ID, "Mattermost's page could not be read");
    };
    if restricts_scripts(&page.all("content-security-policy")) {
        return Finding::pass(ID, "the rest of Mattermost's policy is there");
    }
    Finding::warn(
        ID,
        "something in front of Mattermost has thrown the rest of its policy away",
    )
    .detail("script-src keeps scripts of others from running in Mattermost's pages")
    .mends(
        programs(page)
            .iter()
            .flat_map(|program| program.policy(&[facts.host.origin()], Language::English)),
    )
}
