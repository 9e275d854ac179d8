//! What a figure must reach, and whether it does.

use super::unit::Unit;

/// What a figure must reach beside Go's, or by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Goal {
    /// Less than this part of Go's: 15 means a fifteenth.
    UnderPart(f64),
    /// At least so many times Go's.
    Times(f64),
    /// Less than this.
    Under(f64),
    /// Less than Go's.
    Better,
    /// No more than Go's.
    NoWorse,
}

impl Goal {
    pub(super) fn is_reached(self, ours: f64, go: f64) -> bool {
        match self {
            Self::UnderPart(part) => ours * part < go,
            Self::Times(times) => ours >= go * times,
            Self::Under(limit) => ours < limit,
            Self::Better => ours < go,
            Self::NoWorse => ours <= go,
        }
    }

    /// The goal in words, to be read after "must reach".
    pub(super) fn show(self, unit: Unit) -> String {
        match self {
            Self::UnderPart(part) => format!("under 1/{part}"),
            Self::Times(times) => format!("at least {times} times"),
            Self::Under(limit) => {
                let shown = unit.show(limit);
                format!(
                    "under {}",
                    shown.replacen(".00", "", 1).replacen(".0", "", 1)
                )
            }
            Self::Better => "better".to_owned(),
            Self::NoWorse => "no slower".to_owned(),
        }
    }
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
    fn goals_read_as_a_person_would_say_them() {
        assert_eq!(Goal::UnderPart(15.0).show(Unit::Bytes), "under 1/15");
        assert_eq!(Goal::Times(1.4).show(Unit::PerSecond), "at least 1.4 times");
        assert_eq!(Goal::Under(4e6).show(Unit::Bytes), "under 4 MB");
        assert_eq!(Goal::Under(10e6).show(Unit::Bytes), "under 10 MB");
    }
}
