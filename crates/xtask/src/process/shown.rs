//! Commands as a person could type them.

use std::process::Command;

/// The command as one line for a shell, without its environment (which may hold secrets).
pub(crate) fn shown(command: &Command) -> String {
    std::iter::once(command.get_program())
        .chain(command.get_args())
        .map(|word| quoted(&word.to_string_lossy()))
        .collect::<Vec<_>>()
        .join(" ")
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_=./:,+@%^".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_a_shell_would_change_are_quoted() {
        let mut command = Command::new("cargo");
        command.args(["build", "", "a b", "it's", "--x=/y", "$HOME"]);
        assert_eq!(
            shown(&command),
            r"cargo build '' 'a b' 'it'\''s' --x=/y '$HOME'"
        );
    }
}
