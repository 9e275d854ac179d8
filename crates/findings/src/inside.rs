//! What an administrator's login shows beyond what can be seen from outside.

use serde::Deserialize;

use crate::Finding;
use crate::text::plain;

/// The plugin, as its manifest names it.
pub const PLUGIN: &str = "notifymatters";

/// The newest of what the plugin complained of; the rest is in the log.
const MAX_COMPLAINTS: usize = 5;

/// Each is what was read, or why it was not.
#[derive(Debug)]
pub struct Inside {
    pub state: Result<State, String>,
    pub settings: Result<Settings, String>,
    pub diagnostics: Result<Diagnostics, String>,
    /// The newest lines of the server's log.
    pub log: Result<Vec<String>, String>,
}

/// Whether Mattermost runs the plugin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    Runs,
    /// What is the matter, and in further lines what to do.
    DoesNot(String),
}

/// Mattermost's own; `None` is what the account may not read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Settings {
    /// `ServiceSettings.AllowCorsFrom`
    pub allow_cors_from: Option<String>,
    /// `PluginSettings.EnableUploads`
    pub enable_uploads: Option<bool>,
}

/// What the plugin says of its setting (`docs/diagnostics.md`).
#[derive(Debug, Clone, Deserialize)]
pub struct Diagnostics {
    trusted_origins: Vec<TrustedOrigin>,
    problems: Vec<Problem>,
}

impl Diagnostics {
    /// As far as the setting itself tells.
    pub fn of(origins: Vec<String>) -> Self {
        let trusted = origins.into_iter().map(|origin| TrustedOrigin { origin });
        Self {
            trusted_origins: trusted.collect(),
            problems: Vec::new(),
        }
    }
}

#[derive(Debug, Clone, Deserialize)]
struct TrustedOrigin {
    origin: String,
}

#[derive(Debug, Clone, Deserialize)]
struct Problem {
    sentence: String,
}

/// The ids here: `plugin-state`, `trusted-origins`, `foreign-origins`, `uploads`, `plugin-log`.
pub fn findings(inside: &Inside, host: &str) -> Vec<Finding> {
    vec![
        state(&inside.state),
        trusted_origins(&inside.diagnostics, host),
        foreign_origins(&inside.settings),
        uploads(&inside.settings),
        log(&inside.log),
    ]
}

fn state(state: &Result<State, String>) -> Finding {
    const ID: &str = "plugin-state";
    match state {
        Err(why) => Finding::skip(ID, why),
        Ok(State::Runs) => Finding::pass(ID, "Mattermost says that the plugin runs"),
        Ok(State::DoesNot(why)) => {
            let mut lines = why.lines();
            let says = lines.next().unwrap_or_default();
            lines.fold(Finding::fail(ID, says), Finding::detail)
        }
    }
}

fn trusted_origins(diagnostics: &Result<Diagnostics, String>, host: &str) -> Finding {
    const ID: &str = "trusted-origins";
    let diagnostics = match diagnostics {
        Err(why) => return Finding::skip(ID, why),
        Ok(diagnostics) => diagnostics,
    };
    let trusted: Vec<&str> = diagnostics
        .trusted_origins
        .iter()
        .map(|trusted| trusted.origin.as_str())
        .collect();
    let finding = if !trusted.contains(&host) {
        let add = [trusted.as_slice(), &[host]].concat().join(" ");
        Finding::fail(
            ID,
            format!("the plugin does not trust {host}, which gets nothing from it"),
        )
        .mend(
            "System Console, Plugins, Notifymatters, Trusted Origins",
            plain(&add),
        )
    } else if diagnostics.problems.is_empty() {
        Finding::pass(ID, format!("the plugin trusts {host}"))
    } else {
        Finding::warn(
            ID,
            format!("the plugin trusts {host}; a part of the setting has no effect"),
        )
    };
    diagnostics
        .problems
        .iter()
        .fold(finding, |finding, problem| {
            finding.detail(plain(&problem.sentence))
        })
}

fn foreign_origins(settings: &Result<Settings, String>) -> Finding {
    const ID: &str = "foreign-origins";
    const FIELD: &str = "ServiceSettings.AllowCorsFrom";
    match settings {
        Err(why) => Finding::skip(ID, why),
        Ok(settings) => match settings.allow_cors_from.as_deref() {
            None => Finding::skip(ID, format!("this account may not read {FIELD}")),
            Some("") => Finding::pass(ID, "pages of other origins may not call Mattermost"),
            Some(origins) => Finding::warn(
                ID,
                format!(
                    "pages of other origins may call Mattermost as whoever is logged in: {}",
                    plain(origins)
                ),
            )
            .detail("a page that embeds Mattermost does not need it")
            .mend("Mattermost", format!("mmctl config set {FIELD} \"\"")),
        },
    }
}

