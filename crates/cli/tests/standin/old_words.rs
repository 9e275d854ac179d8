//! The old command line as Mattermost 5.39.3 had it, the last with all of it: its words, as they stand in its source.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use super::real::{notifymatters, said, variable};

/// The commands without others below them: what follows `mattermost` on the command line.
fn commands_of_5_39() -> BTreeSet<String> {
    let folder = variable("NOTIFYMATTERS_MATTERMOST5_MODULE").join("cmd/mattermost/commands");
    // The words by the variable's name, and what is below each.
    let mut words = BTreeMap::new();
    let mut below: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().ends_with("_test.go") {
            continue;
        }
        let source = fs::read_to_string(path).unwrap();
        for part in source.split("= &cobra.Command{").skip(1) {
            let word = part
                .split("Use:")
                .nth(1)
                .unwrap()
                .split('"')
                .nth(1)
                .unwrap();
            let before = &source[..part.as_ptr() as usize - source.as_ptr() as usize];
            let name = before
                .trim_end_matches("= &cobra.Command{")
                .split_whitespace()
                .last();
            let word = word.split([' ', '\\']).next().unwrap();
            words.insert(name.unwrap().to_owned(), word.to_owned());
        }
        for part in source.split(".AddCommand(").skip(1) {
            let before = &source[..part.as_ptr() as usize - source.as_ptr() as usize];
            let parent = before
                .trim_end_matches(".AddCommand(")
                .split_whitespace()
                .last();
            let children = part.split(')').next().unwrap().split(',').map(str::trim);
            let children = children
                .filter(|child| !child.is_empty())
                .map(str::to_owned);
            below
                .entry(parent.unwrap().to_owned())
                .or_default()
                .extend(children);
        }
    }
    let mut commands = BTreeSet::new();
    let mut open = vec![("RootCmd".to_owned(), String::new())];
    while let Some((name, line)) = open.pop() {
        match below.get(&name) {
            None => drop(commands.insert(line)),
            Some(children) => open.extend(children.iter().map(|child| {
                let line = format!("{line} {}", words[child]);
                (child.clone(), line.trim_start().to_owned())
            })),
        }
    }
    commands
}

#[test]
fn every_command_of_the_old_command_line_is_known_and_no_other() {
    let old = commands_of_5_39();
    assert!(old.len() > 80, "{old:?}");
    let help = notifymatters(&["platform", "help"]);
    let help = said(&help);
    let list = help.split("Commands:\n").nth(1).unwrap();
    let list = list.split("  help  ").next().unwrap();
    let known: BTreeSet<String> = list
        .lines()
        .map(|line| line.trim().split("  ").next().unwrap().to_owned())
        .collect();
    // What only Mattermost's developers used.
    let developers = |command: &&String| command.starts_with("test ");
    let unknown: Vec<_> = old
        .difference(&known)
        .filter(|command| !developers(command))
        .collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    // Both do something by themselves, and have others below them.
    let parents = ["export", "plugin keys"];
    let made_up: Vec<_> = known
        .difference(&old)
        .filter(|command| !parents.contains(&command.as_str()))
        .collect();
    assert!(made_up.is_empty(), "{made_up:?}");
}
