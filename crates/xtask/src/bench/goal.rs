//! What a figure must reach, and whether it does.

use super::unit::Unit;

/// What a figure must reach beside a peer's, or by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Goal {
    /// Less than this part of the peer's: 15 means a fifteenth.
    UnderPart(f64),
    /// At least so many times the peer's.
    Times(f64),
    /// Less than this.
    Under(f64),
    /// Less than the peer's.
    Better,
    /// No more than the peer's.
    NoWorse,
    /// At most this.
    AtMost(f64),
    /// At most so many times the peer's.
    AtMostTimes(f64),
    /// At most so much more than the peer's.
    AtMostMore(f64),
    /// Told for what it is.
    None,
}

impl Goal {
    pub(super) fn is_reached(self, ours: f64, peer: f64) -> bool {
        match self {
            Self::UnderPart(part) => ours * part < peer,
            Self::Times(times) => ours >= peer * times,
            Self::Under(limit) => ours < limit,
            Self::Better => ours < peer,
            Self::NoWorse => ours <= peer,
            Self::AtMost(limit) => ours <= limit,
            Self::AtMostTimes(times) => ours <= peer * times,
            Self::AtMostMore(more) => ours <= peer + more,
            Self::None => true,
        }
    }

    /// The goal in words, to be read after "must reach".
    pub(super) fn show(self, unit: Unit) -> String {
        match self {
            Self::UnderPart(part) => format!("under 1/{part}"),
            Self::Times(times) => format!("at least {times} times"),
            Self::Under(limit) => format!("under {}", rounded(unit, limit)),
            Self::Better => "better".to_owned(),
            Self::NoWorse => "no slower".to_owned(),
            Self::AtMost(limit) => format!("at most {}", rounded(unit, limit)),
            Self::AtMostTimes(times) => format!("at most {times} times"),
            Self::AtMostMore(more) => format!("at most {} more", rounded(unit, more)),
            Self::None => String::new(),
        }
    }
}

/// A limit is a round number.
fn rounded(unit: Unit, limit: f64) -> String {
    let shown = unit.show(limit);
    shown.replacen(".00", "", 1).replacen(".0", "", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_must_be_undercut_not_met() {
        assert!(Goal::UnderPart(15.0).is_reached(0.99, 15.0));
        assert!(!Goal::UnderPart(15.0).is_reached(1.0, 15.0));
    }

    #[test]
    fn a_multiple_may_be_met() {
        assert!(Goal::Times(1.4).is_reached(14.0, 10.0));
        assert!(!Goal::Times(1.4).is_reached(13.9, 10.0));
    }

    #[test]
    fn a_limit_of_its_own_knows_no_go() {
        assert!(Goal::Under(4e6).is_reached(3.9e6, 0.0));
        assert!(!Goal::Under(4e6).is_reached(4e6, 1e9));
    }

    #[test]
    fn better_is_less_and_no_worse_may_be_equal() {
        assert!(!Goal::Better.is_reached(1.0, 1.0));
        assert!(Goal::Better.is_reached(0.9, 1.0));
        assert!(Goal::NoWorse.is_reached(1.0, 1.0));
        assert!(!Goal::NoWorse.is_reached(1.1, 1.0));
    }

    #[test]
    fn no_more_than_so_many_times_may_be_met_and_needs_a_peer() {
        assert!(Goal::AtMostTimes(2.0).is_reached(2.0, 1.0));
        assert!(!Goal::AtMostTimes(2.0).is_reached(2.1, 1.0));
        assert!(!Goal::AtMostTimes(2.0).is_reached(0.0, f64::NAN));
    }

    #[test]
    fn so_much_more_may_be_met_and_needs_a_peer() {
        assert!(Goal::AtMostMore(10.0).is_reached(18.0, 8.0));
        assert!(!Goal::AtMostMore(10.0).is_reached(18.1, 8.0));
        assert!(!Goal::AtMostMore(10.0).is_reached(0.0, f64::NAN));
    }

    #[test]
    fn at_most_may_be_met() {
        assert!(Goal::AtMost(3.0).is_reached(3.0, f64::NAN));
        assert!(!Goal::AtMost(3.0).is_reached(3.1, 1e9));
    }

    #[test]
    fn goals_read_as_a_person_would_say_them() {
        assert_eq!(Goal::UnderPart(15.0).show(Unit::Bytes), "under 1/15");
        assert_eq!(Goal::Times(1.4).show(Unit::PerSecond), "at least 1.4 times");
        assert_eq!(Goal::Under(4e6).show(Unit::Bytes), "under 4 MB");
        assert_eq!(Goal::Under(10e6).show(Unit::Bytes), "under 10 MB");
        assert_eq!(Goal::AtMost(30e3).show(Unit::Kilobytes), "at most 30 kB");
        assert_eq!(
            Goal::AtMostMore(10.0).show(Unit::Milliseconds),
            "at most 10 ms more"
        );
    }
}
