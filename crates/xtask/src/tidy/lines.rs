//! What is checked line by line.

use super::files::SourceFile;
use crate::project::Project;

/// The longest file that can still be read in one sitting.
const MOST_LINES: usize = 600;

/// Names that are right on one machine only, or that say from where packages came; in two parts, so that this file
/// does not hold them.
const MACHINE_NAMES: [(&str, &str); 8] = [
    ("/root", "/"),
    ("/home", "/"),
    ("/work", "/"),
    ("/Users", "/"),
    ("artifact", "ory"),
    ("registry.npmjs", ".org"),
    ("index.crates", ".io"),
    ("proxy.golang", ".org"),
];

pub(super) fn module_header(_: &Project, file: &SourceFile) -> Vec<String> {
    if !file.has_extension(&["rs"]) {
        return Vec::new();
    }
    let header: Vec<_> = file
        .text
        .lines()
        .map_while(|line| line.strip_prefix("//!"))
        .collect();
    let first = header
        .split(|line| line.trim().is_empty())
        .next()
        .unwrap_or_default()
        .concat();
    if first.trim().is_empty() {
        return vec![file.at(
            1,
            "begin with `//! ` and a sentence that says what the module is for",
        )];
    }
    if !first.trim_end().ends_with(['.', ':', '?']) {
        return vec![file.at(1, "end the module's first sentence with a full stop")];
    }
    Vec::new()
}

pub(super) fn length(_: &Project, file: &SourceFile) -> Vec<String> {
    if !file.has_extension(&["rs", "js", "ts", "go", "css", "html", "sh"]) {
        return Vec::new();
    }
    let lines = file.text.lines().count();
    if lines > MOST_LINES {
        return vec![file.at(
            MOST_LINES,
            &format!("{lines} lines: move an idea of its own into a file of its own"),
        )];
    }
    Vec::new()
}

pub(super) fn blanks(_: &Project, file: &SourceFile) -> Vec<String> {
    let trailing = file
        .text
        .split('\n')
        .enumerate()
        .filter(|(_, line)| line.ends_with([' ', '\t', '\r']));
    let mut faults: Vec<_> = trailing
        .map(|(index, _)| file.at(index + 1, "remove what stands behind the line"))
        .collect();
    if !file.text.is_empty() && (!file.text.ends_with('\n') || file.text.ends_with("\n\n")) {
        faults.push(file.at(
            file.text.lines().count(),
            "end the file with exactly one line end",
        ));
    }
    faults
}

pub(super) fn machine_names(_: &Project, file: &SourceFile) -> Vec<String> {
    let mut faults = Vec::new();
    for (index, line) in file.text.lines().enumerate() {
        for (start, end) in MACHINE_NAMES {
            let name = format!("{start}{end}");
            if line.contains(&name) {
                faults.push(file.at(
                    index + 1,
                    &format!("{name} means nothing on other machines"),
                ));
            }
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn faults(check: super::super::Check, path: &str, text: &str) -> Vec<String> {
        let file = SourceFile {
            path: path.into(),
            text: text.to_owned(),
        };
        check(&Project::at(Path::new("/nowhere")), &file)
    }

    #[test]
    fn a_module_without_a_sentence_of_purpose_is_found() {
        assert_eq!(
            faults(module_header, "a.rs", "//! Says hello.\nfn main() {}\n"),
            [""; 0]
        );
        assert_eq!(
            faults(
                module_header,
                "a.rs",
                "//! Says hello over\n//! two lines.\n//!\n//! More\n"
            ),
            [""; 0]
        );
        assert_eq!(faults(module_header, "a.rs", "fn main() {}\n").len(), 1);
        assert_eq!(
            faults(module_header, "a.rs", "//! Says hello\nfn main() {}\n").len(),
            1
        );
        assert_eq!(faults(module_header, "a.js", "main();\n"), [""; 0]);
    }

    #[test]
    fn a_file_that_is_too_long_is_found() {
        assert_eq!(faults(length, "a.rs", &"a\n".repeat(600)), [""; 0]);
        assert_eq!(faults(length, "a.rs", &"a\n".repeat(601)).len(), 1);
        assert_eq!(faults(length, "Cargo.lock", &"a\n".repeat(601)), [""; 0]);
    }

    #[test]
    fn blanks_at_line_ends_and_wrong_file_ends_are_found_with_their_line() {
        assert_eq!(faults(blanks, "a", "one\ntwo\n"), [""; 0]);
        assert_eq!(
            faults(blanks, "a", "one\ntwo \n"),
            ["a:2: remove what stands behind the line"]
        );
        assert_eq!(faults(blanks, "a", "one\r\ntwo\t\n").len(), 2);
        assert_eq!(
            faults(blanks, "a", "one"),
            ["a:1: end the file with exactly one line end"]
        );
        assert_eq!(faults(blanks, "a", "one\n\n").len(), 1);
        assert_eq!(faults(blanks, "a", ""), [""; 0]);
    }

    #[test]
    fn folders_of_a_machine_are_found() {
        let line = format!("see /ho{}/x\n", "me");
        assert_eq!(faults(machine_names, "a.md", &line).len(), 1);
        assert_eq!(faults(machine_names, "a.md", "see target/x\n"), [""; 0]);
    }
}
