//! What an existing proxy's configuration does to Mattermost, judged.

use super::language::Language;
use super::lines::{Program, frame_ancestors};
use super::policy::{Framing, framing, restricts_scripts, values};
use super::{Finding, Mend};
use crate::text::plain;
use crate::version::Version;

/// The plugin's bundle has 3 MB; what is smaller keeps it from being uploaded.
pub const BUNDLE_BYTES: u64 = 4 * 1024 * 1024;

/// `FileSettings.MaxFileSize` as Mattermost is delivered, in megabytes.
pub const DEFAULT_UPLOAD_MEGABYTES: u32 = 100;

/// What a proxy does between browsers and one Mattermost.
#[derive(Debug, Clone)]
pub struct Treatment {
    pub program: Program,
    /// The name under which browsers ask for it.
    pub name: String,
    /// File and line of the block.
    pub place: String,
    /// Host and port of Mattermost itself.
    pub upstream: String,
    /// Changes of Content-Security-Policy, in their order.
    pub policy: Vec<Change>,
    /// Changes of X-Frame-Options, in their order.
    pub frame_options: Vec<Change>,
    /// What marks every cookie HttpOnly.
    pub http_only: Option<String>,
    pub upgrades: bool,
    pub keeps_host: bool,
    pub body_limit: BodyLimit,
    /// Headers that the block would have, did it not add one itself (nginx).
    pub lost_headers: Vec<String>,
    /// What is part of it and was not read.
    pub not_read: Vec<String>,
}

/// A change of one header of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    pub action: Action,
    /// File and line.
    pub place: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    Remove,
    /// In place of what Mattermost sends.
    Set(String),
    /// Beside what Mattermost sends.
    Add(String),
    /// A part is replaced; this is what comes in its place.
    Edit(String),
    /// Comes from where this program cannot look.
    Computed(String),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BodyLimit {
    None,
    /// The program's own, in bytes: nothing is configured.
    Default(u64),
    Bytes(u64),
}

/// What the judgement depends on beside the configuration.
#[derive(Debug, Clone, Default)]
pub struct Expected {
    /// Canonical origins of the pages that embed; empty where nobody said.
    pub hosts: Vec<String>,
    pub version: Option<Version>,
}

/// The ids here: `framing-open`, `policy-kept`, `frame-ancestors`, `allow-from`, `header-inheritance`,
/// `websocket-upgrade`, `host-header`, `body-limit`, `cookies-readable`, `includes`.
pub fn judge(treatment: &Treatment, expected: &Expected) -> Vec<Finding> {
    let mut findings = policy(treatment, expected);
    findings.extend(allow_from(treatment));
    findings.extend(inheritance(treatment));
    findings.extend([
        upgrade(treatment),
        host(treatment),
        body(treatment),
        cookies(treatment),
    ]);
    if !treatment.not_read.is_empty() {
        findings.push(
            Finding::skip(
                "includes",
                format!("not looked into: {}", treatment.not_read.join(", ")),
            )
            .detail("what stands there may change each of these findings"),
        );
    }
    findings
}

fn example_hosts(expected: &Expected) -> Vec<String> {
    if expected.hosts.is_empty() {
        vec!["https://mail.example.com".to_owned()]
    } else {
        expected.hosts.clone()
    }
}

/// Where the policy stands as Mattermost sends it, mostly.
fn policy_mends(treatment: &Treatment, expected: &Expected) -> Vec<Mend> {
    match expected.version {
        Some(version) if version.has_frame_ancestors() => vec![Mend {
            place: format!(
                "Mattermost {version} (and remove the lines for it from {})",
                treatment.program.name()
            ),
            lines: frame_ancestors_setting(&example_hosts(expected)),
        }],
        _ => treatment
            .program
            .policy(&example_hosts(expected), Language::English),
    }
}

/// How to set `ServiceSettings.FrameAncestors`.
pub fn frame_ancestors_setting(hosts: &[String]) -> String {
    format!(
        "mmctl config set ServiceSettings.FrameAncestors \"{}\"",
        hosts.join(" ")
    )
}

