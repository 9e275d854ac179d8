//! `notifymatters paths` and `mattermost-platform` on every kind of Mattermost, laid out in a folder.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "all of it is a test")]

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::process::CommandExt as _;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};
use tempfile::TempDir;

/// A machine's root with these files.
fn root(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        put(folder.path(), path, text);
    }
    folder
}

fn put(root: &Path, path: &str, text: &str) {
    let file = root.join(path);
    fs::create_dir_all(file.parent().unwrap()).unwrap();
    fs::write(&file, text).unwrap();
    if text.starts_with("#!") {
        fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    }
}

fn notifymatters(arguments: &[&str], root: &TempDir) -> Output {
    Command::new(env!("CARGO_BIN_EXE_notifymatters"))
        .args(arguments)
        .arg("--root")
        .arg(root.path())
        .output()
        .unwrap()
}

fn said(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// The one installation below a root, its paths without the root.
#[track_caller]
fn found(root: &TempDir) -> Value {
    let output = notifymatters(&["paths", "--format", "json"], root);
    assert_eq!(output.status.code(), Some(0), "{}", said(&output));
    let text = String::from_utf8(output.stdout)
        .unwrap()
        .replace(root.path().to_str().unwrap(), "");
    let found: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(found.as_array().unwrap().len(), 1, "{found:#}");
    found[0].clone()
}

#[track_caller]
fn places(installation: &Value, expected: &[(&str, &str)]) {
    for (name, path) in expected {
        assert_eq!(
            installation[name]["path"], *path,
            "{name}: {installation:#}"
        );
    }
}

const SCRIPT: &str = "#!/bin/sh\n";

#[test]
fn kopanos_packages_are_recognised_and_their_unit_says_what_runs() {
    let root = root(&[
        (
            "etc/mattermost/config.json",
            r#"{"LogSettings": {"FileLocation": "/var/log/mattermost"}}"#,
        ),
        ("usr/lib/mattermost/bin/mattermost", SCRIPT),
        (
            "lib/systemd/system/mattermost.service",
            "[Service]\nExecStart=/usr/lib/mattermost/bin/mattermost --config=/etc/mattermost/config.json\n\
             WorkingDirectory=/usr/share/mattermost\nUser=mattermost\n",
        ),
    ]);
    let found = found(&root);
    assert_eq!(
        (&found["kind"], &found["recognised_by"]),
        (&json!("kopano"), &json!("/etc/mattermost/config.json"))
    );
    places(
        &found,
        &[
            ("program", "/usr/lib/mattermost/bin/mattermost"),
            ("folder", "/usr/share/mattermost"),
            ("configuration", "/etc/mattermost/config.json"),
            ("logs", "/var/log/mattermost"),
        ],
    );
    assert_eq!(
        (&found["service"], &found["user"]),
        (&json!("mattermost.service"), &json!("mattermost"))
    );
    assert_eq!(
        found["logs"]["known_by"],
        "LogSettings.FileLocation in the configuration"
    );
}

#[test]
fn the_tarball_is_recognised_also_where_its_service_has_put_it() {
    let layout = |base: &str| {
        root(&[
            (&format!("{base}/bin/mattermost"), SCRIPT),
            (&format!("{base}/bin/mmctl"), SCRIPT),
            (
                &format!("{base}/config/config.json"),
                r#"{"FileSettings": {"Directory": "./data/"}, "PluginSettings": {"Directory": "./plugins"}}"#,
            ),
            (
                "etc/systemd/system/mattermost.service",
                &format!(
                    "[Service]\nExecStart=/{base}/bin/mattermost\nWorkingDirectory=/{base}\nUser=mattermost\n"
                ),
            ),
        ])
    };
    for base in ["opt/mattermost", "srv/chat"] {
        let found = found(&layout(base));
        assert_eq!(found["kind"], "tarball");
        places(
            &found,
            &[
                ("program", &format!("/{base}/bin/mattermost")),
                ("tool", &format!("/{base}/bin/mmctl")),
                ("configuration", &format!("/{base}/config/config.json")),
                ("data", &format!("/{base}/data/")),
                ("plugins", &format!("/{base}/plugins")),
                ("socket", "/var/tmp/mattermost_local.socket"),
            ],
        );
    }
}

#[test]
fn grommunio_chat_a_container_and_omnibus_gitlab_are_recognised() {
    let grommunio = found(&root(&[
        ("etc/grommunio-chat/config.json", "{}"),
        ("usr/bin/grommunio-chat-ctl", SCRIPT),
    ]));
    assert_eq!(grommunio["kind"], "grommunio-chat");
    places(
        &grommunio,
        &[
            ("tool", "/usr/bin/grommunio-chat-ctl"),
            ("logs", "/var/log/grommunio-chat"),
            ("socket", "/var/tmp/grommunio-chat_local.socket"),
        ],
    );
    let container = found(&root(&[
        ("mattermost/bin/mattermost", SCRIPT),
        ("mattermost/config/config.json", "{}"),
    ]));
    assert_eq!(container["kind"], "container");
    places(
        &container,
        &[
            ("configuration", "/mattermost/config/config.json"),
            ("logs", "/mattermost/logs"),
        ],
    );
    let gitlab = found(&root(&[("var/opt/gitlab/mattermost/config.json", "{}")]));
    assert_eq!(gitlab["kind"], "omnibus-gitlab");
    places(
        &gitlab,
        &[
            ("logs", "/var/log/gitlab/mattermost"),
            ("program", "/opt/gitlab/embedded/bin/mattermost"),
        ],
    );
    assert_eq!(gitlab["program"]["exists"], false);
}

#[test]
fn a_configuration_in_the_database_is_said_without_its_password() {
    let root = root(&[
        ("opt/mattermost/bin/mattermost", SCRIPT),
        (
            "etc/systemd/system/mattermost.service",
            "[Service]\nEnvironmentFile=/etc/default/mattermost\n",
        ),
        (
            "etc/default/mattermost",
            "MM_CONFIG=postgres://mmuser:geheim@localhost/mattermost\nMM_LOGSETTINGS_FILELOCATION=/srv/log\n",
        ),
    ]);
    let found = found(&root);
    assert_eq!(found["configuration"], Value::Null);
    places(&found, &[("logs", "/srv/log")]);
    assert!(
        found["notes"][0].as_str().unwrap().contains("MM_CONFIG"),
        "{found:#}"
    );
    assert!(!said(&notifymatters(&["paths"], &root)).contains("geheim"));
}

#[test]
fn where_there_is_no_mattermost_it_says_where_it_looked() {
    let output = notifymatters(&["paths"], &root(&[]));
    assert_eq!(output.status.code(), Some(3));
    assert!(
        said(&output).contains("/opt/mattermost/bin/mattermost")
            && said(&output).contains("mattermost.service"),
        "{}",
        said(&output)
    );
}

/// Says how it was called, and ends with 7.
const RECORDER: &str =
    "#!/bin/sh\necho \"$0 $*\"\npwd\necho \"socket $MMCTL_LOCAL_SOCKET_PATH\"\nexit 7\n";

/// A tarball whose programs only say how they were called.
fn recorded() -> TempDir {
    root(&[
        ("opt/mattermost/bin/mattermost", RECORDER),
        ("opt/mattermost/bin/mmctl", RECORDER),
        (
            "opt/mattermost/config/config.json",
            r#"{"ServiceSettings": {"LocalModeSocketLocation": "/var/tmp/a.socket"}}"#,
        ),
        ("var/tmp/a.socket", ""),
    ])
}

fn platform(root: &TempDir, words: &[&str]) -> Output {
    let mut arguments = vec!["platform"];
    arguments.extend(words);
    notifymatters(&arguments, root)
}

#[test]
fn an_old_command_runs_todays_with_its_socket_and_folder_and_its_exit_code() {
    let root = recorded();
    let at = root.path().display();
    let output = platform(&root, &["channel", "add", "home:town", "anna"]);
    assert_eq!(output.status.code(), Some(7));
    assert_eq!(
        said(&output),
        format!(
            "{at}/opt/mattermost/bin/mmctl --local channel users add home:town anna\n{}\nsocket {at}/var/tmp/a.socket\n",
            env!("CARGO_MANIFEST_DIR")
        ),
        "mmctl finds the caller's files"
    );
    let output = platform(&root, &["reset", "--confirm"]);
    let said = said(&output);
    assert!(
        said.starts_with(&format!("{at}/opt/mattermost/bin/mattermost --config {at}/opt/mattermost/config/config.json db reset --confirm\n{at}/opt/mattermost\n")),
        "{said}"
    );
}

#[test]
fn another_configuration_is_used_for_the_program_and_for_its_socket() {
    let root = recorded();
    let other = root.path().join("other.json");
    fs::write(
        &other,
        r#"{"ServiceSettings": {"LocalModeSocketLocation": "/var/tmp/b.socket"}}"#,
    )
    .unwrap();
    put(root.path(), "var/tmp/b.socket", "");
    let other = other.to_str().unwrap();
    assert!(said(&platform(&root, &["-c", other, "team", "list"])).contains("/var/tmp/b.socket\n"));
    assert!(
        said(&platform(&root, &["version", "--config", other]))
            .contains(&format!("--config {other} version\n"))
    );
}

#[test]
fn the_link_is_the_old_command_and_asks_for_a_parameter() {
    let root = recorded();
    let link = root.path().join("mattermost-platform");
    symlink(env!("CARGO_BIN_EXE_notifymatters"), &link).unwrap();
    let run = |words: &[&str]| Command::new(&link).args(words).output().unwrap();
    let bare = run(&[]);
    assert_eq!(bare.status.code(), Some(2));
    assert_eq!(
        said(&bare),
        "error: at least one parameter is needed; `mattermost-platform help` shows all commands\n"
    );
    let help = run(&["help"]);
    assert_eq!(help.status.code(), Some(0));
    assert!(said(&help).contains("user invite") && said(&help).contains("--disableconfigwatch"));
    let at = root.path().to_str().unwrap();
    let invite = run(&["--root", at, "user", "invite", "user@example.com", "home"]);
    assert_eq!(invite.status.code(), Some(7));
    assert!(
        said(&invite).contains("mmctl --local user invite user@example.com home\n"),
        "{}",
        said(&invite)
    );
    let unknown = run(&["team", "nonsense"]);
    assert_eq!(unknown.status.code(), Some(2));
    assert!(
        said(&unknown).contains("there are: team add"),
        "{}",
        said(&unknown)
    );
}

#[test]
fn print_shows_what_would_run_and_no_password() {
    let root = recorded();
    let output = platform(&root, &["user", "password", "anna", "geheim", "--print"]);
    assert_eq!(output.status.code(), Some(0));
    let shown = said(&output);
    assert!(
        shown.contains("mmctl --local user change-password anna --password '(secret)'"),
        "{shown}"
    );
    assert!(
        shown.contains("MMCTL_LOCAL_SOCKET_PATH=") && !shown.contains("geheim"),
        "{shown}"
    );
    let shown = said(&platform(&root, &["version", "--print"]));
    assert!(
        shown.starts_with("cd ") && shown.contains(" && "),
        "{shown}"
    );
}

#[test]
fn words_alone_that_begin_several_commands_list_them_as_the_old_program_did() {
    let root = recorded();
    for (words, listed) in [
        (&["channel"][..], "channel archive <channels…>"),
        (&["group", "team"], "group team list <team>"),
        (&["export"], "export bulk <file>"),
    ] {
        let output = platform(&root, words);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        assert!(said(&output).contains(listed), "{}", said(&output));
    }
}

#[test]
fn an_mmctl_that_has_moved_a_command_gets_the_newer_words() {
    let root = recorded();
    let email = || {
        said(&platform(
            &root,
            &["user", "email", "anna", "a@example.com"],
        ))
    };
    assert!(email().contains("mmctl --local user email anna a@example.com\n"));
    // A program shows the help of `user` for a `user edit` that it does not have.
    let older = RECORDER.replacen(
        '\n',
        "\n[ \"$3\" != --help ] || echo '  email  Change email'\n",
        1,
    );
    put(root.path(), "opt/mattermost/bin/mmctl", &older);
    assert!(email().contains("mmctl --local user email anna a@example.com\n"));
    let newer = RECORDER.replacen(
        '\n',
        "\n[ \"$1 $2\" != 'user edit' ] || echo '  email  Edit'\n[ \"$*\" != 'user --help' ] || echo '  edit  Edit'\n[ \"$*\" != --help ] || echo '  user  Users'\n",
        1,
    );
    put(root.path(), "opt/mattermost/bin/mmctl", &newer);
    assert!(email().contains("mmctl --local user edit email anna a@example.com\n"));
}

#[test]
fn a_mattermost_that_still_has_an_old_command_runs_it_as_it_was() {
    let root = recorded();
    let old = RECORDER.replacen(
        '\n',
        "\ncase \"$*\" in --help) echo '  user  About'; echo '  export  About';; 'user --help') echo '  migrate_auth  About';; esac\n",
        1,
    );
    put(root.path(), "opt/mattermost/bin/mattermost", &old);
    let at = root.path().display();
    let begin = format!(
        "{at}/opt/mattermost/bin/mattermost --config {at}/opt/mattermost/config/config.json "
    );
    for (words, runs) in [
        (
            &["user", "migrate_auth", "email", "saml", "--dryRun"][..],
            format!("{begin}user migrate_auth email saml --dryRun\n"),
        ),
        // That word alone says nothing: below it are others today.
        (
            &["export", "--format=actiance"],
            format!("{begin}export schedule --format=actiance\n"),
        ),
        (
            &["user", "verify", "anna"],
            format!("{at}/opt/mattermost/bin/mmctl --local user verify anna\n"),
        ),
    ] {
        let said = said(&platform(&root, words));
        assert!(said.contains(&runs), "{runs}: {said}");
    }
}

#[test]
fn a_flag_that_nothing_stands_for_is_refused_before_anything_runs() {
    let words = [
        "user",
        "migrate_auth",
        "email",
        "saml",
        "--auto",
        "--dryRun",
    ];
    let output = platform(&recorded(), &words);
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    assert!(
        said(&output).contains("nothing was run") && !said(&output).contains("mmctl --local"),
        "{}",
        said(&output)
    );
}

#[test]
fn what_is_gone_says_what_does_it_now() {
    let output = platform(&recorded(), &["permissions", "reset", "--confirm"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(
        said(&output).contains("mmctl permissions reset <role>"),
        "{}",
        said(&output)
    );
}

#[test]
fn without_the_socket_of_local_mode_nothing_runs() {
    let root = recorded();
    fs::remove_file(root.path().join("var/tmp/a.socket")).unwrap();
    let output = platform(&root, &["team", "list"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(
        said(&output).contains("ServiceSettings.EnableLocalMode"),
        "{}",
        said(&output)
    );
}

/// As somebody who is not root and owns nothing, whoever runs the tests.
fn as_a_stranger(program: &Path, root: &TempDir, arguments: &[&str]) -> Output {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("NOTIFYMATTERS_ROOT", root.path())
        .env_remove("MMCTL_LOCAL_SOCKET_PATH")
        .current_dir("/");
    if rustix::process::geteuid().is_root() {
        // `nobody` of Debian.
        command.uid(65534).gid(65534);
    }
    command.output().unwrap()
}

#[test]
fn who_may_not_read_the_configuration_is_told_so_and_not_that_something_is_missing() {
    let folder = tempfile::tempdir().unwrap();
    let mode = |path: &Path, mode| {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    };
    // The build folder may be closed to others.
    let program = folder.path().join("notifymatters");
    fs::copy(env!("CARGO_BIN_EXE_notifymatters"), &program).unwrap();
    let root = root(&[
        ("opt/mattermost/bin/mattermost", SCRIPT),
        ("opt/mattermost/bin/mmctl", SCRIPT),
        (
            "opt/mattermost/config/config.json",
            r#"{"ServiceSettings": {"LocalModeSocketLocation": "/run/other.socket"}}"#,
        ),
        (
            "etc/systemd/system/mattermost.service",
            "[Service]\nExecStart=/opt/mattermost/bin/mattermost\nUser=root\n",
        ),
        ("etc/mattermost/nothing", ""),
    ]);
    for open in [folder.path(), root.path(), &program] {
        mode(open, 0o755);
    }
    let at = |path: &str| root.path().join(path);
    let config = at("opt/mattermost/config/config.json");
    let check = ["proxy", "nginx", "--check", config.to_str().unwrap()];
    let doctor = [
        "doctor",
        "--local",
        "--host=http://localhost:1",
        "--chat=http://localhost:1",
    ];
    let unread = "could not be read, and may name other places: Permission denied";
    for (closed, arguments, code, words) in [
        (&*config, &["paths"][..], 0, unread),
        (
            &config,
            &["platform", "version"],
            3,
            "has to run as root: put `sudo` before it",
        ),
        (
            &config,
            &["platform", "--print", "team", "list"],
            0,
            "the socket may be another: Permission denied",
        ),
        (
            &config,
            &["platform", "team", "list"],
            3,
            "has to run as root: put `sudo` before it",
        ),
        (
            &config,
            &["platform", "config", "validate"],
            3,
            "Permission denied",
        ),
        (
            &config,
            &doctor,
            3,
            "could not be read (Permission denied (os error 13)): put `sudo` before it",
        ),
        (&config, &check, 3, "Permission denied"),
        (
            &at("opt/mattermost/config"),
            &["paths"],
            0,
            "(closed to you)",
        ),
        (&at("opt/mattermost/config"), &["paths"], 0, unread),
    ] {
        let before = closed.metadata().unwrap().permissions();
        mode(closed, 0);
        let output = as_a_stranger(&program, &root, arguments);
        fs::set_permissions(closed, before).unwrap();
        assert_eq!(output.status.code(), Some(code), "{}", said(&output));
        assert!(said(&output).contains(words), "{words}: {}", said(&output));
    }
    fs::remove_dir_all(at("opt")).unwrap();
    mode(&at("etc/mattermost"), 0);
    let output = as_a_stranger(&program, &root, &["paths"]);
    mode(&at("etc/mattermost"), 0o755);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(
        said(&output).contains("closed to you: put `sudo`"),
        "{}",
        said(&output)
    );
}

#[test]
fn config_validate_is_done_here() {
    let root = recorded();
    let file = "opt/mattermost/config/config.json";
    put(
        root.path(),
        file,
        r#"{"ServiceSettings": {"SiteURL": "https://chat.example.com",}}"#,
    );
    let broken = platform(&root, &["config", "validate"]);
    assert_eq!(broken.status.code(), Some(1));
    assert!(
        said(&broken).contains("FAIL  config-json  Line 1, column 60: this is not JSON."),
        "{}",
        said(&broken)
    );
    put(
        root.path(),
        file,
        r#"{"ServiceSettings": {"SiteURL": "https://chat.example.com"}, "SqlSettings": {}, "FileSettings": {}}"#,
    );
    let good = platform(&root, &["config", "validate"]);
    assert_eq!(good.status.code(), Some(0), "{}", said(&good));
}

#[test]
fn completions_and_manual_pages_know_every_command() {
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_notifymatters"))
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    for shell in ["bash", "zsh", "fish"] {
        let text = run(&["completions", shell]);
        assert!(
            ["doctor", "proxy", "paths", "platform"]
                .iter()
                .all(|command| text.contains(command)),
            "{shell}"
        );
    }
    assert!(run(&["man"]).contains(".TH notifymatters 1"));
    let folder = tempfile::tempdir().unwrap();
    run(&["man", "--to", folder.path().to_str().unwrap()]);
    assert!(
        fs::read_to_string(folder.path().join("notifymatters-doctor.1"))
            .unwrap()
            .contains("ca\\-file")
    );
}

#[test]
fn servers_that_nobody_finds_are_no_clean_run() {
    let output = Command::new(env!("CARGO_BIN_EXE_notifymatters"))
        .args([
            "doctor",
            "--host",
            "https://mail.nowhere.invalid",
            "--chat",
            "https://chat.nowhere.invalid",
        ])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert!(
        said(&output).contains("the name cannot be resolved"),
        "{}",
        said(&output)
    );
    // Nobody sits at a terminal here, so there is no colour.
    assert!(!said(&output).contains('\u{1b}'));
}

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
