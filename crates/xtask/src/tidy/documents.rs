//! Documents that must keep step with what they speak of.
//!
//! A fenced block below `<!-- from path/to/file -->` must stand in that file, line for line; the block may leave out
//! the indentation that its lines share.

use std::fs;
use std::path::Path;

use super::files::SourceFile;
use crate::project::Project;

/// Relative links of a document must lead to a file, and to one of its headings where they name one.
pub(super) fn links(project: &Project, file: &SourceFile) -> Vec<String> {
    if !file.has_extension(&["md"]) {
        return Vec::new();
    }
    let folder = project.path(file.path.parent().unwrap_or_else(|| Path::new("")));
    let mut faults = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        for target in line
            .split("](")
            .skip(1)
            .filter_map(|rest| rest.split(')').next())
        {
            let address = target.split(' ').next().unwrap_or_default();
            let (path, heading) = address.split_once('#').unwrap_or((address, ""));
            if path.contains("://") || path.starts_with("mailto:") {
                continue;
            }
            let there = match (path, heading) {
                ("", heading) => has_heading(&file.text, heading),
                (path, "") => folder.join(path).exists(),
                (path, heading) => fs::read_to_string(folder.join(path))
                    .is_ok_and(|text| !path.ends_with(".md") || has_heading(&text, heading)),
            };
            if !there {
                faults.push(file.at(index + 1, &format!("the link to {target} leads nowhere")));
            }
        }
    }
    faults
}

/// Whether one of the document's headings has this anchor, as GitHub makes it of the heading's text.
fn has_heading(document: &str, anchor: &str) -> bool {
    outside_of_code(document)
        .filter(|(_, line)| line.starts_with('#'))
        .filter_map(|(_, line)| line.trim_start_matches('#').strip_prefix(' '))
        .any(|heading| {
            let heading = heading.to_lowercase();
            let kept = heading
                .chars()
                .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            kept.map(|c| if c == ' ' { '-' } else { c })
                .eq(anchor.chars())
        })
}

/// A table must begin with its head: a row after an empty line is shown as plain text.
pub(super) fn tables(_: &Project, file: &SourceFile) -> Vec<String> {
    if !file.has_extension(&["md"]) {
        return Vec::new();
    }
    let mut lines = outside_of_code(&file.text).peekable();
    let mut faults = Vec::new();
    let mut inside = false;
    while let Some((number, line)) = lines.next() {
        let row = line.starts_with('|');
        let headed = lines.peek().is_some_and(|(_, next)| {
            next.starts_with("|-") || next.starts_with("| -") || next.starts_with("|:")
        });
        if row && !inside && !headed {
            faults.push(file.at(
                number,
                "this row is part of no table: remove the empty line above it",
            ));
        }
        inside = row;
    }
    faults
}

/// The lines that are in no fenced block, with their numbers.
fn outside_of_code(document: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut code = false;
    document
        .lines()
        .enumerate()
        .filter_map(move |(index, line)| {
            let fence = line.trim_start().starts_with("```");
            code ^= fence;
            (!code && !fence).then_some((index + 1, line))
        })
}

/// Blocks that say from where they come must stand there.
pub(super) fn code(project: &Project, file: &SourceFile) -> Vec<String> {
    if !file.has_extension(&["md"]) {
        return Vec::new();
    }
    let mut faults = Vec::new();
    let lines: Vec<_> = file.text.lines().collect();
    for (index, line) in lines.iter().enumerate() {
        let Some(path) = line
            .strip_prefix("<!-- from ")
            .and_then(|rest| rest.strip_suffix(" -->"))
        else {
            continue;
        };
        let block: Vec<_> = lines[index + 1..]
            .iter()
            .skip_while(|line| line.is_empty())
            .skip(1)
            .take_while(|line| !line.starts_with("```"))
            .copied()
            .collect();
        match fs::read_to_string(project.path(path)) {
            Err(_) => faults.push(file.at(index + 1, &format!("there is no file {path}"))),
            Ok(_) if block.is_empty() => faults.push(file.at(index + 1, "no fenced block follows")),
            Ok(source) if stands_in(&block, &source) => {}
            Ok(_) => faults.push(file.at(
                index + 1,
                &format!("the block below is not in {path} any more: write it anew"),
            )),
        }
    }
    faults
}

fn stands_in(block: &[&str], source: &str) -> bool {
    let source: Vec<_> = source.lines().collect();
    source.windows(block.len()).any(|part| {
        let indented = part.iter().filter(|line| !line.is_empty());
        let shared = indented
            .map(|line| line.len() - line.trim_start().len())
            .min()
            .unwrap_or(0);
        part.iter()
            .map(|line| line.get(shared..).unwrap_or_default())
            .eq(block.iter().copied())
            || part == block
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_must_stand_in_its_file_apart_from_shared_indentation() {
        let source = "fn main() {\n    if a {\n\n        b();\n    }\n}\n";
        assert!(stands_in(&["if a {", "", "    b();", "}"], source));
        assert!(stands_in(&["    if a {"], source));
        assert!(!stands_in(&["if a {", "    b();", "}"], source));
    }

    #[test]
    fn a_block_that_left_its_file_and_a_link_to_nowhere_are_found() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.rs"), "one\ntwo\n").unwrap();
        let project = Project::at(folder.path());
        let document = |text: &str| SourceFile {
            path: "README.md".into(),
            text: text.to_owned(),
        };
        let kept = document(
            "<!-- from a.rs -->\n\n```rust\none\ntwo\n```\n[a](a.rs) [b](https://example.com/x) [c](#its-path-ax) [d](a.rs#L1)\n## Its *path*: a.x\n",
        );
        assert_eq!(code(&project, &kept), [""; 0]);
        assert_eq!(links(&project, &kept), [""; 0]);
        let moved = document(
            "<!-- from a.rs -->\n```rust\none\nthree\n```\n<!-- from b.rs -->\n[a](b.rs)\n",
        );
        assert_eq!(code(&project, &moved).len(), 2);
        assert_eq!(
            links(&project, &moved),
            ["README.md:7: the link to b.rs leads nowhere"]
        );
        let renamed = document("## Another\n```sh\n# comment\n```\n[a](#other) [b](#comment)\n");
        assert_eq!(links(&project, &renamed).len(), 2);
    }

    #[test]
    fn a_row_that_an_empty_line_cuts_off_its_table_is_found() {
        let document = |text: &str| SourceFile {
            path: "README.md".into(),
            text: text.to_owned(),
        };
        let project = Project::at(Path::new("."));
        let whole = document("| a | b |\n|---|---:|\n| 1 | 2 |\n\n```sh\n| grep\n```\n");
        assert_eq!(tables(&project, &whole), [""; 0]);
        let cut = document("| a |\n|---|\n| 1 |\n\n| 2 |\n| 3 |\n");
        assert_eq!(
            tables(&project, &cut),
            ["README.md:5: this row is part of no table: remove the empty line above it"]
        );
    }
}
