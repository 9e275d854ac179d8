//! What became of each address, so that a run goes on where another stopped.

use std::collections::HashMap;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{BufRead as _, BufReader, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::exit::Failure;

/// What became of one address; the last line of an address counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Outcome {
    /// Written before it is asked for: if nothing follows, nobody knows whether the mail went out.
    Asked,
    Invited,
    /// Nothing was sent.
    Refused,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    /// Seconds since 1970.
    at: u64,
    chat: String,
    team: String,
    address: String,
    outcome: Outcome,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    why: String,
}

/// A file with one JSON object a line, about any number of servers and teams.
#[derive(Debug)]
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    chat: String,
    team: String,
    outcomes: HashMap<String, Outcome>,
    /// When this server was asked for invitations.
    times: Vec<u64>,
}

impl Journal {
    /// Opens or makes it, for this run alone.
    pub(super) fn open(path: &Path, chat: &str, team: &str) -> Result<Self, Failure> {
        let failure =
            |why: String| Failure::could_not_look(format!("the journal {}: {why}", path.display()));
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)
            .map_err(|error| failure(error.to_string()))?;
        // Until the file is closed. Where the file system knows no locks, nobody is kept out.
        if let Err(TryLockError::WouldBlock) = file.try_lock() {
            return Err(failure("another run is at work with it".to_owned()));
        }
        let mut outcomes = HashMap::new();
        let mut asked: HashMap<(String, String), u64> = HashMap::new();
        let mut times = Vec::new();
        for (text, number) in BufReader::new(&file).lines().zip(1..) {
            let text = text.map_err(|error| failure(error.to_string()))?;
            if text.is_empty() {
                continue;
            }
            let line: Line = serde_json::from_str(&text).map_err(|error| {
                failure(format!("line {number} is none of this program's ({error})"))
            })?;
            if line.chat != chat {
                continue;
            }
            let key = (line.team.clone(), line.address.clone());
            match line.outcome {
                Outcome::Asked => {
                    asked.insert(key, line.at);
                    times.push(line.at);
                }
                Outcome::Invited => {}
                // It was not counted.
                Outcome::Refused => {
                    if let Some(at) = asked.remove(&key)
                        && let Some(place) = times.iter().rposition(|time| *time == at)
                    {
                        times.remove(place);
                    }
                }
            }
            if line.team == team {
                outcomes.insert(line.address, line.outcome);
            }
        }
        file.seek(SeekFrom::End(0))?;
        Ok(Self {
            path: path.to_owned(),
            file,
            chat: chat.to_owned(),
            team: team.to_owned(),
            outcomes,
            times,
        })
    }

    pub(super) fn outcome(&self, address: &str) -> Option<Outcome> {
        self.outcomes.get(address).copied()
    }

    /// How long to wait until the server's limit lets another invitation through.
    pub(super) fn wait(&self, now: u64) -> Duration {
        wait(&self.times, now)
    }

    /// Notes it on the disk before it goes on.
    pub(super) fn note(
        &mut self,
        now: u64,
        address: &str,
        outcome: Outcome,
        why: &str,
    ) -> Result<(), Failure> {
        let line = Line {
            at: now,
            chat: self.chat.clone(),
            team: self.team.clone(),
            address: address.to_owned(),
            outcome,
            why: why.to_owned(),
        };
        let text = serde_json::to_string(&line).unwrap_or_default() + "\n";
        let written = self
            .file
            .write_all(text.as_bytes())
            .and_then(|()| self.file.sync_data());
        written.map_err(|error| {
            Failure::could_not_look(format!("the journal {}: {error}", self.path.display()))
        })?;
        match outcome {
            Outcome::Asked => self.times.push(now),
            Outcome::Invited => {}
            Outcome::Refused => drop(self.times.pop()),
        }
        self.outcomes.insert(address.to_owned(), outcome);
        Ok(())
    }
}

/// 20 an hour is one every 180 seconds; one second more stays below it.
pub(super) const PAUSE: u64 = 181;

/// The server lets 20 more through at once (`emailRateLimitingMaxBurst`, the same from 5.39 to 11.6); one is left to
/// whoever invites by hand.
const BURST: u64 = 19;

/// A generic cell rate algorithm, as the server's own: each invitation is paid for with a pause, and some may be owed.
fn wait(times: &[u64], now: u64) -> Duration {
    let mut times = times.to_vec();
    times.sort_unstable();
    let paid = times.iter().fold(0, |paid: u64, at| paid.max(*at) + PAUSE);
    Duration::from_secs(paid.saturating_sub(now + (BURST - 1) * PAUSE))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_800_000_000;

    #[test]
    fn nineteen_go_at_once_and_then_one_every_three_minutes() {
        let seconds = |times: &[u64], now| wait(times, now).as_secs();
        assert_eq!(seconds(&[], NOW), 0);
        assert_eq!(seconds(&[NOW; 18], NOW), 0);
        assert_eq!(seconds(&[NOW; 19], NOW), PAUSE);
        assert_eq!(seconds(&[NOW; 19], NOW + 100), PAUSE - 100);
        assert_eq!(seconds(&[NOW; 19], NOW + PAUSE), 0);
        assert_eq!(seconds(&[NOW; 19], NOW + 2 * 3600), 0);
        // Never more than 20 in any hour after the first.
        let mut now = NOW;
        let mut times = Vec::new();
        for _ in 0..100 {
            now += wait(&times, now).as_secs();
            times.push(now);
        }
        for from in &times[19..] {
            let hour = times.iter().filter(|at| (*from..from + 3600).contains(*at));
            assert!(hour.count() <= 20);
        }
    }

    #[test]
    fn a_journal_knows_what_was_asked_of_which_server() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        let open = |chat: &str, team: &str| Journal::open(&path, chat, team);
        let mut journal = open("https://a", "home").unwrap();
        for address in 0..19 {
            journal
                .note(NOW, &address.to_string(), Outcome::Asked, "")
                .unwrap();
        }
        journal.note(NOW, "0", Outcome::Invited, "").unwrap();
        let error = open("https://a", "home").unwrap_err().message;
        assert!(error.contains("another run is at work"), "{error}");
        drop(journal);
        let mut journal = open("https://a", "home").unwrap();
        assert_eq!(journal.outcome("0"), Some(Outcome::Invited));
        assert_eq!(journal.outcome("1"), Some(Outcome::Asked));
        assert_eq!(journal.wait(NOW).as_secs(), PAUSE);
        journal.note(NOW, "18", Outcome::Refused, "why").unwrap();
        assert_eq!(journal.wait(NOW).as_secs(), 0);
        drop(journal);
        // The limit is the server's, not the team's.
        let journal = open("https://a", "other").unwrap();
        assert_eq!((journal.outcome("0"), journal.times.len()), (None, 18));
        drop(journal);
        assert_eq!(open("https://b", "home").unwrap().times.len(), 0);
        std::fs::write(&path, "{}\n").unwrap();
        let error = open("https://a", "home").unwrap_err().message;
        assert!(
            error.contains("line 1 is none of this program's"),
            "{error}"
        );
    }
}
