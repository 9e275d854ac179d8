//! Processes that end with us, with all that they have started.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, bail};

use crate::Outcome;

/// Names a folder that is removed when the program has ended.
pub(crate) const REMOVES: &str = "LEASH_REMOVES";

/// Runs the program in a process group of its own until standard input is closed or a signal asks to end, and then ends the
/// whole group: browsers outlive their drivers. What has not ended after three seconds is killed.
///
/// A test process that is killed runs no destructor; its pipe is closed all the same. Whoever ends a test run asks the shell by
/// the same signal as the test process, and kills what is left some seconds later.
const UNTIL_STDIN_CLOSES: &str = r#"end() {
  trap '' TERM INT HUP
  kill -TERM -"$leader" || kill -TERM "$leader"
  for _ in $(seq 30); do
    kill -0 -"$leader" || break
    sleep 0.1
  done
  kill -KILL -"$leader"
  [ -z "$LEASH_REMOVES" ] || rm -rf "$LEASH_REMOVES"
  exit 0
}
trap end TERM INT HUP
setsid "$@" & leader=$!
exec >/dev/null 2>&1
read -r _
end"#;

/// How long a program may take until it says what is waited for: some seconds on a machine that is busy.
const START: Duration = Duration::from_secs(60);

/// A running program. Dropping it ends it and its children, and waits for that.
#[derive(Debug)]
pub(crate) struct Leash(Child);

impl Leash {
    /// Starts a program with these arguments and additions to the environment, and reads what it writes until it has said
    /// what `hear` waits for.
    pub(crate) fn start<K: AsRef<OsStr>, V: AsRef<OsStr>, T>(
        program: &str,
        arguments: &[&str],
        environment: impl IntoIterator<Item = (K, V)>,
        hear: impl Fn(&str) -> Option<T>,
    ) -> Outcome<(Self, T)> {
        let (leash, output) = Self::spawn(program, arguments, environment, Stdio::piped())?;
        let output = output.context("a shell without output")?;
        let (says, said) = mpsc::channel();
        // It reads on when nobody listens any more: a pipe that nobody reads would stop the program once it is full.
        thread::spawn(move || {
            for line in BufReader::new(output).split(b'\n').map_while(Result::ok) {
                let _ = says.send(String::from_utf8_lossy(&line).into_owned());
            }
        });
        let deadline = Instant::now() + START;
        let mut words = Vec::new();
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            match said.recv_timeout(left) {
                Ok(line) => {
                    if let Some(heard) = hear(&line) {
                        return Ok((leash, heard));
                    }
                    words.push(line);
                }
                Err(ended) => {
                    bail!("{program} did not start: {ended}; it said {words:?}")
                }
            }
        }
    }

    /// [`Leash::start`] for a program that says nothing.
    pub(crate) fn start_silent<K: AsRef<OsStr>, V: AsRef<OsStr>>(
        program: &str,
        arguments: &[&str],
        environment: impl IntoIterator<Item = (K, V)>,
    ) -> Outcome<Self> {
        Ok(Self::spawn(program, arguments, environment, Stdio::null())?.0)
    }

    fn spawn<K: AsRef<OsStr>, V: AsRef<OsStr>>(
        program: &str,
        arguments: &[&str],
        environment: impl IntoIterator<Item = (K, V)>,
        output: Stdio,
    ) -> Outcome<(Self, Option<ChildStdout>)> {
        let mut shell = Command::new("sh")
            .args(["-c", UNTIL_STDIN_CLOSES, "sh", program])
            .args(arguments)
            .envs(environment)
            .stdin(Stdio::piped())
            .stdout(output)
            .stderr(Stdio::null())
            .spawn()
            .with_context(|| format!("start {program}"))?;
        let output = shell.stdout.take();
        Ok((Self(shell), output))
    }
}

impl Drop for Leash {
    fn drop(&mut self) {
        drop(self.0.stdin.take());
        let _ = self.0.wait();
    }
}

#[cfg(test)]
mod unit_tests {
    use std::path::Path;

    use super::*;

    /// Longer than the shell waits before it kills.
    const END: Duration = Duration::from_secs(15);

    /// Starts a leash with a program that runs this and then says its process number.
    fn leash(first: &str) -> (Leash, String) {
        let script = format!("{first}; echo pid $$; while :; do sleep 0.1; done");
        leash_that_removes(&script, "")
    }

    fn leash_that_removes(script: &str, folder: &str) -> (Leash, String) {
        Leash::start("sh", &["-c", script], [(REMOVES, folder)], |line| {
            Some(line.strip_prefix("pid ")?.to_owned())
        })
        .unwrap()
    }

    fn ends(pid: &str) -> bool {
        let begin = Instant::now();
        while begin.elapsed() < END {
            if !Path::new("/proc").join(pid).exists() {
                return true;
            }
            thread::sleep(Duration::from_millis(20));
        }
        false
    }

    #[test]
    fn a_signal_that_ends_the_leash_ends_the_program_too() {
        for signal in ["TERM", "INT", "HUP"] {
            let (leash, pid) = leash(":");
            let shell = leash.0.id().to_string();
            let asked = Command::new("kill").args(["-s", signal, &shell]).status();
            assert!(asked.unwrap().success());
            assert!(ends(&pid), "{signal} leaves the program behind");
        }
    }

    #[test]
    fn the_folder_of_a_program_is_removed_when_it_has_ended() {
        let folder = tempfile::tempdir().unwrap().keep();
        let (leash, pid) = leash_that_removes("echo pid $$; sleep 60", folder.to_str().unwrap());
        drop(leash);
        assert!(ends(&pid) && !folder.exists());
    }

    #[test]
    fn a_program_that_does_not_want_to_end_is_killed_with_its_leash() {
        let (leash, pid) = leash("trap '' TERM");
        drop(leash);
        assert!(ends(&pid));
    }
}
