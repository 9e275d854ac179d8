//! Which origins are trusted, and how that is found out.

use crate::chance::Chance;
use crate::limits::{
    FIRST_PAUSE, LOAD_ATTEMPTS, LOAD_TIMEOUT, LONGEST_PAUSE, SPREAD, TRUSTED_ORIGINS,
};
use crate::{Configuration, Instant, LoadFailure, Origin, Ticket};

#[derive(Debug)]
pub(super) struct Policy {
    own: Option<Origin>,
    /// The origins as the server said last; `None` before it said any.
    known: Option<Vec<Origin>>,
    load: Load,
    failures: u32,
    tickets: u32,
    chance: Chance,
}

#[derive(Debug)]
enum Load {
    Idle,
    Due(Instant),
    Underway {
        ticket: Ticket,
        expires: Instant,
        /// The settings changed meanwhile: the answer may be older than the change.
        outdated: bool,
    },
    /// Not before this moment is a message cause enough to ask again.
    GivenUp(Instant),
}

/// What became of the policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Nothing,
    Load(Ticket),
    /// There is a list, and it may differ from the one before.
    Adopted,
    /// Will be tried again.
    Failed,
    /// Will not be tried again; nothing but the own origin is trusted now.
    GaveUp,
}

impl Policy {
    pub(super) fn new(own: Option<Origin>, seed: u64) -> Self {
        Self {
            own,
            known: None,
            load: Load::Idle,
            failures: 0,
            tickets: 0,
            chance: Chance::new(seed),
        }
    }

    pub(super) fn trusts(&self, origin: &Origin) -> bool {
        self.own.as_ref() == Some(origin)
            || self
                .known
                .as_ref()
                .is_some_and(|known| known.contains(origin))
    }

    /// Whether a trusted origin is trusted for certain: no newer list is awaited, or none can change it.
    pub(super) fn vouches(&self, origin: &Origin) -> bool {
        self.own.as_ref() == Some(origin) || matches!(self.load, Load::Idle)
    }

    pub(super) fn is_known(&self) -> bool {
        self.known.is_some()
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        match self.load {
            Load::Due(at) => Some(at),
            Load::Underway { expires, .. } => Some(expires),
            Load::Idle | Load::GivenUp(_) => None,
        }
    }

    /// Somebody waits to be judged: at once, if nothing is known and nothing is on its way.
    pub(super) fn wanted(&mut self, now: Instant) -> Option<Ticket> {
        let begin = match self.load {
            Load::Idle => self.known.is_none(),
            Load::GivenUp(until) => until <= now,
            Load::Due(_) | Load::Underway { .. } => false,
        };
        begin.then(|| {
            self.failures = 0;
            self.begin(now)
        })
    }

    /// The settings changed, or may have: ask soon, but not in the same instant as every other page.
    pub(super) fn changed(&mut self, now: Instant) {
        self.failures = 0;
        let soon = now.after(self.chance.within(SPREAD));
        match &mut self.load {
            Load::Underway { outdated, .. } => *outdated = true,
            Load::Due(at) => *at = soon.min(*at),
            Load::Idle | Load::GivenUp(_) => self.load = Load::Due(soon),
        }
    }

    /// The settings changed while nobody waits for them: the next one to be judged is cause enough to ask.
    pub(super) fn lapse(&mut self) {
        match &mut self.load {
            Load::Underway { outdated, .. } => *outdated = true,
            Load::Due(_) => {}
            Load::Idle | Load::GivenUp(_) => self.forget(),
        }
    }

    /// Nobody is logged in any more: what was known was told to somebody else.
    pub(super) fn forget(&mut self) {
        self.known = None;
        self.load = Load::Idle;
        self.failures = 0;
    }

    pub(super) fn due(&mut self, now: Instant) -> Verdict {
        match self.load {
            Load::Due(at) if at <= now => Verdict::Load(self.begin(now)),
            Load::Underway { expires, .. } if expires <= now => self.failed(now),
            Load::Idle | Load::Due(_) | Load::Underway { .. } | Load::GivenUp(_) => {
                Verdict::Nothing
            }
        }
    }

    pub(super) fn loaded(
        &mut self,
        ticket: Ticket,
        outcome: Result<Configuration, LoadFailure>,
        now: Instant,
    ) -> Verdict {
        let Load::Underway {
            ticket: current,
            outdated,
            ..
        } = self.load
        else {
            return Verdict::Nothing;
        };
        if current != ticket {
            return Verdict::Nothing;
        }
        match outcome {
            Ok(configuration) if configuration.trusted_origins.len() <= TRUSTED_ORIGINS => {
                self.known = Some(configuration.trusted_origins);
                self.failures = 0;
                self.load = if outdated {
                    Load::Due(now.after(self.chance.within(SPREAD)))
                } else {
                    Load::Idle
                };
                Verdict::Adopted
            }
            Ok(_) | Err(_) => self.failed(now),
        }
    }

    fn begin(&mut self, now: Instant) -> Ticket {
        self.tickets = self.tickets.wrapping_add(1);
        let ticket = Ticket(self.tickets);
        self.load = Load::Underway {
            ticket,
            expires: now.after(LOAD_TIMEOUT),
            outdated: false,
        };
        ticket
    }

    fn failed(&mut self, now: Instant) -> Verdict {
        self.failures += 1;
        if self.failures >= LOAD_ATTEMPTS {
            // Whether the origins known so far still hold cannot be found out, so they don't.
            self.known = None;
            self.load = Load::GivenUp(now.after(LONGEST_PAUSE));
            return Verdict::GaveUp;
        }
        let pause = FIRST_PAUSE
            .saturating_mul(1 << (self.failures - 1))
            .min(LONGEST_PAUSE);
        self.load = Load::Due(now.after(pause).after(self.chance.within(pause / 2)));
        Verdict::Failed
    }
}
