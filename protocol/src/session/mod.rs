//! The session: who is served, and what follows from each thing that happens.

use alloc::vec::Vec;

mod agreement;
mod backlog;
mod host;
mod kept;
mod policy;
mod question;
mod shown;

use crate::note::Noted;
use crate::number::Numbers;
use crate::wire::{Command, Enable, Refusal};
use crate::{
    Action, Capabilities, Event, Input, Instant, Note, Origin, Permission, Relation, UnreadMessage,
    World,
};
use backlog::Draft;
use host::Host;
use kept::{KeptMessage, KeptMessages};
use policy::{Policy, Verdict};
use shown::Made;

/// The actions of an input.
type Actions<W> = Vec<Action<W>>;

/// What a session starts with.
#[derive(Clone, Debug)]
pub struct Start {
    /// The page's own origin, which is always trusted; `None` if it is opaque.
    pub own_origin: Option<Origin>,
    /// Whether a user is logged in. Without one, the configuration cannot be read and no host is served.
    pub user_present: bool,
    /// The first number for notifications and requests. It should differ from one page load to the next, so that a report about
    /// a notification of the previous page is not taken for one about a notification of this page.
    pub first_number: u64,
    /// A seed, for spreading requests over time; it is not used for security.
    pub seed: u64,
}

/// One page's side of the conversation: all decisions, and the state that they need.
///
/// Call [`handle`](Self::handle) with each input, do the actions in order, and at the [`deadline`](Self::deadline) give it
/// [`Input::TimerDue`]. [`crate::limits`] bounds its state, whatever the inputs are.
#[derive(Debug)]
pub struct Session<W: World> {
    phase: Phase<W>,
    policy: Policy,
    kept: KeptMessages<W>,
    numbers: Numbers,
    noted: Noted,
    user_present: bool,
    /// What the page was told to watch.
    watched: Capabilities,
    /// Which of these the page can do, once it has said so.
    supported: Option<Capabilities>,
}

#[derive(Debug)]
enum Phase<W: World> {
    /// No host is served; the page has the browser's own `Notification`.
    Waiting,
    /// This host gets the notifications.
    Serving(Host<W>),
    /// The session has ended.
    Ended,
}

impl<W: World> Session<W> {
    /// A session without a host.
    pub fn new(start: Start) -> Self {
        Self {
            phase: Phase::Waiting,
            policy: Policy::new(start.own_origin, start.seed),
            kept: KeptMessages::new(),
            numbers: Numbers::starting_at(start.first_number),
            noted: Noted::default(),
            user_present: start.user_present,
            watched: Capabilities::NONE,
            supported: None,
        }
    }

    /// The value of `Notification.permission` in the page. It may change with every input.
    pub fn permission(&self) -> Permission {
        match &self.phase {
            Phase::Serving(host) => host.told(),
            Phase::Waiting | Phase::Ended => Permission::Denied,
        }
    }

    /// When [`Input::TimerDue`] is due; `None` if it is not needed. It may change with every input.
    pub fn deadline(&self) -> Option<Instant> {
        let host = match &self.phase {
            Phase::Serving(host) => host.deadline(),
            Phase::Waiting | Phase::Ended => None,
        };
        [self.policy.deadline(), host].into_iter().flatten().min()
    }

