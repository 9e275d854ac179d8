//! The old commands and what they have become, from `commands.toml`.

use std::collections::BTreeMap;
use std::path;

use serde::Deserialize;

const TEXT: &str = include_str!("commands.toml");

/// One old command.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub(super) old: String,
    pub(super) about: String,
    #[serde(default)]
    pub(super) usage: String,
    pub(super) runs: Runs,
    #[serde(default)]
    new: Vec<String>,
    #[serde(default)]
    arguments: Vec<String>,
    /// How many old arguments `arguments` stands for, where it does not use all.
    takes: Option<usize>,
    #[serde(default)]
    flags: BTreeMap<String, String>,
    /// Flags that take a value, where `arguments` has to tell the two apart.
    #[serde(default)]
    valued: Vec<String>,
    #[serde(default)]
    drop: BTreeMap<String, bool>,
    /// Why a flag has no counterpart, where leaving it out would do something else.
    #[serde(default)]
    refuses: BTreeMap<String, String>,
    #[serde(default)]
    adds: Vec<String>,
    #[serde(default)]
    pub(super) newer: Vec<String>,
    #[serde(default)]
    files: Vec<usize>,
    #[serde(default)]
    file_flags: Vec<String>,
    #[serde(default)]
    secret: Vec<usize>,
    #[serde(default)]
    secret_flags: Vec<String>,
    pub(super) note: Option<String>,
    pub(super) says: Option<String>,
}

/// What does it now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Runs {
    Mmctl,
    Mattermost,
    Own,
    Nothing,
}

/// An argument of the command that runs today.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Word {
    pub(super) text: String,
    /// Never to be shown.
    pub(super) secret: bool,
}

impl Word {
    fn open(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            secret: false,
        }
    }
}

pub(super) fn table() -> Vec<Entry> {
    #[derive(Deserialize)]
    struct File {
        command: Vec<Entry>,
    }
    // A test reads it; what is compiled in cannot change afterwards.
    toml::from_str::<File>(TEXT)
        .map(|file| file.command)
        .unwrap_or_default()
}

/// As in `group channel enable`.
const MOST_WORDS: usize = 3;

/// The entry whose words the arguments begin with, the longest first, and the arguments behind them.
pub(super) fn find<'a>(
    table: &'a [Entry],
    words: &'a [String],
) -> Option<(&'a Entry, &'a [String])> {
    (1..=MOST_WORDS.min(words.len())).rev().find_map(|count| {
        let (head, rest) = words.split_at_checked(count)?;
        let old = head.join(" ");
        Some((table.iter().find(|entry| entry.old == old)?, rest))
    })
}

impl Entry {
    /// Whether another program has it today, or other words stand for it.
    pub(super) fn has_moved(&self) -> bool {
        self.runs != Runs::Mattermost || !self.new.is_empty()
    }

    /// The same for a program that has the old command itself.
    pub(super) fn unchanged(&self) -> Self {
        Self {
            runs: Runs::Mattermost,
            new: Vec::new(),
            arguments: Vec::new(),
            flags: BTreeMap::new(),
            drop: BTreeMap::new(),
            refuses: BTreeMap::new(),
            adds: Vec::new(),
            newer: Vec::new(),
            note: None,
            ..self.clone()
        }
    }

    /// The words that begin today's command; `newest` where the program has the newer ones.
    pub(super) fn today(&self, newest: bool) -> Vec<&str> {
        let new = if newest { &self.newer } else { &self.new };
        if new.is_empty() {
            self.old.split(' ').collect()
        } else {
            new.iter().map(String::as_str).collect()
        }
    }

