//! The question that a host's user is asked: when it is put, and which calls wait for the answer.

use alloc::vec::Vec;

use super::Actions;
use crate::limits::{QUICKEST_USER, WAITING_REQUESTS};
use crate::{Action, Instant, Permission, RequestId, World};

/// A host at `default` is asked in the user's first gesture; until then the page is told `granted`, because Mattermost 10 and
/// 11 give up before they call `new Notification` otherwise, and what it makes is held back.
#[derive(Debug)]
pub(super) struct Question<W: World> {
    /// The question that the host has not answered, and when it was put.
    pending: Option<(RequestId, Instant)>,
    /// The page's calls that its answer will settle.
    waiting: Vec<W::Request>,
    /// The page is told `granted` although the host is at `default`.
    hopeful: bool,
    /// The user's next gesture will carry the question.
    armed: bool,
}

/// The source of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Answerer {
    /// The host's browser: it did not ask, because no gesture of the user allowed that.
    Browser,
    /// The user, judging by the time that it took.
    User,
}

impl<W: World> Question<W> {
    pub(super) fn new() -> Self {
        Self {
            pending: None,
            waiting: Vec::new(),
            hopeful: false,
            armed: false,
        }
    }

    pub(super) fn is_hopeful(&self) -> bool {
        self.hopeful
    }

    /// The host is at `default` and has not been asked yet.
    pub(super) fn hope(&mut self, out: &mut Actions<W>) {
        self.hopeful = true;
        self.arm(true, out);
    }

    /// From now on the page is told the real permission, but the next gesture still asks.
    pub(super) fn lose_hope(&mut self) {
        self.hopeful = false;
    }

    /// The real permission is known, or no longer waited for.
    pub(super) fn give_up(&mut self, out: &mut Actions<W>) {
        self.hopeful = false;
        self.arm(false, out);
    }

    /// Says whether the next gesture asks.
    pub(super) fn arm(&mut self, armed: bool, out: &mut Actions<W>) {
        if self.armed != armed {
            self.armed = armed;
            out.push(Action::WatchGestures(armed));
        }
    }

    /// Whether this gesture asks; only one gesture does.
    pub(super) fn takes_gesture(&mut self, out: &mut Actions<W>) -> bool {
        let asks = self.armed && self.pending.is_none();
        if asks {
            self.arm(false, out);
        }
        asks
    }

    pub(super) fn put(&mut self, request: RequestId, now: Instant) {
        self.pending = Some((request, now));
    }

    pub(super) fn is_pending(&self) -> bool {
        self.pending.is_some()
    }

    /// Takes the answer to `request`, if that is the pending question.
    pub(super) fn takes_answer(&mut self, request: RequestId, now: Instant) -> Option<Answerer> {
        let (_, put) = self.pending.take_if(|(pending, _)| *pending == request)?;
        Some(if put.until(now) < QUICKEST_USER {
            Answerer::Browser
        } else {
            Answerer::User
        })
    }

    /// Lets a call wait for the answer; returns it if too many wait.
    pub(super) fn wait(&mut self, request: W::Request) -> Option<W::Request> {
        if self.waiting.len() >= WAITING_REQUESTS {
            return Some(request);
        }
        self.waiting.push(request);
        None
    }

    /// Answers all calls that wait. A later answer is ignored.
    pub(super) fn settle(&mut self, permission: Permission, out: &mut Actions<W>) {
        self.pending = None;
        out.extend(self.waiting.drain(..).map(|request| Action::Settle {
            request,
            permission,
        }));
    }
}
