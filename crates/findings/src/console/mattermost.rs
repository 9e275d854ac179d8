//! What concerns every page that embeds: the setting, the address in use, the WebSocket, strangers, the landing page.

use serde_json::Value;
use url::Url;

use super::{Check, Flaw, Problem};
use crate::{Change, Finding, Status};

/// No page that anybody trusts.
const STRANGER: &str = "https://stranger.invalid";

/// The one variable for the settings of all plugins.
const PLUGINS_VARIABLE: &str = "MM_PLUGINSETTINGS_PLUGINS";

/// The key under which the System Console stores the trusted origins.
const KEY: &str = "trustedorigin";

impl Check<'_> {
    pub(super) fn mattermost(&self) -> Vec<Finding> {
        let mut findings = self.origins();
        findings.extend(self.spelling());
        findings.extend(self.connection());
        findings.extend(self.strangers());
        findings.extend(self.landing_page());
        findings
    }

    fn origins(&self) -> Vec<Finding> {
        let (say, setting) = (self.say, self.setting);
        let fixed = self.configuration.fixed.plugins;
        let mut findings: Vec<Finding> = setting
            .problems
            .iter()
            .map(|problem| self.problem(problem))
            .collect();
        if setting.origins.is_empty() && findings.is_empty() {
            findings.push(Finding::fail("origins", say.no_origins()).detail(say.write_example()));
        }
        if fixed {
            // Mattermost takes what is saved here without a word and goes on with the variable (config/environment.go, 5.39
            // to 11.6).
            let status = if findings.is_empty() && !setting.is_draft {
                Status::Note
            } else {
                Status::Warn
            };
            let mut right: Vec<&str> = Vec::new();
            let origins = setting.origins.iter().map(|report| report.origin.as_str());
            let mended = setting
                .problems
                .iter()
                .filter_map(|problem| problem.write.as_deref());
            for origin in origins.chain(mended) {
                if !right.contains(&origin) {
                    right.push(origin);
                }
            }
            findings.push(
                Finding::new(
                    "origins-environment",
                    status,
                    say.origins_environment(PLUGINS_VARIABLE),
                )
                .detail(say.origins_environment_entry())
                .mend(
                    PLUGINS_VARIABLE,
                    format!(
                        "\"notifymatters\": {{\"{KEY}\":{}}}",
                        Value::from(right.join(" "))
                    ),
                ),
            );
        }
        findings
    }

    fn problem(
        &self,
        Problem {
            flaw, text, write, ..
        }: &Problem,
    ) -> Finding {
        let say = self.say;
        let part = text.as_deref().unwrap_or_default();
        let says = match flaw {
            Flaw::NoScheme => say.problem_no_scheme(part),
            Flaw::NoHost => say.problem_no_host(part),
            Flaw::Backslash => say.problem_backslash(part),
            Flaw::UserName => say.problem_user_name(part),
            Flaw::Path => say.problem_path(part),
            Flaw::Query => say.problem_query(part),
            Flaw::Fragment => say.problem_fragment(part),
            Flaw::TooLong => say.problem_too_long(part),
            Flaw::Wildcard => say.problem_wildcard(part),
            Flaw::Opaque => say.problem_opaque(part),
            Flaw::Port => say.problem_port(part),
            Flaw::Host => say.problem_host(part),
            Flaw::SettingTooLong => say.problem_setting_too_long(),
            Flaw::TooMany => say.problem_too_many(),
        };
        let finding = Finding::fail("problem", says);
        let Some(write) = write else {
            return finding.detail(say.write_example());
        };
        let finding = finding.detail(say.write_instead(write));
        if self.configuration.fixed.plugins {
            return finding;
        }
        finding.change(Change::Field {
            wrong: part.to_owned(),
            right: write.clone(),
        })
    }

    /// A key that was written by hand, which the System Console does not show.
    fn spelling(&self) -> Option<Finding> {
        const ID: &str = "spelling";
        let say = self.say;
        let mut spellings = self.configuration.spellings.iter();
        let counts = spellings
            .next()
            .filter(|_| !self.configuration.fixed.plugins)?;
        if counts.key != KEY {
            return Some(
                Finding::warn(ID, say.spelling_hidden(&counts.key, &counts.value))
                    .detail(say.spelling_take_over())
                    .change(Change::Field {
                        wrong: String::new(),
                        right: counts.value.clone(),
                    }),
            );
        }
        let other = spellings.next()?;
        let status = if other.value == counts.value {
            Status::Note
        } else {
            Status::Warn
        };
        Some(
            Finding::new(ID, status, say.spelling_two(&other.key, &other.value))
                .detail(say.spelling_remove(&other.key)),
        )
    }

    /// Whether Mattermost's pages hear of anything at this address. Its WebSocket takes no other Origin than the Site URL's
    /// and those in `AllowCorsFrom` (9.8.1, 11.6.0); a proxy may change that, so what the browser saw counts first.
    fn connection(&self) -> Vec<Finding> {
        const SITE_URL: &str = "site-url";
        const WEB_SOCKET: &str = "websocket";
        let (say, used) = (self.say, self.own);
        let connects = self.seen.connects;
        let stored = self.configuration.site_url.as_deref();
        let (differs, refused) =
            stored
                .filter(|stored| !stored.is_empty())
                .map_or((false, false), |stored| {
                    // Mattermost compares texts, so that a default port in the Site URL is another address, too.
                    let written =
                        format!("{}/", stored.to_lowercase()).starts_with(&format!("{used}/"));
                    let same = Url::parse(stored)
                        .is_ok_and(|url| url.origin().ascii_serialization() == used);
                    let cors = &self.configuration.cors_from;
                    let permitted = cors == "*" || cors.split(' ').any(|origin| origin == used);
                    let one = written || (connects && same);
                    (!one, !(one || connects || permitted))
                });
        let mut findings = Vec::new();
        match stored {
            None => {}
            Some("") => findings.push(
                Finding::fail(SITE_URL, say.site_url_missing()).detail(say.site_url_write(used)),
            ),
            Some(stored) if refused => findings.push(
                Finding::fail(SITE_URL, say.site_url_refused(used, stored))
                    .detail(say.site_url_use(stored))
                    .detail(say.site_url_cors(used)),
            ),
            Some(stored) if differs => {
                findings.push(Finding::note(SITE_URL, say.site_url_differs(used, stored)));
            }
            Some(_) => findings.push(Finding::pass(SITE_URL, say.site_url_same(used))),
        }
        if connects {
            findings.push(Finding::pass(WEB_SOCKET, say.web_socket_open()));
        } else if !refused {
            findings.push(
                Finding::fail(
                    WEB_SOCKET,
                    say.web_socket_blocked(&self.configuration.web_socket),
                )
                .detail(say.web_socket_proxy()),
            );
        }
        findings
    }

    /// Whether pages of any site may frame Mattermost, such as one that wants clicks for itself.
    fn strangers(&self) -> Option<Finding> {
        let say = self.say;
        let page = self
            .seen
            .page
            .as_ref()
            .filter(|page| self.may_frame(page, STRANGER).allows())?;
        let says = match page.shown() {
            none if none.is_empty() => say.strangers_no_header(),
            headers => say.strangers_headers(&headers),
        };
        let finding = Finding::warn("strangers", says);
        let Some(stored) = &self.configuration.frame_ancestors else {
            return Some(self.change_proxy(finding.detail(say.strangers_lines())));
        };
        let sources: Vec<&str> = stored.split_whitespace().collect();
        let finding = finding.detail(if self.lists(&sources, STRANGER) {
            say.strangers_setting()
        } else {
            say.strangers_proxy()
        });
        let mut named = sources.clone();
        named.retain(|source| !self.lists(&[source], STRANGER));
        let missing: Vec<&str> = self
            .setting
            .origins
            .iter()
            .map(|report| report.origin.as_str())
            .filter(|origin| *origin != self.own && !self.lists(&named, origin))
            .collect();
        named.extend(missing);
        if named == sources {
            return Some(finding);
        }
        Some(self.change_frame_ancestors(finding, stored, &named.join(" "), None))
    }

    /// "Where would you like to view this?", which a new browser is asked inside the frame, too.
    fn landing_page(&self) -> Option<Finding> {
        const ID: &str = "landing-page";
        let say = self.say;
        if !self.configuration.landing_page? {
            return Some(Finding::pass(ID, say.landing_page_off()));
        }
        let finding = Finding::warn(ID, say.landing_page_on());
        if self.configuration.fixed.landing_page {
            let variable = "MM_SERVICESETTINGS_ENABLEDESKTOPLANDINGPAGE";
            return Some(self.environment(finding, variable, "false"));
        }
        Some(
            finding
                .detail(say.landing_page_switch_off())
                .change(Change::Setting {
                    section: "ServiceSettings",
                    key: "EnableDesktopLandingPage",
                    from: true.into(),
                    to: false.into(),
                }),
        )
    }
}
