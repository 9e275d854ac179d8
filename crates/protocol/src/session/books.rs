//! The notifications that a host shows.

use crate::limits::LIVE_NOTIFICATIONS;
use crate::{NotificationId, World};

/// A notification that the page has made and the host has not seen.
#[derive(Debug)]
pub(super) struct Draft<W: World> {
    pub(super) notification: W::Notification,
    pub(super) tag: String,
    pub(super) title: W::Value,
    pub(super) options: W::Value,
}

#[derive(Debug)]
struct Live<W: World> {
    id: NotificationId,
    notification: W::Notification,
    tag: String,
}

/// The live notifications in the order in which they were shown, so by ascending id.
#[derive(Debug)]
pub(super) struct Books<W: World>(Vec<Live<W>>);

impl<W: World> Books<W> {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn enter(&mut self, id: NotificationId, notification: W::Notification, tag: String) {
        self.0.push(Live {
            id,
            notification,
            tag,
        });
    }

    pub(super) fn find(&self, id: NotificationId) -> Option<&W::Notification> {
        self.position(id)
            .and_then(|position| self.0.get(position))
            .map(|live| &live.notification)
    }

    pub(super) fn strike(&mut self, id: NotificationId) -> Option<W::Notification> {
        self.position(id)
            .map(|position| self.0.remove(position).notification)
    }

    /// Strikes the notification that `tag` is about to replace.
    pub(super) fn strike_tag(&mut self, tag: &str) -> Option<W::Notification> {
        let position =
            (!tag.is_empty()).then(|| self.0.iter().position(|live| live.tag == tag))??;
        Some(self.0.remove(position).notification)
    }

    pub(super) fn strike_object(
        &mut self,
        notification: &W::Notification,
    ) -> Option<NotificationId> {
        let position = self
            .0
            .iter()
            .position(|live| live.notification == *notification)?;
        Some(self.0.remove(position).id)
    }

    /// Strikes the oldest if there is no room for one more.
    pub(super) fn make_room(&mut self) -> Option<(NotificationId, W::Notification)> {
        (self.0.len() >= LIVE_NOTIFICATIONS).then(|| {
            let oldest = self.0.remove(0);
            (oldest.id, oldest.notification)
        })
    }

    pub(super) fn strike_all(&mut self) -> impl Iterator<Item = (NotificationId, W::Notification)> {
        self.0.drain(..).map(|live| (live.id, live.notification))
    }

    fn position(&self, id: NotificationId) -> Option<usize> {
        // Ids ascend except where the counter wraps, which no page lives to see.
        self.0.binary_search_by_key(&id, |live| live.id).ok()
    }
}
