//! What stands between a page that embeds and Mattermost's notifications, judged from outside.

mod connection;
mod host;
mod plugin;
mod session;
#[cfg(test)]
mod tests;

use std::slice;

use serde::Deserialize;

pub use self::plugin::script_path;
use crate::facts::{Answer, Facts};
use crate::language::{Language, texts};
use crate::lines::Program;
use crate::origin::OriginReport;
use crate::policy::restricts_scripts;
use crate::proxy::frame_ancestors_setting;
use crate::questions::{self, Document};
use crate::version::{OLDEST, Version};
use crate::{Finding, Mend, Status};

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

/// All that is known while it is judged.
struct Look<'a> {
    say: Language,
    facts: &'a Facts,
    config: Option<ClientConfig>,
    version: Option<Version>,
    /// Mattermost's origin.
    own: String,
    /// The page that embeds, against it.
    report: OriginReport,
}

/// What is looked at.
pub fn subject(facts: &Facts, say: Language) -> String {
    say.subject(&facts.chat.to_string(), &facts.host.to_string())
}

/// All of them, in the order in which one would look.
pub fn findings(facts: &Facts, say: Language) -> Vec<Finding> {
    let config = client_config(facts);
    let look = Look {
        say,
        facts,
        version: config
            .as_ref()
            .and_then(|config| config.version.parse().ok()),
        config,
        own: facts.chat.origin(),
        report: OriginReport::of(
            &facts.host.origin(),
            &facts.host.place(),
            &facts.chat.place(),
        ),
    };
    let mut findings = vec![
        look.dns("host-dns", &facts.host, &facts.host_reach),
        look.dns("chat-dns", &facts.chat, &facts.chat_reach),
        look.tls("host-tls", &facts.host, &facts.host_reach),
        look.tls("chat-tls", &facts.chat, &facts.chat_reach),
        look.answers("host-answers", &facts.host, &facts.host_page),
        look.answers("chat-answers", &facts.chat, &facts.page),
        questions::secure_context(&look.report, &look.own, say),
        look.session(),
        look.version(),
    ];
    match &look.config {
        Some(config) => findings.extend([
            look.site_url(config),
            look.landing_page(config),
            look.single_sign_on(config),
        ]),
        None => findings.extend(
            ["site-url", "landing-page", "single-sign-on"]
                .map(|id| Finding::skip(id, say.config_untold())),
        ),
    }
    findings.extend(look.framing());
    findings.extend(look.host_page());
    findings.extend([
        look.plugin_active(),
        look.plugin_answers(),
        look.plugin_files(),
        look.websocket(),
        look.websocket_origin(),
        look.upload(),
    ]);
    findings
}

fn client_config(facts: &Facts) -> Option<ClientConfig> {
    let answer = facts.client_config.as_ref().ok()?;
    serde_json::from_str(&answer.body)
        .ok()
        .filter(|config: &ClientConfig| !config.version.is_empty())
}

/// An answer in a few words.
fn described(answer: &Answer) -> String {
    ["location", "content-type"]
        .into_iter()
        .find_map(|name| {
            Some(format!(
                "HTTP {}, {name}: {}",
                answer.status,
                answer.first(name)?
            ))
        })
        .unwrap_or_else(|| format!("HTTP {}", answer.status))
}

