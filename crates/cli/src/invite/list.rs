//! Addresses out of a list: one a line, or what a webmail or an address book exports.

use std::collections::HashSet;

/// The addresses of a list, each once, and the numbers of the lines that hold none.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct List {
    /// In small letters, as Mattermost keeps them.
    pub(super) addresses: Vec<String>,
    /// Counted from 1; neither empty lines nor a first line with names of columns.
    pub(super) without: Vec<usize>,
}

impl List {
    /// Takes the first address of each line: who exports contacts gets one line a person.
    pub(super) fn parse(text: &str) -> Self {
        let mut list = Self::default();
        let mut seen = HashSet::new();
        for (line, number) in text.trim_start_matches('\u{feff}').lines().zip(1..) {
            match line.split(separates).find(|word| is_address(word)) {
                Some(address) => {
                    let address = address.to_lowercase();
                    if seen.insert(address.clone()) {
                        list.addresses.push(address);
                    }
                }
                None if number == 1 || line.trim().is_empty() => {}
                None => list.without.push(number),
            }
        }
        list
    }
}

/// What stands around an address in CSV, in vCards and in `Anna <anna@example.com>`.
fn separates(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, ',' | ';' | ':' | '"' | '\'' | '<' | '>' | '(' | ')')
}

/// The rest is Mattermost's to judge.
fn is_address(word: &str) -> bool {
    word.split_once('@').is_some_and(|(name, domain)| {
        let begins =
            domain.starts_with(char::is_alphanumeric) && domain.ends_with(char::is_alphanumeric);
        !name.is_empty() && begins && !domain.contains('@')
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_found_in_whatever_form_people_have_it() {
        for (text, addresses, without) in [
            (
                "anna@example.com\nben@example.com\n",
                &["anna@example.com", "ben@example.com"][..],
                &[][..],
            ),
            (
                "\u{feff}First Name,E-mail Address,E-mail 2 Address\r\nAnna,Anna@Example.com,anna@home.example\r\n\r\nBen,,\r\n",
                &["anna@example.com"],
                &[4],
            ),
            (
                "\"Name\";\"Mail\"\n\"Doe, Anna\";\"Anna Doe <anna@example.com>\"\n",
                &["anna@example.com"],
                &[],
            ),
            (
                "BEGIN:VCARD\nEMAIL;TYPE=WORK:anna@example.com\nEND:VCARD\n",
                &["anna@example.com"],
                &[3],
            ),
            (
                "anna@example.com\nANNA@example.com\n@\nx@\nb@c@d\nben@\u{1b}[2J",
                &["anna@example.com"],
                &[3, 4, 5, 6],
            ),
        ] {
            let list = List::parse(text);
            assert_eq!(list.addresses, addresses, "{text}");
            assert_eq!(list.without, without, "{text}");
        }
    }
}
