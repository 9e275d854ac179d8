//! Histories: whatever happens to a session, and what must hold after each step. The fuzzer feeds the same.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test's own assertions"
)]

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use notifymatters_protocol::limits::{
    HELD_NOTIFICATIONS, LETTERS, LIVE_NOTIFICATIONS, LOAD_TIMEOUT, WAITING_REQUESTS,
};
use notifymatters_protocol::{
    Action, Configuration, Event, Field, Input, Instant, Letter, LoadFailure, NotificationId,
    Origin, Outgoing, Permission, RawEnvelope, Relation, Session, Start, Ticket, World,
};

#[derive(Debug)]
struct Fuzzed;

impl World for Fuzzed {
    type Window = u8;
    type Value = u8;
    type Notification = u32;
    type Request = u32;
    type Letter = Drawn;
}

#[derive(Clone, Debug)]
struct Drawn(Option<RawEnvelope<u8>>);

impl Letter for Drawn {
    type Value = u8;

    fn open(&self) -> Option<RawEnvelope<u8>> {
        self.0.clone()
    }
}

const OWN: &str = "https://chat.example.com";
const ORIGINS: [&str; 4] = [
    OWN,
    "https://mail.example.com",
    "https://portal.example.com",
    "https://x.example:8443",
];

/// Draws choices from bytes; past their end everything is zero.
struct Draw<'bytes>(&'bytes [u8]);

impl Draw<'_> {
    fn byte(&mut self) -> u8 {
        let Some((first, rest)) = self.0.split_first() else {
            return 0;
        };
        self.0 = rest;
        *first
    }

    fn below(&mut self, bound: u8) -> u8 {
        self.byte() % bound
    }

    fn pick<'list, T>(&mut self, list: &'list [T]) -> &'list T {
        &list[usize::from(self.byte()) % list.len()]
    }

    fn origin(&mut self) -> Option<Origin> {
        let choice = usize::from(self.below(5));
        ORIGINS.get(choice).map(|text| Origin::parse(text).unwrap())
    }

    fn field<T>(&mut self, value: impl FnOnce(&mut Self) -> T) -> Field<T> {
        match self.below(8) {
            0 => Field::Absent,
            1 => Field::Wrong,
            _ => Field::Is(value(self)),
        }
    }
}

/// What an observer outside knows.
struct Observer {
    /// The page's own origin is [`OWN`].
    own: bool,
    trusted: Option<HashSet<String>>,
    user_present: bool,
    settings_changed: bool,
    /// The settings changed since the request for the list that counts, or for the one on its way.
    list_is_old: bool,
    load_is_old: bool,
    /// The load that is awaited, and when it began.
    ticket: Option<(Ticket, u64)>,
    /// Loads that nobody awaits any more.
    void: Vec<Ticket>,
    now: u64,
    installed: bool,
    /// Calls of `requestPermission()` not yet settled.
    calls: HashSet<u32>,
    /// Notifications of which the page has heard nothing since it made them.
    unheard: HashSet<u32>,
    /// Ids that the host was told of, with the object shown under each.
    shown: HashMap<u64, u32>,
    /// The id of a `notification.new` whose `show` must follow.
    unshown: Option<u64>,
    ended: bool,
}

/// Plays the history that `bytes` spell, checking after each step.
pub(crate) fn play(bytes: &[u8]) {
    let mut draw = Draw(bytes);
    let own = draw.below(2) == 0;
    let mut seen = Observer {
        own,
        trusted: None,
        user_present: draw.below(4) != 0,
        settings_changed: false,
        list_is_old: false,
        load_is_old: false,
        ticket: None,
        void: Vec::new(),
        now: 0,
        installed: false,
        calls: HashSet::new(),
        unheard: HashSet::new(),
        shown: HashMap::new(),
        unshown: None,
        ended: false,
    };
    let mut session: Session<Fuzzed> = Session::new(Start {
        own_origin: own.then(|| Origin::parse(OWN).unwrap()),
        user_present: seen.user_present,
        first_number: 0,
        seed: u64::from(draw.byte()),
    });
    let mut objects = 0_u32;
    if seen.user_present && draw.below(2) == 0 {
        serve(&mut draw, &mut seen, &mut session);
    }
    while !draw.0.is_empty() {
        seen.now += u64::from(draw.below(8)) * 700;
        if draw.below(64) == 0 {
            seen.now += 400_000;
        }
        let kind = draw.below(16);
        // Bounds are met by many of one kind only.
        let times = if draw.byte() >= 253 {
            u16::from(draw.byte()) * 4
        } else {
            1
        };
        for _ in 0..times {
            let input = step(kind, &mut draw, &mut seen, &mut objects);
            seen.happens(&mut session, input);
        }
    }
    seen.ended = true;
    seen.happens(&mut session, Input::Shutdown);
    assert!(
        seen.calls.is_empty(),
        "calls without an answer: {:?}",
        seen.calls
    );
    assert!(
        seen.unheard.is_empty(),
        "notifications without an event: {:?}",
        seen.unheard
    );
    assert!(!seen.installed && session.deadline().is_none());
    assert!(session.take_letters().len() <= LETTERS);
}

