//! What an observer outside knows of a session, and what must hold after each step.

use std::collections::{HashMap, HashSet};
use std::time::Duration;

use notifymatters_protocol::limits::{
    HELD_NOTIFICATIONS, LIST_AGE, LIVE_NOTIFICATIONS, LOAD_TIMEOUT, WAITING_REQUESTS,
};
use notifymatters_protocol::{
    Action, Capabilities, Capability, Configuration, Event, Field, Input, Instant, LoadFailure,
    NotificationId, Origin, Outgoing, Permission, RawEnvelope, Relation, Session, Start, Ticket,
    UnreadMessage, World,
};

#[derive(Debug)]
pub(crate) struct Fuzzed;

impl World for Fuzzed {
    type Window = u8;
    /// A title is the number of its notification.
    type Value = u32;
    type Notification = u32;
    type Request = u32;
    type Message = Drawn;
}

#[derive(Clone, Debug)]
pub(crate) struct Drawn {
    pub(crate) window: u8,
    pub(crate) origin: Option<Origin>,
    pub(crate) envelope: Option<RawEnvelope<u32>>,
}

impl UnreadMessage for Drawn {
    type Value = u32;

    fn open(&self) -> Option<RawEnvelope<u32>> {
        self.envelope.clone()
    }
}

impl Drawn {
    pub(crate) fn enable(window: u8, origin: Origin, permission: &str) -> Self {
        Self {
            window,
            origin: Some(origin),
            envelope: Some(RawEnvelope {
                kind: Field::Is("notifymatters.enable".to_owned()),
                version: Field::Is("20171130".to_owned()),
                word: Field::Is(permission.to_owned()),
                reference: Field::Absent,
                state: None,
                want: None,
            }),
        }
    }

    /// Whether it may be a request.
    fn asks(&self) -> bool {
        let kind = self.envelope.as_ref().map(|envelope| &envelope.kind);
        matches!(kind, Some(Field::Is(kind)) if
            ["view", "go", "status.set"].contains(&kind.trim_start_matches("notifymatters.")))
    }

    pub(crate) fn comes(self, relation: Relation, learned: Option<Permission>) -> Input<Fuzzed> {
        Input::Message {
            window: self.window,
            origin: self.origin.clone(),
            relation,
            message: self,
            learned,
        }
    }
}

pub(crate) const OWN: &str = "https://chat.example.com";
pub(crate) const ORIGINS: [&str; 4] = [
    OWN,
    "https://mail.example.com",
    "https://portal.example.com",
    "https://x.example:8443",
];

/// What an observer outside knows.
pub(crate) struct Observer {
    /// The page's own origin is [`OWN`].
    pub(crate) own: bool,
    pub(crate) trusted: Option<HashMap<String, Capabilities>>,
    /// When the list that counts was asked for.
    pub(crate) list_asked_at: u64,
    pub(crate) user_present: bool,
    pub(crate) settings_changed: bool,
    /// The settings changed since the request for the list that counts, or for the one on its way.
    pub(crate) list_is_old: bool,
    pub(crate) load_is_old: bool,
    /// The load that is awaited, and when it began.
    pub(crate) ticket: Option<(Ticket, u64)>,
    /// Loads that nobody awaits any more.
    pub(crate) void: Vec<Ticket>,
    /// Of which origins an embedder spoke.
    pub(crate) heard: HashSet<String>,
    pub(crate) now: u64,
    pub(crate) installed: bool,
    /// Who was told `ok` last, and what it has.
    pub(crate) answered: Option<(u8, Origin)>,
    pub(crate) have: Capabilities,
    /// How many requests each host made, less those that were refused or given to the page.
    pub(crate) requests: HashMap<(u8, String), i32>,
    /// Somebody logs in or out in this step.
    pub(crate) user_changes: bool,
    /// The number of the last question.
    pub(crate) question: Option<f64>,
    /// Calls of `requestPermission()` not yet settled.
    pub(crate) calls: HashSet<u32>,
    /// Notifications of which the page has heard nothing since it made them.
    pub(crate) unheard: HashSet<u32>,
    /// Notifications of which the page has heard that they are shown, and that they are gone.
    pub(crate) seen: HashSet<u32>,
    pub(crate) gone: HashSet<u32>,
    /// Ids that the host was told of, with the object shown under each.
    pub(crate) shown: HashMap<u64, u32>,
    /// What was posted, and the session has not been told what came of it.
    pub(crate) posted: Vec<NotificationId>,
    pub(crate) handed_over: Vec<(Drawn, Option<Permission>)>,
    pub(crate) ended: bool,
}

