//! What an existing proxy's configuration does to Mattermost, judged.

use super::language::{Language, texts};
use super::lines::{Program, frame_ancestors};
use super::policy::{self, Framing, framing, restricts_scripts};
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
pub fn judge(treatment: &Treatment, expected: &Expected, say: Language) -> Vec<Finding> {
    let check = Check {
        treatment,
        expected,
        say,
    };
    let mut findings = check.policy();
    findings.extend(check.allow_from());
    findings.extend(check.inheritance());
    findings.extend([check.upgrade(), check.host(), check.body(), check.cookies()]);
    if !treatment.not_read.is_empty() {
        findings.push(
            Finding::skip(
                "includes",
                say.proxy_not_read(&treatment.not_read.join(", ")),
            )
            .detail(say.proxy_not_read_why()),
        );
    }
    findings
}

/// How to set `ServiceSettings.FrameAncestors`.
pub fn frame_ancestors_setting(hosts: &[String]) -> String {
    format!(
        "mmctl config set ServiceSettings.FrameAncestors \"{}\"",
        hosts.join(" ")
    )
}

/// All that is known while it is judged.
struct Check<'a> {
    treatment: &'a Treatment,
    expected: &'a Expected,
    say: Language,
}

impl Check<'_> {
    /// An example where nobody said who embeds.
    fn hosts(&self) -> Vec<String> {
        if self.expected.hosts.is_empty() {
            vec!["https://mail.example.com".to_owned()]
        } else {
            self.expected.hosts.clone()
        }
    }

    fn lines(&self) -> Vec<Mend> {
        self.treatment.program.policy(&self.hosts(), self.say)
    }

    /// Where the policy stands as Mattermost sends it, mostly.
    fn policy_mends(&self) -> Vec<Mend> {
        match self.expected.version {
            Some(version) if version.has_frame_ancestors() => vec![Mend {
                place: self
                    .say
                    .proxy_setting(&version.to_string(), self.treatment.program.name()),
                lines: frame_ancestors_setting(&self.hosts()),
            }],
            _ => self.lines(),
        }
    }

    fn policy(&self) -> Vec<Finding> {
        let (say, treatment) = (self.say, self.treatment);
        let changes = &treatment.policy;
        let removed = changes
            .iter()
            .find(|change| change.action == Action::Remove);
        let last_set = changes
            .iter()
            .rev()
            .find_map(|change| match &change.action {
                Action::Set(value) => Some((value, change)),
                Action::Add(value) if removed.is_some() => Some((value, change)),
                _ => None,
            });
        let doubled = changes
            .iter()
            .find(|change| matches!(change.action, Action::Add(_)) && removed.is_none());
        let edited = changes
            .iter()
            .rev()
            .find_map(|change| match &change.action {
                Action::Edit(value) => Some((value, change)),
                _ => None,
            });
        let computed = changes.iter().find_map(|change| match &change.action {
            Action::Computed(what) => Some((what, change)),
            _ => None,
        });
        let thrown = |place: &str, why: String| {
            Finding::fail("policy-kept", say.proxy_thrown(place))
                .detail(why)
                .mends(self.policy_mends())
        };
        if let Some(change) = doubled {
            return vec![
                Finding::fail("policy-kept", say.proxy_second(&change.place))
                    .detail(say.proxy_second_why())
                    .mends(self.policy_mends()),
            ];
        }
        if let Some((what, change)) = computed {
            let says = say.proxy_computed(&change.place, what);
            return vec![Finding::skip("frame-ancestors", says)];
        }
        if let Some((value, change)) = last_set {
            let value = std::slice::from_ref(value);
            let kept = if restricts_scripts(value) {
                Finding::warn("policy-kept", say.proxy_fixed(&change.place))
                    .detail(say.proxy_fixed_why())
                    .mends(self.policy_mends())
            } else {
                thrown(&change.place, say.policy_scripts())
            };
            return vec![kept, self.ancestors(value, &change.place)];
        }
        if let Some((value, change)) = edited {
            return vec![
                Finding::pass("policy-kept", say.proxy_part(&change.place)),
                self.ancestors(std::slice::from_ref(value), &change.place),
            ];
        }
        let Some(change) = removed else {
            return vec![self.untouched()];
        };
        let mut options = treatment.frame_options.iter();
        if options.any(|change| change.action == Action::Remove) {
            return vec![
                Finding::fail("framing-open", say.proxy_open(&change.place))
                    .detail(say.proxy_open_why())
                    .mends(self.policy_mends()),
            ];
        }
        vec![thrown(&change.place, say.proxy_options_left())]
    }

    fn untouched(&self) -> Finding {
        let (say, setting) = (self.say, frame_ancestors_setting(&self.hosts()));
        match self.expected.version {
            Some(version) if version.has_frame_ancestors() => {
                Finding::pass("policy-kept", say.proxy_named(&version.to_string()))
                    .detail(say.proxy_set(&setting))
            }
            Some(version) => Finding::fail("frame-ancestors", say.proxy_old(&version.to_string()))
                .mends(self.lines()),
            None => Finding::warn("frame-ancestors", say.proxy_passes())
                .detail(say.proxy_newer(&setting))
                .detail(say.proxy_older())
                .mends(self.lines()),
        }
    }

    fn ancestors(&self, value: &[String], place: &str) -> Finding {
        const ID: &str = "frame-ancestors";
        let say = self.say;
        let shown = policy::frame_ancestors(value);
        if shown.is_empty() {
            return Finding::fail("framing-open", say.proxy_names_none(place)).mends(self.lines());
        }
        // Its own origin is not known here; 'self' is no page that embeds.
        let own = "https://mattermost.invalid";
        let hosts = &self.expected.hosts;
        let refused = hosts
            .iter()
            .filter(|host| framing(value, &[], host, own) != Framing::Allowed);
        let refused: Vec<&str> = refused.map(String::as_str).collect();
        if refused.is_empty() {
            return Finding::pass(ID, format!("{place}: {}", plain(&shown)));
        }
        Finding::fail(ID, say.proxy_may_not(place, &refused.join(", ")))
            .detail(say.proxy_needs(&shown, &frame_ancestors(hosts)))
            .mends(self.lines())
    }

    fn allow_from(&self) -> Option<Finding> {
        let mut options = self.treatment.frame_options.iter();
        let change = options.find(|change| match &change.action {
            Action::Set(value) | Action::Add(value) | Action::Edit(value) => value
                .trim_start()
                .to_ascii_uppercase()
                .starts_with("ALLOW-FROM"),
            Action::Remove | Action::Computed(_) => false,
        })?;
        Some(
            Finding::warn("allow-from", self.say.allow_from(&change.place))
                .detail(self.say.allow_from_remove()),
        )
    }

    fn inheritance(&self) -> Option<Finding> {
        let lost = &self.treatment.lost_headers;
        (!lost.is_empty()).then(|| {
            let says = self.say.inheritance_ends(&self.treatment.place);
            Finding::warn("header-inheritance", says)
                .detail(self.say.inheritance_why())
                .mend(self.say.place_inheritance(), lost.join("\n"))
        })
    }

    fn upgrade(&self) -> Finding {
        const ID: &str = "websocket-upgrade";
        let (say, treatment) = (self.say, self.treatment);
        if treatment.upgrades {
            return Finding::pass(ID, say.proxy_web_socket());
        }
        Finding::fail(ID, say.proxy_no_web_socket(&treatment.place))
            .detail(say.proxy_no_web_socket_why())
            .mends(treatment.program.upgrade(&treatment.upstream, say))
    }

    fn host(&self) -> Finding {
        const ID: &str = "host-header";
        let (say, treatment) = (self.say, self.treatment);
        if treatment.keeps_host {
            return Finding::pass(ID, say.proxy_host());
        }
        Finding::fail(ID, say.proxy_no_host(&treatment.place))
            .detail(say.proxy_no_host_why())
            .mends([treatment.program.keep_host(say)])
    }

    fn body(&self) -> Finding {
        const ID: &str = "body-limit";
        let (say, treatment) = (self.say, self.treatment);
        let (limit, is_own) = match treatment.body_limit {
            BodyLimit::None => return Finding::pass(ID, say.body_any()),
            BodyLimit::Default(limit) => (limit, true),
            BodyLimit::Bytes(limit) => (limit, false),
        };
        let (place, program) = (&treatment.place, treatment.program);
        let megabytes = limit / (1024 * 1024);
        let shown = megabytes.to_string();
        let finding = if limit < BUNDLE_BYTES {
            Finding::fail(ID, say.body_bundle(place, &shown)).detail(say.body_bundle_why())
        } else if megabytes < u64::from(DEFAULT_UPLOAD_MEGABYTES) {
            Finding::warn(ID, say.body_files(place, &shown)).detail(say.body_files_why())
        } else {
            return Finding::pass(ID, say.body_passes(&shown));
        };
        let own = is_own.then(|| say.body_own(program.name()));
        own.into_iter()
            .fold(finding, Finding::detail)
            .mends([program.body_limit(DEFAULT_UPLOAD_MEGABYTES + 1, say)])
    }

    fn cookies(&self) -> Finding {
        const ID: &str = "cookies-readable";
        let say = self.say;
        match &self.treatment.http_only {
            None => Finding::pass(ID, say.cookies_left()),
            Some(place) => Finding::fail(ID, say.cookies_closed(place))
                .detail(say.cookies_closed_why())
                .detail(say.cookies_remove()),
        }
    }
}

