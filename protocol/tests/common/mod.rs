//! A page without a browser: a session, a clock, and what was done in lines that can be compared.

#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::cast_precision_loss,
    clippy::needless_pass_by_value,
    reason = "a test's own assertions and its plainest way to write them"
)]

use std::cell::Cell;
use std::rc::Rc;
use std::time::Duration;

use notifymatters_protocol::{
    Action, Capabilities, Capability, Configuration, Field, Input, Instant, LoadFailure, Note,
    NotificationId, Origin, Outgoing, Permission, RawEnvelope, Relation, Session, Start, Ticket,
    TrustedOrigin, UnreadMessage, Version, World,
};

pub(crate) const MAIL: &str = "https://mail.example.com";
pub(crate) const PORTAL: &str = "https://portal.example.com";
pub(crate) const STRANGER: &str = "https://stranger.example";
pub(crate) const CHAT: &str = "https://chat.example.com";

/// The window that embeds the page, and one above it.
pub(crate) const PARENT: u8 = 1;
pub(crate) const TOP: u8 = 2;
/// A window that does not.
pub(crate) const POPUP: u8 = 9;

#[derive(Debug)]
pub(crate) struct Plain;

impl World for Plain {
    type Window = u8;
    type Value = String;
    type Notification = u32;
    type Request = Call;
    type Message = Sealed;
}

/// A call of `requestPermission()`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Call(pub(crate) u32);

/// A message whose readings are counted.
#[derive(Clone, Debug)]
pub(crate) struct Sealed {
    pub(crate) content: Option<RawEnvelope<String>>,
    pub(crate) read: Rc<Cell<u32>>,
}

impl UnreadMessage for Sealed {
    type Value = String;

    fn open(&self) -> Option<RawEnvelope<String>> {
        self.read.set(self.read.get() + 1);
        self.content.clone()
    }
}

pub(crate) fn message(
    kind: &str,
    word: Field<&str>,
    reference: Field<f64>,
    state: Option<&str>,
) -> Sealed {
    let word = match word {
        Field::Absent => Field::Absent,
        Field::Is(word) => Field::Is(word.to_owned()),
        Field::Wrong => Field::Wrong,
    };
    sealed(RawEnvelope {
        kind: Field::Is(format!("notifymatters.{kind}")),
        version: Field::Is(Version::SPOKEN.to_owned()),
        word,
        reference,
        state: state.map(str::to_owned),
        want: None,
    })
}

/// Capabilities by their names.
pub(crate) fn capabilities(names: &str) -> Capabilities {
    let names = names.split_whitespace();
    names
        .map(|name| name.parse::<Capability>().unwrap())
        .collect()
}

/// An `enable` that wants these capabilities.
pub(crate) fn enable_wanting(names: &str) -> Sealed {
    let mut enable = enable("granted");
    enable.content.as_mut().unwrap().want = Some(capabilities(names));
    enable
}

pub(crate) fn sealed(content: RawEnvelope<String>) -> Sealed {
    Sealed {
        content: Some(content),
        read: Rc::default(),
    }
}

pub(crate) fn enable(permission: &str) -> Sealed {
    message("enable", Field::Is(permission), Field::Absent, None)
}

pub(crate) fn report(kind: &str, reference: u64) -> Sealed {
    message(kind, Field::Absent, Field::Is(reference as f64), None)
}

pub(crate) fn resolve(request: u64, word: &str) -> Sealed {
    message(
        "ref.resolve",
        Field::Is(word),
        Field::Is(request as f64),
        None,
    )
}

pub(crate) fn origin(text: &str) -> Origin {
    Origin::parse(text).unwrap()
}

pub(crate) fn configuration(origins: &[&str]) -> Configuration {
    let granted = origins.iter().map(|text| (*text, Capabilities::DEFAULT));
    granting(granted)
}

/// A configuration in which this is granted to these origins.
pub(crate) fn granting<'a>(
    origins: impl IntoIterator<Item = (&'a str, Capabilities)>,
) -> Configuration {
    let trusted_origins = origins.into_iter().map(|(text, granted)| TrustedOrigin {
        origin: origin(text),
        granted,
    });
    Configuration {
        trusted_origins: trusted_origins.collect(),
    }
}

/// A page of `https://chat.example.com`, and the time in it.
pub(crate) struct Page {
    pub(crate) session: Session<Plain>,
    now: u64,
    ticket: Option<Ticket>,
    /// On whose behalf the configuration was asked for last.
    pub(crate) on_behalf_of: Option<Origin>,
    /// Whether the browser refuses to post notifications.
    pub(crate) is_posting_refused: bool,
    /// What was handed over at the end.
    pub(crate) handed_over: Vec<(Sealed, Option<Permission>)>,
}

