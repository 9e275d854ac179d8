//! systemd's unit of a Mattermost, as far as it says where things are.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Later ones give way to earlier ones (systemd.unit(5)).
const FOLDERS: [&str; 4] = [
    "etc/systemd/system",
    "run/systemd/system",
    "usr/lib/systemd/system",
    "lib/systemd/system",
];

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Unit {
    pub(super) name: String,
    pub(super) program: Option<String>,
    /// What `--config` or `-c` names.
    pub(super) config: Option<String>,
    pub(super) folder: Option<String>,
    pub(super) user: Option<String>,
    variables: BTreeMap<String, String>,
    files: Vec<String>,
}

impl Unit {
    /// The unit and what lies in its folder of drop-ins.
    pub(super) fn find(root: &Path, name: &str) -> Option<Self> {
        let text = FOLDERS
            .iter()
            .find_map(|folder| fs::read_to_string(root.join(folder).join(name)).ok())?;
        let mut unit = Self {
            name: name.to_owned(),
            ..Self::default()
        };
        unit.read(&text);
        for folder in FOLDERS.iter().rev() {
            let Ok(entries) = fs::read_dir(root.join(folder).join(format!("{name}.d"))) else {
                continue;
            };
            let mut paths: Vec<_> = entries
                .filter_map(|entry| Some(entry.ok()?.path()))
                .collect();
            paths.retain(|path| {
                path.extension()
                    .is_some_and(|extension| extension == "conf")
            });
            paths.sort();
            for text in paths
                .iter()
                .filter_map(|path| fs::read_to_string(path).ok())
            {
                unit.read(&text);
            }
        }
        Some(unit)
    }

    fn read(&mut self, text: &str) {
        let joined = text.replace("\\\n", " ");
        let mut section = "";
        for line in joined.lines().map(str::trim) {
            if line.starts_with('[') {
                section = line;
            }
            let Some((key, value)) = line
                .split_once('=')
                .filter(|_| section == "[Service]" && !line.starts_with(['#', ';']))
            else {
                continue;
            };
            let value = value.trim();
            match key.trim() {
                // An empty one takes back what stood before; several run only in oneshot services.
                "ExecStart" if !value.is_empty() => self.started(value),
                "WorkingDirectory" => {
                    self.folder = Some(value.trim_start_matches('-').to_owned())
                        .filter(|value| value.starts_with('/'));
                }
                "User" => self.user = Some(value.to_owned()).filter(|value| !value.is_empty()),
                "Environment" => self
                    .variables
                    .extend(words(value).iter().filter_map(|word| variable(word))),
                "EnvironmentFile" => self.files.push(value.trim_start_matches('-').to_owned()),
                _ => {}
            }
        }
    }

    fn started(&mut self, value: &str) {
        let words = words(value.trim_start_matches(['@', '-', ':', '+', '!']));
        self.program = words
            .first()
            .filter(|program| program.starts_with('/'))
            .cloned();
        let mut words = words.into_iter().skip(1);
        while let Some(word) = words.next() {
            if let Some(path) = word.strip_prefix("--config=") {
                self.config = Some(path.to_owned());
            } else if word == "--config" || word == "-c" {
                self.config = words.next();
            }
        }
    }

    /// The variables that it sets, those of its files after its own.
    pub(super) fn environment(&self, root: &Path) -> BTreeMap<String, String> {
        let mut variables = self.variables.clone();
        for file in &self.files {
            let text = fs::read_to_string(super::below(root, file)).unwrap_or_default();
            let lines = text
                .lines()
                .map(str::trim)
                .filter(|line| !line.starts_with(['#', ';']));
            variables.extend(lines.filter_map(|line| variable(&words(line).join(" "))));
        }
        variables
    }
}

fn variable(word: &str) -> Option<(String, String)> {
    let (name, value) = word.split_once('=')?;
    Some((name.to_owned(), value.to_owned()))
}

/// Words of a line, quotes taken off.
fn words(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for character in line.chars() {
        match (quote, character) {
            (Some(open), _) if character == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            (None, _) if character.is_whitespace() => found.extend(word.take()),
            _ => word.get_or_insert_default().push(character),
        }
    }
    found.extend(word);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_unit_says_what_runs_where_and_as_whom() {
        let mut unit = Unit::default();
        unit.read(
            "[Unit]\nUser=nobody\n[Service]\nExecStart=-/opt/mattermost/bin/mattermost server \\\n  --config \"/etc/m m/config.json\"\n\
             WorkingDirectory=/opt/mattermost\nUser=mattermost\nEnvironment=\"MM_A=b c\" MM_D=e\n# User=root\n",
        );
        assert_eq!(
            unit.program.as_deref(),
            Some("/opt/mattermost/bin/mattermost")
        );
        assert_eq!(unit.config.as_deref(), Some("/etc/m m/config.json"));
        assert_eq!(unit.folder.as_deref(), Some("/opt/mattermost"));
        assert_eq!(unit.user.as_deref(), Some("mattermost"));
        assert_eq!(unit.variables.get("MM_A").map(String::as_str), Some("b c"));
        assert_eq!(unit.variables.get("MM_D").map(String::as_str), Some("e"));
    }
}
