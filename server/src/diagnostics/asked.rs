//! Which hosts have recently asked to be trusted, as the web part reports them.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use serde::Serialize;

/// Enough for every embedder that an organisation has; each is a few hundred bytes.
const MAX_TRUSTED: usize = 64;

/// Any user can cause any origin to be reported, so unknown origins have a list of their own, in which
/// they can displace only each other.
const MAX_STRANGERS: usize = 32;

/// How long an origin is listed: a working day and the night before it.
const LATELY: Duration = Duration::from_secs(24 * 60 * 60);

/// The origins that asked this process, the latest last.
#[derive(Debug, Default)]
pub(crate) struct Asked(Mutex<Lists>);

#[derive(Debug, Default)]
struct Lists {
    trusted: VecDeque<Host>,
    strangers: VecDeque<Host>,
}

/// One page that asked; times in milliseconds since 1970, as in Mattermost's own API.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Host {
    /// Canonical, as in `event.origin`.
    pub(crate) origin: String,
    pub(crate) first_at: u64,
    pub(crate) last_at: u64,
    /// How often since `first_at`; one page asks once for each time that it is loaded.
    pub(crate) times: u64,
}

impl Asked {
    /// Notes that a page of `origin` asked at `now`, and whether it was trusted then.
    ///
    /// `origin` is canonical; the caller has parsed it.
    pub(crate) fn note(&self, origin: &str, trusted: bool, now: SystemTime) {
        let now = milliseconds(now);
        let mut lists = self.lists();
        let (list, room) = if trusted {
            (&mut lists.trusted, MAX_TRUSTED)
        } else {
            (&mut lists.strangers, MAX_STRANGERS)
        };
        let known = list.iter().position(|host| host.origin == origin);
        let known = known.and_then(|at| list.remove(at));
        let mut host = known
            .filter(|host| host.is_recent(now))
            .unwrap_or_else(|| Host {
                origin: origin.to_owned(),
                first_at: now,
                last_at: now,
                times: 0,
            });
        host.last_at = now;
        host.times += 1;
        if list.len() == room {
            list.pop_front();
        }
        list.push_back(host);
    }

    /// All that asked within the last 24 hours before `now`, the latest first, each origin once:
    /// those that `is_trusted` now, and the others.
    pub(crate) fn lately(
        &self,
        now: SystemTime,
        is_trusted: impl Fn(&str) -> bool,
    ) -> (Vec<Host>, Vec<Host>) {
        let now = milliseconds(now);
        let mut hosts: Vec<Host> = Vec::new();
        {
            let lists = self.lists();
            for host in lists.trusted.iter().chain(&lists.strangers) {
                if !host.is_recent(now) {
                    continue;
                }
                // An origin that was added to the setting, or struck from it, is in both lists.
                match hosts.iter_mut().find(|other| other.origin == host.origin) {
                    Some(other) => other.join(host),
                    None => hosts.push(host.clone()),
                }
            }
        }
        hosts.sort_by_key(|host| std::cmp::Reverse(host.last_at));
        hosts.into_iter().partition(|host| is_trusted(&host.origin))
    }

    fn lists(&self) -> MutexGuard<'_, Lists> {
        // The lists are valid even after a panic.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Host {
    fn is_recent(&self, now: u64) -> bool {
        let lately = u64::try_from(LATELY.as_millis()).unwrap_or(u64::MAX);
        now.saturating_sub(self.last_at) <= lately
    }

    fn join(&mut self, other: &Self) {
        self.first_at = self.first_at.min(other.first_at);
        self.last_at = self.last_at.max(other.last_at);
        self.times += other.times;
    }
}

fn milliseconds(time: SystemTime) -> u64 {
    let since_1970 = time.duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since_1970.as_millis()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MAIL: &str = "https://mail.example.com";

    fn at(seconds: u64) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(1_000_000 + seconds)
    }

    fn origins(hosts: &[Host]) -> Vec<&str> {
        hosts.iter().map(|host| host.origin.as_str()).collect()
    }

    #[test]
    fn a_page_that_asks_often_is_one_line_with_times() {
        let asked = Asked::default();
        asked.note(MAIL, true, at(0));
        asked.note(MAIL, true, at(60));
        let (answered, refused) = asked.lately(at(61), |origin| origin == MAIL);
        assert_eq!(
            answered,
            [Host {
                origin: MAIL.to_owned(),
                first_at: 1_000_000_000,
                last_at: 1_000_060_000,
                times: 2
            }]
        );
        assert!(refused.is_empty());
    }

    #[test]
    fn the_latest_comes_first_and_yesterdays_not_at_all() {
        let asked = Asked::default();
        asked.note("https://old.example.com", true, at(0));
        asked.note(MAIL, true, at(90_000));
        asked.note("https://new.example.com", true, at(90_010));
        let (answered, _) = asked.lately(at(90_020), |_| true);
        assert_eq!(origins(&answered), ["https://new.example.com", MAIL]);
    }

    #[test]
    fn a_page_that_comes_back_after_days_is_counted_afresh() {
        let asked = Asked::default();
        asked.note(MAIL, true, at(0));
        asked.note(MAIL, true, at(200_000));
        let (answered, _) = asked.lately(at(200_001), |_| true);
        assert_eq!(answered[0].times, 1);
    }

    #[test]
    fn who_is_answered_follows_the_setting_of_now() {
        let asked = Asked::default();
        asked.note(MAIL, false, at(0));
        asked.note(MAIL, true, at(10));
        let (answered, refused) = asked.lately(at(20), |_| true);
        assert_eq!((answered[0].times, refused.len()), (2, 0));
        let (answered, refused) = asked.lately(at(20), |_| false);
        assert_eq!((answered.len(), origins(&refused)), (0, vec![MAIL]));
    }

    #[test]
    fn strangers_push_out_only_each_other() {
        let asked = Asked::default();
        asked.note(MAIL, true, at(0));
        for n in 0..1000 {
            asked.note(&format!("https://h{n}.example.net"), false, at(1 + n));
        }
        let (answered, refused) = asked.lately(at(2000), |origin| origin == MAIL);
        assert_eq!(origins(&answered), [MAIL]);
        assert_eq!(refused.len(), MAX_STRANGERS);
        assert_eq!(refused[0].origin, "https://h999.example.net");
    }

    #[test]
    fn a_clock_that_goes_back_loses_nobody() {
        let asked = Asked::default();
        asked.note(MAIL, true, at(100));
        let (answered, _) = asked.lately(at(0), |_| true);
        assert_eq!(answered.len(), 1);
    }
}
