//! The sentences for the browser's console, each printed once; `docs/troubleshooting.md` explains them.

use crate::Origin;

/// A hint for people who look for the reason why no notifications arrive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    /// A message from a window that does not embed the page.
    NotTheEmbedder,
    /// A message from an opaque origin, or one of a form that no setting can name.
    NoOrigin,
    /// A message from an origin that the setting does not name.
    NotTrusted(Origin),
    /// A message of the protocol with a field missing or wrong.
    Malformed,
    /// A message of a later protocol version.
    NewerVersion,
    /// A message that only the host in charge may send, from another window or origin.
    NotTheHost,
    /// A report about a notification, or an answer to a request, that never existed.
    UnknownNumber,
    /// The host's origin was removed from the setting.
    Struck(Origin),
    /// The configuration could not be read.
    NoConfiguration,
    /// The notification could not be posted to the host.
    Undeliverable,
}

impl Note {
    /// The sentence; a note about an origin goes on with the origin, see [`Note::origin`].
    pub const fn sentence(&self) -> &'static str {
        match self {
            Self::NotTheEmbedder => {
                "ignored a message from a window that does not embed this page."
            }
            Self::NoOrigin => {
                "ignored a message from a page without an origin that can be trusted."
            }
            Self::NotTrusted(_) => {
                "ignored a message from an origin that is not among the plugin's Trusted Origins:"
            }
            Self::Malformed => "ignored a message with a missing or wrong field.",
            Self::NewerVersion => "ignored a message of a protocol version later than 20171130.",
            Self::NotTheHost => {
                "ignored a message that only the page that receives the notifications may send."
            }
            Self::UnknownNumber => {
                "ignored a report about a notification or request that was never sent."
            }
            Self::Struck(_) => {
                "notifications stay here now, because this origin is no longer among the Trusted Origins:"
            }
            Self::NoConfiguration => {
                "could not read the plugin's settings from the server; trying again."
            }
            Self::Undeliverable => "a notification could not be handed to the embedding page.",
        }
    }

    /// The origin that the sentence is about.
    pub fn origin(&self) -> Option<&Origin> {
        match self {
            Self::NotTrusted(origin) | Self::Struck(origin) => Some(origin),
            _ => None,
        }
    }

    const fn bit(&self) -> u16 {
        1 << match self {
            Self::NotTheEmbedder => 0,
            Self::NoOrigin => 1,
            Self::NotTrusted(_) => 2,
            Self::Malformed => 3,
            Self::NewerVersion => 4,
            Self::NotTheHost => 5,
            Self::UnknownNumber => 6,
            Self::Struck(_) => 7,
            Self::NoConfiguration => 8,
            Self::Undeliverable => 9,
        }
    }
}

/// Which sentences were printed.
#[derive(Debug, Default)]
pub(crate) struct Noted(u16);

impl Noted {
    /// Whether `note` is printed for the first time; from then on it counts as printed.
    pub(crate) fn is_first(&mut self, note: &Note) -> bool {
        let first = self.0 & note.bit() == 0;
        self.0 |= note.bit();
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<Note> {
        use Note::*;
        let origin = Origin::parse("https://mail.example.com").unwrap();
        vec![
            NotTheEmbedder,
            NoOrigin,
            NotTrusted(origin.clone()),
            Malformed,
            NewerVersion,
            NotTheHost,
            UnknownNumber,
            Struck(origin),
            NoConfiguration,
            Undeliverable,
        ]
    }

    #[test]
    fn each_sentence_is_explained_under_its_own_words() {
        let document = include_str!("../../docs/troubleshooting.md");
        for note in all() {
            let heading = format!("### {}", note.sentence().trim_end_matches(['.', ':']));
            assert!(document.lines().any(|line| line == heading), "{heading}");
        }
    }

    #[test]
    fn a_sentence_that_ends_with_a_colon_goes_on_with_an_origin() {
        for note in all() {
            let goes_on = note.sentence().ends_with(':');
            assert_eq!(note.origin().is_some(), goes_on, "{note:?}");
        }
    }

    #[test]
    fn each_sentence_is_said_once_whatever_else_was_said() {
        let mut noted = Noted::default();
        for note in all() {
            assert!(noted.is_first(&note), "{note:?}");
        }
        for note in all() {
            assert!(!noted.is_first(&note), "{note:?}");
        }
    }
}