    /// Today's command for the old arguments; `newest` as for [`Entry::today`].
    ///
    /// # Errors
    ///
    /// A flag that nothing stands for today, and why.
    pub(super) fn translate(
        &self,
        arguments: &[String],
        newest: bool,
    ) -> Result<Vec<Word>, String> {
        let mut plain: Vec<Word> = Vec::new();
        // In their order: most flags' values cannot be told from arguments, and need not be.
        let mut all: Vec<Word> = Vec::new();
        let mut flags: Vec<Word> = Vec::new();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            if !self.is_flag(argument) {
                let count = plain.len() + 1;
                let secret = self.secret.contains(&count)
                    || self.secret.iter().max().is_some_and(|last| count > *last);
                let word = Word {
                    text: if self.files.contains(&count) {
                        from_here(argument)
                    } else {
                        argument.clone()
                    },
                    secret,
                };
                all.push(word.clone());
                plain.push(word);
                continue;
            }
            let (name, value) = match argument.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (argument.as_str(), None),
            };
            if let Some(why) = self.refuses.get(name) {
                return Err(format!("{name} is gone: {why}"));
            }
            let dropped = self.drop.get(name);
            let is_among = |names: &[String]| names.iter().any(|own| own == name);
            let secret = is_among(&self.secret_flags);
            let file = is_among(&self.file_flags);
            let valued = secret || file || is_among(&self.valued) || dropped == Some(&true);
            let today = self.flags.get(name).map_or(name, String::as_str);
            let own_value = |value: &str| {
                if file {
                    from_here(value)
                } else {
                    value.to_owned()
                }
            };
            let mut own = match value {
                Some(value) => vec![Word {
                    text: format!("{today}={}", own_value(value)),
                    secret,
                }],
                None => vec![Word::open(today)],
            };
            if valued && value.is_none() {
                own.extend(rest.next().map(|value| Word {
                    text: own_value(value),
                    secret,
                }));
            }
            if dropped.is_none() {
                all.extend(own.clone());
                flags.extend(own);
            }
        }
        let mut words: Vec<Word> = self.today(newest).into_iter().map(Word::open).collect();
        if self.arguments.is_empty() {
            words.extend(all);
        } else {
            words.extend(self.arranged(plain));
            words.extend(flags);
        }
        let missing = |word: &&String| !arguments.contains(word);
        words.extend(self.adds.iter().filter(missing).map(Word::open));
        Ok(words)
    }

    /// Whether the table has something to say about it; of those with one hyphen most are handed on as they are.
    fn is_flag(&self, argument: &str) -> bool {
        let name = argument.split('=').next().unwrap_or_default();
        argument != "--" && argument.starts_with("--") || self.drop.contains_key(name)
    }

    fn arranged(&self, plain: Vec<Word>) -> Vec<Word> {
        let mut arranged = Vec::new();
        let mut used = self.takes.unwrap_or(0);
        let mut waiting: Option<&String> = None;
        for part in &self.arguments {
            let index = part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}')?.parse::<usize>().ok());
            match index {
                Some(index) => {
                    used = used.max(index);
                    // A flag whose argument was not given is left out with it.
                    if let Some(word) = index.checked_sub(1).and_then(|index| plain.get(index)) {
                        arranged.extend(waiting.take().map(Word::open));
                        arranged.push(word.clone());
                    }
                }
                None => waiting = Some(part),
            }
        }
        arranged.extend(plain.into_iter().skip(used));
        arranged
    }
}

