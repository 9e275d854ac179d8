//! Notifications that the page has made and the host does not have yet.

use alloc::vec::Vec;

use super::Actions;
use super::shown::Made;
use crate::limits::{HOLD, SHORTEST_DISPLAY};
use crate::{Event, Instant, World};

/// A notification that is ready to go to a host.
#[derive(Debug)]
pub(super) struct Draft<W: World> {
    pub(super) made: Made<W>,
    pub(super) title: W::Value,
    pub(super) options: W::Value,
}

#[derive(Debug)]
struct Waiting<W: World> {
    since: Instant,
    draft: Draft<W>,
}

/// The notifications that wait for the host's permission, or until it is certain that it is still trusted; the oldest first.
#[derive(Debug)]
pub(super) struct Backlog<W: World>(Vec<Waiting<W>>);

impl<W: World> Backlog<W> {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn deadline(&self) -> Option<Instant> {
        self.0.first().map(|oldest| oldest.since.after(HOLD))
    }

    /// Adds a notification, in place of one with the same tag, and keeps at most `limit`.
    pub(super) fn add(
        &mut self,
        draft: Draft<W>,
        limit: usize,
        now: Instant,
        out: &mut Actions<W>,
    ) {
        let same_tag = |waiting: &Waiting<W>| waiting.draft.made.is_replaced_by(&draft.made.tag);
        if let Some(position) = self.0.iter().position(same_tag) {
            out.extend(self.0.remove(position).draft.made.end(Event::Close));
        }
        while self.0.len() >= limit {
            out.extend(self.0.remove(0).draft.made.end(Event::Error));
        }
        self.0.push(Waiting { since: now, draft });
    }

    /// The page closes a notification. If it does so at once, the notification is taken back. If it has left time to see it
    /// (Mattermost 9.8 closes each after five seconds), the notification stays and is shown later, because nobody has seen it.
    pub(super) fn close(
        &mut self,
        notification: &W::Notification,
        now: Instant,
        out: &mut Actions<W>,
    ) {
        let is_this = |waiting: &Waiting<W>| waiting.draft.made.notification == *notification;
        let Some(position) = self.0.iter().position(is_this) else {
            return;
        };
        let Some(waiting) = self.0.get_mut(position) else {
            return;
        };
        out.extend(waiting.draft.made.close());
        if waiting.since.until(now) < SHORTEST_DISPLAY {
            self.0.remove(position);
        }
    }

    pub(super) fn take(&mut self) -> impl Iterator<Item = Draft<W>> + use<W> {
        core::mem::take(&mut self.0)
            .into_iter()
            .map(|waiting| waiting.draft)
    }

    pub(super) fn fail(&mut self, out: &mut Actions<W>) {
        out.extend(self.take().filter_map(|draft| draft.made.end(Event::Error)));
    }

    /// Fails the notifications that have waited too long; `true` if there were any.
    pub(super) fn expire(&mut self, now: Instant, out: &mut Actions<W>) -> bool {
        let expired = self
            .0
            .iter()
            .take_while(|waiting| waiting.since.after(HOLD) <= now)
            .count();
        let failed = self.0.drain(..expired);
        out.extend(failed.filter_map(|waiting| waiting.draft.made.end(Event::Error)));
        expired > 0
    }
}
