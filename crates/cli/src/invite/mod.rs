//! `notifymatters invite`: a company by mail, within the server's limit, and nobody twice.

mod journal;
mod list;

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, SystemTime};

use indicatif::{ProgressBar, ProgressStyle};
use serde::Deserialize;
use serde_json::json;

use self::journal::{Journal, Outcome, PAUSE};
use self::list::List;
use crate::client::Connection;
use crate::exit::{Exit, Failure, say, write};
use crate::interrupt;
use crate::rest::{ENVIRONMENT, Login, Rest, Site, Step, Team, TeamName, Trouble};
use notifymatters_findings::text::plain;

/// Some hundred thousand people; what is longer is no list of addresses.
const MAX_LIST_BYTES: u64 = 16 * 1024 * 1024;

#[derive(Debug, clap::Args)]
#[command(after_help = format!("\
Example:
  notifymatters invite --chat https://chat.example.com --user admin --team home users.csv

A server sends 20 invitations an hour for one account, and 20 more at once. You can stop a run at any time; \
the next one resumes there, from the journal beside the list. With --local there is no limit.

{ENVIRONMENT}

Exit code: 0 everybody is invited, 1 an address was refused, 2 wrong arguments, 3 it could not be done, or \
is not finished."))]
pub(crate) struct Options {
    #[command(flatten)]
    site: Site,
    /// The team's name, as in its address
    #[arg(long, value_name = "NAME")]
    team: TeamName,
    /// One address per line, or what a webmail or an address book exports (CSV, vCards)
    #[arg(value_name = "FILE")]
    list: PathBuf,
    /// Where to note what became of each address [default: FILE.journal]
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
    /// Stop at the limit instead of waiting, for a timer that calls it again
    #[arg(long)]
    no_wait: bool,
    /// Say who would be invited, and invite nobody
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    login: Login,
    #[command(flatten)]
    connection: Connection,
}

pub(crate) fn run(options: &Options) -> Result<Exit, Failure> {
    let list = List::parse(&read(&options.list)?);
    for number in &list.without {
        say(&format!(
            "{}: line {number} holds no address",
            options.list.display()
        ));
    }
    if list.addresses.is_empty() {
        return Err(Failure::usage(format!(
            "{} holds no address",
            options.list.display()
        )));
    }
    let journal = options.journal.clone().unwrap_or_else(|| {
        let mut name = options.list.clone().into_os_string();
        name.push(".journal");
        name.into()
    });
    let chat = options.site.chat.as_ref();
    let mut rest = Rest::at_site(chat, &options.connection, &options.login)?;
    let site = rest.address().to_string();
    // Who only wants to see what would be done gets no file.
    let mut journal = (!options.dry_run || journal.exists())
        .then(|| Journal::open(&journal, &site, &options.team.to_string()))
        .transpose()?;
    let mut counts = Counts::default();
    let mut open = Vec::new();
    for address in &list.addresses {
        match journal
            .as_ref()
            .and_then(|journal| journal.outcome(address))
        {
            Some(Outcome::Invited) => counts.before += 1,
            Some(Outcome::Asked) => {
                counts.unknown += 1;
                say(&format!(
                    "{}: an earlier run stopped while it was asked for, so it is left out: invite it by hand, or take \
                     its line out of the journal",
                    plain(address)
                ));
            }
            Some(Outcome::Refused) | None => open.push(address.as_str()),
        }
    }
    if options.dry_run {
        for address in &open {
            write(&format!("{}\n", plain(address)))?;
        }
        say(&format!("to be invited: {}; {counts}", open.len()));
        return Ok(Exit::Clean);
    }
    if let Some(journal) = journal.as_mut().filter(|_| !open.is_empty()) {
        rest.server()?;
        rest.authenticate(&options.login.credentials()?)?;
        let Some(team) = Team::find(&rest, &options.team)? else {
            return Err(rest
                .trouble(format!(
                    "there is no team {} that this account sees: its name is the part of its address",
                    options.team
                ))
                .into());
        };
        let run = Run {
            rest: &rest,
            team: &team,
            no_wait: options.no_wait,
            bar: bar(open.len()),
        };
        let _held = interrupt::hold();
        run.invite(&open, journal, &mut counts)?;
    }
    // The session ends before the program does.
    drop(rest);
    write(&format!("{counts}\n"))?;
    Ok(if counts.refused > 0 {
        Exit::Fail
    } else if counts.left > 0 || counts.unknown > 0 {
        Exit::CouldNotLook
    } else {
        Exit::Clean
    })
}

fn read(path: &Path) -> Result<String, Failure> {
    let failure = |why: String| Failure::usage(format!("{}: {why}", path.display()));
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_LIST_BYTES + 1).read_to_end(&mut bytes))
        .map_err(|error| failure(plain(&error.to_string())))?;
    if bytes.len() as u64 > MAX_LIST_BYTES {
        return Err(failure("is too long for a list of addresses".to_owned()));
    }
    // Names may be in any encoding; addresses are ASCII.
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

