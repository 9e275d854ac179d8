//! The answer to one question of the embedding check, as JSON.

use std::time::SystemTime;

use serde::Serialize;
use serde_json::Value;

use super::asked::{Asked, Host};
use crate::settings::{Settings, TrustedOrigins, parse_origin};
use notifymatters_findings::console::{Facts, Group, Setting, judge};
use notifymatters_findings::language::Language;
use notifymatters_findings::members::{Members, Wrong, WrongMember};
use notifymatters_findings::origin::OriginReport;
use notifymatters_findings::problem::Problem;
use notifymatters_findings::site::{Context, Place};

/// More than anybody reads on one page; the rest is counted in `omitted`.
const MAX_ENTRIES: usize = 100;

/// What is to be answered, as it comes from outside; nothing of it is kept.
#[derive(Debug, Default)]
pub(crate) struct Question {
    /// The origin at which the one who asks uses Mattermost.
    pub(crate) site: String,
    /// A text to be judged in place of the stored setting.
    pub(crate) setting: Option<String>,
    /// Of the findings.
    pub(crate) language: Language,
    /// What the page knows; without it nothing is found.
    pub(crate) facts: Option<Facts>,
}

impl Question {
    /// Reads it, each part under its own name.
    ///
    /// # Errors
    ///
    /// The first part that is none of what it has to be.
    pub(crate) fn read(question: &Value) -> Result<Self, WrongMember> {
        let wrong = Wrong::default();
        let members = Members::of(question, &wrong);
        let language = members.text_or_null("language").map(|code| {
            Language::of_code(&code).unwrap_or_else(|| {
                members.wrong("language", "\"en\" or \"de\"");
                Language::default()
            })
        });
        let question = Self {
            site: members.text("site"),
            setting: members.text_or_null("setting"),
            language: language.unwrap_or_default(),
            facts: members
                .object_or_null("facts")
                .map(|facts| Facts::read(&facts)),
        };
        wrong.first().map_or(Ok(question), Err)
    }
}

/// Everything that the server part knows of how Mattermost is embedded.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    /// The plugin's version.
    version: &'static str,
    /// The setting as it is in force; a page sees by it whether its own copy is the same.
    stored: String,
    mattermost: MattermostReport,
    trusted_origins: Vec<OriginReport>,
    problems: Vec<ProblemReport>,
    /// How many trusted origins and problems are left out here.
    omitted: usize,
    asked: AskedReport,
    /// What follows from all this and from what the page knows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    groups: Vec<Group>,
}

#[derive(Debug, Serialize)]
struct ProblemReport {
    #[serde(flatten)]
    problem: Problem,
    /// For people, in English.
    sentence: String,
}

/// The address at which the one who asks uses Mattermost.
#[derive(Debug, Serialize)]
struct MattermostReport {
    origin: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    unicode_host: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    registrable_domain: Option<String>,
    context: Context,
}

/// The pages that asked this node within the last 24 hours, the latest first.
#[derive(Debug, Serialize)]
struct AskedReport {
    /// Of origins that are trusted now.
    answered: Vec<HostReport>,
    /// Of others.
    refused: Vec<HostReport>,
}

#[derive(Debug, Serialize)]
struct HostReport {
    #[serde(flatten)]
    host: Host,
    #[serde(skip_serializing_if = "Option::is_none")]
    unicode_host: Option<String>,
}

impl Report {
    /// Answers a question.
    ///
    /// `None` where it does not name an origin.
    pub(crate) fn new(
        question: &Question,
        settings: &Settings,
        asked: &Asked,
        now: SystemTime,
    ) -> Option<Self> {
        let mattermost = &parse_origin(&question.site).ok()?;
        let place = Place::of(mattermost)?;
        // The page's own origin needs no setting.
        let (answered, refused) = asked.lately(now, |origin| {
            origin == mattermost || settings.trusted_origins.contains(origin)
        });
        let text = question
            .setting
            .as_deref()
            .unwrap_or(&settings.trusted_origin);
        let (judged, problems) = TrustedOrigins::parse(text);
        let origins = judged.as_slice();
        let trusted_origins: Vec<OriginReport> = origins
            .iter()
            .take(MAX_ENTRIES)
            .filter_map(|origin| OriginReport::new(origin, &place))
            .collect();
        let omitted =
            origins.len().saturating_sub(MAX_ENTRIES) + problems.len().saturating_sub(MAX_ENTRIES);
        let problems: Vec<Problem> = problems.into_iter().take(MAX_ENTRIES).collect();
        let setting = Setting {
            is_draft: question.setting.is_some(),
            origins: &trusted_origins,
            problems: &problems,
        };
        let groups = match &question.facts {
            Some(facts) => judge(mattermost, &setting, facts, question.language)?,
            None => Vec::new(),
        };
        Some(Self {
            version: env!("CARGO_PKG_VERSION"),
            stored: settings.trusted_origin.clone(),
            mattermost: MattermostReport {
                origin: mattermost.clone(),
                unicode_host: place.unicode_host(),
                registrable_domain: place.registrable_domain().map(str::to_owned),
                context: place.context(),
            },
            trusted_origins,
            problems: problems.into_iter().map(ProblemReport::new).collect(),
            omitted,
            asked: AskedReport {
                answered: answered.into_iter().map(HostReport::new).collect(),
                refused: refused.into_iter().map(HostReport::new).collect(),
            },
            groups,
        })
    }
}

