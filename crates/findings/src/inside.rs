//! What an administrator's login shows beyond what can be seen from outside.

use serde::Deserialize;

use crate::Finding;
use crate::language::{Language, texts};
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
pub fn findings(inside: &Inside, host: &str, say: Language) -> Vec<Finding> {
    vec![
        state(&inside.state, say),
        trusted_origins(&inside.diagnostics, host, say),
        foreign_origins(&inside.settings, say),
        uploads(&inside.settings, say),
        log(&inside.log, say),
    ]
}

fn state(state: &Result<State, String>, say: Language) -> Finding {
    const ID: &str = "plugin-state";
    match state {
        Err(why) => Finding::skip(ID, why),
        Ok(State::Runs) => Finding::pass(ID, say.state_runs()),
        Ok(State::DoesNot(why)) => {
            let mut lines = why.lines();
            let says = lines.next().unwrap_or_default();
            lines.fold(Finding::fail(ID, says), Finding::detail)
        }
    }
}

fn trusted_origins(
    diagnostics: &Result<Diagnostics, String>,
    host: &str,
    say: Language,
) -> Finding {
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
        Finding::fail(ID, say.trusts_not(host)).mend(say.place_trusted_origins(), plain(&add))
    } else if diagnostics.problems.is_empty() {
        Finding::pass(ID, say.trusts(host))
    } else {
        Finding::warn(ID, say.trusts_partly(host))
    };
    // The plugin's own words, whichever its version.
    diagnostics
        .problems
        .iter()
        .fold(finding, |finding, problem| {
            finding.detail(plain(&problem.sentence))
        })
}

fn foreign_origins(settings: &Result<Settings, String>, say: Language) -> Finding {
    const ID: &str = "foreign-origins";
    const FIELD: &str = "ServiceSettings.AllowCorsFrom";
    let settings = match settings {
        Err(why) => return Finding::skip(ID, why),
        Ok(settings) => settings,
    };
    match settings.allow_cors_from.as_deref() {
        None => Finding::skip(ID, say.field_closed(FIELD)),
        Some("") => Finding::pass(ID, say.foreign_none()),
        Some(origins) => Finding::warn(ID, say.foreign_some(origins))
            .detail(say.foreign_needless())
            .mend("Mattermost", format!("mmctl config set {FIELD} \"\"")),
    }
}

fn uploads(settings: &Result<Settings, String>, say: Language) -> Finding {
    const ID: &str = "uploads";
    const FIELD: &str = "PluginSettings.EnableUploads";
    let settings = match settings {
        Err(why) => return Finding::skip(ID, why),
        Ok(settings) => settings,
    };
    match settings.enable_uploads {
        None => Finding::skip(ID, say.field_closed(FIELD)),
        Some(true) => Finding::pass(ID, say.uploads_on()),
        Some(false) => Finding::warn(ID, say.uploads_off(FIELD))
            .mend(say.place_config_json(), "\"EnableUploads\": true"),
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

fn log(lines: &Result<Vec<String>, String>, say: Language) -> Finding {
    const ID: &str = "plugin-log";
    let lines = match lines {
        Err(why) => return Finding::skip(ID, why),
        Ok(lines) => lines,
    };
    let complaints: Vec<String> = lines.iter().filter_map(|line| complaint(line)).collect();
    let read = lines.len().to_string();
    if complaints.is_empty() {
        return Finding::pass(ID, say.log_quiet(&read));
    }
    let newest = complaints.iter().rev().take(MAX_COMPLAINTS);
    newest.fold(
        Finding::warn(ID, say.log_complaints(&read, &complaints.len().to_string())),
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

texts! {
    state_runs(): "Mattermost says that the plugin runs.",
        "Mattermost sagt, dass das Plugin läuft.";
    trusts(host): "The plugin trusts {host}.",
        "Das Plugin vertraut {host}.";
    trusts_partly(host): "The plugin trusts {host}; a part of the setting has no effect.",
        "Das Plugin vertraut {host}; ein Teil der Einstellung bleibt ohne Wirkung.";
    trusts_not(host): "The plugin does not trust {host}, which gets nothing from it.",
        "Das Plugin vertraut {host} nicht, das also nichts von ihm bekommt.";
    place_trusted_origins(): "System Console, Plugins, Notifymatters, Trusted Origins",
        "Systemkonsole, Plugins, Notifymatters, Trusted Origins";
    field_closed(field): "This account may not read {field}.",
        "Dieses Konto darf {field} nicht lesen.";
    foreign_none(): "Pages of other origins may not call Mattermost.",
        "Seiten anderer Origins dürfen Mattermost nicht aufrufen.";
    foreign_some(origins): "Pages of other origins may call Mattermost in the name of whoever is logged in: {origins}.",
        "Seiten anderer Origins dürfen Mattermost im Namen jedes Angemeldeten aufrufen: {origins}.";
    foreign_needless(): "A page that embeds Mattermost does not need it.",
        "Eine Seite, die Mattermost einbettet, braucht das nicht.";
    uploads_on(): "The plugin can be upgraded by upload.",
        "Das Plugin lässt sich durch Hochladen aktualisieren.";
    uploads_off(field): "The plugin cannot be upgraded by upload: {field} is false.",
        "Das Plugin lässt sich nicht durch Hochladen aktualisieren: {field} ist false.";
    place_config_json(): "the server’s config.json; then restart it",
        "die config.json des Servers; starten Sie ihn dann neu";
    log_quiet(lines): "The plugin complains of nothing in the last {lines} lines of the log.",
        "Das Plugin beklagt in den letzten {lines} Zeilen des Protokolls nichts.";
    log_complaints(lines, count): "Warnings and errors of the plugin in the last {lines} lines of the log: {count}.",
        "Warnungen und Fehler des Plugins in den letzten {lines} Zeilen des Protokolls: {count}.";
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
            findings(inside, HOST, Language::English)
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
        let found = findings(&bad, HOST, Language::English);
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
