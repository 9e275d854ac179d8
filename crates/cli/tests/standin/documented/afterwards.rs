//! What the page does not do: more than the server takes, a server that is closed, and its socket.

use super::*;

/// `UPDATE=1` draws it anew.
pub(super) fn the_doctor_is_pictured(machine: &mut Machine) {
    let doctor = "notifymatters doctor --host https://mail.example.com --chat https://chat.example.com --user admin";
    let seen = machine.does(&format!("CLICOLOR_FORCE=1 {doctor}"));
    let seen = machine.documented(&seen);
    let picture = anstyle_svg::Term::new().render_svg(&format!("$ {doctor}\n{seen}"));
    if std::env::var_os("UPDATE").is_some() {
        fs::write(PICTURE, &picture).unwrap();
    }
    let documented = fs::read_to_string(PICTURE).unwrap_or_default();
    assert!(
        picture == documented,
        "docs/doctor.svg shows something else than: {seen}\nUPDATE=1 with this test draws it"
    );
}

pub(super) fn invitations_keep_to_the_limit(machine: &mut Machine) {
    let list: String = (0..22).map(|n| format!("p{n}@example.com\n")).collect();
    fs::write(machine.desk().join("many.csv"), list).unwrap();
    let before = machine.mails.recipients().len();
    let invite = "notifymatters invite --chat https://chat.example.com --user admin --team home many.csv --no-wait";
    let stops = |machine: &mut Machine| {
        let output = machine.run(invite);
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        let words = "left for the next run";
        assert!(said(&output).contains(words), "{}", said(&output));
        said(&output)
    };
    // Three went before, by another journal, and Mattermost itself stops at its limit of 21; it takes one more every three
    // minutes.
    stops(machine);
    let mails = machine.mails.recipients().len() - before;
    assert!(
        (18..22).contains(&mails),
        "{:?}",
        machine.mails.recipients()
    );
    let said = stops(machine);
    assert!(said.contains("invited before"), "{said}");
    let mut invited = machine.mails.recipients().split_off(before);
    invited.sort();
    let all = invited.len();
    invited.dedup();
    assert_eq!(invited.len(), all, "nobody gets a second mail: {invited:?}");
}

pub(super) fn a_closed_server_says_why(machine: &mut Machine) {
    machine.does(
        "sed -i -e 's/\"EnableUploads\": true/\"EnableUploads\": false/' -e 's/\"SiteURL\": \".*\"/\"SiteURL\": \"\"/' \
           -e 's/\"EnableEmailBatching\": true/\"EnableEmailBatching\": false/' /opt/mattermost/config/config.json
         systemctl restart mattermost",
    );
    // No address is known that it could look at.
    let output = machine.run("notifymatters doctor --local --host https://mail.example.com");
    assert_eq!(output.status.code(), Some(2), "{}", said(&output));
    let words = "this Mattermost has no Site URL yet: name the address that people use by --chat";
    assert!(said(&output).contains(words), "{}", said(&output));
    let output = machine.run(concat!(
        "notifymatters install --chat https://chat.example.com --user admin --bundle notifymatters-",
        env!("CARGO_PKG_VERSION"),
        ".tar.gz"
    ));
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    let words = "it takes no uploads (status 501):\n- PluginSettings.EnableUploads is not true";
    assert!(said(&output).contains(words), "{}", said(&output));
}

/// What this program has no command for.
fn asked_by_socket(machine: &Machine, request: &str) {
    let mut socket = UnixStream::connect(machine.at("opt/mattermost/local.socket")).unwrap();
    write!(socket, "{request} HTTP/1.0\r\n\r\n").unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.0 200"), "{answer}");
}

