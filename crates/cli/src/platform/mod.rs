//! `notifymatters platform`, also as `mattermost-platform`: the old command line on today's programs.

mod run;
mod table;
mod validate;

use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::PathBuf;

use self::run::{Invocation, Program};
use self::table::{Entry, Runs, find, table};
use crate::exit::{Exit, Failure, say, write};
use crate::paths::{self, Installation};
use crate::report::{Output, Report};

/// The name of the link under which this is the whole program.
pub(crate) const LINK: &str = "mattermost-platform";

/// What the old command line took everywhere, and what is new.
#[derive(Debug, Default, PartialEq, Eq)]
struct Flags {
    print: bool,
    help: bool,
    config: Option<PathBuf>,
    root: Option<PathBuf>,
}

/// Runs an old command; `called` is the name by which this program goes.
pub(crate) fn run(called: &str, words: Vec<OsString>) -> Result<Exit, Failure> {
    let (flags, words) = flags(words)?;
    let table = table();
    let asks = words.first().is_some_and(|word| word == "help");
    if flags.help || asks {
        let topic = words.get(usize::from(asks)..).unwrap_or_default();
        write(&help(called, &table, topic)?)?;
        return Ok(Exit::Clean);
    }
    if words.is_empty() {
        return Err(Failure::usage(format!(
            "at least one parameter is needed; `{called} help` shows all commands"
        )));
    }
    // `export` is a command of its own as well.
    if family(&table, &words).next().is_some()
        && find(&table, &words).is_none_or(|(entry, _)| entry.runs == Runs::Mattermost)
    {
        write(&help(called, &table, &words)?)?;
        return Ok(Exit::Clean);
    }
    let Some((entry, arguments)) = find(&table, &words) else {
        return Err(unknown(called, &table, &words));
    };
    if entry.runs == Runs::Own {
        return validate(&flags);
    }
    // Up to 5.39 Mattermost's own program has them all, and some until later.
    let words: Vec<String> = entry.old.split(' ').map(str::to_owned).collect();
    let may_be_there = entry.has_moved() && family(&table, &words).next().is_none();
    let installation = installation(&flags);
    let unchanged = installation
        .as_ref()
        .ok()
        .filter(|_| may_be_there)
        .and_then(|installation| installation.program.as_ref())
        .filter(|program| run::knows(&program.path, &words))
        .map(|_| entry.unchanged());
    let entry = unchanged.as_ref().unwrap_or(entry);
    let program = match entry.runs {
        Runs::Mmctl => Program::Mmctl,
        Runs::Mattermost => Program::Mattermost,
        Runs::Nothing | Runs::Own => {
            return Err(Failure::could_not_look(format!(
                "`{}` is gone; today {}",
                entry.old,
                entry.says.as_deref().unwrap_or_default()
            )));
        }
    };
    start(program, &installation?, entry, arguments, &flags)
}

/// Takes the flags that may stand anywhere out of the words.
fn flags(words: Vec<OsString>) -> Result<(Flags, Vec<String>), Failure> {
    let mut flags = Flags::default();
    let mut kept = Vec::new();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        let word = word
            .into_string()
            .map_err(|word| Failure::usage(format!("{} is no text", word.display())))?;
        let mut value = |name: &str| {
            words
                .next()
                .map(PathBuf::from)
                .ok_or_else(|| Failure::usage(format!("{name} needs a file or folder behind it")))
        };
        match word.as_str() {
            "--print" => flags.print = true,
            "-h" | "--help" => flags.help = true,
            "-c" | "--config" => flags.config = Some(value(&word)?),
            "--root" => flags.root = Some(value(&word)?),
            "--disableconfigwatch" => {
                say("note: --disableconfigwatch has no meaning any more: nothing watches the file");
            }
            "--" => {
                kept.push(word);
                kept.extend(
                    words
                        .by_ref()
                        .map(|word| word.to_string_lossy().into_owned()),
                );
            }
            _ => match word.split_once('=') {
                Some(("--config", path)) => flags.config = Some(path.into()),
                Some(("--root", path)) => flags.root = Some(path.into()),
                _ => kept.push(word),
            },
        }
    }
    Ok((flags, kept))
}

fn installation(flags: &Flags) -> Result<Installation, Failure> {
    paths::the_one(flags.root.clone(), flags.config.as_deref())
}

fn start(
    program: Program,
    installation: &Installation,
    entry: &Entry,
    arguments: &[String],
    flags: &Flags,
) -> Result<Exit, Failure> {
    let invocation = Invocation::new(program, installation, |program| {
        let newest = !entry.newer.is_empty() && run::knows(program, &entry.newer);
        let refused = |why| Failure::usage(format!("`{}`: {why}; nothing was run", entry.old));
        entry.translate(arguments, newest).map_err(refused)
    })?;
    if flags.print {
        if let Some(why) = &installation.unread {
            say(&format!(
                "note: the configuration could not be read, so the socket may be another: {why}"
            ));
        }
        write(&format!("{}\n", invocation.shown()))?;
        return Ok(Exit::Clean);
    }
    if let Some(note) = &entry.note {
        say(&format!("note: {note}"));
    }
    invocation.run()
}

fn validate(flags: &Flags) -> Result<Exit, Failure> {
    if flags.print {
        return Err(Failure::usage(
            "`config validate` is done by this program itself, so there is no command to print",
        ));
    }
    let file = match &flags.config {
        Some(file) => file.clone(),
        None => match installation(flags)?.configuration {
            Some(place) => place.path,
            None => {
                return Err(Failure::could_not_look(
                    "the configuration lies in the database; `config show` shows it",
                ));
            }
        },
    };
    let subject = file.display().to_string();
    Report::new(subject, validate::file(&file)).print(Output::ENGLISH)
}