impl Look<'_> {
    fn version(&self) -> Finding {
        const ID: &str = "mattermost-version";
        let say = self.say;
        match (self.version, &self.facts.client_config) {
            (Some(version), _) if version < OLDEST => Finding::fail(
                ID,
                say.version_old(&version.to_string(), &OLDEST.to_string()),
            ),
            (Some(version), _) => Finding::pass(ID, say.version_is(&version.to_string())),
            (None, Err(why)) => Finding::skip(ID, say.mattermost_unasked(&why.says(say))),
            (None, Ok(answer)) => {
                Finding::fail(ID, say.no_mattermost(&self.facts.chat.to_string()))
                    .detail(say.answers_with("/api/v4/config/client", &described(answer)))
                    .detail(say.subpath())
            }
        }
    }

    /// Whether Mattermost's own pages have their WebSocket.
    fn connects(&self) -> bool {
        self.facts.websocket == Ok(101)
    }

    fn site_url_mend(&self) -> Mend {
        Mend {
            place: "Mattermost".to_owned(),
            lines: format!(
                "mmctl config set ServiceSettings.SiteURL \"{}\"",
                self.facts.chat
            ),
        }
    }

    fn site_url(&self, config: &ClientConfig) -> Finding {
        let used = self.facts.chat.to_string();
        // From outside nobody sees what AllowCorsFrom permits; a WebSocket that opens does.
        let finding =
            questions::site_url(&config.site_url, &used, self.connects(), false, self.say);
        match finding.status {
            Status::Fail => finding.mends([self.site_url_mend()]),
            _ => finding,
        }
    }

    fn landing_page(&self, config: &ClientConfig) -> Finding {
        let on = config.enable_desktop_landing_page.as_deref();
        let finding = questions::landing_page(on.map(|on| on == "true"), self.say);
        match finding.status {
            Status::Warn => finding.mend(
                "Mattermost",
                "mmctl config set ServiceSettings.EnableDesktopLandingPage false",
            ),
            _ => finding,
        }
    }

    fn single_sign_on(&self, config: &ClientConfig) -> Finding {
        const ID: &str = "single-sign-on";
        let kinds = [
            ("SAML", &config.enable_saml),
            ("GitLab", &config.enable_sign_up_with_git_lab),
            ("Google", &config.enable_sign_up_with_google),
            ("Entra ID", &config.enable_sign_up_with_office365),
            ("OpenID Connect", &config.enable_sign_up_with_open_id),
        ];
        let on = kinds.into_iter().filter(|(_, value)| *value == "true");
        let on: Vec<&str> = on.map(|(name, _)| name).collect();
        if on.is_empty() {
            return Finding::pass(ID, self.say.log_in_here());
        }
        Finding::note(ID, self.say.log_in_by(&on.join(", "))).detail(self.say.log_in_window())
    }

    /// The proxy that Mattermost's page names; all of them where it names none.
    fn programs(&self) -> Vec<Program> {
        let page = self.facts.page.as_ref().ok();
        Program::behind(page.and_then(|page| page.first("server")))
    }

    /// The lines that let the page frame Mattermost, for the proxy.
    fn policy_mends(&self) -> Vec<Mend> {
        let hosts = [self.report.origin.clone()];
        let programs = self.programs().into_iter();
        programs
            .flat_map(|program| program.policy(&hosts, self.say))
            .collect()
    }

    /// What to change so that the page may frame Mattermost, and no other.
    fn framing_mends(&self) -> Vec<Mend> {
        if self.version.is_some_and(Version::has_frame_ancestors) {
            return vec![Mend {
                place: self.say.place_frame_ancestors(),
                lines: frame_ancestors_setting(slice::from_ref(&self.report.origin)),
            }];
        }
        self.policy_mends()
    }

    /// What a document of Mattermost's with these headers is asked.
    fn document<T>(&self, answer: &Answer, ask: impl FnOnce(Document<'_>) -> T) -> T {
        ask(Document {
            own: &self.own,
            policies: &answer.all("content-security-policy"),
            frame_options: &answer.all("x-frame-options"),
        })
    }

    fn framing(&self) -> [Finding; 3] {
        const POLICY_KEPT: &str = "policy-kept";
        let (say, host) = (self.say, &self.report.origin);
        let Ok(page) = &self.facts.page else {
            return [
                questions::framing(None, host, say),
                questions::strangers(None, say),
                Finding::skip(POLICY_KEPT, say.page_unread()),
            ];
        };
        let mended = |finding: Finding| match finding.status {
            Status::Fail => finding.mends(self.framing_mends()),
            _ => finding,
        };
        let (framing, strangers, keeps) = self.document(page, |page| {
            (
                questions::framing(Some(page), host, say),
                questions::strangers(Some(page), say),
                restricts_scripts(page.policies),
            )
        });
        let kept = if keeps {
            Finding::pass(POLICY_KEPT, say.policy_kept())
        } else {
            Finding::warn(POLICY_KEPT, say.policy_lost())
                .detail(say.policy_scripts())
                .mends(self.policy_mends())
        };
        [mended(framing), mended(strangers), kept]
    }
}

texts! {
    subject(chat, host): "Mattermost at {chat} inside {host}",
        "Mattermost unter {chat} in {host}";
    answers_with(path, answer): "{path} answers with {answer}.",
        "{path} antwortet mit {answer}.";
    mattermost_unasked(why): "Mattermost could not be asked: {why}.",
        "Mattermost ließ sich nicht abfragen: {why}.";
    config_untold(): "Mattermost did not tell its configuration.",
        "Mattermost hat seine Konfiguration nicht genannt.";
    version_is(version): "This is Mattermost {version}.",
        "Das ist Mattermost {version}.";
    version_old(version, oldest): "Mattermost {version} is too old: the plugin needs {oldest} or later.",
        "Mattermost {version} ist zu alt: Das Plugin braucht {oldest} oder neuer.";
    no_mattermost(address): "{address} is no Mattermost, or something answers in its place.",
        "{address} ist kein Mattermost, oder etwas antwortet an seiner Stelle.";
    subpath(): "A subpath is part of the address, as in https://intranet.example.com/chat.",
        "Ein Unterpfad gehört zur Adresse, wie in https://intranet.example.com/chat.";
    log_in_here(): "People log in to Mattermost itself.",
        "Benutzer melden sich bei Mattermost selbst an.";
    log_in_by(kinds): "People may log in by {kinds}.",
        "Benutzer können sich über {kinds} anmelden.";
    log_in_window(): "Most providers refuse to be shown in a frame, so the plugin opens that login in a window of its own.",
        "Die meisten Anbieter lassen sich nicht in einem Rahmen anzeigen, deshalb öffnet das Plugin diese Anmeldung in einem eigenen Fenster.";
    place_frame_ancestors(): "Mattermost (several origins are separated by spaces)",
        "Mattermost (mehrere Origins werden durch Leerzeichen getrennt)";
    policy_kept(): "The rest of Mattermost’s policy is there.",
        "Der Rest von Mattermosts Policy ist da.";
    policy_lost(): "Something in front of Mattermost has thrown the rest of its policy away.",
        "Etwas vor Mattermost hat den Rest seiner Policy weggeworfen.";
    policy_scripts(): "script-src keeps scripts of others from running in Mattermost’s pages.",
        "script-src hält Skripte anderer davon ab, in Mattermosts Seiten zu laufen.";
}
