//! Tidiness of the source tree: what no compiler checks and every reader sees.

mod documents;
mod files;
mod lines;
mod manifests;

use anyhow::Result;

use self::files::SourceFile;
use crate::project::Project;
use crate::test::Outcome;

/// A check of one file: a line for each fault, saying what to do.
type Check = fn(&Project, &SourceFile) -> Vec<String>;

const CHECKS: [(&str, Check); 10] = [
    (
        "every Rust module begins with one sentence of purpose",
        lines::module_header,
    ),
    ("no file has more than 600 lines", lines::length),
    (
        "no line ends with blanks, every file with a line end",
        lines::blanks,
    ),
    (
        "nothing names a machine's folders or a package registry",
        lines::machine_names,
    ),
    (
        "every manifest names its licence and takes the lints",
        manifests::cargo,
    ),
    ("every package.json names its licence", manifests::npm),
    ("package-lock.json names no registry", manifests::npm_lock),
    ("documents link to what is there", documents::links),
    ("no table of a document is cut in two", documents::tables),
    (
        "code in documents is the code it claims to be",
        documents::code,
    ),
];

/// Runs every check over every file.
pub(crate) fn run(project: &Project) -> Result<Outcome> {
    let files = files::all(project.root())?;
    let mut outcome = Outcome::default();
    for (name, check) in CHECKS {
        let faults: Vec<_> = files.iter().flat_map(|file| check(project, file)).collect();
        if faults.is_empty() {
            outcome.passed += 1;
        } else {
            outcome
                .failures
                .push(format!("{name}:\n        {}", faults.join("\n        ")));
        }
    }
    println!("    {} files, {} checks", files.len(), CHECKS.len());
    Ok(outcome)
}
