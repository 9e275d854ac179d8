//! Which of a component's licences is taken, and which of its files hold it.

use super::component::Component;

/// Licences by preference, where one may be chosen: Apache's first, because one copy of its text serves all.
const PREFERRED: [(&str, &str); 8] = [
    ("Apache-2.0", "APACHE"),
    ("MIT", "MIT"),
    ("BSD-3-Clause", "BSD"),
    ("BSD-2-Clause", "BSD"),
    ("ISC", "ISC"),
    ("Zlib", "ZLIB"),
    ("0BSD", "0BSD"),
    ("Unicode-3.0", "UNICODE"),
];

/// What has to be reproduced for a component.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Choice<'a> {
    /// Apache's licence alone, plus what the component's notice file says.
    Apache { notices: Vec<&'a str> },
    /// These texts.
    Texts(Vec<&'a str>),
}

/// Chooses among a component's licences; `None` if the needed text did not come with it.
pub(super) fn choose(component: &Component) -> Option<Choice<'_>> {
    let alternatives: Vec<_> = component
        .license
        .split('/')
        .flat_map(|part| part.split(" OR "))
        .map(str::trim)
        .collect();
    let simple = !component.license.contains(['(', ')']) && !component.license.contains(" AND ");
    let preferred = PREFERRED
        .iter()
        .find(|(id, _)| simple && alternatives.contains(id));
    match preferred {
        Some(("Apache-2.0", _)) => Some(Choice::Apache {
            notices: files(component, |name| name.starts_with("NOTICE")),
        }),
        Some((_, mark)) => {
            let marked = files(component, |name| name.contains(mark));
            let texts = if marked.is_empty() {
                files(component, |_| true)
            } else {
                marked
            };
            (!texts.is_empty()).then_some(Choice::Texts(texts))
        }
        // No single licence does it: all that came along is reproduced.
        None => {
            let texts = files(component, |_| true);
            (!texts.is_empty()).then_some(Choice::Texts(texts))
        }
    }
}

fn files(component: &Component, wanted: impl Fn(&str) -> bool) -> Vec<&str> {
    let named = component
        .texts
        .iter()
        .filter(|(name, _)| wanted(&name.to_uppercase()));
    named.map(|(_, text)| text.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(license: &str, files: &[&str]) -> Component {
        Component {
            name: "a".to_owned(),
            version: "1.0.0".to_owned(),
            license: license.to_owned(),
            texts: files
                .iter()
                .map(|name| ((*name).to_owned(), format!("text of {name}")))
                .collect(),
        }
    }

    #[test]
    fn apache_is_taken_where_it_may_be_chosen_and_notices_are_kept() {
        for license in [
            "MIT OR Apache-2.0",
            "Apache-2.0",
            "MIT/Apache-2.0",
            "Zlib OR Apache-2.0 OR MIT",
        ] {
            let both = component(license, &["LICENSE-MIT", "LICENSE-APACHE", "NOTICE.txt"]);
            assert_eq!(
                choose(&both),
                Some(Choice::Apache {
                    notices: vec!["text of NOTICE.txt"]
                }),
                "{license}"
            );
        }
    }

    #[test]
    fn a_single_licence_needs_its_text() {
        assert_eq!(
            choose(&component("MIT", &["LICENSE"])),
            Some(Choice::Texts(vec!["text of LICENSE"]))
        );
        assert_eq!(choose(&component("MIT", &[])), None);
    }

    #[test]
    fn of_several_files_the_one_of_the_chosen_licence_is_taken() {
        let memchr = component("Unlicense OR MIT", &["UNLICENSE", "LICENSE-MIT", "COPYING"]);
        assert_eq!(
            choose(&memchr),
            Some(Choice::Texts(vec!["text of LICENSE-MIT"]))
        );
    }

    #[test]
    fn licences_that_hold_together_are_all_reproduced() {
        let both = component(
            "MIT AND (Apache-2.0 OR MIT)",
            &["LICENSE-MIT", "LICENSE-APACHE"],
        );
        assert_eq!(
            choose(&both),
            Some(Choice::Texts(vec![
                "text of LICENSE-MIT",
                "text of LICENSE-APACHE"
            ]))
        );
    }
}