    /// Handles what happened at `now`, and returns what is to be done, in order.
    pub fn handle(&mut self, now: Instant, input: Input<W>) -> Vec<Action<W>> {
        let mut actions = Actions::new();
        let out = &mut actions;
        match (&mut self.phase, input) {
            (
                Phase::Serving(host),
                Input::Create {
                    notification,
                    tag,
                    title,
                    options,
                },
            ) => {
                let draft = Draft {
                    made: Made::new(notification, tag),
                    title,
                    options,
                };
                host.create(draft, now, out);
            }
            (_, Input::Create { notification, .. }) => out.push(Action::Dispatch {
                notification,
                event: Event::Error,
            }),
            (Phase::Serving(host), Input::RequestPermission { request }) => {
                host.request_permission(request, now, &mut self.numbers, out);
            }
            (_, Input::RequestPermission { request }) => out.push(Action::Settle {
                request,
                permission: Permission::Denied,
            }),
            (Phase::Serving(host), Input::Close { notification }) => {
                host.close(&notification, now, out);
            }
            (Phase::Serving(host), Input::Gesture) => host.gesture(now, &mut self.numbers, out),
            (Phase::Serving(host), Input::Posted { id }) => host.posted(id, out),
            (Phase::Serving(host), Input::Undeliverable { id }) => {
                host.undeliverable(id, out);
                self.note(Note::Undeliverable, out);
            }
            (Phase::Serving(host), Input::Changed(what)) => host.agreement.changes(what),
            (Phase::Ended, _)
            | (
                Phase::Waiting,
                Input::Close { .. }
                | Input::Gesture
                | Input::Posted { .. }
                | Input::Undeliverable { .. }
                | Input::Changed(_),
            ) => {}
            (
                _,
                Input::Message {
                    window,
                    origin,
                    relation,
                    message,
                    learned,
                },
            ) => self.message(now, window, origin, relation, message, learned, out),
            (_, Input::Loaded { ticket, outcome }) => {
                let verdict = self.policy.loaded(ticket, outcome, now);
                self.judge(verdict, now, out);
            }
            (_, Input::Supported(supported)) => {
                self.supported = Some(supported);
            }
            (_, Input::SettingsChanged) => self.settings_changed(now),
            (_, Input::UserChanged { present }) => self.user_changed(present, now, out),
            (_, Input::TimerDue) => {
                let verdict = self.policy.due(now);
                self.judge(verdict, now, out);
                if let Phase::Serving(host) = &mut self.phase {
                    host.expire(now, out);
                }
            }
            (_, Input::Shutdown) => self.shut_down(out),
        }
        self.tell_news(now, out);
        actions
    }

    /// Sends what waits, if it is certain that the host is trusted; otherwise has the list read.
    fn tell_news(&mut self, now: Instant, out: &mut Actions<W>) {
        let Phase::Serving(host) = &self.phase else {
            return self.watch(Capabilities::NONE, out);
        };
        let is_certain = self.policy.is_certain_of(host.origin(), now);
        if is_certain {
            self.announce(out);
        }
        let Phase::Serving(host) = &mut self.phase else {
            return;
        };
        if is_certain {
            host.show_backlog(&mut self.numbers, out);
            host.tell_state(out);
        } else if host.waits_for_trust() {
            let verdict = self.policy.want(host.origin(), now);
            self.judge(verdict, now, out);
        }
    }

    /// Answers the host's `enable`, or sends a new `ok` if what it has differs from the last one, and has the page watch as much.
    /// Call it only while it is certain that the host is trusted.
    fn announce(&mut self, out: &mut Actions<W>) {
        let Phase::Serving(host) = &mut self.phase else {
            return;
        };
        let granted = host.agreement.granted(self.policy.granted(host.origin()));
        let news = host.agreement.apply(granted, self.supported);
        let ok = news.map(|news| host.post(news));
        self.watch(granted, out);
        out.extend(ok);
    }

    #[expect(clippy::too_many_arguments, reason = "an input's members")]
    fn message(
        &mut self,
        now: Instant,
        window: W::Window,
        origin: Option<Origin>,
        relation: Relation,
        message: W::Message,
        learned: Option<Permission>,
        out: &mut Actions<W>,
    ) {
        if relation == Relation::Stranger {
            return self.note(Note::NotTheEmbedder, out);
        }
        let Some(origin) = origin else {
            return self.note(Note::NoOrigin, out);
        };
        let received = KeptMessage {
            window,
            origin,
            message,
            learned,
        };
        if self.user_present && self.policy.trusts(&received.origin) {
            self.read(received, now, out);
        } else {
            self.keep(received, now, out);
        }
    }

