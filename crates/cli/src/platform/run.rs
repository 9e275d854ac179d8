//! One command of today's, with the user, the folder and the socket that it needs.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::table::Word;
use crate::exit::Failure;
use crate::paths::{Installation, Place, SOCKET_VARIABLE};

/// Mattermost's own two programs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Program {
    /// Speaks to the running server, over its local socket.
    Mmctl,
    /// Reads the configuration and the database itself.
    Mattermost,
}

/// A command, ready to run or to be shown.
#[derive(Debug)]
pub(super) struct Invocation {
    program: PathBuf,
    words: Vec<Word>,
    /// mmctl reads it from the environment.
    socket: Option<Place>,
    folder: Option<PathBuf>,
    user: Option<String>,
}

impl Invocation {
    /// The command is made for the program that was found, by its path.
    pub(super) fn new(
        program: Program,
        installation: &Installation,
        command: impl FnOnce(&Path) -> Result<Vec<Word>, Failure>,
    ) -> Result<Self, Failure> {
        let open = |text: &str| Word {
            text: text.to_owned(),
            secret: false,
        };
        let (place, name, mut words) = match program {
            Program::Mmctl => (&installation.tool, "mmctl", vec![open("--local")]),
            Program::Mattermost => (&installation.program, "the mattermost program", Vec::new()),
        };
        let Some(place) = place.as_ref().filter(|place| place.exists) else {
            let looked = place
                .as_ref()
                .map(|place| format!(" at {}", place.path.display()))
                .unwrap_or_default();
            return Err(Failure::could_not_look(format!(
                "{name} is not there{looked}; `notifymatters paths` shows what was found"
            )));
        };
        if program == Program::Mattermost
            && let Some(configuration) = &installation.configuration
        {
            words.push(open("--config"));
            words.push(open(&configuration.path.display().to_string()));
        }
        words.extend(command(&place.path)?);
        Ok(Self {
            program: place.path.clone(),
            words,
            socket: installation
                .socket
                .clone()
                .filter(|_| program == Program::Mmctl),
            // Relative paths of the configuration begin there; mmctl reads no configuration, and files of the caller's.
            folder: installation
                .folder
                .as_ref()
                .filter(|place| place.exists && program == Program::Mattermost)
                .map(|place| place.path.clone()),
            user: installation.user.clone(),
        })
    }

    /// As one would type it as root; secrets are left out.
    pub(super) fn shown(&self) -> String {
        let mut words = Vec::new();
        if let Some(folder) = &self.folder {
            words.extend([
                "cd".to_owned(),
                quoted(&folder.display().to_string()),
                "&&".to_owned(),
            ]);
        }
        if let Some(user) = &self.user {
            words.extend(["sudo".to_owned(), "-u".to_owned(), quoted(user)]);
        }
        if let Some(socket) = &self.socket {
            let variable = format!("{SOCKET_VARIABLE}={}", socket.path.display());
            words.extend(["env".to_owned(), quoted(&variable)]);
        }
        words.push(quoted(&self.program.display().to_string()));
        words.extend(self.words.iter().map(|word| {
            if word.secret {
                "'(secret)'".to_owned()
            } else {
                quoted(&word.text)
            }
        }));
        words.join(" ")
    }
}

#[cfg(not(unix))]
impl Invocation {
    pub(super) fn run(self) -> Result<crate::exit::Exit, Failure> {
        Err(Failure::could_not_look(format!(
            "{} runs on Mattermost's own machine, which this is not: run this command there, or look at what it would run \
             with --print",
            self.program.display()
        )))
    }
}

/// Whether a program has this command: each word of it stands in the help of what is above it. Of words that it does not
/// have a program shows the help of those before (cobra, in mmctl 6.7.2).
pub(super) fn knows(program: &Path, command: &[String]) -> bool {
    (0..command.len()).all(|at| {
        let (above, below) = command.split_at(at);
        let help = Command::new(program)
            .args(above)
            .arg("--help")
            .stdin(Stdio::null())
            .output();
        let is_it = |line: &str| {
            line.starts_with("  ") && line.split_whitespace().next() == Some(below[0].as_str())
        };
        help.is_ok_and(|help| String::from_utf8_lossy(&help.stdout).lines().any(is_it))
    })
}

#[cfg(unix)]
mod unix {
    use std::os::unix::process::CommandExt as _;
    use std::path::Path;
    use std::process::Command;

    use nix::unistd::{Uid, User};

    use super::Invocation;
    use crate::exit::{Exit, Failure};
    use crate::paths::{self, SOCKET_VARIABLE};

    impl Invocation {
        /// Runs it; its exit code becomes this program's.
        pub(in crate::platform) fn run(self) -> Result<Exit, Failure> {
            let mut command = Command::new(&self.program);
            command.args(self.words.iter().map(|word| &word.text));
            if let Some(socket) = &self.socket {
                command.env(SOCKET_VARIABLE, &socket.path);
            }
            if let Some(folder) = &self.folder {
                command.current_dir(folder);
            }
            // Who may not read the configuration does not know where the socket is either.
            become_user(&mut command, self.user.as_deref())?;
            if let Some(socket) = self.socket.as_ref().filter(|socket| !socket.exists) {
                return Err(Failure::could_not_look(paths::no_socket(&socket.path)));
            }
            replace(command, &self.program)
        }
    }

    /// As the user of the server: files that root makes would be closed to it, and its socket is open to it alone.
    fn become_user(command: &mut Command, name: Option<&str>) -> Result<(), Failure> {
        let Some(name) = name else {
            return Ok(());
        };
        let Ok(Some(user)) = User::from_name(name) else {
            return Err(Failure::could_not_look(format!(
                "Mattermost's user {name} is not a user of this machine"
            )));
        };
        if user.uid == Uid::effective() {
            return Ok(());
        }
        if !Uid::effective().is_root() {
            return Err(Failure::could_not_look(format!(
                "this has to run as {}",
                paths::or_root(name)
            )));
        }
        // As root this takes the groups of root away, too.
        command.uid(user.uid.as_raw()).gid(user.gid.as_raw());
        command
            .env("HOME", &user.dir)
            .env("USER", name)
            .env("LOGNAME", name);
        Ok(())
    }

    fn replace(mut command: Command, program: &Path) -> Result<Exit, Failure> {
        // Comes back only where it failed: signals and the exit code are the program's own.
        let error = command.exec();
        Err(Failure::could_not_look(format!(
            "{} cannot be run: {error}",
            program.display()
        )))
    }
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-._/:=@%+,".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shown_command_can_be_typed() {
        assert_eq!(quoted("user@example.com"), "user@example.com");
        assert_eq!(quoted("My Team's"), "'My Team'\\''s'");
        assert_eq!(quoted(""), "''");
    }
}