impl Observer {
    pub(crate) fn new(own: bool, user_present: bool) -> Self {
        Self {
            own,
            trusted: None,
            list_asked_at: 0,
            user_present,
            settings_changed: false,
            list_is_old: false,
            load_is_old: false,
            ticket: None,
            void: Vec::new(),
            heard: HashSet::new(),
            now: 0,
            installed: false,
            answered: None,
            have: Capabilities::NONE,
            requests: HashMap::new(),
            user_changes: false,
            question: None,
            calls: HashSet::new(),
            unheard: HashSet::new(),
            seen: HashSet::new(),
            gone: HashSet::new(),
            shown: HashMap::new(),
            posted: Vec::new(),
            handed_over: Vec::new(),
            ended: false,
        }
    }

    pub(crate) fn session(&self, seed: u64) -> Session<Fuzzed> {
        Session::new(Start {
            own_origin: self.own.then(|| Origin::parse(OWN).unwrap()),
            user_present: self.user_present,
            first_number: 0,
            seed,
        })
    }

    pub(crate) fn hears(
        &mut self,
        session: &mut Session<Fuzzed>,
        message: Drawn,
        relation: Relation,
    ) {
        if let Some(origin) = &message.origin {
            self.heard.insert(origin.as_str().to_owned());
        }
        let comes = message.comes(relation, None);
        self.happens(session, comes);
    }

    pub(crate) fn creates(&mut self, notification: u32, tag: String) -> Input<Fuzzed> {
        self.unheard.insert(notification);
        Input::Create {
            notification,
            tag,
            title: notification,
            options: 0,
        }
    }

    pub(crate) fn changes_settings(&mut self) {
        self.settings_changed = true;
        self.list_is_old = true;
        self.load_is_old = true;
    }

    /// The load that is awaited comes to its end.
    pub(crate) fn learns(&mut self, outcome: &Result<Configuration, LoadFailure>) {
        let (_, asked_at) = self.ticket.take().expect("an awaited load");
        if let Ok(configuration) = outcome
            && !self.load_is_old
            && self.now < asked_at + load_timeout()
        {
            self.list_is_old = false;
            self.list_asked_at = asked_at;
            let list = configuration
                .trusted_origins
                .iter()
                // Of two entries of one origin the first counts.
                .rev()
                .map(|trusted| (trusted.origin.as_str().to_owned(), trusted.granted));
            self.trusted = Some(list.collect());
        }
    }

    pub(crate) fn timer_due(&mut self) -> Input<Fuzzed> {
        if self
            .ticket
            .is_some_and(|(_, asked_at)| asked_at + load_timeout() <= self.now)
        {
            self.abandon_load();
        }
        Input::TimerDue
    }

    pub(crate) fn abandon_load(&mut self) {
        self.void
            .extend(self.ticket.take().map(|(ticket, _)| ticket));
    }

    /// Lets it happen, and checks what follows.
    pub(crate) fn happens(&mut self, session: &mut Session<Fuzzed>, input: Input<Fuzzed>) {
        self.user_changes = matches!(input, Input::UserChanged { .. });
        if let Input::Message {
            window,
            origin: Some(origin),
            message,
            ..
        } = &input
            && message.asks()
        {
            let host = (*window, origin.as_str().to_owned());
            *self.requests.entry(host).or_default() += 1;
        }
        if let Input::Undeliverable { id } = &input {
            self.shown.remove(&number(*id));
        }
        for action in session.handle(Instant::from_millis(self.now), input) {
            self.check(action);
        }
        for id in core::mem::take(&mut self.posted) {
            self.comes_of(session, id);
        }
        self.forgets_the_list();
        self.compare(session);
    }

