//! Points in time, which the caller supplies.

use core::time::Duration;

/// A moment on the caller's clock: milliseconds since a start of its choice. The clock must never run backwards.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Instant(u64);

impl Instant {
    /// The moment `milliseconds` after the clock's start.
    pub const fn from_millis(milliseconds: u64) -> Self {
        Self(milliseconds)
    }

    /// The moment `pause` after this one.
    #[must_use]
    pub fn after(self, pause: Duration) -> Self {
        Self(
            self.0
                .saturating_add(u64::try_from(pause.as_millis()).unwrap_or(u64::MAX)),
        )
    }

    /// The time from this moment until `later`; zero if that has passed.
    pub fn until(self, later: Self) -> Duration {
        Duration::from_millis(later.0.saturating_sub(self.0))
    }
}
