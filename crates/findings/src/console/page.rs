//! What concerns the pages of one trusted origin: the frame, the login in it, notifications, the web part.

use super::Check;
use crate::Finding;
use crate::origin::{Cookies, Mixed, OriginReport};
use crate::policy::{Framing, may_compile, values};
use crate::site::{Context, Relation};

impl Check<'_> {
    pub(super) fn page(&self, report: &OriginReport) -> Vec<Finding> {
        vec![
            self.framing(&report.origin),
            self.session(report),
            self.secure_context(report),
            self.web_part(&report.origin),
        ]
    }

    fn framing(&self, origin: &str) -> Finding {
        const ID: &str = "framing";
        let say = self.say;
        let Some(page) = &self.seen.page else {
            return Finding::skip(ID, say.framing_unread()).detail(say.framing_look());
        };
        let says = match self.may_frame(page, origin) {
            Framing::Allowed | Framing::Open => return Finding::pass(ID, say.framing_allowed()),
            Framing::RefusedByPolicy => {
                let lists: Vec<String> = values(page.policy.as_slice(), "frame-ancestors")
                    .iter()
                    .map(|list| format!("frame-ancestors {}", list.join(" ")))
                    .collect();
                say.framing_policy(&lists.join(", "))
            }
            Framing::RefusedByFrameOptions => {
                say.framing_options(page.frame_options.as_deref().unwrap_or_default())
            }
        };
        let finding = Finding::fail(ID, says);
        let why = match &self.configuration.frame_ancestors {
            None => say.framing_no_setting(),
            Some(stored) => {
                let mut sources: Vec<&str> = stored.split_whitespace().collect();
                if !self.lists(&sources, origin) {
                    sources.push(origin);
                    let advice = Some(say.framing_add());
                    return self.change_frame_ancestors(
                        finding,
                        stored,
                        &sources.join(" "),
                        advice,
                    );
                }
                say.framing_proxy()
            }
        };
        self.change_proxy(finding.detail(why))
    }

    fn session(&self, report: &OriginReport) -> Finding {
        const ID: &str = "session";
        let say = self.say;
        let other_scheme = report.relation == Relation::OtherScheme;
        match (report.cookies, &report.registrable_domain) {
            (Cookies::Reach, Some(domain)) if report.relation != Relation::SameOrigin => {
                Finding::pass(ID, say.session_same_site(domain))
            }
            (Cookies::Reach, _) => Finding::pass(ID, say.session_same_origin()),
            (Cookies::Application, _) => Finding::note(ID, say.session_application()),
            (Cookies::NeverReach, _) => Finding::fail(ID, say.session_lost())
                .detail(say.session_https())
                .detail(self.one_site()),
            (Cookies::NeedEmbeddedLogin, _) => {
                let (says, cure) = if other_scheme {
                    (say.session_some_schemes(), say.session_use_https())
                } else {
                    (say.session_some(), self.one_site())
                };
                Finding::warn(ID, says)
                    .detail(cure)
                    .detail(say.session_begin(&self.embed()))
                    .detail(say.session_left_out())
            }
        }
    }

    /// Where a frame of another site begins, below Mattermost's subpath.
    fn embed(&self) -> String {
        let stored = self.configuration.site_url.as_deref();
        let site = stored.filter(|url| url.starts_with("https://"));
        let site = site.unwrap_or(self.own).trim_end_matches('/');
        format!("{site}/plugins/notifymatters/embed?to=/")
    }

    fn one_site(&self) -> String {
        match &self.domain {
            Some(domain) => self.say.session_one_site(domain),
            None => self.say.session_one_site_any(),
        }
    }

    fn secure_context(&self, report: &OriginReport) -> Finding {
        const ID: &str = "secure-context";
        let say = self.say;
        match (report.mixed, report.context) {
            (Some(Mixed::FrameBlocked), _) => {
                Finding::fail(ID, say.https_mixed()).detail(say.https_mattermost(self.own))
            }
            (_, Context::Https) => Finding::pass(ID, say.https_good()),
            (_, Context::Local) => Finding::pass(ID, say.https_local()),
            (_, Context::Application) => Finding::note(ID, say.https_application()),
            (_, Context::Insecure) => {
                Finding::fail(ID, say.https_missing()).detail(say.https_host())
            }
        }
    }

    /// Which form of the web part does the work in a frame of that origin.
    fn web_part(&self, origin: &str) -> Finding {
        const ID: &str = "plugin-files";
        let say = self.say;
        if !self.seen.web_assembly {
            return Finding::note(ID, say.web_part_off()).detail(say.web_part_fallback());
        }
        let Some(realm) = &self.seen.realm else {
            return Finding::skip(ID, say.web_part_unread()).detail(say.web_part_reload());
        };
        // The realm's frame has two ancestors: Mattermost's own page, and the host's around it.
        let framed = [self.own, origin]
            .into_iter()
            .all(|ancestor| self.may_frame(realm, ancestor).allows());
        let says = if !framed {
            say.web_part_framed(&realm.shown())
        } else if !may_compile(realm.policy.as_slice()) {
            say.web_part_policy(&realm.shown())
        } else {
            return Finding::pass(ID, say.web_part_good());
        };
        Finding::note(ID, says)
            .detail(say.web_part_fallback())
            .detail(say.web_part_leave())
    }
}
