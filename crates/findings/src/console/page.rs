//! What concerns the pages of one trusted origin: the frame, the login in it, notifications, the web part.

use super::Check;
use crate::language::texts;
use crate::origin::OriginReport;
use crate::{Finding, Status, questions};

impl Check<'_> {
    pub(super) fn of_page(&self, report: &OriginReport) -> Vec<Finding> {
        let say = self.say;
        vec![
            self.framing(&report.origin),
            questions::session(report, &self.place, Ok(self.embed()), say),
            questions::secure_context(report, self.own, say),
            self.plugin_files(&report.origin),
        ]
    }

    fn framing(&self, origin: &str) -> Finding {
        let say = self.say;
        let finding = questions::framing(self.page(), origin, say);
        match finding.status {
            Status::Fail => {}
            Status::Skip => return finding.detail(say.framing_look()),
            _ => return finding,
        }
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

    /// Where a frame of another site begins, below Mattermost's subpath.
    fn embed(&self) -> String {
        let stored = self.configuration.site_url.as_deref();
        let site = stored.filter(|url| url.starts_with("https://"));
        let site = site.unwrap_or(self.own).trim_end_matches('/');
        format!("{site}/plugins/notifymatters/embed?to=/")
    }

    fn plugin_files(&self, origin: &str) -> Finding {
        const ID: &str = "plugin-files";
        let say = self.say;
        if !self.seen.web_assembly {
            return Finding::note(ID, say.web_part_off()).detail(say.web_part_fallback());
        }
        match &self.seen.realm {
            Some(realm) => questions::plugin_files(realm.document(self.own), origin, say),
            None => Finding::skip(ID, say.web_part_unread()).detail(say.web_part_reload()),
        }
    }
}

texts! {
    framing_look(): "Check again. If it stays so, something between this browser and Mattermost answers in its place.",
        "Prüfen Sie noch einmal. Bleibt es so, dann antwortet etwas zwischen diesem Browser und Mattermost an dessen Stelle.";
    framing_add(): "Add the origin to Mattermost’s setting “Frame Ancestors”.",
        "Fügen Sie den Origin in Mattermosts Einstellung „Frame Ancestors“ hinzu.";
    framing_no_setting(): "This version of Mattermost has no setting for that; it came with 10.6.1. Until then the reverse proxy in front of it has to change the header:",
        "Diese Version von Mattermost hat keine Einstellung dafür; sie kam mit 10.6.1. Bis dahin muss der Reverse Proxy davor den Header ändern:";
    framing_proxy(): "Mattermost’s setting already allows it, so something between Mattermost and this browser replaces the header, such as a reverse proxy. Change it there:",
        "Mattermosts Einstellung erlaubt es schon; also ersetzt etwas zwischen Mattermost und diesem Browser den Header, etwa ein Reverse Proxy. Ändern Sie es dort:";
    web_part_off(): "WebAssembly is switched off in this browser.",
        "WebAssembly ist in diesem Browser abgeschaltet.";
    web_part_unread(): "This browser could not load a file of the plugin.",
        "Dieser Browser konnte eine Datei des Plugins nicht laden.";
    web_part_reload(): "Reload this page. If it stays so, upload the plugin again.",
        "Laden Sie diese Seite neu. Bleibt es so, dann laden Sie das Plugin noch einmal hoch.";
}
