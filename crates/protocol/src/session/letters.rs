//! Messages kept of senders that nobody trusts yet, unread.

use crate::limits::{LETTERS, LETTERS_PER_SENDER};
use crate::{Origin, Permission, World};

/// A kept message and where it came from.
#[derive(Debug)]
pub(super) struct Held<W: World> {
    pub(super) window: W::Window,
    pub(super) origin: Origin,
    pub(super) letter: W::Letter,
    /// The host's permission as last heard, if this is the `enable` of a host that was served once; such a letter is not pushed out by later ones.
    pub(super) learned: Option<Permission>,
}

impl<W: World> Held<W> {
    pub(super) fn unread(window: W::Window, origin: Origin, letter: W::Letter) -> Self {
        Self {
            window,
            origin,
            letter,
            learned: None,
        }
    }

    pub(super) fn is_from(&self, window: &W::Window, origin: &Origin) -> bool {
        self.origin == *origin && self.window == *window
    }
}

/// The kept messages, oldest first.
#[derive(Debug)]
pub(super) struct Letters<W: World>(Vec<Held<W>>);

impl<W: World> Letters<W> {
    pub(super) fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Keeps a message within the bounds.
    ///
    /// Of each sender the first few and the newest few stay: a host begins with `enable`, or repeats it until it is answered,
    /// and may talk of other things in between.
    pub(super) fn hold(&mut self, held: Held<W>) {
        let mut unread = self
            .0
            .iter()
            .enumerate()
            .filter(|(_, other)| {
                other.learned.is_none() && other.is_from(&held.window, &held.origin)
            })
            .map(|(position, _)| position);
        let middle = unread.nth(LETTERS_PER_SENDER / 2);
        let full = unread.count() >= LETTERS_PER_SENDER / 2 - 1;
        if let (Some(middle), true, None) = (middle, full, held.learned) {
            self.0.remove(middle);
        }
        if self.0.len() >= LETTERS {
            self.0.remove(0);
        }
        self.0.push(held);
    }

    /// Takes out the messages of the origins that `is_trusted`, oldest first.
    pub(super) fn take_of(&mut self, is_trusted: impl Fn(&Origin) -> bool) -> Vec<Held<W>> {
        let (taken, kept): (Vec<_>, Vec<_>) =
            self.0.drain(..).partition(|held| is_trusted(&held.origin));
        self.0 = kept;
        taken
    }

    pub(super) fn take_all(&mut self) -> Vec<W::Letter> {
        self.0.drain(..).map(|held| held.letter).collect()
    }
}
