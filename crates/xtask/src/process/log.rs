//! Where a thread's output goes: to ours, or into a file of its own while another thread's is shown.

use std::cell::RefCell;
use std::fs::File;
use std::io::{self, Write as _};
use std::process::Command;

thread_local! {
    static LOG: RefCell<Option<File>> = const { RefCell::new(None) };
}

/// What of a program's output is not read by us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Channel {
    Both,
    Errors,
}

/// Does it with all that this thread and the programs it runs say written into the file.
pub(crate) fn into_log<T>(file: File, act: impl FnOnce() -> T) -> T {
    LOG.set(Some(file));
    let done = act();
    LOG.set(None);
    done
}

/// Says a line.
pub(crate) fn say(line: &str) {
    LOG.with_borrow_mut(|log| match log {
        // Nobody is there to be told that a log cannot be written.
        Some(file) => drop(writeln!(file, "{line}")),
        None => println!("{line}"),
    });
}

/// Lets a program write where this thread writes.
pub(super) fn direct(command: &mut Command, channel: Channel) -> io::Result<()> {
    LOG.with_borrow(|log| {
        if let Some(file) = log {
            if channel == Channel::Both {
                command.stdout(file.try_clone()?);
            }
            command.stderr(file.try_clone()?);
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::process;

    #[test]
    fn what_a_thread_and_its_programs_say_goes_into_its_log_in_order() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log");
        let outcome = into_log(File::create(&path).unwrap(), || {
            say("before");
            process::run_quietly(process::command("sh").args(["-c", "echo out; echo err >&2"]))?;
            process::run_reading(
                process::command("sh").args(["-c", "echo read; echo more >&2"]),
                |line| say(&format!("<{line}>")),
            )?;
            say("after");
            anyhow::Ok(())
        });
        outcome.unwrap();
        let said = fs::read_to_string(path).unwrap();
        // The last program's two outputs have no order between them.
        let mut lines: Vec<_> = said.lines().collect();
        lines[3..5].sort_unstable();
        assert_eq!(lines, ["before", "out", "err", "<read>", "more", "after"]);
    }
}