#[derive(Debug, Default)]
struct Counts {
    invited: usize,
    refused: usize,
    before: usize,
    unknown: usize,
    left: usize,
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let words = [
            (self.invited, "invited"),
            (self.refused, "refused"),
            (self.before, "invited before"),
            (self.unknown, "perhaps invited before"),
            (self.left, "left for the next run"),
        ];
        let words: Vec<String> = words
            .into_iter()
            .filter(|(count, word)| *count > 0 || *word == "invited")
            .map(|(count, word)| format!("{count} {word}"))
            .collect();
        f.write_str(&words.join(", "))
    }
}

/// Only where standard error is a terminal.
fn bar(length: usize) -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:20} {pos}/{len} {wide_msg}");
    let bar = ProgressBar::new(length as u64);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

/// `model.EmailInviteWithError`
#[derive(Debug, Deserialize)]
struct Invited {
    error: Option<InviteError>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct InviteError {
    message: String,
}

struct Run<'a> {
    rest: &'a Rest,
    team: &'a Team,
    no_wait: bool,
    bar: ProgressBar,
}

impl Run<'_> {
    fn invite(
        &self,
        open: &[&str],
        journal: &mut Journal,
        counts: &mut Counts,
    ) -> Result<(), Failure> {
        counts.left = open.len();
        for address in open {
            if interrupt::came() {
                self.bar.finish_and_clear();
                return Ok(());
            }
            loop {
                // Asked by its socket, a server counts each call as another sender's (5.39, 6.7).
                let wait = if self.rest.is_local() {
                    Duration::ZERO
                } else {
                    journal.wait(now())
                };
                if !wait.is_zero() && !self.may_wait(wait) {
                    self.bar.finish_and_clear();
                    return Ok(());
                }
                match self.ask(address, journal)? {
                    Some(Ok(())) => counts.invited += 1,
                    Some(Err(why)) => {
                        counts.refused += 1;
                        self.bar
                            .suspend(|| say(&format!("{}: {why}", plain(address))));
                    }
                    // Somebody else invites by this account as well.
                    None if self.may_wait(Duration::from_secs(PAUSE)) => continue,
                    None => {
                        self.bar.finish_and_clear();
                        return Ok(());
                    }
                }
                break;
            }
            counts.left -= 1;
            self.bar.inc(1);
        }
        self.bar.finish_and_clear();
        Ok(())
    }

    /// One address: invited, refused with the server's words, or `None` where the limit is reached.
    fn ask(
        &self,
        address: &str,
        journal: &mut Journal,
    ) -> Result<Option<Result<(), String>>, Failure> {
        journal.note(now(), address, Outcome::Asked, "")?;
        let path = format!("teams/{}/invite/email?graceful=true", self.team.id);
        let answer: Result<Vec<Invited>, Trouble> =
            self.rest
                .post(Step::To("invite people"), &path, &json!([address]));
        match answer {
            Ok(invited) => match invited.into_iter().find_map(|one| one.error) {
                None => {
                    journal.note(now(), address, Outcome::Invited, "")?;
                    Ok(Some(Ok(())))
                }
                Some(error) => {
                    let why = plain(&error.message);
                    journal.note(now(), address, Outcome::Refused, &why)?;
                    Ok(Some(Err(why)))
                }
            },
            // Without an answer nobody knows whether the mail went out.
            Err(Trouble {
                refusal: None,
                message,
            }) => Err(Failure::could_not_look(message)),
            Err(Trouble {
                refusal: Some(refusal),
                message,
            }) => {
                journal.note(now(), address, Outcome::Refused, &message)?;
                if refusal.is_limit_of_mails() {
                    return Ok(None);
                }
                let hint = if refusal.is_closed() {
                    "\nset ServiceSettings.EnableEmailInvitations to true, as notifymatters setup does"
                } else {
                    ""
                };
                Err(Failure::could_not_look(message + hint))
            }
        }
    }

    /// Waits, unless it was told not to, or is told meanwhile.
    fn may_wait(&self, duration: Duration) -> bool {
        if self.no_wait {
            return false;
        }
        let seconds = duration.as_secs();
        if self.bar.is_hidden() {
            say(&format!(
                "waiting {seconds} s for the server's limit of 20 invitations an hour"
            ));
        }
        for left in (1..=seconds).rev() {
            self.bar
                .set_message(format!("waits {left} s: the server takes 20 an hour"));
            thread::sleep(Duration::from_secs(1));
            if interrupt::came() {
                return false;
            }
        }
        self.bar.set_message("");
        true
    }
}

fn now() -> u64 {
    SystemTime::now()
        .duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}