/// After what was switched off just now: nobody's password is known to these commands.
pub(super) fn its_socket_opens_it_and_needs_no_login(machine: &mut Machine) {
    const SETUP: &str =
        "unset MM_ADMIN_PASSWORD; notifymatters setup --from setup.toml --local --yes";
    asked_by_socket(machine, "DELETE /api/v4/plugins/notifymatters");
    let said = machine.does(SETUP);
    for words in [
        "PluginSettings.EnableUploads: false → true",
        "ServiceSettings.SiteURL: empty → ",
        "done: 3 settings",
        "is uploaded from notifymatters-",
        "Nothing is in the way.",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    let said = machine.does(concat!(
        "unset MM_ADMIN_PASSWORD; notifymatters install --local --bundle notifymatters-",
        env!("CARGO_PKG_VERSION"),
        ".tar.gz"
    ));
    assert!(said.contains("notifymatters runs"), "{said}");
    let said = machine.does(
        "unset MM_ADMIN_PASSWORD; notifymatters doctor --local --host https://mail.example.com",
    );
    for words in ["The plugin trusts", "Nothing is in the way. 29 pass."] {
        assert!(said.contains(words), "{words}: {said}");
    }
    // Twenty and no more would be one account's limit.
    let list: String = (0..25).map(|n| format!("q{n}@example.com\n")).collect();
    fs::write(machine.desk().join("more.csv"), list).unwrap();
    let before = machine.mails.recipients().len();
    let said = machine.does(
        "unset MM_ADMIN_PASSWORD; notifymatters invite --local --team home more.csv --no-wait",
    );
    assert!(said.contains("25 invited"), "{said}");
    assert_eq!(machine.mails.recipients().len() - before, 25);
    // A mail server that is another now: no route of the socket sends a mail to try it.
    let port = machine.mails.port;
    let mails = machine.mails.recipients().len();
    let said = machine.does(&format!(
        "sed s/127.0.0.1:{port}/localhost:{port}/ setup.toml > moved.toml
         notifymatters setup --from moved.toml --local --yes"
    ));
    for words in [
        "a test mail: Mattermost sends none",
        "done: 2 settings of mails",
    ] {
        assert!(said.contains(words), "{words}: {said}");
    }
    assert_eq!(machine.mails.recipients().len(), mails);
}

pub(super) fn its_socket_takes_the_first_administrator(machine: &mut Machine) {
    asked_by_socket(machine, "DELETE /api/v4/users");
    let said = machine.does("notifymatters setup --from setup.toml --local --yes");
    let words = "account admin (admin@example.com) is made";
    assert!(said.contains(words), "{said}");
    let doctor = "notifymatters doctor --host https://mail.example.com --chat https://chat.example.com --user admin";
    let said = machine.does(doctor);
    assert!(said.contains("Nothing is in the way. 29 pass."), "{said}");
}

/// Where the system trusts other authorities, and where that of the server is named.
pub(super) fn only_a_trusted_server_is_given_a_password(machine: &mut Machine) {
    let authority = machine
        .certificates
        .path("authority.pem")
        .display()
        .to_string();
    let install = "install --chat https://chat.example.com --user admin --dry-run";
    for (authority, code, words) in [
        ("/dev/null", 2, "--ca-file /dev/null: holds no certificate"),
        (&authority, 0, "logged in as admin"),
    ] {
        let output = machine.run(&format!(
            "SSL_CERT_FILE=/dev/null notifymatters {install} --ca-file {authority}"
        ));
        assert_eq!(output.status.code(), Some(code), "{}", said(&output));
        assert!(said(&output).contains(words), "{}", said(&output));
    }
    let output = machine.run(&format!("SSL_CERT_FILE=/dev/null notifymatters {install}"));
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    let words = "its certificate is not trusted";
    assert!(said(&output).contains(words), "{}", said(&output));
    let another = Certificates::make();
    let another = another.path("authority.pem").display().to_string();
    let output = machine.run(&format!("notifymatters {install} --ca-file {another}"));
    assert_eq!(output.status.code(), Some(3), "{}", said(&output));
    assert!(said(&output).contains(words), "{}", said(&output));
}

pub(super) fn without_a_socket_it_says_what_to_do(machine: &mut Machine) {
    machine.does(
        "sed -i 's/\"EnableLocalMode\": true/\"EnableLocalMode\": false/' /opt/mattermost/config/config.json
         systemctl restart mattermost",
    );
    let socket = machine
        .at("opt/mattermost/local.socket")
        .display()
        .to_string();
    let doctor =
        "notifymatters doctor --host https://mail.example.com --chat https://chat.example.com";
    for (variable, option, words) in [
        (
            "",
            "--local",
            format!(
                "there is no socket at {socket}: the server does not run, or its local mode is off"
            ),
        ),
        (
            "",
            "--local=setup.toml",
            "nobody listens at the socket setup.toml".to_owned(),
        ),
        (
            "MMCTL_LOCAL_SOCKET_PATH=elsewhere",
            "--local",
            "there is no socket at elsewhere".to_owned(),
        ),
    ] {
        let output = machine.run(&format!("{variable} {doctor} {option}"));
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        assert!(said(&output).contains(&words), "{words}: {}", said(&output));
    }
}
