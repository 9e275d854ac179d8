//! Old commands, run by programs that say how they were called.

use super::*;

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
