//! Runs other programs: shown, with clear errors, and ended when we end.

mod log;
mod running;
mod shown;

use std::ffi::OsStr;
use std::io::{self, BufRead as _, BufReader};
use std::os::unix::process::ExitStatusExt as _;
use std::process::{Command, ExitStatus, Stdio};

use anyhow::{Context as _, Result, anyhow, bail};

use self::log::Channel;
pub(crate) use self::log::{into_log, say};
pub(crate) use self::running::{Running, end_children_on_signals};
pub(crate) use self::shown::shown;

/// Servers that tests start: a proxy that the environment names does not reach them.
const LOOPBACK: &str = "localhost,.localhost,127.0.0.1,::1";

/// A command with an environment free of what `cargo run` adds to ours: the library path holds the host compiler's own
/// libraries, the rest describes xtask and would make other builds look changed.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (variable, _) in std::env::vars_os() {
        let name = variable.to_string_lossy();
        if ["LD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH"].contains(&&*name)
            || name.starts_with("CARGO_PKG_")
            || name.starts_with("CARGO_MANIFEST_")
        {
            command.env_remove(&variable);
        }
    }
    for name in ["NO_PROXY", "no_proxy"] {
        let others = std::env::var(name).ok().filter(|others| !others.is_empty());
        let all: Vec<_> = others.as_deref().into_iter().chain([LOOPBACK]).collect();
        command.env(name, all.join(","));
    }
    command.stdin(Stdio::null());
    command
}

/// Shows the command, runs it with our output, and fails unless it ends with code 0.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    say(&format!("    $ {}", shown(command)));
    run_quietly(command)
}

/// Runs the command with our output and fails unless it ends with code 0.
pub(crate) fn run_quietly(command: &mut Command) -> Result<()> {
    log::direct(command, Channel::Both)?;
    let status = start(command)?.wait()?;
    ended(command, status)
}

/// Runs the command and hands over each line that it writes to standard output; fails unless it ends with code 0.
pub(crate) fn run_reading(command: &mut Command, mut take: impl FnMut(&str)) -> Result<()> {
    log::direct(command, Channel::Errors)?;
    let mut running = start(command.stdout(Stdio::piped()))?;
    if let Some(pipe) = running.child().stdout.take() {
        for line in BufReader::new(pipe).split(b'\n') {
            take(&String::from_utf8_lossy(&line?));
        }
    }
    let status = running.wait()?;
    ended(command, status)
}

/// Runs a command without showing it and returns what it wrote to standard output, without the last line end; what it
/// wrote to standard error is part of the error if it fails.
pub(crate) fn capture(command: &mut Command) -> Result<String> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let output = start(command)?.output()?;
    ended(command, output.status).map_err(|error| {
        let complaint = String::from_utf8_lossy(&output.stderr);
        match complaint.trim() {
            "" => error,
            complaint => anyhow!("{error}: {complaint}"),
        }
    })?;
    let text = String::from_utf8(output.stdout)
        .with_context(|| format!("`{}` wrote what is no UTF-8", shown(command)))?;
    Ok(text.trim_end().to_owned())
}

/// Starts a command that goes on beside us; it and all that it starts end when the result is dropped.
pub(crate) fn start(command: &mut Command) -> Result<Running> {
    Running::start(command).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => {
            anyhow!(
                "`{}` is not installed",
                command.get_program().to_string_lossy()
            )
        }
        _ => anyhow!("`{}` does not start: {error}", shown(command)),
    })
}

fn ended(command: &Command, status: ExitStatus) -> Result<()> {
    match (status.code(), status.signal()) {
        (Some(0), _) => Ok(()),
        (Some(code), _) => bail!("`{}` ended with code {code}", shown(command)),
        (None, Some(signal)) => bail!("`{}` was ended by signal {signal}", shown(command)),
        (None, None) => bail!("`{}` ended: {status}", shown(command)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_reached_without_a_proxy() {
        let command = command("true");
        let excepted = |name: &str| {
            let mut variables = command.get_envs();
            variables.any(|(variable, value)| {
                let value = value.and_then(OsStr::to_str);
                variable == name && value.is_some_and(|value| value.ends_with(LOOPBACK))
            })
        };
        assert!(excepted("NO_PROXY") && excepted("no_proxy"));
    }

    #[test]
    fn a_failing_command_is_named_with_its_code() {
        let error = run_quietly(command("sh").args(["-c", "exit 3"])).unwrap_err();
        assert_eq!(error.to_string(), "`sh -c 'exit 3'` ended with code 3");
    }

    #[test]
    fn a_command_that_was_killed_is_named_with_the_signal() {
        let error = run_quietly(command("sh").args(["-c", "kill -9 $$"])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`sh -c 'kill -9 $$'` was ended by signal 9"
        );
    }

    #[test]
    fn a_missing_program_is_said_to_be_not_installed() {
        let error = capture(&mut command("no-such-program-anywhere")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`no-such-program-anywhere` is not installed"
        );
    }

    #[test]
    fn lines_are_handed_over_as_they_come_also_of_a_command_that_fails() {
        let mut lines = Vec::new();
        let ended = run_reading(
            command("sh").args(["-c", "echo a; echo b; exit 1"]),
            |line| {
                lines.push(line.to_owned());
            },
        );
        assert!(ended.is_err());
        assert_eq!(lines, ["a", "b"]);
    }

    #[test]
    fn captured_output_comes_without_its_last_line_end_and_errors_with_the_complaint() {
        assert_eq!(
            capture(command("sh").args(["-c", "echo a; echo b; echo c >&2"])).unwrap(),
            "a\nb"
        );
        let error = capture(command("sh").args(["-c", "echo bad luck >&2; exit 1"])).unwrap_err();
        assert!(
            error.to_string().ends_with("ended with code 1: bad luck"),
            "{error}"
        );
    }
}
