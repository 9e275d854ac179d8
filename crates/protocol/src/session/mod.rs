//! The session: who is served, and what follows from each thing that happens.

mod ask;
mod books;
mod host;
mod letters;
mod policy;

use crate::note::Noted;
use crate::number::Numbers;
use crate::wire::{Command, Enable, Refusal};
use crate::{
    Action, Event, Input, Instant, Letter, Note, Origin, Outgoing, Permission, Relation, World,
};
use host::Host;
use letters::{Held, Letters};
use policy::{Policy, Verdict};

/// Actions in the making.
type Actions<W> = Vec<Action<W>>;

/// What a session starts from.
#[derive(Clone, Debug)]
pub struct Start {
    /// The page's own origin, which is always trusted; `None` if it is opaque.
    pub own_origin: Option<Origin>,
    /// Whether somebody is logged in. Without a user there is no configuration to be had and nobody is served.
    pub user_present: bool,
    /// The first number for notifications and requests. It should differ from one page load to the next, so that a report about
    /// a notification of the page before cannot meet one of this page.
    pub first_number: u64,
    /// Chance, for spreading requests in time; it guards nothing.
    pub seed: u64,
}

/// One page's side of the conversation: all decisions, and the state that they need.
///
/// Feed it with [`handle`](Self::handle), do the actions in order, and when [`deadline`](Self::deadline) has come tell it
/// [`Input::TimerDue`]. Its state is bounded by [`crate::limits`] whatever it is fed with.
#[derive(Debug)]
pub struct Session<W: World> {
    phase: Phase<W>,
    policy: Policy,
    letters: Letters<W>,
    numbers: Numbers,
    noted: Noted,
    user_present: bool,
}

#[derive(Debug)]
enum Phase<W: World> {
    /// Nobody is served; the page has the browser's own `Notification`.
    Waiting,
    /// This host gets the notifications.
    Serving(Host<W>),
    /// Over.
    Ended,
}

impl<W: World> Session<W> {
    /// A session that serves nobody yet.
    pub fn new(start: Start) -> Self {
        Self {
            phase: Phase::Waiting,
            policy: Policy::new(start.own_origin, start.seed),
            letters: Letters::new(),
            numbers: Numbers::starting_at(start.first_number),
            noted: Noted::default(),
            user_present: start.user_present,
        }
    }

    /// What `Notification.permission` reads in the page. May change with every input.
    pub fn permission(&self) -> Permission {
        match &self.phase {
            Phase::Serving(host) => host.told(),
            Phase::Waiting | Phase::Ended => Permission::Denied,
        }
    }

    /// When [`Input::TimerDue`] is wanted; `None`: not at all. May change with every input.
    pub fn deadline(&self) -> Option<Instant> {
        let host = match &self.phase {
            Phase::Serving(host) => host.deadline(),
            Phase::Waiting | Phase::Ended => None,
        };
        [self.policy.deadline(), host].into_iter().flatten().min()
    }

    /// After [`Input::Shutdown`]: the messages worth giving to whoever comes next (an upgraded plugin in the same page), since
    /// a host that was answered does not ask again.
    pub fn take_letters(&mut self) -> Vec<W::Letter> {
        self.letters.take_all()
    }

