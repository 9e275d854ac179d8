//! The languages that findings are told in.

use serde::Deserialize;

use crate::text::plain;

/// A language that each sentence is written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
pub enum Language {
    #[default]
    #[serde(rename = "en")]
    English,
    #[serde(rename = "de")]
    German,
}

impl Language {
    /// The text in this language, with each `{place}` filled in.
    ///
    /// Values come from outside; what would change how the text around them reads is taken out.
    pub(crate) fn fill(self, english: &str, german: &str, values: &[(&str, &str)]) -> String {
        let mut rest = match self {
            Self::English => english,
            Self::German => german,
        };
        let mut text = String::with_capacity(rest.len());
        while let Some((before, (name, after))) = rest
            .split_once('{')
            .and_then(|(before, after)| Some((before, after.split_once('}')?)))
        {
            text.push_str(before);
            if let Some((_, value)) = values.iter().find(|(place, _)| *place == name) {
                text.push_str(&plain(value));
            }
            rest = after;
        }
        text.push_str(rest);
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_stays_as_it_is_and_hides_nothing() {
        let fill = |value| {
            Language::German.fill("", "Schreiben Sie {a}: {b}.", &[("a", value), ("b", "x")])
        };
        assert_eq!(fill("<b>{b}</b>"), "Schreiben Sie <b>{b}</b>: x.");
        assert_eq!(fill("a\u{202e}b\u{1b}[2Jc"), "Schreiben Sie a b [2Jc: x.");
    }
}
