//! Documents that must keep step with what they speak of.
//!
//! A fenced block below `<!-- from path/to/file -->` must stand in that file, line for line; the block may leave out
//! the indentation that its lines share.

use std::fs;
use std::path::Path;

use super::files::SourceFile;
use crate::project::Project;

/// Relative links of a document must lead to a file.
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
            let path = target.split(['#', ' ']).next().unwrap_or_default();
            let elsewhere = path.contains("://") || path.starts_with("mailto:");
            if !path.is_empty() && !elsewhere && !folder.join(path).exists() {
                faults.push(file.at(index + 1, &format!("the link to {target} leads nowhere")));
            }
        }
    }
    faults
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
            "<!-- from a.rs -->\n\n```rust\none\ntwo\n```\n[a](a.rs) [b](https://example.com/x) [c](#d)\n",
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
    }
}
