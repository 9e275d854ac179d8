//! The old command line as Mattermost 5.39.3 had it, the last with all of it, and what stands for it today: commands and
//! flags as they are in the programs' sources.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use tempfile::TempDir;

use super::real::{notifymatters, said, variable};

/// What follows the program's name on the command line, with the flags that it takes.
type Commands = BTreeMap<String, BTreeSet<String>>;

/// The last word of a text in Go, which may be part of a selector.
fn last_word(text: &str) -> &str {
    let words = |c: char| !c.is_alphanumeric() && c != '_';
    text.rsplit(words).next().unwrap_or_default()
}

/// The function in which a place is.
fn function(source: &str, at: usize) -> &str {
    let behind = source[..at].rsplit("\nfunc ").next().unwrap();
    behind.split('(').next().unwrap()
}

fn quoted(text: &str) -> impl Iterator<Item = &str> {
    text.split('"').skip(1).step_by(2)
}

/// Each place of `mark` with what is before and behind it.
fn places<'a>(source: &'a str, mark: &'a str) -> impl Iterator<Item = (usize, &'a str)> {
    let places = source.match_indices(mark);
    places.map(move |(at, _)| (at, &source[at + mark.len()..]))
}

/// Reads cobra's commands out of the files of a package.
fn commands_in(folder: &Path) -> Commands {
    let sources: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file() && !path.to_string_lossy().ends_with("_test.go"))
        .map(|path| fs::read_to_string(path).unwrap())
        .collect();
    // By the variable's name, or by that of the function that makes it.
    let mut words: BTreeMap<&str, &str> = BTreeMap::new();
    let mut below: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    let mut flags: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut made_by: BTreeMap<&str, &str> = BTreeMap::new();
    for source in &sources {
        for (at, behind) in places(source, "= &cobra.Command{") {
            let word = quoted(behind.split_once("Use:").unwrap().1).next().unwrap();
            let word = word.split([' ', '\\']).next().unwrap();
            let name = match source[..at].strip_suffix(':') {
                Some(_) => function(source, at),
                None => last_word(source[..at].trim_end()),
            };
            words.insert(name, word);
        }
        for (at, behind) in places(source, " := new") {
            let maker = behind.split('(').next().unwrap();
            let maker = words
                .keys()
                .find(|name| name.strip_prefix("new") == Some(maker));
            made_by.extend(maker.map(|maker| (last_word(&source[..at]), *maker)));
        }
        for (at, behind) in places(source, ".AddCommand(") {
            let children = behind.split(')').next().unwrap().split(',').map(str::trim);
            let parent = below.entry(last_word(&source[..at])).or_default();
            parent.extend(children.filter(|child| !child.is_empty()));
        }
        for (at, behind) in places(source, "lags().") {
            let (kind, behind) = behind.split_once('(').unwrap();
            let kinds = ["String", "Bool", "Int", "Uint"];
            if !kinds.iter().any(|own| kind.starts_with(own)) {
                continue;
            }
            let line = behind.split('\n').next().unwrap();
            let mut names = quoted(line);
            let before = source[..at]
                .trim_end_matches("PersistentF")
                .trim_end_matches('F');
            let owner = match last_word(before.trim_end_matches('.')) {
                "cmd" => function(source, at),
                owner => owner,
            };
            let own = flags.entry(owner).or_default();
            own.extend(names.next().map(|name| format!("--{name}")));
            if kind.ends_with('P') {
                own.extend(names.next().map(|name| format!("-{name}")));
            }
        }
    }
    // A function that gives several commands the same flags, called for each of a list.
    for source in &sources {
        for helper in flags.keys().copied().collect::<Vec<_>>() {
            for (at, _) in places(source, &format!("\t{helper}(cmd)")) {
                let list = source[..at].rsplit("[]*cobra.Command{").next().unwrap();
                let list = list.split('}').next().unwrap().split(", ");
                let given = flags[helper].clone();
                for command in list {
                    flags.entry(command).or_default().extend(given.clone());
                }
            }
        }
    }
    let mut commands = Commands::new();
    let mut open = vec![("RootCmd", String::new())];
    while let Some((name, line)) = open.pop() {
        let children = below.get(name).map(Vec::as_slice).unwrap_or_default();
        for child in children {
            let child = made_by.get(child).unwrap_or(child);
            let line = format!("{line} {}", words[child]);
            open.push((child, line.trim_start().to_owned()));
        }
        // What has commands below it only lists them.
        if children.is_empty() || flags.contains_key(name) {
            commands.insert(line, flags.get(name).cloned().unwrap_or_default());
        }
    }
    commands
}

fn commands_of_5_39() -> Commands {
    let module = variable("NOTIFYMATTERS_MATTERMOST5_MODULE");
    let mut commands = commands_in(&module.join("cmd/mattermost/commands"));
    // What only Mattermost's developers used, and what every command takes.
    commands.retain(|line, _| !line.starts_with("test ") && !line.is_empty());
    commands
}