impl Page {
    pub(crate) fn new() -> Self {
        Self::with_user(true)
    }

    pub(crate) fn with_user(user_present: bool) -> Self {
        Self::starting(user_present, 7)
    }

    /// A page with a chance of its own.
    pub(crate) fn with_seed(seed: u64) -> Self {
        Self::starting(true, seed)
    }

    fn starting(user_present: bool, seed: u64) -> Self {
        let start = Start {
            own_origin: Some(origin(CHAT)),
            user_present,
            first_number: 100,
            seed,
        };
        Self {
            session: Session::new(start),
            now: 0,
            ticket: None,
            on_behalf_of: None,
            is_posting_refused: false,
            handed_over: Vec::new(),
        }
    }

    /// A page whose parent at `MAIL` said `enable` and was answered.
    pub(crate) fn served(permission: &str) -> Self {
        let mut page = Self::new();
        page.says(PARENT, MAIL, enable(permission));
        page.loads(&[MAIL]);
        page
    }

    /// Tells the session what happened, and what came of the notifications that it had posted.
    pub(crate) fn does(&mut self, input: Input<Plain>) -> Vec<String> {
        let mut lines = Vec::new();
        let mut posted = Vec::new();
        for action in self.session.handle(Instant::from_millis(self.now), input) {
            if let Action::Post {
                message: Outgoing::New { id, .. },
                ..
            } = &action
            {
                posted.push(*id);
            }
            lines.push(self.line(action));
        }
        for id in posted {
            let outcome = self.outcome(id);
            lines.extend(self.does(outcome));
        }
        lines
    }

    fn outcome(&self, id: NotificationId) -> Input<Plain> {
        if self.is_posting_refused {
            Input::Undeliverable { id }
        } else {
            Input::Posted { id }
        }
    }

    pub(crate) fn says(&mut self, window: u8, from: &str, message: Sealed) -> Vec<String> {
        let relation = if window == POPUP {
            Relation::Stranger
        } else {
            Relation::Embedder
        };
        self.does(Input::Message {
            window,
            origin: Origin::parse(from).ok(),
            relation,
            message,
            learned: None,
        })
    }

    pub(crate) fn loads(&mut self, origins: &[&str]) -> Vec<String> {
        self.loads_configuration(configuration(origins))
    }

    pub(crate) fn loads_configuration(&mut self, configuration: Configuration) -> Vec<String> {
        let ticket = self.ticket.expect("a load was asked for");
        self.does(Input::Loaded {
            ticket,
            outcome: Ok(configuration),
        })
    }

    pub(crate) fn fails(&mut self, failure: LoadFailure) -> Vec<String> {
        let ticket = self.ticket.expect("a load was asked for");
        self.does(Input::Loaded {
            ticket,
            outcome: Err(failure),
        })
    }

    pub(crate) fn creates(&mut self, notification: u32, tag: &str) -> Vec<String> {
        self.does(Input::Create {
            notification,
            tag: tag.to_owned(),
            title: format!("title {notification}"),
            options: format!("options {notification}"),
        })
    }

    pub(crate) fn asks(&mut self, call: u32) -> Vec<String> {
        self.does(Input::RequestPermission {
            request: Call(call),
        })
    }

    /// Lets time pass without telling the session.
    pub(crate) fn waits(&mut self, time: Duration) {
        self.now += u64::try_from(time.as_millis()).unwrap();
    }

    /// Lets the session's next deadline come.
    pub(crate) fn comes_due(&mut self) -> Vec<String> {
        let deadline = self.session.deadline().expect("there is a deadline");
        let pause = Instant::from_millis(self.now).until(deadline);
        self.waits(pause);
        self.does(Input::TimerDue)
    }

    pub(crate) fn pause(&self) -> Option<Duration> {
        self.session
            .deadline()
            .map(|deadline| Instant::from_millis(self.now).until(deadline))
    }

    fn line(&mut self, action: Action<Plain>) -> String {
        match action {
            Action::Post {
                window,
                origin,
                message,
            } => {
                format!("post {window} {origin} {}", envelope(&message))
            }
            Action::Dispatch {
                notification,
                event,
            } => format!("dispatch {notification} {}", event.as_str()),
            Action::Settle {
                request,
                permission,
            } => format!("settle {} {}", request.0, permission.as_str()),
            Action::LoadConfiguration {
                ticket,
                on_behalf_of,
            } => {
                self.ticket = Some(ticket);
                self.on_behalf_of = Some(on_behalf_of);
                "load".to_owned()
            }
            Action::HandOver { message, learned } => {
                self.handed_over.push((message, learned));
                "hand over".to_owned()
            }
            Action::Install => "install".to_owned(),
            Action::Restore => "restore".to_owned(),
            Action::Watch(what) => format!("watch {what:?}"),
            Action::Perform { capability, .. } => match capability {
                Some(capability) => format!("perform {capability}"),
                None => "refuse".to_owned(),
            },
            Action::WatchGestures(watch) => format!("watch {watch}"),
            Action::Note(note) => format!("note {}", brief(&note)),
        }
    }
}