/// A file as it is named where this program was called: Mattermost's own runs in its folder.
fn from_here(file: &str) -> String {
    path::absolute(file).map_or_else(|_| file.to_owned(), |path| path.display().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn today(line: &str) -> String {
        let table = table();
        let words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let (entry, rest) = find(&table, &words).expect("a command");
        let shown = |word: Word| {
            if word.secret {
                format!("<{}>", word.text)
            } else {
                word.text
            }
        };
        entry
            .translate(rest, false)
            .expect("nothing in it is gone")
            .into_iter()
            .map(shown)
            .collect::<Vec<_>>()
            .join(" ")
    }

    #[test]
    fn every_command_of_the_manual_has_its_entry() {
        let table = table();
        for word in [
            "channel",
            "config",
            "import",
            "jobserver",
            "ldap",
            "license",
            "reset",
            "roles",
            "server",
            "team",
            "user",
            "version",
        ] {
            assert!(
                table
                    .iter()
                    .any(|entry| entry.old.split(' ').next() == Some(word)),
                "{word}"
            );
        }
    }

    #[test]
    fn the_table_is_whole() {
        let table = table();
        let mut names: Vec<&str> = table.iter().map(|entry| entry.old.as_str()).collect();
        names.dedup();
        assert_eq!(names.len(), table.len());
        for entry in &table {
            assert_eq!(
                entry.runs == Runs::Nothing,
                entry.says.is_some(),
                "{}",
                entry.old
            );
            assert!(!entry.about.is_empty(), "{}", entry.old);
        }
    }

    #[test]
    fn commands_that_moved_are_found_where_they_are_now() {
        assert_eq!(
            today("channel add home:town anna ben"),
            "channel users add home:town anna ben"
        );
        assert_eq!(
            today("team remove home anna"),
            "team users remove home anna"
        );
        assert_eq!(
            today("channel restore home:town"),
            "channel unarchive home:town"
        );
        assert_eq!(today("roles system_admin anna"), "roles system-admin anna");
        assert_eq!(today("reset --confirm"), "db reset --confirm");
        let group = "group channel enable home:town";
        assert_eq!(today(group), group);
        assert_eq!(
            today("extract-documents-content --from 1"),
            "extract run --from 1"
        );
        assert_eq!(
            today("user migrate_auth email saml --auto"),
            "user migrate-auth email saml --auto"
        );
        assert_eq!(
            today("export --format=actiance --exportFrom=1"),
            "export schedule --format=actiance --exportFrom=1"
        );
        assert_eq!(
            today("user invite user@example.com home"),
            "user invite user@example.com home"
        );
    }

    #[test]
    fn flags_have_todays_names_and_those_without_meaning_go() {
        assert_eq!(
            today("team create --name home --display_name Home"),
            "team create --name home --display-name Home"
        );
        assert_eq!(
            today("channel create --display_name=Town --team home"),
            "channel create --display-name=Town --team home"
        );
        assert_eq!(
            today("channel move new old:town --username anna"),
            "channel move new old:town"
        );
        assert_eq!(
            today("channel move new old:town --username=anna"),
            "channel move new old:town"
        );
        assert_eq!(
            today("channel rename home:town city --display_name City"),
            "channel rename home:town --name city --display-name City"
        );
        assert_eq!(
            today("team rename home heim --display_name Heim"),
            "team rename home --display-name Heim"
        );
    }

    #[test]
    fn what_was_otherwise_in_the_old_program_is_made_up_for_or_refused() {
        // The old one did not ask, and a script cannot answer.
        assert_eq!(today("team archive home"), "team archive home --confirm");
        let confirmed = "team archive home --confirm";
        assert_eq!(today(confirmed), confirmed);
        assert_eq!(
            today("sampledata -w 3 --users 4 --workers=5"),
            "sampledata --users 4"
        );
        assert_eq!(today("version --skip-server-start"), "version");
        let table = table();
        let words = ["--auto", "--dryRun"].map(str::to_owned);
        let entry = |old: &str| table.iter().find(|entry| entry.old == old).unwrap();
        let gone = entry("user migrate_auth").translate(&words, false);
        assert!(gone.unwrap_err().contains("no dry run"));
        assert_eq!(entry("user email").today(true), ["user", "edit", "email"]);
        assert_eq!(entry("user email").today(false), ["user", "email"]);
    }

    #[test]
    fn files_are_those_of_the_folder_in_which_it_is_called() {
        let here = |file: &str| path::absolute(file).unwrap().display().to_string();
        assert_eq!(
            today("import slack home export.zip"),
            format!("import slack home {}", here("export.zip"))
        );
        assert_eq!(
            today("import bulk --workers 2 --import-path files data.json --apply"),
            format!(
                "import bulk --workers 2 --import-path {} {} --apply",
                here("files"),
                here("data.json")
            )
        );
        assert_eq!(today("export bulk /a.json"), "export bulk /a.json");
    }

    #[test]
    fn a_password_is_handed_on_and_never_shown() {
        assert_eq!(
            today("user password anna geheim"),
            "user change-password anna --password <geheim>"
        );
        assert_eq!(today("user password anna"), "user change-password anna");
        assert_eq!(
            today("user create --email a@b.c --password geheim --system_admin"),
            "user create --email a@b.c --password <geheim> --system-admin"
        );
        assert_eq!(
            today("user create --password=geheim"),
            "user create <--password=geheim>"
        );
        assert_eq!(
            today("config set EmailSettings.SMTPPassword geheim auch"),
            "config set EmailSettings.SMTPPassword <geheim> <auch>"
        );
    }
}