#[test]
fn every_command_of_the_old_command_line_is_known_and_no_other() {
    let old: BTreeSet<String> = commands_of_5_39().into_keys().collect();
    assert!(old.len() > 80, "{old:?}");
    let help = notifymatters(&["platform", "help"]);
    let help = said(&help);
    let list = help.split("Commands:\n").nth(1).unwrap();
    let list = list.split("  help  ").next().unwrap();
    let known: BTreeSet<String> = list
        .lines()
        .map(|line| line.trim().split("  ").next().unwrap().to_owned())
        .collect();
    let unknown: Vec<_> = old.difference(&known).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    // What it was in 2018, when there were no others below it.
    let made_up: Vec<_> = known
        .difference(&old)
        .filter(|command| *command != "export")
        .collect();
    assert!(made_up.is_empty(), "{made_up:?}");
}

/// A machine with programs that run nothing; mmctl has what came to it after 6.7.
fn machine() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    let folder = root.path().join("opt/mattermost");
    fs::create_dir_all(folder.join("bin")).unwrap();
    fs::create_dir_all(folder.join("config")).unwrap();
    fs::write(folder.join("config/config.json"), "{}").unwrap();
    for name in ["mattermost", "mmctl"] {
        let file = folder.join("bin").join(name);
        fs::write(
            &file,
            "#!/bin/sh\n[ \"${0##*/}\" = mattermost ] || for word in user edit email; do echo \"  $word  About\"; done\n",
        )
        .unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
    root
}

#[test]
fn every_old_command_and_flag_is_one_that_todays_programs_have_or_is_said_to_be_gone() {
    let mmctl = commands_in(&variable("NOTIFYMATTERS_MMCTL_MODULE").join("cmd/mmctl/commands"));
    assert!(mmctl.len() > 150, "{mmctl:?}");
    let module = variable("NOTIFYMATTERS_MATTERMOST_MODULE");
    let mattermost = commands_in(&module.join("cmd/mattermost/commands"));
    let machine = machine();
    let root = machine.path().to_str().unwrap();
    let mut gone = Vec::new();
    let mut newly_gone = Vec::new();
    for (line, mut flags) in commands_of_5_39() {
        let words = loop {
            let mut arguments = vec!["platform", "--print", "--root", root];
            arguments.extend(line.split(' '));
            arguments.extend(["a", "b"]);
            // With a value each, so that none is taken for another's.
            let given: Vec<String> = flags.iter().map(|flag| format!("{flag}=x")).collect();
            arguments.extend(given.iter().map(String::as_str));
            let output = notifymatters(&arguments);
            let said = said(&output);
            let refused = flags
                .iter()
                .find(|flag| said.contains(&format!("{flag} is gone:")))
                .cloned();
            match (output.status.code(), refused) {
                (Some(0), _) => break said,
                (Some(2), Some(flag)) => {
                    flags.remove(&flag);
                    gone.push(format!("{line} {flag}"));
                }
                (Some(3), _) if said.contains("is gone; today ") => break String::new(),
                _ if line == "config validate" => break String::new(),
                _ => panic!("{line}: {said}"),
            }
        };
        let mut program = None;
        for (name, commands) in [
            ("/mmctl --local ", &mmctl),
            ("/mattermost --config ", &mattermost),
        ] {
            program = program.or(words.split_once(name).map(|(_, words)| (words, commands)));
        }
        let Some((words, commands)) = program else {
            gone.push(line);
            continue;
        };
        let words: Vec<&str> = words.split_whitespace().collect();
        let today = (0..words.len()).find_map(|from| {
            let count = (1..=words.len() - from).rev();
            let mut heads = count.map(|count| words[from..from + count].join(" "));
            heads
                .find(|head| commands.contains_key(head))
                .filter(|_| from < 2)
        });
        let today = today.unwrap_or_else(|| panic!("{line}: today's programs have no {words:?}"));
        let flags = words.iter().filter(|word| word.starts_with('-'));
        let names = flags.map(|flag| flag.split('=').next().unwrap());
        let unknown = names.filter(|name| !commands[&today].contains(*name));
        newly_gone.extend(unknown.map(|flag| format!("{today} {flag}")));
    }
    // 6.7 has it: mmctl itself says that it does not know it.
    assert_eq!(newly_gone, ["ldap sync --include-removed-members"]);
    assert_eq!(
        gone,
        [
            "config subpath",
            "config validate",
            "export actiance",
            "export csv",
            "export global-relay-zip",
            "permissions export",
            "permissions import",
            "permissions reset",
            "plugin keys",
            "plugin keys add",
            "plugin keys delete",
            "user migrate_auth --dryRun",
            "webhook move-outgoing",
        ]
    );
}