/// Lets a host say `enable` and be trusted: by chance alone, few histories get that far.
fn serve(draw: &mut Draw<'_>, seen: &mut Observer, session: &mut Session<Fuzzed>) {
    let letter = Drawn(Some(RawEnvelope {
        kind: Field::Is("notifymatters.enable".to_owned()),
        version: Field::Is("20171130".to_owned()),
        word: Field::Is((*draw.pick(&["granted", "default", "denied"])).to_owned()),
        reference: Field::Absent,
        state: None,
    }));
    let host = Origin::parse(ORIGINS[1]).unwrap();
    let says = Input::Message {
        window: 0,
        origin: Some(host.clone()),
        relation: Relation::Embedder,
        letter,
    };
    seen.happens(session, says);
    if let Some((ticket, _)) = seen.ticket {
        let outcome = Ok(configuration(vec![host]));
        seen.learns(&outcome);
        seen.happens(session, Input::Loaded { ticket, outcome });
    }
}

fn configuration(trusted_origins: Vec<Origin>) -> Configuration {
    Configuration {
        trusted_origin: String::new(),
        trusted_origins,
    }
}

fn step(kind: u8, draw: &mut Draw<'_>, seen: &mut Observer, objects: &mut u32) -> Input<Fuzzed> {
    match kind {
        0..=4 => Input::Message {
            window: draw.below(4),
            origin: draw.origin(),
            relation: if draw.below(6) == 0 {
                Relation::Stranger
            } else {
                Relation::Embedder
            },
            letter: drawn_letter(draw),
        },
        5 | 6 => loaded(draw, seen),
        7 => {
            seen.settings_changed = true;
            seen.list_is_old = true;
            seen.load_is_old = true;
            Input::SettingsChanged
        }
        8 if draw.below(4) == 0 => {
            let present = draw.below(3) != 0;
            seen.user_present = present;
            seen.abandon_load();
            Input::UserChanged { present }
        }
        8..=10 => {
            *objects += 1;
            seen.unheard.insert(*objects);
            let tag = ["", "", "a", "b"][usize::from(draw.below(4))].to_owned();
            Input::Create {
                notification: *objects,
                tag,
                title: 0,
                options: 0,
            }
        }
        11 => Input::Close {
            notification: u32::from(draw.byte()) % (*objects + 1),
        },
        12 => {
            *objects += 1;
            seen.calls.insert(*objects);
            Input::RequestPermission { request: *objects }
        }
        13 => Input::Gesture,
        14 if draw.below(32) == 0 => {
            seen.ended = true;
            seen.abandon_load();
            Input::Shutdown
        }
        14 => {
            let number = f64::from(draw.byte());
            let id = NotificationId::from_wire(number).unwrap();
            seen.shown.remove(&(number as u64));
            Input::Undeliverable { id }
        }
        _ => seen.timer_due(),
    }
}

fn drawn_letter(draw: &mut Draw<'_>) -> Drawn {
    if draw.below(16) == 0 {
        return Drawn(None);
    }
    let kinds = [
        "notifymatters.enable",
        "notifymatters.enable",
        "notifymatters.notification.onclick",
        "notifymatters.notification.onclose",
        "notifymatters.ref.resolve",
        "notifymatters.ref.reject",
        "notifymatters.x",
        "other",
    ];
    Drawn(Some(RawEnvelope {
        kind: draw.field(|draw| (*draw.pick(&kinds)).to_owned()),
        version: draw.field(|draw| (*draw.pick(&["20171130", "20171130", "2016", "3"])).to_owned()),
        word: draw.field(|draw| (*draw.pick(&["granted", "default", "denied", "x"])).to_owned()),
        reference: draw.field(|draw| f64::from(draw.byte()) - f64::from(draw.below(2)) / 2.0),
        state: None,
    }))
}

fn loaded(draw: &mut Draw<'_>, seen: &mut Observer) -> Input<Fuzzed> {
    let awaited = seen
        .ticket
        .map(|(ticket, _)| ticket)
        .filter(|_| draw.below(4) != 0);
    let Some(ticket) = awaited.or_else(|| seen.void.pop()) else {
        return seen.timer_due();
    };
    let outcome = match draw.below(4) {
        0 => Err(LoadFailure::Status(401)),
        1 => Err(LoadFailure::Unreachable),
        _ => Ok(configuration(
            (0..draw.below(4)).filter_map(|_| draw.origin()).collect(),
        )),
    };
    if awaited.is_some() {
        seen.learns(&outcome);
    }
    Input::Loaded { ticket, outcome }
}

