//! The command line.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use clap::{CommandFactory as _, Parser, Subcommand};
use clap_complete::Shell;

use crate::doctor;
use crate::exit::{Exit, Failure, write};
use crate::install;
use crate::invite;
use crate::paths;
use crate::proxy;
use crate::setup;

/// The companion of Notifymatters, for whoever runs a Mattermost that another page embeds.
///
/// It checks, and prints what to write; commands that change a server show the changes first.
#[derive(Debug, Parser)]
#[command(name = "notifymatters", version, max_term_width = 100, after_help = EXIT_CODES)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

pub(crate) const EXIT_CODES: &str = "\
Exit code: 0 done or clean, 1 a check failed, 2 wrong arguments, 3 something could not be checked.";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check from outside everything that embedding needs
    Doctor(doctor::Options),
    /// Print a reverse proxy's configuration for Mattermost, or check one
    Proxy(proxy::Options),
    /// Set up a Mattermost for embedding, even a bare server; every change is shown first
    Setup(Box<setup::Options>),
    /// Upload the plugin to a Mattermost, enable it, and set the pages that it trusts
    Install(install::Options),
    /// Invite people to a team by mail, from a list and within the server's limit
    Invite(Box<invite::Options>),
    /// Show which Mattermost is on this machine, and where its parts are
    Paths(paths::Options),
    /// Run a command of Mattermost's old command line with today's programs
    ///
    /// The same as the link `mattermost-platform`. `help` lists all commands; --print shows the command instead of running it.
    #[command(disable_help_flag = true)]
    Platform {
        /// A command of the old command line and its arguments
        #[arg(
            trailing_var_arg = true,
            allow_hyphen_values = true,
            value_name = "COMMAND"
        )]
        words: Vec<OsString>,
    },
    /// Print completions for a shell
    Completions {
        /// The shell that will read them
        shell: Shell,
    },
    /// Print the manual page, or write all of them into a folder
    Man {
        /// Write a page for each command here
        #[arg(long = "to", value_name = "FOLDER")]
        folder: Option<PathBuf>,
    },
}

/// Reads the arguments; ends the process with 2 where they are wrong.
pub(crate) fn parse(arguments: impl Iterator<Item = OsString>) -> Command {
    Arguments::parse_from(arguments).command
}

pub(crate) fn completions(shell: Shell) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "notifymatters", &mut text);
    write(&String::from_utf8_lossy(&text))?;
    Ok(Exit::Clean)
}

pub(crate) fn man(folder: Option<&Path>) -> Result<Exit, Failure> {
    match folder {
        Some(folder) => {
            fs::create_dir_all(folder)
                .and_then(|()| clap_mangen::generate_to(Arguments::command(), folder))
                .map_err(|error| {
                    Failure::could_not_look(format!("{}: {error}", folder.display()))
                })?;
        }
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(Arguments::command()).render(&mut page)?;
            write(&String::from_utf8_lossy(&page))?;
        }
    }
    Ok(Exit::Clean)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Arguments::command().debug_assert();
    }

    /// Every user of a machine sees the arguments of a program.
    #[test]
    fn no_argument_holds_a_secret_and_no_variables_value_is_shown_in_a_help() {
        let mut command = Arguments::command();
        command.build();
        let mut files = 0;
        for sub in command.get_subcommands_mut() {
            let help = sub.render_long_help().to_string();
            assert!(!help.contains("[env: MM_ADMIN_USERNAME="), "{help}");
            for argument in sub.get_arguments() {
                let name = argument.get_id().as_str();
                let secret = ["password", "token", "secret", "key"];
                if secret.iter().any(|word| name.contains(word)) {
                    let values = argument.get_value_names().unwrap_or_default();
                    assert!(
                        values.iter().all(|value| value == "FILE"),
                        "{name}: {values:?}"
                    );
                    files += 1;
                }
            }
        }
        assert!(files > 0);
    }
}
