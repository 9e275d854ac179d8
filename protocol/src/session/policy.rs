//! Which origins are trusted, and when the list of them is read.

use alloc::vec::Vec;

use crate::chance::Chance;
use crate::limits::{
    FIRST_PAUSE, LIST_AGE, LOAD_TIMEOUT, LONGEST_PAUSE, RENEWAL_SPREAD, SPREAD, TRUSTED_ORIGINS,
};
use crate::{Capabilities, Configuration, Instant, LoadFailure, Origin, Ticket, TrustedOrigin};

#[derive(Debug)]
pub(super) struct Policy {
    own: Option<Origin>,
    /// The list that was read last; `None` before the first.
    known: Option<List>,
    load: Load,
    /// How many loads in a row have failed.
    failures: u32,
    tickets: u32,
    chance: Chance,
}

#[derive(Debug)]
struct List {
    origins: Vec<TrustedOrigin>,
    asked_at: Instant,
}

impl List {
    fn is_old(&self, now: Instant) -> bool {
        self.asked_at.until(now) >= LIST_AGE
    }
}

#[derive(Debug)]
enum Load {
    Idle,
    Due {
        at: Instant,
        on_behalf_of: Origin,
    },
    Underway {
        ticket: Ticket,
        asked_at: Instant,
        on_behalf_of: Origin,
        /// The settings changed while the load was under way: the response may be older than the change.
        outdated: bool,
    },
}

/// The effect on the policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    Nothing,
    Load {
        ticket: Ticket,
        on_behalf_of: Origin,
    },
    /// A list was read, and it may differ from the one before.
    Adopted,
    /// Will be tried again.
    Failed,
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

    /// Whether the origin is trusted, as far as is known.
    pub(super) fn trusts(&self, origin: &Origin) -> bool {
        self.own.as_ref() == Some(origin) || self.listed(origin).is_some()
    }

    /// What is granted to a trusted origin, as far as is known. The page's own origin has the defaults until the list was read.
    pub(super) fn granted(&self, origin: &Origin) -> Capabilities {
        self.listed(origin)
            .map_or(Capabilities::DEFAULT, |trusted| trusted.granted)
    }

    fn listed(&self, origin: &Origin) -> Option<&TrustedOrigin> {
        let origins = &self.known.as_ref()?.origins;
        origins.iter().find(|trusted| trusted.origin == *origin)
    }

    /// Whether the list is current: young enough, and no change of it was announced.
    pub(super) fn is_current(&self, now: Instant) -> bool {
        matches!(self.load, Load::Idle) && self.known.as_ref().is_some_and(|list| !list.is_old(now))
    }

    /// Whether [`Policy::trusts`] is certain for this origin: no later list can be expected to change it.
    pub(super) fn is_certain_of(&self, origin: &Origin, now: Instant) -> bool {
        self.own.as_ref() == Some(origin) || self.is_current(now)
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        match &self.load {
            Load::Due { at, .. } => Some(*at),
            Load::Underway { asked_at, .. } => Some(asked_at.after(LOAD_TIMEOUT)),
            Load::Idle => None,
        }
    }

    /// A sender waits to be judged. If no list is known, it is read at once; if the list is old, it is read soon, because one post
    /// may make thousands of pages notify in the same instant.
    pub(super) fn want(&mut self, on_behalf_of: &Origin, now: Instant) -> Verdict {
        if !matches!(self.load, Load::Idle) {
            return Verdict::Nothing;
        }
        match &self.known {
            None => return self.begin(on_behalf_of.clone(), now),
            Some(list) if list.is_old(now) => {
                let at = now.after(self.chance.within(RENEWAL_SPREAD));
                self.load = Load::Due {
                    at,
                    on_behalf_of: on_behalf_of.clone(),
                };
            }
            Some(_) => {}
        }
        Verdict::Nothing
    }

    /// The settings changed, or may have: the list is read soon, but not in the same instant as by every other page.
    pub(super) fn changed(&mut self, on_behalf_of: &Origin, now: Instant) {
        self.failures = 0;
        let soon = now.after(self.chance.within(SPREAD));
        match &mut self.load {
            Load::Underway { outdated, .. } => *outdated = true,
            Load::Due { at, .. } => *at = soon.min(*at),
            Load::Idle => {
                self.load = Load::Due {
                    at: soon,
                    on_behalf_of: on_behalf_of.clone(),
                }
            }
        }
    }

    /// The settings changed while no sender waited to be judged: the list is read when the next one does.
    pub(super) fn doubt(&mut self) {
        self.known = None;
        self.failures = 0;
        match &mut self.load {
            // The host for which it was read has left.
            Load::Underway { outdated, .. } => *outdated = true,
            load => *load = Load::Idle,
        }
    }

    /// The list is dropped, because it was sent to another user.
    pub(super) fn forget(&mut self) {
        self.known = None;
        self.load = Load::Idle;
        self.failures = 0;
    }

    pub(super) fn due(&mut self, now: Instant) -> Verdict {
        match core::mem::replace(&mut self.load, Load::Idle) {
            Load::Due { at, on_behalf_of } if at <= now => self.begin(on_behalf_of, now),
            Load::Underway {
                asked_at,
                on_behalf_of,
                ..
            } if asked_at.after(LOAD_TIMEOUT) <= now => self.fail(on_behalf_of, now),
            early => {
                self.load = early;
                Verdict::Nothing
            }
        }
    }

    pub(super) fn loaded(
        &mut self,
        answered: Ticket,
        outcome: Result<Configuration, LoadFailure>,
        now: Instant,
    ) -> Verdict {
        let (asked_at, on_behalf_of, outdated) =
            match core::mem::replace(&mut self.load, Load::Idle) {
                Load::Underway {
                    ticket,
                    asked_at,
                    on_behalf_of,
                    outdated,
                } if ticket == answered => (asked_at, on_behalf_of, outdated),
                unrelated => {
                    self.load = unrelated;
                    return Verdict::Nothing;
                }
            };
        // A page that was frozen gets the response before the timer.
        let in_time = now < asked_at.after(LOAD_TIMEOUT);
        match outcome {
            Ok(configuration)
                if in_time && configuration.trusted_origins.len() <= TRUSTED_ORIGINS =>
            {
                self.failures = 0;
                if outdated {
                    self.changed(&on_behalf_of, now);
                    return Verdict::Nothing;
                }
                self.known = Some(List {
                    origins: configuration.trusted_origins,
                    asked_at,
                });
                Verdict::Adopted
            }
            Ok(_) | Err(_) => self.fail(on_behalf_of, now),
        }
    }

    fn begin(&mut self, on_behalf_of: Origin, now: Instant) -> Verdict {
        self.tickets = self.tickets.wrapping_add(1);
        let ticket = Ticket::from(self.tickets);
        self.load = Load::Underway {
            ticket,
            asked_at: now,
            on_behalf_of: on_behalf_of.clone(),
            outdated: false,
        };
        Verdict::Load {
            ticket,
            on_behalf_of,
        }
    }

    fn fail(&mut self, on_behalf_of: Origin, now: Instant) -> Verdict {
        let pause = FIRST_PAUSE
            .saturating_mul(1_u32.checked_shl(self.failures).unwrap_or(u32::MAX))
            .min(LONGEST_PAUSE);
        self.failures = self.failures.saturating_add(1);
        self.load = Load::Due {
            at: now.after(pause).after(self.chance.within(pause / 2)),
            on_behalf_of,
        };
        Verdict::Failed
    }
}