impl Observer {
    /// The load that is awaited comes to its end.
    fn learns(&mut self, outcome: &Result<Configuration, LoadFailure>) {
        self.ticket = None;
        if let Ok(configuration) = outcome {
            self.list_is_old = self.load_is_old;
            let list = configuration
                .trusted_origins
                .iter()
                .map(|origin| origin.as_str().to_owned());
            self.trusted = Some(list.collect());
        }
    }

    fn timer_due(&mut self) -> Input<Fuzzed> {
        let timeout = u64::try_from(LOAD_TIMEOUT.as_millis()).unwrap();
        if self
            .ticket
            .is_some_and(|(_, begun)| begun + timeout <= self.now)
        {
            self.abandon_load();
        }
        Input::TimerDue
    }

    fn abandon_load(&mut self) {
        self.void
            .extend(self.ticket.take().map(|(ticket, _)| ticket));
    }

    /// Lets it happen, and checks what follows.
    fn happens(&mut self, session: &mut Session<Fuzzed>, input: Input<Fuzzed>) {
        let user_changes = matches!(input, Input::UserChanged { .. });
        for action in session.handle(Instant::from_millis(self.now), input) {
            self.check(action);
        }
        if user_changes {
            // What goes out at a logout closes what the user was shown, under the policy that held until then.
            self.trusted = None;
        }
        self.compare(session);
    }

    /// What must hold between two inputs.
    fn compare(&self, session: &Session<Fuzzed>) {
        assert_eq!(self.unshown, None);
        assert!(self.calls.len() <= WAITING_REQUESTS, "calls pile up");
        let held = if self.settings_changed {
            LIVE_NOTIFICATIONS
        } else {
            HELD_NOTIFICATIONS
        };
        assert!(self.unheard.len() <= held, "held notifications pile up");
        assert!(
            self.shown.len() <= LIVE_NOTIFICATIONS,
            "notifications pile up"
        );
        if self.installed {
            assert!(!self.ended, "a host after the end");
        } else {
            assert_eq!(session.permission(), Permission::Denied);
            assert!(self.shown.is_empty(), "books without a host");
            assert!(self.unheard.is_empty(), "held without a host");
        }
        if let Some(deadline) = session.deadline() {
            assert!(Instant::from_millis(self.now).until(deadline) <= Duration::from_secs(300));
        }
    }

    fn check(&mut self, action: Action<Fuzzed>) {
        match action {
            Action::Post {
                origin, message, ..
            } => {
                let by_setting = self
                    .trusted
                    .as_ref()
                    .is_some_and(|trusted| trusted.contains(origin.as_str()));
                assert!(
                    by_setting || self.own && origin.as_str() == OWN,
                    "a message to {origin}, which nobody trusts now"
                );
                if matches!(message, Outgoing::New { .. }) {
                    let unaffected = self.own && origin.as_str() == OWN;
                    assert!(
                        unaffected || !self.list_is_old,
                        "a notification to {origin}, which may be struck"
                    );
                }
                self.sent(&message);
            }
            Action::Dispatch {
                notification,
                event,
            } => {
                let is_news = self.unheard.remove(&notification);
                if event == Event::Show {
                    assert!(is_news, "shown twice");
                    let id = self
                        .unshown
                        .take()
                        .expect("a show without a notification.new");
                    self.shown.insert(id, notification);
                }
                if matches!(event, Event::Close | Event::Error) {
                    self.shown.retain(|_, shown| *shown != notification);
                }
            }
            Action::Settle { request, .. } => {
                assert!(self.calls.remove(&request), "settled twice or never called");
            }
            Action::LoadConfiguration { ticket } => {
                assert!(self.user_present, "a load without a user");
                assert!(self.ticket.is_none(), "two loads at a time");
                self.ticket = Some((ticket, self.now));
                self.load_is_old = false;
            }
            Action::Install => {
                assert!(!self.installed && !self.ended);
                self.installed = true;
            }
            Action::Restore => {
                assert!(self.installed);
                self.installed = false;
            }
            Action::WatchGestures(_) | Action::Note(_) => {}
        }
    }

    fn sent(&mut self, message: &Outgoing<u8>) {
        match *message {
            Outgoing::New { id, .. } => {
                let number = f64::from(id) as u64;
                assert!(!self.shown.contains_key(&number), "an id given out twice");
                assert_eq!(self.unshown.replace(number), None);
            }
            Outgoing::Close { id } => {
                self.shown.remove(&(f64::from(id) as u64));
            }
            Outgoing::Ok { .. } => assert!(self.installed, "an answer before the page is ready"),
            Outgoing::RequestPermission { .. } => {}
        }
    }
}