texts! {
    proxy_not_read(files): "Not read: {files}.",
        "Nicht gelesen: {files}.";
    proxy_not_read_why(): "What stands there may change each of these findings.",
        "Was dort steht, kann jedes dieser Ergebnisse ändern.";
    proxy_setting(version, program): "Mattermost {version} (and remove the lines for it from {program})",
        "Mattermost {version} (und entfernen Sie die Zeilen dafür aus {program})";
    proxy_second(place): "{place}: a second policy stands beside Mattermost’s own.",
        "{place}: Eine zweite Policy steht neben Mattermosts eigener.";
    proxy_second_why(): "Browsers obey both, so Mattermost’s own frame-ancestors still refuses the frame.",
        "Browser befolgen beide, also lehnt Mattermosts eigenes frame-ancestors den Rahmen weiter ab.";
    proxy_computed(place, what): "{place}: the policy comes from {what}, which is not in the files that were read.",
        "{place}: Die Policy kommt aus {what}, was nicht in den gelesenen Dateien steht.";
    proxy_fixed(place): "{place}: Mattermost’s policy is replaced by a fixed one.",
        "{place}: Mattermosts Policy wird durch eine feste ersetzt.";
    proxy_fixed_why(): "The next version may need another one; it is best to change frame-ancestors alone.",
        "Die nächste Version braucht vielleicht eine andere; am besten wird nur frame-ancestors geändert.";
    proxy_thrown(place): "{place}: Mattermost’s whole policy is thrown away, script-src with it.",
        "{place}: Mattermosts ganze Policy wird weggeworfen, script-src mit ihr.";
    proxy_options_left(): "X-Frame-Options, which is left, still refuses the frame.",
        "Das verbleibende X-Frame-Options lehnt den Rahmen weiter ab.";
    proxy_part(place): "{place}: only a part of Mattermost’s policy is changed.",
        "{place}: Nur ein Teil von Mattermosts Policy wird geändert.";
    proxy_open(place): "{place}: both headers against framing are removed, so any site may frame Mattermost.",
        "{place}: Beide Header gegen das Einbetten werden entfernt, also darf jede Site Mattermost einbetten.";
    proxy_open_why(): "A stranger’s page could then misuse your users’ clicks (clickjacking).",
        "Eine fremde Seite könnte dann Klicks Ihrer Benutzer missbrauchen (Clickjacking).";
    proxy_named(version): "Mattermost’s policy passes as it is, and Mattermost {version} itself names who may frame it.",
        "Mattermosts Policy kommt durch, wie sie ist, und Mattermost {version} nennt selbst, wer es einbetten darf.";
    proxy_set(line): "To set it: {line}",
        "So setzen Sie es: {line}";
    proxy_old(version): "Mattermost’s policy passes as it is, and that of Mattermost {version} lets no other site frame it.",
        "Mattermosts Policy kommt durch, wie sie ist, und die von Mattermost {version} erlaubt keiner anderen Site, es einzubetten.";
    proxy_passes(): "Mattermost’s policy passes as it is.",
        "Mattermosts Policy kommt durch, wie sie ist.";
    proxy_newer(line): "That is right with Mattermost 10.6.1, 10.7.0 and later: {line}",
        "Das ist richtig bei Mattermost 10.6.1, 10.7.0 und neuer: {line}";
    proxy_older(): "An older Mattermost needs these lines; --mattermost-version tells which it is.",
        "Ein älteres Mattermost braucht diese Zeilen; --mattermost-version sagt, welches es ist.";
    proxy_names_none(place): "{place}: the policy names no frame-ancestors, so any site may frame Mattermost.",
        "{place}: Die Policy nennt kein frame-ancestors, also darf jede Site Mattermost einbetten.";
    proxy_may_not(place, hosts): "{place}: {hosts} may not frame Mattermost.",
        "{place}: {hosts} darf Mattermost nicht einbetten.";
    proxy_needs(says, needs): "It says “{says}” and needs “{needs}”.",
        "Da steht „{says}“, und es braucht „{needs}“.";
    allow_from(place): "{place}: no browser supports ALLOW-FROM, so it has no effect.",
        "{place}: Kein Browser kennt ALLOW-FROM, also ist es ohne Wirkung.";
    allow_from_remove(): "Remove the line: where a policy names frame-ancestors, browsers ignore X-Frame-Options.",
        "Entfernen Sie die Zeile: Wo eine Policy frame-ancestors nennt, beachten Browser X-Frame-Options nicht.";
    inheritance_ends(place): "{place}: an add_header here stops all those of the levels above from being inherited.",
        "{place}: Ein add_header hier beendet die Vererbung aller anderen aus den Ebenen darüber.";
    inheritance_why(): "nginx takes add_header lines from the innermost level that has any.",
        "nginx nimmt add_header-Zeilen von der innersten Ebene, die welche hat.";
    place_inheritance(): "nginx, repeat in this block",
        "nginx, in diesem Block wiederholen";
    proxy_web_socket(): "WebSockets get through.",
        "WebSockets kommen durch.";
    proxy_no_web_socket(place): "{place}: WebSockets do not get through.",
        "{place}: WebSockets kommen nicht durch.";
    proxy_no_web_socket_why(): "Mattermost opens, but nothing new arrives in an open page and nobody is notified.",
        "Mattermost öffnet sich, aber in einer offenen Seite kommt nichts Neues an, und niemand wird benachrichtigt.";
    proxy_host(): "Mattermost sees the host name that the browser asked for.",
        "Mattermost sieht den Hostnamen, nach dem der Browser gefragt hat.";
    proxy_no_host(place): "{place}: Mattermost does not see the host name that the browser asked for.",
        "{place}: Mattermost sieht den Hostnamen nicht, nach dem der Browser gefragt hat.";
    proxy_no_host_why(): "Older versions compare the origin of a WebSocket with it, and refuse (403) where they differ.",
        "Ältere Versionen vergleichen den Origin eines WebSockets damit und lehnen ab (403), wo beide sich unterscheiden.";
    body_any(): "Files of any size get through.",
        "Dateien jeder Größe kommen durch.";
    body_passes(megabytes): "Files of {megabytes} MB get through.",
        "Dateien von {megabytes} MB kommen durch.";
    body_own(program): "It is {program}’s own limit: nothing is configured.",
        "Es ist die eigene Grenze von {program}: Nichts ist konfiguriert.";
    body_bundle(place, megabytes): "{place}: the limit of {megabytes} MB is less than the plugin’s bundle.",
        "{place}: Die Grenze von {megabytes} MB ist kleiner als das Bundle des Plugins.";
    body_bundle_why(): "The System Console then shows an “invalid response” when the plugin is uploaded.",
        "Die Systemkonsole zeigt dann beim Hochladen des Plugins eine „ungültige Antwort“.";
    body_files(place, megabytes): "{place}: the limit of {megabytes} MB is less than Mattermost’s.",
        "{place}: Die Grenze von {megabytes} MB ist kleiner als die von Mattermost.";
    body_files_why(): "FileSettings.MaxFileSize is 100 MB unless somebody changed it.",
        "FileSettings.MaxFileSize ist 100 MB, wenn niemand es geändert hat.";
    cookies_left(): "Cookies are left as Mattermost sets them.",
        "Cookies bleiben, wie Mattermost sie setzt.";
    cookies_closed(place): "{place}: every cookie is marked HttpOnly.",
        "{place}: Jedes Cookie wird als HttpOnly gekennzeichnet.";
    cookies_closed_why(): "Mattermost’s scripts read MMCSRF and MMUSERID; without them nothing can be posted or changed.",
        "Mattermosts Skripte lesen MMCSRF und MMUSERID; ohne sie lässt sich nichts schreiben oder ändern.";
    cookies_remove(): "Mattermost marks its session cookie HttpOnly by itself: remove the line.",
        "Mattermost kennzeichnet sein Sitzungs-Cookie selbst als HttpOnly: Entfernen Sie die Zeile.";
}
