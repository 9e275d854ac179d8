//! What the System Console's embedding check shows: how Mattermost is set up, and what each trusted origin meets.

mod facts;
mod mattermost;
mod page;
#[cfg(test)]
mod tests;

pub use facts::{Configuration, Facts, Fixed, Headers, Seen, Spelling};

use std::cmp::Reverse;

use serde::Serialize;

use crate::language::{Language, texts};
use crate::lines::Program;
use crate::origin::OriginReport;
use crate::policy::{Framing, framing};
use crate::problem::Problem;
use crate::questions::Document;
use crate::site::Place;
use crate::{Change, Finding, Status};

/// What the plugin makes of its setting.
#[derive(Debug)]
pub struct Setting<'a> {
    /// Whether it is only typed so far.
    pub is_draft: bool,
    pub origins: &'a [OriginReport],
    pub problems: &'a [Problem],
}

/// What is found of Mattermost, or of the pages of one trusted origin.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub struct Group {
    /// Absent for Mattermost itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unicode_host: Option<String>,
    /// The worst first.
    pub findings: Vec<Finding>,
}

/// Everything that is found, the worst first; `mattermost` is the canonical origin at which it is used.
///
/// `None` where that is no such origin.
pub fn judge(
    mattermost: &str,
    setting: &Setting<'_>,
    facts: &Facts,
    say: Language,
) -> Option<Vec<Group>> {
    let check = Check {
        say,
        own: mattermost,
        place: Place::of(mattermost)?,
        setting,
        configuration: &facts.configuration,
        seen: &facts.seen,
    };
    let mut groups = vec![Group {
        origin: None,
        unicode_host: None,
        findings: check.mattermost(),
    }];
    groups.extend(setting.origins.iter().map(|report| Group {
        origin: Some(report.origin.clone()),
        unicode_host: report.unicode_host.clone(),
        findings: check.of_page(report),
    }));
    for group in &mut groups {
        group
            .findings
            .sort_by_key(|finding| Reverse(finding.status));
    }
    // Where nothing is to be done, one is as good as the other.
    groups.sort_by_key(|group| {
        let worst = group.findings.first().map(|finding| finding.status);
        Reverse(worst.filter(|worst| *worst >= Status::Warn))
    });
    Some(groups)
}

/// All that is known while it is judged.
struct Check<'a> {
    say: Language,
    /// Mattermost's origin.
    own: &'a str,
    /// The same, taken apart.
    place: Place,
    setting: &'a Setting<'a>,
    configuration: &'a Configuration,
    seen: &'a Seen,
}

/// A text in JSON.
fn quoted(text: &str) -> String {
    serde_json::to_string(text).unwrap_or_default()
}

impl Check<'_> {
    /// Lets a finding say where `ServiceSettings.FrameAncestors` can be changed, and to what; `advice` is for who may change
    /// it here.
    fn change_frame_ancestors(
        &self,
        finding: Finding,
        from: &str,
        to: &str,
        advice: Option<String>,
    ) -> Finding {
        const KEY: &str = "FrameAncestors";
        if self.configuration.fixed.frame_ancestors {
            let variable = "MM_SERVICESETTINGS_FRAMEANCESTORS";
            return self.environment(finding, variable, &format!("\"{to}\""));
        }
        // Mattermost takes a change of it from a restricted administrator without a word and drops it.
        if self.configuration.restricted {
            return finding
                .detail(self.say.restricted("ServiceSettings.FrameAncestors"))
                .mend("config.json", format!("\"{KEY}\": {}", quoted(to)));
        }
        advice
            .into_iter()
            .fold(finding, Finding::detail)
            .change(Change::Setting {
                section: "ServiceSettings",
                key: KEY,
                from: from.into(),
                to: to.into(),
            })
    }

    /// Lets a finding say that a variable has to be changed.
    fn environment(&self, finding: Finding, variable: &str, value: &str) -> Finding {
        finding
            .detail(self.say.environment(variable))
            .mend(variable, format!("{variable}={value}"))
    }

    /// Lets a finding have the lines that let the trusted origins frame Mattermost, for the proxy that names itself.
    fn change_proxy(&self, finding: Finding) -> Finding {
        let hosts: Vec<String> = self
            .setting
            .origins
            .iter()
            .map(|report| report.origin.clone())
            .collect();
        let server = self
            .seen
            .page
            .as_ref()
            .and_then(|page| page.server.as_deref());
        let programs = Program::behind(server).into_iter();
        finding.mends(programs.flat_map(|program| program.policy(&hosts, self.say)))
    }

    /// Mattermost's own page, where it could be read.
    fn page(&self) -> Option<Document<'_>> {
        self.seen.page.as_ref().map(|page| page.document(self.own))
    }

    /// Whether pages of an origin are among the sources of a `frame-ancestors`.
    fn lists(&self, sources: &[&str], origin: &str) -> bool {
        let policy = format!("frame-ancestors {}", sources.join(" "));
        framing(&[policy], &[], origin, self.own) == Framing::Allowed
    }
}

impl Headers {
    fn document<'a>(&'a self, own: &'a str) -> Document<'a> {
        Document {
            own,
            policies: self.policy.as_slice(),
            frame_options: self.frame_options.as_slice(),
        }
    }
}

// Here the reader has a browser with the System Console in it, which has fields and buttons; a shell's lines would not help.
texts! {
    environment(variable): "The value comes from the environment variable {variable}, so it cannot be changed here. Set it where Mattermost is started, then restart Mattermost:",
        "Der Wert kommt aus der Umgebungsvariable {variable} und lässt sich deshalb hier nicht ändern. Setzen Sie sie dort, wo Mattermost gestartet wird, und starten Sie Mattermost dann neu:";
    restricted(setting): "Mattermost restricts its system administrators, so {setting} is closed to you. Whoever runs the server sets it in the file:",
        "Mattermost schränkt seine Systemadministratoren ein, deshalb ist {setting} für Sie gesperrt. Wer den Server betreibt, setzt es in der Datei:";
}
