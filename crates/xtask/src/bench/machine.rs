//! What the machine does besides: figures of a busy machine say little.

use std::fs;
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result};

/// How long the machine is watched.
const WATCH: Duration = Duration::from_secs(3);

/// The part of the processors' time that went into anything while we only watched, 0 to 1.
pub(super) fn busy() -> Result<f64> {
    let before = read()?;
    thread::sleep(WATCH);
    Ok(read()?.busy_since(before))
}

/// What kind of machine it is.
pub(super) fn name() -> Result<String> {
    Ok(format!(
        "{}-{}, {} processors",
        std::env::consts::OS,
        std::env::consts::ARCH,
        thread::available_parallelism()?
    ))
}

/// The processors' time since the machine started, in ticks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Times {
    all: u64,
    idle: u64,
}

impl Times {
    /// Reads the first line of /proc/stat (proc(5)): user, nice, system, idle, iowait, irq, softirq, steal; the guests'
    /// time after them is part of the user's.
    fn parse(stat: &str) -> Option<Self> {
        let times = stat.lines().next()?.strip_prefix("cpu ")?;
        let times: Vec<u64> = times
            .split_whitespace()
            .take(8)
            .map(|ticks| ticks.parse().ok())
            .collect::<Option<_>>()?;
        Some(Self {
            all: times.iter().sum(),
            idle: times.get(3)? + times.get(4)?,
        })
    }

    #[allow(
        clippy::cast_precision_loss,
        reason = "the ticks of a few seconds are a small number"
    )]
    fn busy_since(self, before: Self) -> f64 {
        let all = self.all.saturating_sub(before.all).max(1);
        let idle = self.idle.saturating_sub(before.idle).min(all);
        (all - idle) as f64 / all as f64
    }
}

fn read() -> Result<Times> {
    let stat = fs::read_to_string("/proc/stat").context("/proc/stat")?;
    Times::parse(&stat).context("/proc/stat is not what proc(5) says")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_neither_idle_nor_waiting_for_a_disk_is_busy() {
        let before = Times::parse("cpu  100 0 50 800 50 0 0 0 7 7\ncpu0 1 2 3").unwrap();
        assert_eq!(
            before,
            Times {
                all: 1000,
                idle: 850
            }
        );
        let after = Times::parse("cpu  120 0 55 870 55 0 0 0 9 9").unwrap();
        assert_eq!(after.busy_since(before), 0.25);
    }

    #[test]
    fn what_is_no_first_line_of_proc_stat_is_refused() {
        assert_eq!(Times::parse("intr 1 2 3"), None);
        assert_eq!(Times::parse("cpu  1 2 x 4"), None);
        assert_eq!(Times::parse("cpu  1 2"), None);
    }
}