impl ProblemReport {
    fn new(problem: Problem) -> Self {
        Self {
            sentence: problem.to_string(),
            problem,
        }
    }
}

impl HostReport {
    fn new(host: Host) -> Self {
        let unicode_host = Place::of(&host.origin).and_then(|place| place.unicode_host());
        Self { host, unicode_host }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;
    use std::time::{Duration, UNIX_EPOCH};

    fn report(setting: &str, asked: &Asked) -> Value {
        let setting = json!({ "trustedorigin": setting });
        let (settings, _) =
            Settings::from_plugin_configuration(setting.as_object().expect("an object"));
        let now = UNIX_EPOCH + Duration::from_secs(1_000);
        let report = Report::new(&question(None), &settings, asked, now).expect("an origin");
        serde_json::to_value(report).expect("json")
    }

    fn question(setting: Option<&str>) -> Question {
        Question {
            site: "https://chat.example.com".to_owned(),
            setting: setting.map(str::to_owned),
            ..Question::default()
        }
    }

    #[test]
    fn origins_and_problems_stand_side_by_side() {
        let report = report(
            "https://mail.example.com https://Mail.Example.com/webapp/",
            &Asked::default(),
        );
        assert_eq!(
            report["mattermost"],
            json!({
                "origin": "https://chat.example.com",
                "registrable_domain": "example.com",
                "context": "https",
            })
        );
        assert_eq!(
            report["trusted_origins"][0]["origin"],
            "https://mail.example.com"
        );
        assert_eq!(
            report["problems"],
            json!([{
                "code": "path",
                "text": "https://Mail.Example.com/webapp/",
                "write": "https://mail.example.com",
                "sentence": "https://Mail.Example.com/webapp/ has a path; an origin has none. Write https://mail.example.com instead.",
            }])
        );
    }

    #[test]
    fn a_page_of_mattermosts_own_origin_counts_as_answered() {
        let asked = Asked::default();
        let now = UNIX_EPOCH + Duration::from_secs(999);
        asked.note("https://chat.example.com", false, now);
        asked.note("https://xn--bro-hoa.example", false, now);
        let report = report("", &asked);
        assert_eq!(
            report["asked"]["answered"][0]["origin"],
            "https://chat.example.com"
        );
        assert_eq!(
            report["asked"]["refused"],
            json!([{
                "origin": "https://xn--bro-hoa.example",
                "unicode_host": "büro.example",
                "first_at": 999_000,
                "last_at": 999_000,
                "times": 1,
            }])
        );
    }

    #[test]
    fn what_is_typed_is_judged_before_it_is_saved_and_trusts_nobody() {
        let stored = json!({ "trustedorigin": "https://old.example" });
        let (settings, _) =
            Settings::from_plugin_configuration(stored.as_object().expect("an object"));
        let asked = Asked::default();
        asked.note("https://new.example", false, UNIX_EPOCH);
        let typed = question(Some("https://new.example other.example"));
        let report = Report::new(&typed, &settings, &asked, UNIX_EPOCH);
        let report = serde_json::to_value(report).expect("json");
        assert_eq!(report["stored"], "https://old.example");
        assert_eq!(
            report["trusted_origins"][0]["origin"],
            "https://new.example"
        );
        assert_eq!(report["problems"][0]["write"], "https://other.example");
        assert_eq!(report["asked"]["answered"], json!([]));
    }

    #[test]
    fn a_report_stays_short_whatever_the_setting_holds() {
        let good: String = (0..200).map(|n| format!("https://h{n}.example ")).collect();
        let wrong: String = (0..200).map(|n| format!("h{n}.example ")).collect();
        let report = report(&(good + &wrong), &Asked::default());
        assert_eq!(
            report["trusted_origins"].as_array().map(Vec::len),
            Some(MAX_ENTRIES)
        );
        assert_eq!(
            report["problems"].as_array().map(Vec::len),
            Some(MAX_ENTRIES)
        );
        assert_eq!(report["omitted"], 200);
    }
}
