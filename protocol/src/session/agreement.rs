//! What a host may know and do besides showing notifications.

use crate::wire::Enable;
use crate::{Capabilities, Outgoing};

#[derive(Debug)]
pub(super) struct Agreement<V> {
    /// The host's last `enable`.
    terms: Enable<V>,
    /// What it has according to the last `ok`; `None` while its `enable` waits for one.
    told: Option<Capabilities>,
    /// The parts of the page's state that have changed since they were sent.
    changed: Capabilities,
}

impl<V: Clone> Agreement<V> {
    pub(super) fn new(terms: Enable<V>) -> Self {
        Self {
            terms,
            told: None,
            changed: Capabilities::NONE,
        }
    }

    /// Whether the host knows of capabilities.
    pub(super) fn is_negotiated(&self) -> bool {
        self.terms.want.is_some()
    }

    /// What it wants and the administrator grants.
    pub(super) fn granted(&self, grant: Capabilities) -> Capabilities {
        let want = self.terms.want.unwrap_or(Capabilities::NONE);
        want.intersection(grant)
    }

    /// What it has, as it was told.
    pub(super) fn told(&self) -> Capabilities {
        self.told.unwrap_or(Capabilities::NONE)
    }

    /// Whether its `enable` waits for an answer.
    pub(super) fn waits_for_ok(&self) -> bool {
        self.told.is_none()
    }

    /// Applies what it wants and is granted; `supported` is what the page can do, once that is known. Returns the `ok` to be sent,
    /// if it differs from the last one.
    pub(super) fn apply(
        &mut self,
        granted: Capabilities,
        supported: Option<Capabilities>,
    ) -> Option<Outgoing<V>> {
        let have = if granted.is_empty() {
            granted
        } else {
            granted.intersection(supported?)
        };
        if self.told == Some(have) {
            return None;
        }
        self.changed = self.changed.union(have.difference(self.told()));
        self.told = Some(have);
        Some(Outgoing::Ok {
            version: self.terms.version.clone(),
            state: self.terms.state.clone(),
            have: self.terms.want.map(|_| have),
        })
    }

    /// Something of the page's state has changed.
    pub(super) fn changes(&mut self, what: Capabilities) {
        self.changed = self.changed.union(what);
    }

    /// The parts of the state that are to be sent.
    pub(super) fn news(&self) -> Capabilities {
        let told = self.told().intersection(Capabilities::STATE);
        self.changed.intersection(told)
    }

    /// The changed parts of the state were sent.
    pub(super) fn is_up_to_date(&mut self) {
        self.changed = Capabilities::NONE;
    }
}
