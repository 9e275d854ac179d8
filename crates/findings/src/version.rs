//! Versions of Mattermost, and what came with them.

use std::fmt;
use std::str::FromStr;

/// A released version, as in `10.6.1`; what follows a hyphen is not looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version(u32, u32, u32);

/// The oldest server that the plugin runs on, as its manifest says.
pub const OLDEST: Version = Version(5, 39, 0);

#[derive(Debug, thiserror::Error)]
#[error("it is no version of Mattermost: write it as in 10.6.1")]
pub struct VersionError;

impl FromStr for Version {
    type Err = VersionError;

    fn from_str(text: &str) -> Result<Self, VersionError> {
        let released = text.trim().trim_start_matches('v');
        let released = released.split(['-', '+']).next().unwrap_or_default();
        let mut numbers = released
            .split('.')
            .map(|number| number.parse().map_err(|_| VersionError));
        let version = Self(
            numbers.next().ok_or(VersionError)??,
            numbers.next().ok_or(VersionError)??,
            numbers.next().unwrap_or(Ok(0))?,
        );
        // Old servers have a fourth number, the build's.
        Ok(version)
    }
}

impl Version {
    /// Whether the server marks the cookies of a login that carries `MMEMBED=1` for frames of other sites.
    ///
    /// In the sources of 11.1, in those of neither 5.39.3 nor 6.7.2; the change is of July 2023 (pull request 23776).
    pub fn marks_embedded_logins(self) -> bool {
        self >= Self(9, 0, 0)
    }

    /// Whether the server has `ServiceSettings.FrameAncestors`, so that no proxy has to change its policy.
    ///
    /// It came with 10.6.1 and 10.7.0.
    pub fn has_frame_ancestors(self) -> bool {
        self >= Self(10, 6, 1)
    }
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_setting_for_frame_ancestors_came_with_10_6_1() {
        let has = |text: &str| text.parse::<Version>().unwrap().has_frame_ancestors();
        assert!(!has("5.39.3") && !has("9.11") && !has("10.5.14") && !has("10.6.0"));
        assert!(has("10.6.1") && has("10.7.0") && has("11.0.0-rc2") && has("v11.6.0"));
    }

    #[test]
    fn what_is_no_version_is_refused() {
        for text in ["", "11", "eleven.six", "11.x"] {
            assert!(text.parse::<Version>().is_err(), "{text}");
        }
    }
}
