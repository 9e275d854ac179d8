//! Processes that end with us, with all that they have started.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;

use anyhow::Context;

use crate::Outcome;

/// Runs the program in a process group of its own until standard input is closed, and then ends the whole group: browsers
/// outlive their drivers. What has not ended after five seconds is killed.
///
/// A test process that is killed runs no destructor; its pipe is closed all the same.
const UNTIL_STDIN_CLOSES: &str = r#"setsid "$@" & leader=$!
exec >/dev/null 2>&1
read -r _
kill -TERM -"$leader"
for _ in $(seq 50); do
  kill -0 -"$leader" || exit 0
  sleep 0.1
done
kill -KILL -"$leader""#;

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
        let mut lines = BufReader::new(output.context("a shell without output")?).lines();
        let heard = loop {
            let line = lines.next();
            let line = line.with_context(|| format!("{program} did not start"))??;
            if let Some(heard) = hear(&line) {
                break heard;
            }
        };
        // A pipe that nobody reads would stop the program once it is full.
        thread::spawn(move || lines.for_each(drop));
        Ok((leash, heard))
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