    /// Tells what came of a `notification.new`: one in seven cannot be posted.
    fn comes_of(&mut self, session: &mut Session<Fuzzed>, id: NotificationId) {
        let notification = self.shown.get(&number(id)).copied();
        let delivered = number(id) % 7 != 3;
        let outcome = if delivered {
            Input::Posted { id }
        } else {
            self.shown.remove(&number(id));
            Input::Undeliverable { id }
        };
        for action in session.handle(Instant::from_millis(self.now), outcome) {
            self.check(action);
        }
        // Another one of the same batch may have replaced it.
        let Some(notification) = notification else {
            return;
        };
        if delivered {
            assert!(
                self.seen.contains(&notification) || self.gone.contains(&notification),
                "posted, and the page does not know"
            );
        } else {
            assert!(
                !self.seen.contains(&notification),
                "a show before the error"
            );
            assert!(self.gone.contains(&notification), "lost without a word");
        }
    }

    /// What goes out at a logout closes what the user was shown, under the policy that held until then.
    fn forgets_the_list(&mut self) {
        if core::mem::take(&mut self.user_changes) {
            self.trusted = None;
        }
    }

    fn may_be_told(&self, origin: &Origin) -> bool {
        let by_setting = self
            .trusted
            .as_ref()
            .is_some_and(|trusted| trusted.contains_key(origin.as_str()));
        by_setting || self.is_own(origin)
    }

    /// Whether what the list says of this origin is the server's word of today.
    fn is_certain_of(&self, origin: &Origin) -> bool {
        self.is_own(origin) || !self.list_is_old && self.now < self.list_asked_at + list_age()
    }

    /// What the administrator grants to it.
    fn granted(&self, origin: &Origin) -> Capabilities {
        let listed = self.trusted.as_ref().and_then(|it| it.get(origin.as_str()));
        let own = self.is_own(origin).then_some(Capabilities::DEFAULT);
        listed.copied().or(own).unwrap_or(Capabilities::NONE)
    }

    fn told_of_state(&mut self, window: u8, origin: &Origin, what: Capabilities) {
        assert_eq!(self.answered, Some((window, origin.clone())));
        assert!(!what.is_empty() && what.difference(Capabilities::STATE).is_empty());
        assert!(what.difference(self.have).is_empty(), "more than it has");
        let granted = self.granted(origin);
        assert!(what.difference(granted).is_empty(), "more than is granted");
        if self.user_changes {
            let session = [Capability::Session].into_iter().collect();
            assert_eq!(what, session, "a state of the user before");
            return;
        }
        assert!(self.is_certain_of(origin), "a state by an old list");
    }

    fn is_own(&self, origin: &Origin) -> bool {
        self.own && origin.as_str() == OWN
    }

    /// What must hold between two inputs.
    fn compare(&self, session: &Session<Fuzzed>) {
        assert!(self.calls.len() <= WAITING_REQUESTS, "calls pile up");
        let doubted = self.settings_changed || self.now >= list_age();
        let held = if doubted {
            LIVE_NOTIFICATIONS
        } else {
            HELD_NOTIFICATIONS
        };
        assert!(self.unheard.len() <= held, "held notifications pile up");
        // Of what the page closed before it was shown, it hears no end.
        let mut shown = self
            .shown
            .values()
            .filter(|shown| !self.gone.contains(shown));
        assert!(
            shown.clone().count() <= LIVE_NOTIFICATIONS,
            "notifications pile up"
        );
        if self.installed {
            assert!(!self.ended, "a host after the end");
        } else {
            assert_eq!(session.permission(), Permission::Denied);
            assert_eq!(shown.next(), None, "shown without a host");
            assert!(self.unheard.is_empty(), "held without a host");
        }
        if let Some(deadline) = session.deadline() {
            assert!(Instant::from_millis(self.now).until(deadline) <= Duration::from_secs(300));
        }
    }