fn policy(treatment: &Treatment, expected: &Expected) -> Vec<Finding> {
    let mends = || policy_mends(treatment, expected);
    let removed = treatment
        .policy
        .iter()
        .find(|change| change.action == Action::Remove);
    let last_set = treatment
        .policy
        .iter()
        .rev()
        .find_map(|change| match &change.action {
            Action::Set(value) => Some((value, change)),
            Action::Add(value) if removed.is_some() => Some((value, change)),
            _ => None,
        });
    let doubled = treatment
        .policy
        .iter()
        .find(|change| matches!(change.action, Action::Add(_)) && removed.is_none());
    let edited = treatment
        .policy
        .iter()
        .rev()
        .find_map(|change| match &change.action {
            Action::Edit(value) => Some((value, change)),
            _ => None,
        });
    let computed = treatment
        .policy
        .iter()
        .find_map(|change| match &change.action {
            Action::Computed(what) => Some((what, change)),
            _ => None,
        });
    if let Some(change) = doubled {
        return vec![
            Finding::fail(
                "policy-kept",
                format!(
                    "{}: a second policy stands beside Mattermost's own",
                    change.place
                ),
            )
            .detail(
                "browsers obey both, so Mattermost's own frame-ancestors still refuses the frame",
            )
            .mends(mends()),
        ];
    }
    if let Some((what, change)) = computed {
        return vec![Finding::skip(
            "frame-ancestors",
            format!(
                "{}: the policy comes from {}, which is not in the files that were read",
                change.place,
                plain(what)
            ),
        )];
    }
    if let Some((value, change)) = last_set {
        let value = std::slice::from_ref(value);
        let mut findings = Vec::new();
        if restricts_scripts(value) {
            findings.push(
                Finding::warn("policy-kept", format!("{}: Mattermost's policy is replaced by a fixed one", change.place))
                    .detail("the next version's may need other words; a proxy does best to change frame-ancestors alone")
                    .mends(mends()),
            );
        } else {
            findings.push(
                Finding::fail(
                    "policy-kept",
                    format!(
                        "{}: Mattermost's whole policy is thrown away, script-src with it",
                        change.place
                    ),
                )
                .detail("script-src keeps scripts of others from running in Mattermost's pages")
                .mends(mends()),
            );
        }
        findings.push(ancestors(treatment, expected, value, &change.place));
        return findings;
    }
    if let Some((value, change)) = edited {
        return vec![
            Finding::pass(
                "policy-kept",
                format!(
                    "{}: only a part of Mattermost's policy is changed",
                    change.place
                ),
            ),
            ancestors(
                treatment,
                expected,
                std::slice::from_ref(value),
                &change.place,
            ),
        ];
    }
    if let Some(change) = removed {
        return vec![if treatment
            .frame_options
            .iter()
            .any(|change| change.action == Action::Remove)
        {
            Finding::fail(
                "framing-open",
                format!("{}: both headers against framing are removed, so any site may frame Mattermost", change.place),
            )
            .detail("a stranger's page could then lay itself over Mattermost and catch clicks")
            .mends(mends())
        } else {
            Finding::fail(
                "policy-kept",
                format!(
                    "{}: Mattermost's whole policy is thrown away, script-src with it",
                    change.place
                ),
            )
            .detail("X-Frame-Options, which is left, still refuses the frame")
            .mends(mends())
        }];
    }
    vec![untouched(treatment, expected)]
}

fn untouched(treatment: &Treatment, expected: &Expected) -> Finding {
    match expected.version {
        Some(version) if version.has_frame_ancestors() => Finding::pass(
            "policy-kept",
            format!("Mattermost's policy passes as it is, and Mattermost {version} names who may frame it by itself"),
        )
        .detail(format!("to set it: {}", frame_ancestors_setting(&example_hosts(expected)))),
        Some(version) => Finding::fail(
            "frame-ancestors",
            format!("Mattermost's policy passes as it is, and that of Mattermost {version} lets no other site frame it"),
        )
        .mends(policy_mends(treatment, expected)),
        None => Finding::warn("frame-ancestors", "Mattermost's policy passes as it is")
            .detail(format!(
                "right with Mattermost 10.6.1, 10.7.0 and later: {}",
                frame_ancestors_setting(&example_hosts(expected))
            ))
            .detail("an older Mattermost needs these lines; --mattermost-version tells which it is")
            .mends(treatment.program.policy(&example_hosts(expected), Language::English)),
    }
}

fn ancestors(treatment: &Treatment, expected: &Expected, value: &[String], place: &str) -> Finding {
    const ID: &str = "frame-ancestors";
    let lists = values(value, "frame-ancestors");
    if lists.is_empty() {
        return Finding::fail(
            "framing-open",
            format!(
                "{place}: the policy names no frame-ancestors, so any site may frame Mattermost"
            ),
        )
        .mends(
            treatment
                .program
                .policy(&example_hosts(expected), Language::English),
        );
    }
    let shown: Vec<String> = lists
        .iter()
        .map(|list| format!("frame-ancestors {}", list.join(" ")))
        .collect();
    let shown = plain(&shown.join(", "));
    // Its own origin is not known here; 'self' is no page that embeds.
    let own = "https://mattermost.invalid";
    let refused: Vec<&String> = expected
        .hosts
        .iter()
        .filter(|host| framing(value, &[], host, own) != Framing::Allowed)
        .collect();
    if refused.is_empty() {
        return Finding::pass(ID, format!("{place}: {shown}"));
    }
    let refused: Vec<&str> = refused.into_iter().map(String::as_str).collect();
    Finding::fail(
        ID,
        format!("{place}: {} may not frame Mattermost", refused.join(", ")),
    )
    .detail(format!(
        "it says \"{shown}\" and needs \"{}\"",
        frame_ancestors(&expected.hosts)
    ))
    .mends(treatment.program.policy(&expected.hosts, Language::English))
}