fn unknown(called: &str, table: &[Entry], words: &[String]) -> Failure {
    let first = words.first().map(String::as_str).unwrap_or_default();
    let family: Vec<&str> = table
        .iter()
        .filter(|entry| entry.old.split(' ').next() == Some(first))
        .map(|entry| entry.old.as_str())
        .collect();
    let hint = if family.is_empty() {
        format!("`{called} help` shows all commands")
    } else {
        format!("there are: {}", family.join(", "))
    };
    Failure::usage(format!(
        "there is no command `{}`; {hint}",
        words.iter().take(2).cloned().collect::<Vec<_>>().join(" ")
    ))
}

/// The commands that begin with these words and have more.
fn family<'a>(table: &'a [Entry], words: &[String]) -> impl Iterator<Item = &'a Entry> {
    let begin = words.join(" ") + " ";
    table
        .iter()
        .filter(move |entry| entry.old.starts_with(&begin))
}

/// All commands, those of one family, or one.
fn help(called: &str, table: &[Entry], topic: &[String]) -> Result<String, Failure> {
    if topic.is_empty() {
        let mut text = format!(
            "The commands of Mattermost's old command line, run by what does them today.\n\n\
             Usage: {called} [flags] <command> [arguments]\n\nCommands:\n"
        );
        for entry in table {
            let _ = writeln!(text, "  {:25}  {}", entry.old, entry.about);
        }
        text.push_str(
            "  help                       This list; `help channel`, `help channel add` say more\n\n\
             Flags:\n  \
             -c, --config <file>        Mattermost's configuration, in place of the one that is found\n      \
                 --print                Show the command that would run, and run nothing\n      \
                 --root <folder>        Look for Mattermost below this folder (or NOTIFYMATTERS_ROOT)\n      \
                 --disableconfigwatch   Taken for old scripts; it has no meaning any more\n  \
             -h, --help                 This list\n\n\
             Exit code: that of the program that runs; 2 wrong arguments, 3 it could not be run.\n",
        );
        return Ok(text);
    }
    let mut below = family(table, topic).peekable();
    if below.peek().is_some() {
        let name = topic.join(" ");
        let itself = table.iter().filter(|entry| entry.old == name);
        let mut text = format!("Usage: {called} {name} <command> [arguments]\n\nCommands:\n");
        for entry in itself.chain(below) {
            let _ = writeln!(
                text,
                "  {}\n      {}",
                format!("{} {}", entry.old, entry.usage).trim_end(),
                entry.about
            );
        }
        return Ok(text);
    }
    let Some((entry, _)) = find(table, topic) else {
        return Err(unknown(called, table, topic));
    };
    let usage = format!("{called} {} {}", entry.old, entry.usage);
    let mut text = format!("{}\n\nUsage: {}\n", entry.about, usage.trim_end());
    let _ = match entry.runs {
        Runs::Nothing => writeln!(
            text,
            "\nIt is gone; today {}",
            entry.says.as_deref().unwrap_or_default()
        ),
        Runs::Own => writeln!(text, "\nDone by this program itself."),
        Runs::Mmctl => writeln!(
            text,
            "\nRuns: mmctl --local {}",
            entry.today(false).join(" ")
        ),
        Runs::Mattermost => writeln!(text, "\nRuns: mattermost {}", entry.today(false).join(" ")),
    };
    if !entry.newer.is_empty() {
        let newer = entry.newer.join(" ");
        let _ = writeln!(text, "or, where mmctl has it: mmctl --local {newer}");
    }
    if let Some(note) = &entry.note {
        let _ = writeln!(text, "Note: {note}.");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(line: &str) -> (Flags, Vec<String>) {
        flags(line.split(' ').map(OsString::from).collect()).unwrap()
    }

    #[test]
    fn the_old_flags_may_stand_anywhere() {
        let (flags, words) = taken("-c a.json user invite --disableconfigwatch b@c.d home --print");
        assert_eq!((flags.config, flags.print), (Some("a.json".into()), true));
        assert_eq!(words, ["user", "invite", "b@c.d", "home"]);
        let (flags, words) = taken("team list --config=b.json -- --print");
        assert_eq!((flags.config, flags.print), (Some("b.json".into()), false));
        assert_eq!(words, ["team", "list", "--", "--print"]);
    }

    #[test]
    fn help_leads_from_the_list_to_one_command() {
        let table = table();
        let help = |words: &[&str]| {
            help(
                LINK,
                &table,
                &words
                    .iter()
                    .map(|word| (*word).to_owned())
                    .collect::<Vec<_>>(),
            )
        };
        let all = help(&[]).unwrap();
        assert!(table.iter().all(|entry| all.contains(&entry.old)));
        let family = help(&["channel"]).unwrap();
        assert!(
            family.contains("channel archive") && !family.contains("team archive"),
            "{family}"
        );
        let one = help(&["channel", "add"]).unwrap();
        assert!(
            one.contains("Runs: mmctl --local channel users add"),
            "{one}"
        );
        assert!(
            help(&["version"])
                .unwrap()
                .contains("Runs: mattermost version")
        );
        assert!(help(&["nonsense"]).is_err());
        assert!(help(&["group"]).unwrap().contains("group team list"));
        let keys = help(&["plugin", "keys"]).unwrap();
        assert!(keys.contains("plugin keys add"), "{keys}");
        let created = help(&["team", "create"]).unwrap();
        assert!(created.contains("Note: unless --private"), "{created}");
    }
}