    fn check(&mut self, action: Action<Fuzzed>) {
        match action {
            Action::Post {
                window,
                origin,
                message,
            } => {
                assert!(
                    self.may_be_told(&origin),
                    "a message to {origin}, which nobody trusts now"
                );
                if matches!(message, Outgoing::New { .. } | Outgoing::Ok { .. }) {
                    let certain = self.is_certain_of(&origin);
                    assert!(certain, "something new to {origin}, which may be struck");
                }
                self.sent(&message);
                match message {
                    Outgoing::Ok { have, .. } => {
                        self.answered = Some((window, origin.clone()));
                        self.have = have.unwrap_or(Capabilities::NONE);
                        let granted = self.granted(&origin);
                        assert!(self.have.difference(granted).is_empty());
                    }
                    Outgoing::State { what } => self.told_of_state(window, &origin, what),
                    _ => {}
                }
            }
            Action::Dispatch {
                notification,
                event,
            } => self.dispatched(notification, event),
            Action::Settle { request, .. } => {
                assert!(self.calls.remove(&request), "settled twice or never called");
            }
            Action::LoadConfiguration {
                ticket,
                on_behalf_of,
            } => {
                assert!(self.user_present, "a load without a user");
                assert!(self.ticket.is_none(), "two loads at a time");
                assert!(
                    self.heard.contains(on_behalf_of.as_str()),
                    "a load for somebody who never spoke"
                );
                self.ticket = Some((ticket, self.now));
                self.load_is_old = false;
            }
            Action::Install => {
                assert!(!self.installed && !self.ended);
                self.forgets_the_list();
                self.installed = true;
            }
            Action::Restore => {
                assert!(self.installed);
                self.installed = false;
                self.forgets_the_list();
            }
            Action::Perform {
                message,
                capability,
            } => {
                let origin = message.origin.clone().expect("an origin");
                assert!(message.asks() && self.may_be_told(&origin));
                if let Some(capability) = capability {
                    let granted = self.granted(&origin).contains(capability);
                    assert!(granted, "no right to it");
                    assert!(self.is_certain_of(&origin), "done by an old list");
                }
                let host = (message.window, origin.as_str().to_owned());
                let left = self.requests.entry(host).or_default();
                *left -= 1;
                assert!(*left >= 0, "done twice, or never asked for");
            }
            Action::HandOver { message, learned } => {
                assert!(self.ended, "handed over before the end");
                self.handed_over.push((message, learned));
            }
            Action::Watch(what) => {
                assert!(self.installed || what.is_empty(), "watching for nobody");
            }
            Action::WatchGestures(_) | Action::Note(_) => {}
        }
    }

    fn dispatched(&mut self, notification: u32, event: Event) {
        self.unheard.remove(&notification);
        match event {
            Event::Show => {
                assert!(self.seen.insert(notification), "shown twice");
                assert!(!self.gone.contains(&notification), "shown after its end");
            }
            Event::Click => assert!(
                self.shown.values().any(|shown| *shown == notification),
                "a click on what is not shown"
            ),
            Event::Close | Event::Error => {
                assert!(self.gone.insert(notification), "gone twice");
                self.shown.retain(|_, shown| *shown != notification);
            }
        }
    }

    fn sent(&mut self, message: &Outgoing<u32>) {
        match *message {
            Outgoing::New { id, title, .. } => {
                let before = self.shown.insert(number(id), title);
                assert_eq!(before, None, "an id given out twice");
                self.posted.push(id);
            }
            Outgoing::Close { id } => {
                self.shown.remove(&number(id));
            }
            Outgoing::Ok { .. } => assert!(self.installed, "an answer before the page is ready"),
            Outgoing::RequestPermission { request } => self.question = Some(request.into()),
            Outgoing::State { .. } | Outgoing::Off { .. } => {}
        }
    }
}

fn number(id: NotificationId) -> u64 {
    f64::from(id) as u64
}

fn load_timeout() -> u64 {
    u64::try_from(LOAD_TIMEOUT.as_millis()).unwrap()
}

pub(crate) fn list_age() -> u64 {
    u64::try_from(LIST_AGE.as_millis()).unwrap()
}
