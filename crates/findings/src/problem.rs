//! A part of the setting of the trusted origins that has no effect.

use std::fmt;

use serde::Serialize;

use crate::language::{Language, texts};

/// A part of the setting, what is wrong with it, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    #[serde(rename = "code")]
    pub flaw: Flaw,
    /// The part as it was written, shortened where it is too long; absent where the whole setting is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// What to write instead, where that can be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub write: Option<String>,
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Flaw {
    NoScheme,
    NoHost,
    Backslash,
    UserName,
    Path,
    Query,
    Fragment,
    TooLong,
    Wildcard,
    Opaque,
    Port,
    Host,
    SettingTooLong,
    TooMany,
}

impl Problem {
    /// What is wrong.
    pub fn says(&self, say: Language) -> String {
        let part = self.text.as_deref().unwrap_or_default();
        match self.flaw {
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
        }
    }

    /// What to do about it.
    pub fn cure(&self, say: Language) -> String {
        match (&self.write, self.flaw) {
            (Some(origin), _) => say.write_instead(origin),
            (None, Flaw::TooMany) => say.write_fewer(),
            (None, _) => say.write_example(),
        }
    }
}

/// For the log and for a refused save, whose reader's language nobody tells.
impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let say = Language::English;
        write!(f, "{} {}", self.says(say), self.cure(say))
    }
}

impl std::error::Error for Problem {}

texts! {
    write_example(): "Write scheme and host of the page that embeds Mattermost, and the port where it is not the usual one, as in https://mail.example.com.",
        "Schreiben Sie Schema und Host der Seite, die Mattermost einbettet, und den Port, wo er nicht der übliche ist, wie in https://mail.example.com.";
    write_instead(origin): "Write {origin} instead.",
        "Schreiben Sie stattdessen {origin}.";
    write_fewer(): "Remove those that you do not need.",
        "Entfernen Sie, was Sie nicht brauchen.";
    problem_no_scheme(text): "{text} has no scheme.",
        "{text} hat kein Schema.";
    problem_no_host(text): "{text} has no host.",
        "{text} hat keinen Host.";
    problem_backslash(text): "{text} has a backslash.",
        "{text} enthält einen umgekehrten Schrägstrich.";
    problem_user_name(text): "{text} has a user name.",
        "{text} enthält einen Benutzernamen.";
    problem_path(text): "{text} has a path; an origin has none.",
        "{text} hat einen Pfad; ein Origin hat keinen.";
    problem_query(text): "{text} has a query; an origin has none.",
        "{text} hat einen Query-Teil; ein Origin hat keinen.";
    problem_fragment(text): "{text} has a fragment; an origin has none.",
        "{text} hat ein Fragment; ein Origin hat keines.";
    problem_too_long(text): "{text}… is longer than any origin.",
        "{text}… ist länger als jeder Origin.";
    problem_wildcard(text): "{text} has a wildcard; each origin has to be written out.",
        "{text} enthält einen Platzhalter; jeder Origin muss ausgeschrieben werden.";
    problem_opaque(text): "{text} is not an origin that browsers can tell from others.",
        "{text} ist kein Origin, den Browser von anderen unterscheiden können.";
    problem_port(text): "{text} has a port that does not exist.",
        "{text} hat einen Port, den es nicht gibt.";
    problem_host(text): "{text} has a host name that does not exist.",
        "{text} hat einen Hostnamen, den es nicht gibt.";
    problem_setting_too_long(): "The list of trusted origins is longer than 64 KiB, so no page is trusted.",
        "Die Liste der vertrauenswürdigen Origins ist länger als 64 KiB, also wird keiner Seite vertraut.";
    problem_too_many(): "Only the first 256 trusted origins count.",
        "Nur die ersten 256 vertrauenswürdigen Origins zählen.";
}