/// Checks that 200 pages, each with a host, ask at moments all over `span` after `cause`.
pub(crate) fn spread_evenly(span: Duration, cause: impl Fn(&mut Page)) {
    let mut pauses: Vec<_> = (0..200)
        .map(|seed| {
            let mut page = Page::with_seed(seed);
            page.says(PARENT, MAIL, enable("granted"));
            page.loads(&[MAIL]);
            cause(&mut page);
            page.pause().unwrap()
        })
        .collect();
    pauses.sort_unstable();
    assert!(pauses[199] < span);
    // That a tenth of the span stays empty has a chance of less than 1 in 10^8.
    let gaps = pauses.windows(2).map(|pair| pair[1] - pair[0]);
    assert!(gaps.max().unwrap() < span / 10);
    assert!(pauses[0] < span / 10);
    assert!(pauses[199] > span - span / 10);
}

fn brief(note: &Note) -> String {
    format!("{note:?}")
        .split('(')
        .next()
        .unwrap_or_default()
        .to_owned()
}

pub(crate) fn ok(window: u8, to: &str, state: &str) -> String {
    format!(
        r#"post {window} {to} {{"type":"notifymatters.ok","notifymatters":"20171130","state":{state}}}"#
    )
}

/// The `ok` to a host that said what it wants.
pub(crate) fn ok_having(window: u8, to: &str, names: &str) -> String {
    let have = capabilities(names);
    format!(
        r#"post {window} {to} {{"type":"notifymatters.ok","notifymatters":"20171130","state":null,"have":{have:?}}}"#
    )
}

pub(crate) fn state(window: u8, to: &str, names: &str) -> String {
    let what = capabilities(names);
    format!(
        r#"post {window} {to} {{"type":"notifymatters.state","notifymatters":"20171130","data":{what:?}}}"#
    )
}

pub(crate) fn off(window: u8, to: &str, reason: &str) -> String {
    format!(
        r#"post {window} {to} {{"type":"notifymatters.off","notifymatters":"20171130","data":{{"reason":"{reason}"}}}}"#
    )
}

pub(crate) fn new(window: u8, to: &str, id: u64, notification: u32) -> String {
    format!(
        r#"post {window} {to} {{"type":"notifymatters.notification.new","notifymatters":"20171130","data":{{"id":{id}.0,"title":"title {notification}","options":"options {notification}"}}}}"#
    )
}

pub(crate) fn close(window: u8, to: &str, id: u64) -> String {
    format!(
        r#"post {window} {to} {{"type":"notifymatters.notification.close","notifymatters":"20171130","data":{{"id":{id}.0}}}}"#
    )
}

pub(crate) fn question(window: u8, to: &str, request: u64) -> String {
    format!(
        r#"post {window} {to} {{"type":"notifymatters.notification.requestPermission","notifymatters":"20171130","data":null,"ref":{request}.0}}"#
    )
}

/// The envelope that a page writes of it, as JSON.
fn envelope(message: &Outgoing<String>) -> String {
    let spoken = Version::SPOKEN;
    let (kind, version, rest) = match message {
        Outgoing::Ok {
            version,
            state,
            have,
        } => {
            let state = serde_json::json!(state);
            let have = have.map(|have| format!(r#","have":{have:?}"#));
            let have = have.unwrap_or_default();
            ("ok", version.as_str(), format!(r#""state":{state}{have}"#))
        }
        Outgoing::State { what } => ("state", spoken, format!(r#""data":{what:?}"#)),
        Outgoing::Off { farewell } => {
            let reason = farewell.as_str();
            ("off", spoken, format!(r#""data":{{"reason":"{reason}"}}"#))
        }
        Outgoing::RequestPermission { request } => {
            let number = f64::from(*request);
            (
                "notification.requestPermission",
                spoken,
                format!(r#""data":null,"ref":{number:?}"#),
            )
        }
        Outgoing::New { id, title, options } => {
            let number = f64::from(*id);
            (
                "notification.new",
                spoken,
                format!(r#""data":{{"id":{number:?},"title":{title:?},"options":{options:?}}}"#),
            )
        }
        Outgoing::Close { id } => {
            let number = f64::from(*id);
            (
                "notification.close",
                spoken,
                format!(r#""data":{{"id":{number:?}}}"#),
            )
        }
    };
    format!(r#"{{"type":"notifymatters.{kind}","notifymatters":"{version}",{rest}}}"#)
}
