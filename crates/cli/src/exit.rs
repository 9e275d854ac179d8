//! How the program ends, and how it speaks.

use std::io;
use std::io::Write as _;
use std::process::ExitCode;

/// The four ends that scripts can tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// Done; of a check: nothing failed and nothing was skipped.
    Clean = 0,
    /// A check failed.
    Fail = 1,
    /// The arguments are wrong.
    Usage = 2,
    /// It could not be looked at, or not be done.
    CouldNotLook = 3,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Why a command ends early; the message says what to do.
#[derive(Debug)]
pub(crate) struct Failure {
    pub(crate) exit: Exit,
    pub(crate) message: String,
}

impl Failure {
    pub(crate) fn usage(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::Usage,
            message: message.into(),
        }
    }

    pub(crate) fn could_not_look(message: impl Into<String>) -> Self {
        Self {
            exit: Exit::CouldNotLook,
            message: message.into(),
        }
    }
}

impl From<io::Error> for Failure {
    /// Writing to standard output failed; whoever closed it, as `head` does, has seen enough.
    fn from(error: io::Error) -> Self {
        let message = match error.kind() {
            io::ErrorKind::BrokenPipe => String::new(),
            _ => format!("cannot write: {error}"),
        };
        Self {
            exit: Exit::CouldNotLook,
            message,
        }
    }
}

/// Writes to standard output.
#[cfg(not(test))]
pub(crate) fn write(text: &str) -> Result<(), Failure> {
    let mut output = anstream::AutoStream::auto(io::stdout().lock());
    output.write_all(text.as_bytes())?;
    output.flush()?;
    Ok(())
}

/// In a test the harness keeps it.
#[cfg(test)]
#[expect(clippy::print_stdout, reason = "the one way that the harness sees")]
#[expect(clippy::unnecessary_wraps, reason = "as the other")]
pub(crate) fn write(text: &str) -> Result<(), Failure> {
    print!("{text}");
    Ok(())
}

/// Writes a line to standard error, for the person at the terminal.
pub(crate) fn say(line: &str) {
    let mut output = anstream::AutoStream::auto(io::stderr().lock());
    // Where standard error is closed nobody listens.
    drop(writeln!(output, "{line}"));
}
