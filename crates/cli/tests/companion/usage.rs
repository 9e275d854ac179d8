//! What is called wrongly.

use super::*;

#[test]
fn whatever_is_called_wrongly_says_what_is_missing_and_ends_with_2() {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), "no-such-option = \"geheim\"\n").unwrap();
    let file = file.path().to_str().unwrap();
    let site = "http://127.0.0.1:1";
    for (arguments, words) in [
        (&[][..], "Usage: notifymatters <COMMAND>"),
        (&["docto"], "a similar subcommand exists: 'doctor'"),
        (&["doctor"], "--host <URL>"),
        (&["doctor", "--host", site], "--chat <URL>"),
        (&["doctor", "--host", "mail"], "write https://mail"),
        (
            &["doctor", "--host", site, "--chat", "http://a:b@localhost"],
            "leave them out",
        ),
        (
            &["doctor", "--host", site, "--chat", site, "--ca-file", file],
            "holds no certificate",
        ),
        (
            &[
                "doctor",
                "--host",
                site,
                "--chat",
                site,
                "--token-file",
                "none",
            ],
            "--token-file none: No such file",
        ),
        (
            &["doctor", "--host", site, "--chat", site, "--user", "a"],
            "no terminal to ask at (Password for a): use --token-file",
        ),
        (
            &[
                "doctor",
                "--host",
                site,
                "--chat",
                site,
                "--local",
                "--token-file",
                file,
            ],
            "cannot be used with",
        ),
        (&["proxy", "iis"], "nginx, apache, caddy, haproxy"),
        (&["proxy", "nginx"], "--chat <URL>"),
        (
            &[
                "proxy",
                "nginx",
                "--chat",
                site,
                "--host",
                site,
                "--upstream",
                "a b",
            ],
            "--upstream",
        ),
        (&["setup"], "--chat is missing"),
        (&["setup", "--from", "none"], "--from none: No such file"),
        (&["setup", "--from", file], "line 1: unknown field"),
        (&["setup", "--without", "x"], "team-creation"),
        (
            &["setup", "--chat", site, "--smtp", "localhost"],
            "--mail-from is missing",
        ),
        (
            &["install", "--chat", site],
            "<--bundle <FILE>|--host <URL>|--dry-run>",
        ),
        (
            &["install", "--chat", site, "--bundle", "none"],
            "none: No such file",
        ),
        (&["invite", "--chat", site], "--team <NAME>"),
        (
            &["invite", "--chat", site, "--team", "Home", file],
            "small letters",
        ),
        (
            &["invite", "--chat", site, "--team", "home", file],
            "holds no address",
        ),
        (&["paths", "--format", "xml"], "human, json"),
        (&["completions", "csh"], "bash"),
        (&["platform"], "at least one parameter"),
        (&["platform", "nonsense"], "there is no command"),
        (&["platform", "--config"], "--config needs a file"),
        (
            &["platform", "config", "validate", "--print"],
            "no command to print",
        ),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_notifymatters"))
            .args(arguments)
            .env("NOTIFYMATTERS_ROOT", "/nonexistent")
            .stdin(std::process::Stdio::null())
            .output()
            .unwrap();
        let said = said(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert!(said.contains(words), "{arguments:?}: {words}: {said}");
        assert!(
            output.stdout.is_empty() && !said.contains("geheim"),
            "{said}"
        );
    }
}
