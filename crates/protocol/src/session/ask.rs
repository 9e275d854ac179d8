//! What is going on about a host's permission: the question on its way, who waits for it, and what is held back meanwhile.

use super::Actions;
use super::books::Draft;
use crate::limits::{HOLD, WAITING_REQUESTS};
use crate::{Action, Event, Instant, Permission, RequestId, World};

/// A host at `default` is asked in the user's first gesture; until then the page is told `granted`, because Mattermost 10 and
/// 11 give up before they call `new Notification` otherwise, and what it makes is held back.
#[derive(Debug)]
pub(super) struct Ask<W: World> {
    /// The question that the host has not answered.
    pending: Option<RequestId>,
    /// The page's calls that its answer will settle.
    waiting: Vec<W::Request>,
    held: Vec<(Instant, Draft<W>)>,
    /// The page is told `granted` although the host is at `default`.
    hopeful: bool,
    /// The user's next gesture will carry the question.
    armed: bool,
}

impl<W: World> Ask<W> {
    pub(super) fn new() -> Self {
        Self {
            pending: None,
            waiting: Vec::new(),
            held: Vec::new(),
            hopeful: false,
            armed: false,
        }
    }

    pub(super) fn is_hopeful(&self) -> bool {
        self.hopeful
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.held.first().map(|(until, _)| *until)
    }

    /// The host is at `default` and has not been asked yet.
    pub(super) fn hope(&mut self, out: &mut Actions<W>) {
        self.hopeful = true;
        self.arm(true, out);
    }

    /// The truth is known or no longer waited for.
    pub(super) fn give_up_hope(&mut self, out: &mut Actions<W>) {
        self.hopeful = false;
        self.arm(false, out);
    }

    fn arm(&mut self, armed: bool, out: &mut Actions<W>) {
        if self.armed != armed {
            self.armed = armed;
            out.push(Action::WatchGestures(armed));
        }
    }

    /// Whether the question is to be asked in this gesture; it is the only one that does.
    pub(super) fn takes_gesture(&mut self, out: &mut Actions<W>) -> bool {
        let asks = self.armed && self.pending.is_none();
        if asks {
            self.arm(false, out);
        }
        asks
    }

    pub(super) fn asked(&mut self, request: RequestId) {
        self.pending = Some(request);
    }

    pub(super) fn is_pending(&self) -> bool {
        self.pending.is_some()
    }

    /// Whether `request` is the question in the air; it is not any more.
    pub(super) fn takes_answer(&mut self, request: RequestId) -> bool {
        let expected = self.pending == Some(request);
        if expected {
            self.pending = None;
        }
        expected
    }

    /// Lets a call wait for the answer; hands it back if too many wait.
    pub(super) fn wait(&mut self, request: W::Request) -> Option<W::Request> {
        if self.waiting.len() >= WAITING_REQUESTS {
            return Some(request);
        }
        self.waiting.push(request);
        None
    }

    pub(super) fn settle(&mut self, permission: Permission, out: &mut Actions<W>) {
        self.pending = None;
        out.extend(self.waiting.drain(..).map(|request| Action::Settle {
            request,
            permission,
        }));
    }

    /// Holds back a notification, and at most `limit` altogether.
    pub(super) fn hold(
        &mut self,
        draft: Draft<W>,
        limit: usize,
        now: Instant,
        out: &mut Actions<W>,
    ) {
        if !draft.tag.is_empty()
            && let Some(position) = self.held.iter().position(|(_, held)| held.tag == draft.tag)
        {
            let (_, replaced) = self.held.remove(position);
            out.push(Action::Dispatch {
                notification: replaced.notification,
                event: Event::Close,
            });
        }
        while self.held.len() >= limit {
            out.push(failed(self.held.remove(0).1));
        }
        self.held.push((now.after(HOLD), draft));
    }

    /// Takes back a held notification that the page closes.
    pub(super) fn withdraw(&mut self, notification: &W::Notification) -> bool {
        let before = self.held.len();
        self.held
            .retain(|(_, held)| held.notification != *notification);
        self.held.len() < before
    }

    pub(super) fn release(&mut self) -> impl Iterator<Item = Draft<W>> + use<W> {
        core::mem::take(&mut self.held)
            .into_iter()
            .map(|(_, draft)| draft)
    }

    pub(super) fn fail_all(&mut self, out: &mut Actions<W>) {
        out.extend(self.release().map(failed));
    }

    /// Fails what was held too long; from then on the page is told the truth, but the next gesture still asks.
    pub(super) fn expire(&mut self, now: Instant, out: &mut Actions<W>) {
        while self.held.first().is_some_and(|(until, _)| *until <= now) {
            self.hopeful = false;
            out.push(failed(self.held.remove(0).1));
        }
    }
}

fn failed<W: World>(draft: Draft<W>) -> Action<W> {
    Action::Dispatch {
        notification: draft.notification,
        event: Event::Error,
    }
}
