//! Texts of others, fit to be shown.

/// More of one answer than this nobody reads in a terminal.
const MAX_SHOWN_CHARS: usize = 300;

/// What a server or a file said, on one line, without control characters, and shortened.
///
/// A control character could move a terminal's cursor, or hide what follows.
pub fn plain(text: &str) -> String {
    let mut words = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control() || is_invisible(c)) {
        if !word.is_empty() {
            if !words.is_empty() {
                words.push(' ');
            }
            words.push_str(word);
        }
    }
    match words.char_indices().nth(MAX_SHOWN_CHARS) {
        Some((at, _)) => {
            words.truncate(at);
            words.push('…');
            words
        }
        None => words,
    }
}

/// Marks that reorder or hide text (Unicode, "Bidirectional Character Types").
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_server_says_cannot_steer_the_terminal() {
        assert_eq!(plain("a\u{1b}[2J\r\nb\u{202e}c\td"), "a [2J b c d");
        assert_eq!(plain(""), "");
    }

    #[test]
    fn a_long_answer_is_shortened_between_characters() {
        let shown = plain(&"ü".repeat(1000));
        assert_eq!(shown.chars().count(), MAX_SHOWN_CHARS + 1);
        assert!(shown.ends_with("ü…"));
    }
}
