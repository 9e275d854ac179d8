//! Writes the licences down: each text once, below the names of all that it covers.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Result, bail};

use super::choice::{Choice, choose};
use super::component::Component;

const RULE: &str =
    "================================================================================";

/// The licences of the components; `apache` is the text of the Apache License 2.0.
///
/// # Errors
///
/// Names a component whose licence text is nowhere.
pub(super) fn render(components: impl Iterator<Item = Component>, apache: &str) -> Result<String> {
    let mut by_text: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut list = String::new();
    for component in components {
        let title = format!("{} {}", component.name, component.version)
            .trim()
            .to_owned();
        writeln!(list, "  {title} ({})", component.license)?;
        let texts = match choose(&component) {
            Some(Choice::Apache { notices }) => {
                std::iter::once(apache).chain(notices).map(tidy).collect()
            }
            Some(Choice::Texts(texts)) => texts.into_iter().map(tidy).collect::<Vec<_>>(),
            None => bail!(
                "{title} is inside under {}, but its text did not come with it: replace the crate, or ask its author",
                component.license
            ),
        };
        for text in texts {
            by_text.entry(text).or_default().push(title.clone());
        }
    }
    let mut written =
        format!("What others wrote and is inside, with the licence that each has:\n\n{list}");
    // The texts that cover most come first.
    let mut texts: Vec<_> = by_text.into_iter().collect();
    texts.sort_by_key(|(_, titles)| (usize::MAX - titles.len(), titles.first().cloned()));
    for (text, titles) in texts {
        write!(
            written,
            "\n{RULE}\n{}\n{RULE}\n\n{text}\n",
            titles.join(", ")
        )?;
    }
    Ok(written)
}

/// Line ends and blanks unified, so that the same text is the same bytes.
fn tidy(text: &str) -> String {
    let lines: Vec<_> = text
        .trim_start_matches('\u{feff}')
        .lines()
        .map(str::trim_end)
        .collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(name: &str, license: &str, text: Option<&str>) -> Component {
        Component {
            name: name.to_owned(),
            version: "1.0.0".to_owned(),
            license: license.to_owned(),
            texts: text
                .into_iter()
                .map(|text| ("LICENSE".to_owned(), text.to_owned()))
                .collect(),
        }
    }

    #[test]
    fn the_same_text_is_written_once_for_all_that_it_covers() {
        let components = [
            component("a", "MIT", Some("the text\r\n")),
            component("b", "MIT", Some("\nthe text  ")),
            component("c", "MIT", Some("another")),
        ];
        let written = render(components.into_iter(), "Apache").unwrap();
        assert_eq!(written.matches("the text").count(), 1);
        assert!(
            written.contains(&format!("{RULE}\na 1.0.0, b 1.0.0\n{RULE}\n\nthe text\n")),
            "{written}"
        );
        assert!(written.contains("  c 1.0.0 (MIT)\n"));
    }

    #[test]
    fn a_component_whose_licence_text_is_nowhere_is_refused_by_name() {
        let error = render([component("lonely", "MIT", None)].into_iter(), "Apache").unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("lonely 1.0.0 is inside under MIT"),
            "{error}"
        );
    }
}