    /// Reads a message of a trusted origin.
    fn read(&mut self, received: KeptMessage<W>, now: Instant, out: &mut Actions<W>) {
        let Some(command) = received.message.open().map(|envelope| envelope.command()) else {
            return;
        };
        match command {
            // An origin that only an old list trusts is not answered, and its commands are not carried out.
            Ok(Command::Enable(_) | Command::Ask(_))
                if !self.policy.is_certain_of(&received.origin, now) =>
            {
                self.keep(received, now, out);
            }
            Ok(command) => self.obey(received, command, now, out),
            Err(refusal) => self.refuse(refusal, out),
        }
    }

    /// Keeps a message until its sender can be judged.
    fn keep(&mut self, received: KeptMessage<W>, now: Instant, out: &mut Actions<W>) {
        let origin = received.origin.clone();
        self.kept.keep(received);
        if self.user_present {
            if !self.policy.trusts(&origin) && self.policy.is_current(now) {
                self.note(Note::NotTrusted(origin.clone()), out);
            }
            let verdict = self.policy.want(&origin, now);
            self.judge(verdict, now, out);
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
        received: KeptMessage<W>,
        mut terms: Enable<W::Value>,
        now: Instant,
        out: &mut Actions<W>,
    ) {
        // A host that was served before may have reported more since its `enable`.
        terms.permission = received.learned.unwrap_or(terms.permission);
        if terms.want.is_some() {
            // The page's own origin is served before a list was read, but only the list says what is granted to it.
            let verdict = self.policy.want(&received.origin, now);
            self.judge(verdict, now, out);
        }
        let host = match core::mem::replace(&mut self.phase, Phase::Waiting) {
            Phase::Serving(mut host) if host.is(&received.window, &received.origin) => {
                host.renew(received.message, terms, out);
                host
            }
            Phase::Serving(predecessor) => predecessor.succeeded_by(received, terms, out),
            Phase::Waiting | Phase::Ended => {
                out.push(Action::Install);
                Host::new(received, terms, out)
            }
        };
        self.phase = Phase::Serving(host);
        self.announce(out);
    }

    fn watch(&mut self, what: Capabilities, out: &mut Actions<W>) {
        if core::mem::replace(&mut self.watched, what) != what {
            out.push(Action::Watch(what));
        }
    }

    /// A message that only the host in charge may send.
    fn report(
        &mut self,
        window: &W::Window,
        origin: &Origin,
        command: &Command<W::Value>,
        now: Instant,
        out: &mut Actions<W>,
    ) {
        if matches!(command, Command::Disable) {
            // Even before the host was answered: its earlier messages are not answered any more.
            self.kept.forget(window, origin);
        }
        let Phase::Serving(host) = &mut self.phase else {
            return self.note(Note::NotTheHost, out);
        };
        if !host.is(window, origin) {
            return self.note(Note::NotTheHost, out);
        }
        let known = match *command {
            Command::Enable(_) | Command::Ask(_) => true,
            Command::Disable => {
                self.dismiss(Parting::Silent, out);
                self.kept.forget(window, origin);
                true
            }
            Command::Clicked(id) => host.clicked(id, out) || self.numbers.has_passed(id),
            Command::Closed(id) => host.closed(id, out) || self.numbers.has_passed(id),
            Command::Resolved(request, permission) => {
                host.answered(request, permission, now, out)
                    || self.numbers.has_passed_request(request)
            }
            Command::Rejected(request) => {
                host.answered(request, None, now, out) || self.numbers.has_passed_request(request)
            }
        };
        if !known {
            self.note(Note::UnknownNumber, out);
        }
    }

    fn judge(&mut self, verdict: Verdict, now: Instant, out: &mut Actions<W>) {
        match verdict {
            Verdict::Nothing => {}
            Verdict::Load {
                ticket,
                on_behalf_of,
            } => out.push(Action::LoadConfiguration {
                ticket,
                on_behalf_of,
            }),
            Verdict::Adopted => self.review(now, out),
            Verdict::Failed => self.note(Note::NoConfiguration, out),
        }
    }

    /// Applies a policy that has changed: a host that is no longer trusted is left, and kept messages of newly trusted origins are
    /// handled.
    fn review(&mut self, now: Instant, out: &mut Actions<W>) {
        if let Phase::Serving(host) = &self.phase
            && !self.policy.trusts(host.origin())
        {
            let note = Note::Struck(host.origin().clone());
            self.note(note, out);
            self.dismiss(Parting::Silent, out);
        }
        let policy = &self.policy;
        let heard = self.kept.take_of(|origin| policy.trusts(origin));
        let (mut enables, mut asks) = (Vec::new(), Vec::new());
        for kept in heard {
            let command = kept.message.open().map(|envelope| envelope.command());
            if let Some(Ok(Command::Enable(_) | Command::Disable)) = command {
                // Of the repeated messages of a sender only the last is answered, and none if the sender has left after it.
                enables.retain(|(other, _): &(KeptMessage<W>, _)| {
                    !other.is_from(&kept.window, &kept.origin)
                });
            }
            match command {
                Some(Ok(enable @ Command::Enable(_))) => enables.push((kept, enable)),
                Some(Ok(ask @ Command::Ask(_))) => asks.push((kept, ask)),
                // A report from before the host was served is about nothing that exists.
                Some(Ok(_)) | None => {}
                Some(Err(refusal)) => self.refuse(refusal, out),
            }
        }
        enables.append(&mut asks);
        for (kept, command) in enables {
            self.obey(kept, command, now, out);
        }
    }

    /// Carries out a command of a host that is certainly trusted.
    fn obey(
        &mut self,
        received: KeptMessage<W>,
        command: Command<W::Value>,
        now: Instant,
        out: &mut Actions<W>,
    ) {
        match (&self.phase, command) {
            (_, Command::Enable(enable)) => self.enable(received, enable, now, out),
            (Phase::Serving(host), Command::Ask(asked))
                if host.is(&received.window, &received.origin) =>
            {
                let granted = host.agreement.granted(self.policy.granted(host.origin()));
                out.push(Action::Perform {
                    message: received.message,
                    capability: granted.contains(asked).then_some(asked),
                });
            }
            (_, command) => self.report(&received.window, &received.origin, &command, now, out),
        }
    }

    fn settings_changed(&mut self, now: Instant) {
        let concerned = match &self.phase {
            Phase::Serving(host) => Some(host.origin()),
            Phase::Waiting | Phase::Ended => self.kept.oldest().map(|kept| &kept.origin),
        };
        // A page that never had a host does not need the settings, and without a user they cannot be read.
        match concerned {
            Some(origin) if self.user_present => self.policy.changed(origin, now),
            _ => self.policy.doubt(),
        }
    }

    fn user_changed(&mut self, present: bool, now: Instant, out: &mut Actions<W>) {
        // The next user must not see the notifications of the previous one.
        self.dismiss(Parting::Tidy, out);
        self.policy.forget();
        self.user_present = present;
        if present {
            self.review(now, out);
            if let Some(kept) = self.kept.oldest() {
                let verdict = self.policy.want(&kept.origin, now);
                self.judge(verdict, now, out);
            }
        }
    }

    fn shut_down(&mut self, out: &mut Actions<W>) {
        self.dismiss(Parting::Silent, out);
        self.policy.forget();
        self.phase = Phase::Ended;
        out.extend(self.kept.take_all().map(|kept| Action::HandOver {
            message: kept.message,
            learned: kept.learned,
        }));
    }

    /// Leaves the host, if there is one, and keeps its `enable`.
    fn dismiss(&mut self, parting: Parting, out: &mut Actions<W>) {
        if let Phase::Serving(host) = core::mem::replace(&mut self.phase, Phase::Waiting) {
            self.kept.remember(host.part(parting, out));
            out.push(Action::Restore);
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
    /// It is told nothing: it is no longer trusted, or the plugin is being removed.
    Silent,
    /// The notifications that it shows are closed.
    Tidy,
}