    /// Takes in what happened at `now` and returns what is to be done, in order.
    pub fn handle(&mut self, now: Instant, input: Input<W>) -> Vec<Action<W>> {
        let mut actions = Actions::new();
        let out = &mut actions;
        match input {
            Input::Create {
                notification,
                tag,
                title,
                options,
            } => match &mut self.phase {
                Phase::Serving(host) => {
                    host.create(
                        books::Draft {
                            notification,
                            tag,
                            title,
                            options,
                        },
                        now,
                        &mut self.numbers,
                        out,
                    );
                }
                Phase::Waiting | Phase::Ended => out.push(Action::Dispatch {
                    notification,
                    event: Event::Error,
                }),
            },
            Input::Close { notification } => {
                if let Phase::Serving(host) = &mut self.phase {
                    host.close(&notification, out);
                }
            }
            Input::RequestPermission { request } => match &mut self.phase {
                Phase::Serving(host) => host.request_permission(request, &mut self.numbers, out),
                Phase::Waiting | Phase::Ended => {
                    out.push(Action::Settle {
                        request,
                        permission: Permission::Denied,
                    });
                }
            },
            Input::Gesture => {
                if let Phase::Serving(host) = &mut self.phase {
                    host.gesture(&mut self.numbers, out);
                }
            }
            Input::Undeliverable { id } => {
                if let Phase::Serving(host) = &mut self.phase {
                    host.undeliverable(id, out);
                    self.note(Note::Undeliverable, out);
                }
            }
            Input::Shutdown => {
                self.dismiss(Parting::Silent, out);
                self.policy.forget();
                self.phase = Phase::Ended;
            }
            _ if matches!(self.phase, Phase::Ended) => {}
            Input::Message {
                window,
                origin,
                relation,
                letter,
            } => {
                self.message(now, window, origin, relation, letter, out);
            }
            Input::Loaded { ticket, outcome } => {
                let verdict = self.policy.loaded(ticket, outcome, now);
                self.judge(verdict, now, out);
            }
            Input::SettingsChanged => {
                // A page with no host, past or present, has no use for the settings, and without a user they cannot be had.
                if self.user_present && self.is_concerned() {
                    self.policy.changed(now);
                } else {
                    self.policy.lapse();
                }
            }
            Input::UserChanged { present } => self.user_changed(present, now, out),
            Input::TimerDue => {
                let verdict = self.policy.due(now);
                self.judge(verdict, now, out);
                if let Phase::Serving(host) = &mut self.phase {
                    host.expire(now, out);
                }
            }
        }
        if let Phase::Serving(host) = &mut self.phase {
            let vouched = self.policy.vouches(host.origin());
            host.vouch(vouched, &mut self.numbers, out);
        }
        actions
    }

    fn is_concerned(&self) -> bool {
        matches!(self.phase, Phase::Serving(_)) || !self.letters.is_empty()
    }

    fn message(
        &mut self,
        now: Instant,
        window: W::Window,
        origin: Option<Origin>,
        relation: Relation,
        letter: W::Letter,
        out: &mut Actions<W>,
    ) {
        if relation == Relation::Stranger {
            return self.note(Note::NotTheEmbedder, out);
        }
        let Some(origin) = origin else {
            return self.note(Note::NoOrigin, out);
        };
        if self.user_present && self.policy.trusts(&origin) {
            return self.read(window, origin, letter, now, out);
        }
        if self.user_present && self.policy.is_known() {
            self.note(Note::NotTrusted(origin.clone()), out);
        }
        self.letters.hold(Held::unread(window, origin, letter));
        self.want_policy(now, out);
    }

    fn want_policy(&mut self, now: Instant, out: &mut Actions<W>) {
        if self.user_present
            && let Some(ticket) = self.policy.wanted(now)
        {
            out.push(Action::LoadConfiguration { ticket });
        }
    }

    /// Reads a message of a trusted origin.
    fn read(
        &mut self,
        window: W::Window,
        origin: Origin,
        letter: W::Letter,
        now: Instant,
        out: &mut Actions<W>,
    ) {
        let Some(command) = letter.open().map(|envelope| envelope.command()) else {
            return;
        };
        match command {
            Ok(Command::Enable(enable)) => {
                self.enable(Held::unread(window, origin, letter), enable, now, out);
            }
            Ok(command) => self.report(&window, &origin, &command, out),
            Err(refusal) => self.refuse(refusal, out),
        }
    }

    fn refuse(&mut self, refusal: Refusal, out: &mut Actions<W>) {
        match refusal {
            Refusal::Foreign => {}
            Refusal::Newer => self.note(Note::NewerVersion, out),
            Refusal::Malformed => self.note(Note::Malformed, out),
        }
    }

    fn enable(
        &mut self,
        enabler: Held<W>,
        enable: Enable<W::Value>,
        now: Instant,
        out: &mut Actions<W>,
    ) {
        // A host that was served before may have told more since it said `enable`.
        let permission = enabler.learned.unwrap_or(enable.permission);
        let Enable { version, state, .. } = enable;
        let (window, origin) = (enabler.window.clone(), enabler.origin.clone());
        let mut host = match core::mem::replace(&mut self.phase, Phase::Waiting) {
            Phase::Serving(mut host) if host.is(&window, &origin) => {
                host.renew(enabler);
                host
            }
            Phase::Serving(predecessor) => predecessor.succeeded_by(enabler, out),
            Phase::Waiting | Phase::Ended => {
                out.push(Action::Install);
                Host::new(enabler)
            }
        };
        out.push(Action::Post {
            window,
            origin,
            message: Outgoing::Ok { version, state },
        });
        host.learn(permission, now, &mut self.numbers, out);
        self.phase = Phase::Serving(host);
    }

