//! Unread messages of senders whose trust has not been decided.

use alloc::vec::Vec;

use crate::limits::{KEPT_MESSAGES, KEPT_MESSAGES_PER_SENDER};
use crate::{Origin, Permission, World};

/// A kept message and where it came from.
#[derive(Debug)]
pub(super) struct KeptMessage<W: World> {
    pub(super) window: W::Window,
    pub(super) origin: Origin,
    pub(super) message: W::Message,
    /// The permission that the host has last reported, if this is the `enable` of a host that was served before. Later messages do
    /// not displace such a message.
    pub(super) learned: Option<Permission>,
}

impl<W: World> KeptMessage<W> {
    pub(super) fn is_from(&self, window: &W::Window, origin: &Origin) -> bool {
        self.origin == *origin && self.window == *window
    }
}

/// The kept messages, oldest first.
#[derive(Debug)]
pub(super) struct KeptMessages<W: World>(Vec<KeptMessage<W>>);

impl<W: World> KeptMessages<W> {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn oldest(&self) -> Option<&KeptMessage<W>> {
        self.0.first()
    }

    /// Keeps a new message, within the bounds.
    ///
    /// The first few and the newest few messages of each sender are kept: a host begins with `enable`, or repeats it until it is
    /// answered, and may send other messages in between.
    pub(super) fn keep(&mut self, newest: KeptMessage<W>) {
        let mut unread = self
            .0
            .iter()
            .enumerate()
            .filter(|(_, other)| {
                other.learned.is_none() && other.is_from(&newest.window, &newest.origin)
            })
            .map(|(position, _)| position);
        let middle = unread.nth(KEPT_MESSAGES_PER_SENDER / 2);
        let full = unread.count() >= KEPT_MESSAGES_PER_SENDER / 2 - 1;
        if let (Some(middle), true, None) = (middle, full, newest.learned) {
            self.0.remove(middle);
        }
        self.make_room();
        self.0.push(newest);
    }

    /// Keeps the `enable` of a host that is left, before the messages that the host has sent since.
    pub(super) fn remember(&mut self, enable: KeptMessage<W>) {
        self.make_room();
        let later = |other: &KeptMessage<W>| other.is_from(&enable.window, &enable.origin);
        let position = self.0.iter().position(later).unwrap_or(self.0.len());
        self.0.insert(position, enable);
    }

    /// Drops all messages of a sender.
    pub(super) fn forget(&mut self, window: &W::Window, origin: &Origin) {
        self.0.retain(|kept| !kept.is_from(window, origin));
    }

    fn make_room(&mut self) {
        if self.0.len() >= KEPT_MESSAGES {
            self.0.remove(0);
        }
    }

    /// Takes out the messages of the origins that `is_trusted`, oldest first.
    pub(super) fn take_of(&mut self, is_trusted: impl Fn(&Origin) -> bool) -> Vec<KeptMessage<W>> {
        let (taken, kept): (Vec<_>, Vec<_>) =
            self.0.drain(..).partition(|kept| is_trusted(&kept.origin));
        self.0 = kept;
        taken
    }

    pub(super) fn take_all(&mut self) -> impl Iterator<Item = KeptMessage<W>> {
        self.0.drain(..)
    }
}
