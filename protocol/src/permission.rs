//! The permission of a host's browser to show notifications.

/// A `NotificationPermission` of the Notifications Standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// The user has not decided.
    Default,
    /// Notifications are shown.
    Granted,
    /// Notifications are not shown.
    Denied,
}

impl Permission {
    /// Reads the Standard's word.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "default" => Some(Self::Default),
            "granted" => Some(Self::Granted),
            "denied" => Some(Self::Denied),
            _ => None,
        }
    }

    /// The Standard's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Default => "default",
            Self::Granted => "granted",
            Self::Denied => "denied",
        }
    }
}