    /// A message that only the host in charge may send.
    fn report(
        &mut self,
        window: &W::Window,
        origin: &Origin,
        command: &Command<W::Value>,
        out: &mut Actions<W>,
    ) {
        let Phase::Serving(host) = &mut self.phase else {
            return self.note(Note::NotTheHost, out);
        };
        if !host.is(window, origin) {
            return self.note(Note::NotTheHost, out);
        }
        let known = match *command {
            Command::Enable(_) => true,
            Command::Clicked(id) => host.clicked(id, out) || self.numbers.has_passed(id),
            Command::Closed(id) => host.closed(id, out) || self.numbers.has_passed(id),
            Command::Resolved(request, permission) => {
                host.answered(request, permission, &mut self.numbers, out)
                    || self.numbers.has_passed_request(request)
            }
            Command::Rejected(request) => {
                host.answered(request, None, &mut self.numbers, out)
                    || self.numbers.has_passed_request(request)
            }
        };
        if !known {
            self.note(Note::UnknownNumber, out);
        }
    }

    fn judge(&mut self, verdict: Verdict, now: Instant, out: &mut Actions<W>) {
        match verdict {
            Verdict::Nothing => {}
            Verdict::Load(ticket) => out.push(Action::LoadConfiguration { ticket }),
            Verdict::Adopted => self.review(now, out),
            Verdict::Failed => self.note(Note::NoConfiguration, out),
            Verdict::GaveUp => {
                self.note(Note::NoConfiguration, out);
                self.note(Note::GaveUp, out);
                self.review(now, out);
            }
        }
    }

    /// Applies a policy that changed: who is trusted no longer is dismissed, who is trusted now is heard.
    fn review(&mut self, now: Instant, out: &mut Actions<W>) {
        if let Phase::Serving(host) = &self.phase
            && !self.policy.trusts(host.origin())
        {
            if self.policy.is_known() {
                let note = Note::Struck(host.origin().clone());
                self.note(note, out);
            }
            self.dismiss(Parting::Silent, out);
        }
        let policy = &self.policy;
        let heard = self.letters.take_of(|origin| policy.trusts(origin));
        let mut enables: Vec<(Held<W>, Enable<_>)> = Vec::new();
        for held in heard {
            match held.letter.open().map(|envelope| envelope.command()) {
                // Of all the repetitions of one sender only the last is answered.
                Some(Ok(Command::Enable(enable))) => {
                    enables.retain(|(other, _)| !other.is_from(&held.window, &held.origin));
                    enables.push((held, enable));
                }
                // A report from before the host was served can mean nothing any more.
                Some(Ok(_)) | None => {}
                Some(Err(refusal)) => self.refuse(refusal, out),
            }
        }
        for (held, enable) in enables {
            self.enable(held, enable, now, out);
        }
    }

    fn user_changed(&mut self, present: bool, now: Instant, out: &mut Actions<W>) {
        // What the user before was shown is not for the eyes of the next.
        self.dismiss(Parting::Tidy, out);
        self.policy.forget();
        self.user_present = present;
        if present && !self.letters.is_empty() {
            self.review(now, out);
            if !self.letters.is_empty() {
                self.want_policy(now, out);
            }
        }
    }

    /// Ends the service of the host, if there is one, and remembers its `enable`.
    fn dismiss(&mut self, parting: Parting, out: &mut Actions<W>) {
        match core::mem::replace(&mut self.phase, Phase::Waiting) {
            Phase::Serving(host) => {
                self.letters.hold(host.part(parting, out));
                out.push(Action::Restore);
            }
            phase => self.phase = phase,
        }
    }

    fn note(&mut self, note: Note, out: &mut Actions<W>) {
        if self.noted.is_first(&note) {
            out.push(Action::Note(note));
        }
    }
}

/// How a host is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Parting {
    /// Not a word to it: it is trusted no longer, or the plugin is going.
    Silent,
    /// What it shows is closed.
    Tidy,
}
