//! What a host may know and do besides showing notifications, as far as the administrator grants it.

use core::{fmt, str};

/// One right that an administrator grants to an origin, and that a host of that origin asks for in `enable`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Capability {
    /// `unread`: how much the user has not read, across all teams, as Mattermost's own title and favicon count it.
    Unread,
    /// `session`: whether a user is signed in.
    Session,
    /// `view`: the host says whether the user can see the frame; a frame that cannot be seen counts as not focused.
    View,
    /// `status`: whether the user is online, away, offline or does not want to be disturbed.
    Status,
    /// `context`: the team, channel, path, title, language and theme that the user looks at.
    Context,
    /// `go`: the host opens a channel, a message or the threads of a team.
    Go,
    /// `status.set`: the host sets the user's status.
    SetStatus,
}

impl Capability {
    /// All capabilities, in the order in which they are always listed.
    pub const ALL: [Self; 7] = [
        Self::Unread,
        Self::Session,
        Self::View,
        Self::Status,
        Self::Context,
        Self::Go,
        Self::SetStatus,
    ];

    /// Its name in the setting, in the configuration endpoint's answer and in envelopes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::Session => "session",
            Self::View => "view",
            Self::Status => "status",
            Self::Context => "context",
            Self::Go => "go",
            Self::SetStatus => "status.set",
        }
    }

    const fn bit(self) -> u8 {
        1 << self as u8
    }
}

impl fmt::Display for Capability {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.as_str())
    }
}

impl str::FromStr for Capability {
    type Err = UnknownCapability;

    /// Reads the name exactly as [`Capability::as_str`] writes it.
    fn from_str(name: &str) -> Result<Self, UnknownCapability> {
        Self::ALL
            .into_iter()
            .find(|capability| capability.as_str() == name)
            .ok_or(UnknownCapability)
    }
}

/// The error of a text that is not the name of a [`Capability`]; its text lists the names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownCapability;

impl fmt::Display for UnknownCapability {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("there is no such capability; there are ")?;
        for (place, capability) in Capability::ALL.into_iter().enumerate() {
            let before = match place {
                0 => "",
                last if last == Capability::ALL.len() - 1 => " and ",
                _ => ", ",
            };
            write!(formatter, "{before}{capability}")?;
        }
        Ok(())
    }
}

impl core::error::Error for UnknownCapability {}

/// A set of capabilities.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Capabilities(u8);

impl Capabilities {
    /// No capability at all.
    pub const NONE: Self = Self(0);

    /// The capabilities of a trusted origin that the administrator's setting does not name. They tell a host nothing that it does
    /// not learn from the texts of the notifications.
    pub const DEFAULT: Self =
        Self(Capability::Unread.bit() | Capability::Session.bit() | Capability::View.bit());

    /// `session` alone.
    pub const SESSION: Self = Self(Capability::Session.bit());

    /// The capabilities that tell a host the page's state.
    pub const STATE: Self = Self(
        Capability::Unread.bit()
            | Capability::Session.bit()
            | Capability::Status.bit()
            | Capability::Context.bit(),
    );

    /// The set in which capability number `n` of [`Capability::ALL`] is bit `n`. Other bits are ignored.
    pub const fn from_bits(bits: u8) -> Self {
        Self(bits & ((1 << Capability::ALL.len()) - 1))
    }

    /// The bits for [`Capabilities::from_bits`].
    pub const fn bits(self) -> u8 {
        self.0
    }

    /// Whether the set is empty.
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the capability is one of them.
    pub const fn contains(self, capability: Capability) -> bool {
        self.0 & capability.bit() != 0
    }

    /// Adds a capability.
    pub const fn insert(&mut self, capability: Capability) {
        self.0 |= capability.bit();
    }

    /// The capabilities in both sets.
    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// The capabilities in at least one of the sets.
    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The capabilities that are not in the other set.
    #[must_use]
    pub const fn difference(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// The capabilities in the order of [`Capability::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Capability> {
        Capability::ALL
            .into_iter()
            .filter(move |capability| self.contains(*capability))
    }
}

impl FromIterator<Capability> for Capabilities {
    fn from_iter<I: IntoIterator<Item = Capability>>(capabilities: I) -> Self {
        capabilities
            .into_iter()
            .fold(Self::NONE, |mut all, capability| {
                all.insert(capability);
                all
            })
    }
}

impl fmt::Debug for Capabilities {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_set().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_capability_is_read_as_it_is_written() {
        let names = [
            "unread",
            "session",
            "view",
            "status",
            "context",
            "go",
            "status.set",
        ];
        assert_eq!(Capability::ALL.map(|one| one.to_string()), names);
        for capability in Capability::ALL {
            assert_eq!(capability.as_str().parse(), Ok(capability));
        }
    }

    #[test]
    fn a_name_that_is_not_exactly_a_capabilitys_is_unknown_and_the_known_ones_are_named() {
        for name in ["", "Unread", "unread ", "status.", "set", "status set"] {
            assert_eq!(
                name.parse::<Capability>(),
                Err(UnknownCapability),
                "{name:?}"
            );
        }
        assert_eq!(
            UnknownCapability.to_string(),
            "there is no such capability; there are unread, session, view, status, context, go and status.set"
        );
    }

    #[test]
    fn a_set_holds_what_was_put_in_and_nothing_else() {
        for capability in Capability::ALL {
            let mut set = Capabilities::NONE;
            assert!(set.is_empty());
            set.insert(capability);
            set.insert(capability);
            assert!(!set.is_empty());
            assert_eq!(set.iter().collect::<Vec<_>>(), [capability]);
        }
    }

    #[test]
    fn a_set_is_listed_in_one_order_whatever_order_it_was_made_in() {
        let set: Capabilities = Capability::ALL.into_iter().rev().collect();
        assert!(set.iter().eq(Capability::ALL));
        assert_eq!(
            format!("{:?}", Capabilities::DEFAULT),
            "{Unread, Session, View}"
        );
    }

    #[test]
    fn a_set_is_the_same_after_it_went_through_its_bits() {
        for bits in 0..=u8::MAX {
            assert_eq!(Capabilities::from_bits(bits).bits(), bits & 0x7f);
        }
        let last: Capabilities = [Capability::SetStatus].into_iter().collect();
        assert_eq!(last.bits(), 1 << 6);
    }

    #[test]
    fn an_intersection_holds_what_both_sets_hold() {
        let wanted: Capabilities = [Capability::View, Capability::Go].into_iter().collect();
        let have = wanted.intersection(Capabilities::DEFAULT);
        assert!(have.iter().eq([Capability::View]));
        assert!(wanted.intersection(Capabilities::NONE).is_empty());
    }
}