fn uploads(settings: &Result<Settings, String>) -> Finding {
    const ID: &str = "uploads";
    const FIELD: &str = "PluginSettings.EnableUploads";
    match settings {
        Err(why) => Finding::skip(ID, why),
        Ok(settings) => match settings.enable_uploads {
            None => Finding::skip(ID, format!("this account may not read {FIELD}")),
            Some(true) => Finding::pass(ID, "the plugin can be upgraded by upload"),
            Some(false) => Finding::warn(
                ID,
                format!("the plugin cannot be upgraded by upload: {FIELD} is false"),
            )
            .mend(
                "the server's config.json, then restart it",
                "\"EnableUploads\": true",
            ),
        },
    }
}

/// One line of the log where the server writes JSON (`LogSettings.FileJson`, its default).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct LogLine {
    level: String,
    msg: String,
    plugin_id: String,
}

fn log(lines: &Result<Vec<String>, String>) -> Finding {
    const ID: &str = "plugin-log";
    let lines = match lines {
        Err(why) => return Finding::skip(ID, why),
        Ok(lines) => lines,
    };
    let complaints: Vec<String> = lines.iter().filter_map(|line| complaint(line)).collect();
    if complaints.is_empty() {
        return Finding::pass(
            ID,
            format!(
                "the plugin complains of nothing in the last {} lines of the log",
                lines.len()
            ),
        );
    }
    let newest = complaints.iter().rev().take(MAX_COMPLAINTS);
    newest.fold(
        Finding::warn(
            ID,
            format!(
                "the plugin has complained in the log, {} times lately",
                complaints.len()
            ),
        ),
        |finding, complaint| finding.detail(plain(complaint)),
    )
}

fn complaint(line: &str) -> Option<String> {
    match serde_json::from_str::<LogLine>(line) {
        Ok(line) => (line.plugin_id == PLUGIN && matches!(line.level.as_str(), "error" | "warn"))
            .then(|| format!("{}: {}", line.level, line.msg)),
        Err(_) => {
            let lower = line.to_ascii_lowercase();
            (lower.contains(PLUGIN) && (lower.contains("error") || lower.contains("warn")))
                .then(|| line.to_owned())
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::Status;

    const HOST: &str = "https://mail.example.com";

    fn inside(settings: (&str, bool), diagnostics: serde_json::Value, log: &[&str]) -> Inside {
        Inside {
            state: Ok(State::Runs),
            settings: Ok(Settings {
                allow_cors_from: Some(settings.0.to_owned()),
                enable_uploads: Some(settings.1),
            }),
            diagnostics: Ok(serde_json::from_value(diagnostics).unwrap()),
            log: Ok(log.iter().map(|line| (*line).to_owned()).collect()),
        }
    }

    #[test]
    fn what_is_wrong_inside_is_told_and_what_could_not_be_read_is_skipped() {
        let trusting = json!({"trusted_origins": [{"origin": HOST}], "problems": []});
        let quiet = [
            r#"{"level":"info","msg":"a","plugin_id":"notifymatters"}"#,
            r#"{"level":"error","msg":"b","plugin_id":"playbooks"}"#,
        ];
        let statuses = |inside: &Inside| {
            findings(inside, HOST)
                .into_iter()
                .map(|finding| (finding.id, finding.status))
                .collect::<Vec<_>>()
        };
        let all = |state| {
            [
                "plugin-state",
                "trusted-origins",
                "foreign-origins",
                "uploads",
                "plugin-log",
            ]
            .map(|id| (id, state))
            .to_vec()
        };
        let good = inside(("", true), trusting, &quiet);
        assert_eq!(statuses(&good), all(Status::Pass));
        let nothing = Inside {
            state: Err("why".to_owned()),
            settings: Err("why".to_owned()),
            diagnostics: Err("why".to_owned()),
            log: Err("why".to_owned()),
        };
        assert_eq!(statuses(&nothing), all(Status::Skip));
        let bad = Inside {
            state: Ok(State::DoesNot("it failed: why\nwhat to do".to_owned())),
            ..inside(
                ("*", false),
                json!({"trusted_origins": [{"origin": "https://a.example"}], "problems": [{"sentence": "b has no scheme"}]}),
                &[
                    r#"{"level":"warn","msg":"c\u001b[2J","plugin_id":"notifymatters"}"#,
                    "error [notifymatters] d",
                ],
            )
        };
        let found = findings(&bad, HOST);
        let of = |id: &str| found.iter().find(|finding| finding.id == id).unwrap();
        assert_eq!(
            (
                of("plugin-state").status,
                of("plugin-state").details.as_slice()
            ),
            (Status::Fail, &["what to do".to_owned()][..])
        );
        let origins = of("trusted-origins");
        assert_eq!(
            (origins.status, origins.mends[0].lines.as_str()),
            (Status::Fail, "https://a.example https://mail.example.com")
        );
        assert_eq!(origins.details, ["b has no scheme"]);
        assert_eq!(
            (of("foreign-origins").status, of("uploads").status),
            (Status::Warn, Status::Warn)
        );
        assert_eq!(
            of("plugin-log").details,
            ["error [notifymatters] d", "warn: c [2J"]
        );
    }
}
