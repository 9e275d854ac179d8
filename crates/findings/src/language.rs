//! The languages that findings are told in.

use crate::text::plain;

/// A language that each sentence is written in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    English,
    German,
}

/// Makes a function of each text: `say.name(place)` is the text in that language. Nothing in a text is markup.
macro_rules! texts {
    ($($name:ident($($place:ident),*): $english:literal, $german:literal;)*) => {
        impl $crate::language::Language {
            $(pub(crate) fn $name(self $(, $place: &str)*) -> String {
                self.fill(&[$english, $german], &[$((stringify!($place), $place)),*])
            })*
        }

        #[cfg(test)]
        #[test]
        fn each_language_fills_in_the_same_and_says_it_differently() {
            $($crate::language::compare(stringify!($name), &[$english, $german], &[$(stringify!($place)),*]);)*
        }
    };
}
pub(crate) use texts;

impl Language {
    /// The language of this code (BCP 47), such as `de`.
    pub fn of_code(code: &str) -> Option<Self> {
        match code {
            "en" => Some(Self::English),
            "de" => Some(Self::German),
            _ => None,
        }
    }

    /// The text in this language, with each `{place}` filled in.
    ///
    /// Values come from outside; what would change how the text around them reads is taken out.
    pub(crate) fn fill(self, texts: &'static [&'static str; 2], values: &[(&str, &str)]) -> String {
        let mut rest = texts[self as usize];
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

/// Both languages have the same places, and somebody has translated it.
#[cfg(test)]
pub(crate) fn compare(name: &str, texts: &[&str; 2], places: &[&str]) {
    use std::collections::BTreeSet;

    assert_ne!(texts[0], texts[1], "{name}");
    let places: BTreeSet<&str> = places.iter().copied().collect();
    for text in texts {
        let parts = text.split('{').skip(1);
        let named = parts.filter_map(|rest| Some(rest.split_once('}')?.0));
        assert_eq!(named.collect::<BTreeSet<_>>(), places, "{name}: {text}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_filled_in_stays_as_it_is_and_hides_nothing() {
        let fill = |value| {
            Language::German.fill(
                &["", "Schreiben Sie {a}: {b}."],
                &[("a", value), ("b", "x")],
            )
        };
        assert_eq!(fill("<b>{b}</b>"), "Schreiben Sie <b>{b}</b>: x.");
        assert_eq!(fill("a\u{202e}b\u{1b}[2Jc"), "Schreiben Sie a b [2Jc: x.");
    }
}
