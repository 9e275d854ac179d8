//! Programs that run beside us, each the leader of its own process group, so that all it starts can be ended with it.

use std::io::{self, Read as _};
use std::os::unix::process::CommandExt as _;
use std::process::{Child, Command, ExitStatus, Output};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group, test_kill_process_group};
use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use signal_hook::iterator::Signals;

/// How long a program, with what it started, may take to end by itself once it was asked to, before it is killed: the stand-in
/// stops a plugin in that time, and the browser tests' leash a browser, which it kills after three seconds.
const GRACE: Duration = Duration::from_secs(10);

/// The groups to end when a signal ends us.
static GROUPS: Mutex<Vec<Pid>> = Mutex::new(Vec::new());

/// A running program with all that it starts; dropping it ends them.
#[derive(Debug)]
pub(crate) struct Running {
    child: Child,
    group: Pid,
}

impl Running {
    pub(super) fn start(command: &mut Command) -> io::Result<Self> {
        command.process_group(0);
        // The lock is held over the start, so that a signal finds either no program or a known one.
        let mut groups = groups();
        let child = command.spawn()?;
        let group = Pid::from_child(&child);
        groups.push(group);
        Ok(Self { child, group })
    }

    /// Waits for the program's own end; what it left running is ended then.
    pub(crate) fn wait(mut self) -> io::Result<ExitStatus> {
        self.child.wait()
    }

    /// Waits for the program's own end and returns what it wrote to its piped outputs.
    pub(crate) fn output(mut self) -> io::Result<Output> {
        let stderr = self.child.stderr.take();
        let complaints = thread::spawn(move || {
            let mut bytes = Vec::new();
            stderr
                .map_or(Ok(0), |mut pipe| pipe.read_to_end(&mut bytes))
                .map(|_| bytes)
        });
        let mut stdout = Vec::new();
        if let Some(mut pipe) = self.child.stdout.take() {
            pipe.read_to_end(&mut stdout)?;
        }
        let stderr = complaints
            .join()
            .map_err(|_| io::Error::other("the reader of standard error failed"))??;
        Ok(Output {
            status: self.child.wait()?,
            stdout,
            stderr,
        })
    }

    /// The program's process, for its pipes and its end.
    pub(crate) const fn child(&mut self) -> &mut Child {
        &mut self.child
    }
}

impl Running {
    fn end(&mut self, grace: Duration) {
        // Also what a program leaves running at its own end is asked first: it may have to end others.
        let _ = kill_process_group(self.group, Signal::TERM);
        let deadline = Instant::now() + grace;
        while (matches!(self.child.try_wait(), Ok(None))
            || test_kill_process_group(self.group).is_ok())
            && Instant::now() < deadline
        {
            thread::sleep(Duration::from_millis(10));
        }
        let _ = kill_process_group(self.group, Signal::KILL);
        drop(self.child.wait());
        groups().retain(|group| *group != self.group);
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.end(GRACE);
    }
}

/// From now on, Ctrl-C and the signals that ask us to end also end every program that we started.
///
/// # Errors
///
/// The signals cannot be listened to.
pub(crate) fn end_children_on_signals() -> io::Result<()> {
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])?;
    thread::spawn(move || {
        if let Some(signal) = signals.forever().next() {
            // Never released: nothing new may start from here on.
            let groups = groups();
            end_all(&groups);
            // What a shell expects of a program that a signal ended.
            std::process::exit(128 + signal);
        }
    });
    Ok(())
}

fn end_all(groups: &[Pid]) {
    for group in groups {
        let _ = kill_process_group(*group, Signal::TERM);
    }
    let deadline = Instant::now() + GRACE;
    while groups
        .iter()
        .any(|group| test_kill_process_group(*group).is_ok())
        && Instant::now() < deadline
    {
        thread::sleep(Duration::from_millis(10));
    }
    for group in groups {
        let _ = kill_process_group(*group, Signal::KILL);
    }
}

fn groups() -> MutexGuard<'static, Vec<Pid>> {
    GROUPS.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::process::Stdio;

    use super::*;

    #[test]
    fn dropping_a_program_ends_it_and_what_it_started() {
        let mut command = Command::new("sh");
        command
            .args(["-c", "sleep 600 & echo started; wait"])
            .stdout(Stdio::piped());
        let mut running = Running::start(&mut command).unwrap();
        let mut started = [0; 8];
        running
            .child()
            .stdout
            .as_mut()
            .unwrap()
            .read_exact(&mut started)
            .unwrap();
        let group = running.group;
        assert!(test_kill_process_group(group).is_ok());
        drop(running);
        let deadline = Instant::now() + GRACE;
        // The orphan is reaped by the system a moment after its end.
        while test_kill_process_group(group).is_ok() {
            assert!(Instant::now() < deadline, "the group outlives its owner");
            thread::sleep(Duration::from_millis(10));
        }
        assert!(!groups().contains(&group));
    }

    #[test]
    fn a_program_that_ignores_the_request_to_end_is_killed() {
        let mut command = Command::new("sh");
        command
            .args([
                "-c",
                "trap '' TERM; echo ready; while true; do sleep 0.05; done",
            ])
            .stdout(Stdio::piped());
        let mut running = Running::start(&mut command).unwrap();
        running
            .child()
            .stdout
            .as_mut()
            .unwrap()
            .read_exact(&mut [0; 6])
            .unwrap();
        let group = running.group;
        running.end(Duration::from_millis(100));
        assert!(!groups().contains(&group));
    }

    #[test]
    fn what_a_program_leaves_behind_may_end_its_own_before_it_is_killed() {
        let folder = tempfile::tempdir().unwrap();
        let mut command = Command::new("sh");
        command
            .args([
                "-c",
                "(trap 'sleep 0.3; touch ended; exit' TERM; touch ready; while :; do sleep 0.05; done) &
                 while ! [ -e ready ]; do sleep 0.05; done",
            ])
            .current_dir(folder.path());
        let running = Running::start(&mut command).unwrap();
        assert!(running.wait().unwrap().success());
        assert!(folder.path().join("ended").exists());
    }
}