fn allow_from(treatment: &Treatment) -> Option<Finding> {
    let change = treatment
        .frame_options
        .iter()
        .find(|change| match &change.action {
            Action::Set(value) | Action::Add(value) | Action::Edit(value) => value
                .trim_start()
                .to_ascii_uppercase()
                .starts_with("ALLOW-FROM"),
            Action::Remove | Action::Computed(_) => false,
        })?;
    Some(
        Finding::warn("allow-from", format!("{}: no browser knows ALLOW-FROM any more; it has no effect", change.place))
            .detail("remove the line: where a policy names frame-ancestors, browsers do not look at X-Frame-Options"),
    )
}

fn inheritance(treatment: &Treatment) -> Option<Finding> {
    if treatment.lost_headers.is_empty() {
        return None;
    }
    Some(
        Finding::warn(
            "header-inheritance",
            format!(
                "{}: an add_header here ends the inheritance of those of the levels above",
                treatment.place
            ),
        )
        .detail("nginx takes add_header lines from the innermost level that has any")
        .mend(
            "nginx, repeat in this block",
            treatment.lost_headers.join("\n"),
        ),
    )
}

fn upgrade(treatment: &Treatment) -> Finding {
    const ID: &str = "websocket-upgrade";
    if treatment.upgrades {
        return Finding::pass(ID, "WebSockets pass");
    }
    Finding::fail(ID, format!("{}: WebSockets do not pass", treatment.place))
        .detail("Mattermost opens, but nothing new arrives in an open page and nobody is notified")
        .mends(treatment.program.upgrade(&treatment.upstream))
}

fn host(treatment: &Treatment) -> Finding {
    const ID: &str = "host-header";
    if treatment.keeps_host {
        return Finding::pass(
            ID,
            "Mattermost sees the host name that the browser asked for",
        );
    }
    Finding::fail(
        ID,
        format!(
            "{}: Mattermost does not see the host name that the browser asked for",
            treatment.place
        ),
    )
    .detail("older versions compare the origin of a WebSocket with it, and refuse (403) where they differ")
    .mends(treatment.program.keep_host())
}

fn body(treatment: &Treatment) -> Finding {
    const ID: &str = "body-limit";
    let (limit, whose) = match treatment.body_limit {
        BodyLimit::None => return Finding::pass(ID, "files of any size pass"),
        BodyLimit::Default(limit) => (limit, format!("{}'s own limit", treatment.program.name())),
        BodyLimit::Bytes(limit) => (limit, "the limit".to_owned()),
    };
    let megabytes = limit / (1024 * 1024);
    let mends = treatment.program.body_limit(DEFAULT_UPLOAD_MEGABYTES + 1);
    if limit < BUNDLE_BYTES {
        Finding::fail(
            ID,
            format!(
                "{}: {whose} of {megabytes} MB is less than the plugin's bundle",
                treatment.place
            ),
        )
        .detail("the System Console then shows an \"invalid response\" when the plugin is uploaded")
        .mends(mends)
    } else if megabytes < u64::from(DEFAULT_UPLOAD_MEGABYTES) {
        Finding::warn(
            ID,
            format!(
                "{}: {whose} of {megabytes} MB is less than Mattermost's",
                treatment.place
            ),
        )
        .detail("FileSettings.MaxFileSize is 100 MB unless somebody changed it")
        .mends(mends)
    } else {
        Finding::pass(ID, format!("files of {megabytes} MB pass"))
    }
}

fn cookies(treatment: &Treatment) -> Finding {
    const ID: &str = "cookies-readable";
    match &treatment.http_only {
        None => Finding::pass(ID, "cookies are left as Mattermost sets them"),
        Some(place) => Finding::fail(ID, format!("{place}: every cookie is marked HttpOnly"))
            .detail("Mattermost's scripts read MMCSRF and MMUSERID; without them nothing can be posted or changed")
            .detail("Mattermost marks its session cookie HttpOnly by itself: remove the line"),
    }
}
