//! The notifications that a host shows.

use alloc::string::String;
use alloc::vec::Vec;

use crate::limits::LIVE_NOTIFICATIONS;
use crate::{Action, Event, NotificationId, World};

/// A notification of the page's.
#[derive(Debug)]
pub(super) struct Made<W: World> {
    pub(super) notification: W::Notification,
    pub(super) tag: String,
    /// The page closed it before the host had it; of later events it gets only clicks.
    closed: bool,
}

impl<W: World> Made<W> {
    pub(super) fn new(notification: W::Notification, tag: String) -> Self {
        Self {
            notification,
            tag,
            closed: false,
        }
    }

    /// Whether a notification with this tag takes its place.
    pub(super) fn is_replaced_by(&self, tag: &str) -> bool {
        !tag.is_empty() && self.tag == tag
    }

    /// The page closes it.
    pub(super) fn close(&mut self) -> Option<Action<W>> {
        let close = self.event(Event::Close);
        self.closed = true;
        close
    }

    /// It is gone, by this event.
    pub(super) fn end(self, event: Event) -> Option<Action<W>> {
        self.event(event)
    }

    pub(super) fn event(&self, event: Event) -> Option<Action<W>> {
        (!self.closed || event == Event::Click).then(|| Action::Dispatch {
            notification: self.notification.clone(),
            event,
        })
    }
}

#[derive(Debug)]
struct Live<W: World> {
    id: NotificationId,
    made: Made<W>,
}

/// The notifications that are shown, in the order of their ids.
#[derive(Debug)]
pub(super) struct Shown<W: World>(Vec<Live<W>>);

impl<W: World> Shown<W> {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn add(&mut self, id: NotificationId, made: Made<W>) {
        self.0.push(Live { id, made });
    }

    pub(super) fn find(&self, id: NotificationId) -> Option<&Made<W>> {
        let position = self.position(id)?;
        self.0.get(position).map(|live| &live.made)
    }

    pub(super) fn remove(&mut self, id: NotificationId) -> Option<Made<W>> {
        let position = self.position(id)?;
        Some(self.0.remove(position).made)
    }

    /// Removes the notification that one with this tag is about to replace.
    pub(super) fn remove_replaced(&mut self, tag: &str) -> Option<Made<W>> {
        let replaced = |live: &Live<W>| live.made.is_replaced_by(tag);
        let position = self.0.iter().position(replaced)?;
        Some(self.0.remove(position).made)
    }

    pub(super) fn remove_object(
        &mut self,
        notification: &W::Notification,
    ) -> Option<(NotificationId, Made<W>)> {
        let is_this = |live: &Live<W>| live.made.notification == *notification;
        let position = self.0.iter().position(is_this)?;
        let live = self.0.remove(position);
        Some((live.id, live.made))
    }

    /// Removes the oldest if there is no room for one more.
    pub(super) fn make_room(&mut self) -> Option<(NotificationId, Made<W>)> {
        (self.0.len() >= LIVE_NOTIFICATIONS).then(|| {
            let oldest = self.0.remove(0);
            (oldest.id, oldest.made)
        })
    }

    pub(super) fn remove_all(&mut self) -> impl Iterator<Item = (NotificationId, Made<W>)> {
        self.0.drain(..).map(|live| (live.id, live.made))
    }

    fn position(&self, id: NotificationId) -> Option<usize> {
        // Ids ascend until the counter wraps, which takes longer than any page exists.
        self.0.binary_search_by_key(&id, |live| live.id).ok()
    }
}
