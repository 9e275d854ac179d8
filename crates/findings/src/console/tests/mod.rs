//! Each combination of headers, cookies and settings, and what the check makes of it.

mod mattermost;
mod page;

use std::collections::HashSet;

use serde_json::json;

use super::*;
use crate::members::{Members, Wrong};
use crate::problem::Flaw;
use crate::site::Context;

const CHAT: &str = "https://chat.example.com";
const MAIL: &str = "https://mail.example.com";
const OWN_POLICY: &str = "frame-ancestors 'self' ; script-src 'self'";
const SAY: Language = Language::English;

/// A Mattermost 11 at its best, with one trusted origin of the same site.
struct Case {
    is_draft: bool,
    origins: Vec<OriginReport>,
    problems: Vec<Problem>,
    facts: Facts,
}

impl Case {
    fn new() -> Self {
        Self {
            is_draft: false,
            origins: vec![origin(MAIL)],
            problems: Vec::new(),
            facts: Facts {
                configuration: Configuration {
                    site_url: Some(CHAT.to_owned()),
                    frame_ancestors: Some(MAIL.to_owned()),
                    landing_page: Some(false),
                    cors_from: String::new(),
                    restricted: false,
                    spellings: vec![spelling("trustedorigin", MAIL)],
                    fixed: Fixed::default(),
                    web_socket: "wss://chat.example.com/api/v4/websocket".to_owned(),
                },
                seen: Seen {
                    page: Some(headers(
                        "frame-ancestors 'self' https://mail.example.com; script-src 'self'",
                        "SAMEORIGIN",
                    )),
                    realm: Some(Headers::default()),
                    connects: true,
                    web_assembly: true,
                },
            },
        }
    }

    fn groups(&self) -> Vec<Group> {
        let setting = Setting {
            is_draft: self.is_draft,
            origins: &self.origins,
            problems: &self.problems,
        };
        judge(CHAT, &setting, &self.facts, SAY).expect("an origin")
    }

    fn all(&self) -> Vec<Finding> {
        self.groups()
            .into_iter()
            .flat_map(|group| group.findings)
            .collect()
    }
}

fn origin(origin: &str) -> OriginReport {
    OriginReport::new(origin, &Place::of(CHAT).expect("a place")).expect("an origin")
}

fn spelling(key: &str, value: &str) -> Spelling {
    Spelling {
        key: key.to_owned(),
        value: value.to_owned(),
    }
}

/// An empty text is a header that is not there.
fn headers(policy: &str, frame_options: &str) -> Headers {
    let header = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Headers {
        policy: header(policy),
        frame_options: header(frame_options),
        server: None,
    }
}

/// The finding of this id after the facts were changed.
fn maybe(id: &str, change: impl FnOnce(&mut Case)) -> Option<Finding> {
    let mut case = Case::new();
    change(&mut case);
    case.all().into_iter().find(|finding| finding.id == id)
}

#[track_caller]
fn found(id: &str, change: impl FnOnce(&mut Case)) -> Finding {
    maybe(id, change).expect(id)
}

/// Status and sentences.
#[track_caller]
fn told(finding: &Finding, status: Status, sentences: &[String]) {
    let says: Vec<&String> = std::iter::once(&finding.says)
        .chain(&finding.details)
        .collect();
    assert_eq!(
        (finding.status, says),
        (status, sentences.iter().collect()),
        "{}",
        finding.id
    );
}

fn places(finding: &Finding) -> Vec<&str> {
    finding
        .mends
        .iter()
        .map(|mend| mend.place.as_str())
        .collect()
}

fn frame_ancestors(from: &str, to: &str) -> Option<Change> {
    Some(Change::Setting {
        section: "ServiceSettings",
        key: "FrameAncestors",
        from: from.into(),
        to: to.into(),
    })
}

fn field(wrong: &str, right: &str) -> Option<Change> {
    Some(Change::Field {
        wrong: wrong.to_owned(),
        right: right.to_owned(),
    })
}

fn problem(flaw: Flaw, text: &str, write: Option<&str>) -> Problem {
    Problem {
        flaw,
        text: Some(text.to_owned()),
        write: write.map(str::to_owned),
    }
}

#[test]
fn where_all_is_well_nothing_is_to_be_done() {
    let findings = Case::new().all();
    assert!(
        findings
            .iter()
            .all(|finding| finding.status == Status::Pass),
        "{findings:#?}"
    );
    assert!(
        findings
            .iter()
            .all(|finding| finding.change.is_none() && finding.mends.is_empty())
    );
    let ids: HashSet<&str> = findings.iter().map(|finding| finding.id).collect();
    assert_eq!(ids.len(), findings.len());
}

#[test]
fn the_administrator_reads_it_in_german() {
    let case = Case::new();
    let setting = Setting {
        is_draft: false,
        origins: &[],
        problems: &[],
    };
    let groups = judge(CHAT, &setting, &case.facts, Language::German).expect("an origin");
    assert_eq!(
        groups[0].findings[0].says,
        "Keiner Seite wird vertraut, also bekommt keine Benachrichtigungen."
    );
    assert_eq!(judge("chat", &setting, &case.facts, SAY), None);
}

#[test]
fn what_the_page_sends_and_is_told_is_json() {
    let facts = json!({
        "configuration": {
            "site_url": CHAT, "frame_ancestors": null, "landing_page": true, "cors_from": "", "restricted": false,
            "spellings": [{ "key": "trustedorigin", "value": MAIL }],
            "fixed": { "frame_ancestors": false, "landing_page": false, "plugins": false },
            "web_socket": "wss://chat.example.com/api/v4/websocket",
        },
        "seen": {
            "page": { "policy": OWN_POLICY, "frame_options": null, "server": null },
            "realm": null, "connects": true, "web_assembly": true,
        },
    });
    let wrong = Wrong::default();
    let facts = Facts::read(&Members::of(&facts, &wrong));
    assert_eq!(wrong.first(), None);
    let groups = Case {
        facts,
        ..Case::new()
    }
    .groups();
    assert_eq!(
        (groups[0].origin.as_deref(), groups[1].origin.as_deref()),
        (Some(MAIL), None)
    );
    assert_eq!(
        serde_json::to_value(&groups[1].findings[0]).expect("json"),
        json!({
            "id": "landing-page",
            "status": "warn",
            "says": SAY.landing_page_on(),
            "details": [SAY.landing_page_switch_off()],
            "change": {
                "kind": "setting", "section": "ServiceSettings", "key": "EnableDesktopLandingPage", "from": true, "to": false,
            },
        })
    );
}

#[test]
fn what_is_wrong_comes_first_and_where_nothing_is_wrong_the_order_stays() {
    let bad = "https://bad.example.com";
    let mut case = Case::new();
    case.facts.seen.page = Some(headers(
        "frame-ancestors 'self' https://*.example.com; script-src 'self'",
        "",
    ));
    case.origins = vec![origin(MAIL), origin("https://b.example.com"), origin(bad)];
    case.origins[2].context = Context::Insecure;
    let groups = case.groups();
    let order: Vec<Option<&str>> = groups.iter().map(|group| group.origin.as_deref()).collect();
    assert_eq!(
        order,
        [Some(bad), None, Some(MAIL), Some("https://b.example.com")]
    );
    let statuses: Vec<Status> = groups[0]
        .findings
        .iter()
        .map(|finding| finding.status)
        .collect();
    assert_eq!(
        statuses,
        [Status::Fail, Status::Pass, Status::Pass, Status::Pass]
    );
}
