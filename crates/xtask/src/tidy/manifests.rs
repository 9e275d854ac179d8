//! What the manifests of crates and npm packages must say.

use serde_json::Value;

use super::files::SourceFile;
use crate::project::Project;

pub(super) fn cargo(_: &Project, file: &SourceFile) -> Vec<String> {
    if !file.is_named("Cargo.toml") || !file.text.contains("[package]") {
        return Vec::new();
    }
    let lines: Vec<_> = file.text.lines().map(str::trim).collect();
    let mut faults = Vec::new();
    if !lines
        .iter()
        .any(|line| line.starts_with("license.workspace") || line.starts_with("license ="))
    {
        faults.push(file.at(1, "add `license.workspace = true`"));
    }
    let takes_lints = lines
        .windows(2)
        .any(|pair| pair == ["[lints]", "workspace = true"]);
    // The fuzz package is a workspace of its own.
    if !takes_lints && !lines.contains(&"[workspace]") {
        faults.push(file.at(1, "add `[lints]` with `workspace = true`"));
    }
    faults
}

pub(super) fn npm(_: &Project, file: &SourceFile) -> Vec<String> {
    if !file.is_named("package.json") {
        return Vec::new();
    }
    match serde_json::from_str::<Value>(&file.text) {
        Ok(manifest) if manifest["license"] == env!("CARGO_PKG_LICENSE") => Vec::new(),
        Ok(_) => vec![file.at(
            1,
            concat!("add \"license\": \"", env!("CARGO_PKG_LICENSE"), "\""),
        )],
        Err(error) => vec![file.at(error.line(), &error.to_string())],
    }
}

pub(super) fn npm_lock(_: &Project, file: &SourceFile) -> Vec<String> {
    if !file.is_named("package-lock.json") {
        return Vec::new();
    }
    let resolved = file
        .text
        .lines()
        .enumerate()
        .filter(|(_, line)| line.contains("\"resolved\""));
    let advice = "set omit-lockfile-registry-resolved=true in .npmrc and make the lock file anew";
    resolved
        .map(|(index, _)| file.at(index + 1, advice))
        .collect()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    fn faults(check: super::super::Check, path: &str, text: &str) -> usize {
        let file = SourceFile {
            path: path.into(),
            text: text.to_owned(),
        };
        check(&Project::at(Path::new("/nowhere")), &file).len()
    }

    #[test]
    fn a_crate_without_licence_or_lints_is_found() {
        let whole = "[package]\nlicense.workspace = true\n\n[lints]\nworkspace = true\n";
        assert_eq!(faults(cargo, "a/Cargo.toml", whole), 0);
        assert_eq!(
            faults(cargo, "a/Cargo.toml", "[package]\nname = \"a\"\n"),
            2
        );
        assert_eq!(faults(cargo, "Cargo.toml", "[workspace]\n"), 0);
    }

    #[test]
    fn an_npm_package_without_our_licence_is_found() {
        assert_eq!(
            faults(npm, "a/package.json", r#"{"license": "Apache-2.0"}"#),
            0
        );
        assert_eq!(faults(npm, "a/package.json", r#"{"name": "a"}"#), 1);
        assert_eq!(faults(npm, "a/package.json", "{"), 1);
    }

    #[test]
    fn a_lock_file_that_names_where_packages_came_from_is_found() {
        assert_eq!(
            faults(
                npm_lock,
                "package-lock.json",
                "{\"resolved\": \"https://example.com\"}"
            ),
            1
        );
        assert_eq!(faults(npm_lock, "package-lock.json", "{}"), 0);
    }
}
