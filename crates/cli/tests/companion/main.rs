//! `notifymatters paths` and `mattermost-platform` on every kind of Mattermost, laid out in a folder.

#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "all of it is a test")]

mod platform;
mod usage;

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
            && said(&output).contains("mattermost.service")
            && said(&output).contains("on Mattermost's own machine"),
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
    // By a program of its own: what another test starts meanwhile would hold a file that was open here, and Linux runs none
    // that somebody may still write.
    let copied = Command::new("cp")
        .arg(env!("CARGO_BIN_EXE_notifymatters"))
        .arg(&program)
        .status();
    assert!(copied.unwrap().success());
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
fn completions_and_manual_pages_know_every_command() {
    let run = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_notifymatters"))
            .args(arguments)
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", said(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    for shell in ["bash", "zsh", "fish", "powershell"] {
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
