//! What an administrator does over REST.

use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use super::real::mails::Mails;
use super::real::{CHAT, MAIL as MAIL_HOST, Standin, free_port, said, variable};

const MAIL: &str = "https://mail.example.com";

/// A stand-in, and what is said to it.
struct Chat {
    standin: Standin,
    site: String,
    password: String,
}

impl Chat {
    fn start() -> Self {
        let standin = Standin::start(11);
        let site = format!("http://{CHAT}:{}", standin.port);
        Self {
            standin,
            site,
            password: "standin".to_owned(),
        }
    }

    /// The program, as the administrator unless the arguments say otherwise.
    fn notifymatters(&self, command: &str, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_notifymatters"))
            .args([command, "--chat", &self.site])
            .args(arguments)
            .env("MM_ADMIN_USERNAME", "admin")
            .env("MM_ADMIN_PASSWORD", &self.password)
            .stdin(Stdio::null())
            .output()
            .unwrap()
    }

    #[track_caller]
    fn does(&self, command: &str, arguments: &[&str]) -> String {
        let output = self.notifymatters(command, arguments);
        assert_eq!(output.status.code(), Some(0), "{}", said(&output));
        said(&output)
    }

    /// What is said where it cannot be done.
    #[track_caller]
    fn refuses(&self, command: &str, arguments: &[&str]) -> String {
        let output = self.notifymatters(command, arguments);
        assert_eq!(output.status.code(), Some(3), "{}", said(&output));
        said(&output)
    }

    /// Every request to Mattermost that changes something, since the start.
    fn writes(&self) -> Vec<String> {
        let requests = self.standin.read("/requests");
        let changes = requests.as_array().unwrap().iter().filter(|request| {
            request["method"] != "GET"
                && request["status"] != 401
                && !request["path"].as_str().unwrap().contains("/users/log")
        });
        changes
            .map(|request| request["path"].as_str().unwrap().to_owned())
            .collect()
    }

    fn trusted(&self) -> Value {
        self.standin.read("/state")["trusted_origin"].clone()
    }
}

#[test]
fn a_plugin_is_installed_and_a_page_trusted_beside_what_is_there() {
    let chat = Chat::start();
    let bundle = variable("NOTIFYMATTERS_BUNDLE").display().to_string();
    let others =
        json!({"notifymatters": {"TrustedOrigin": "https://other.example"}, "playbooks": {"a": 1}});
    chat.standin
        .order("/config", &json!({"PluginSettings": {"Plugins": others}}));
    let said = chat.does("install", &["--host", MAIL, "--dry-run"]);
    assert!(
        said.contains("to do: trust https://other.example https://mail.example.com"),
        "{said}"
    );
    assert_eq!(chat.writes(), Vec::<String>::new());
    chat.standin.order("/plugin", &json!({"disable": true}));
    let page = format!("{MAIL}/webmail");
    let said = chat.does("install", &["--host", &page, "--bundle", &bundle]);
    assert!(said.contains("notifymatters runs"), "{said}");
    assert_eq!(
        chat.trusted(),
        "https://other.example https://mail.example.com"
    );
    let plugins = chat.standin.read("/config")["PluginSettings"]["Plugins"].clone();
    assert_eq!(plugins["playbooks"], json!({"a": 1}));
    assert_eq!(
        plugins["notifymatters"].as_object().unwrap().len(),
        1,
        "{plugins}"
    );
    let writes = chat.writes();
    chat.does("install", &["--host", MAIL]);
    assert_eq!(
        chat.writes(),
        writes,
        "what is trusted already is not written again"
    );
}

#[test]
fn a_setting_that_stays_as_it_was_is_named_with_the_variable_that_sets_it() {
    let chat = Chat::start();
    chat.standin.order(
        "/environment",
        &json!({"PluginSettings": {"Plugins": true}}),
    );
    let said = chat.refuses("install", &["--host", MAIL]);
    assert!(
        said.contains("the variable MM_PLUGINSETTINGS_PLUGINS in the server's environment sets it"),
        "{said}"
    );
}

#[test]
fn one_run_leads_from_a_bare_server_to_a_working_embedding_and_the_next_finds_nothing_to_do() {
    let mails = Mails::start();
    let chat = Chat {
        password: "at-least-8".to_owned(),
        ..Chat::start()
    };
    let port = chat.standin.port;
    let page = format!("http://{MAIL_HOST}:{port}/host.html");
    let host = format!("http://{MAIL_HOST}:{port}");
    chat.standin.order("/accounts", &json!({"none": true}));
    chat.standin.order("/plugin", &json!({"disable": true}));
    chat.standin
        .order("/settings", &json!({"trustedorigin": ""}));
    chat.standin
        .order("/policy", &json!({"frame_ancestors": "'self' {setting}"}));
    chat.standin
        .order("/config", &json!({"ServiceSettings": {"SiteURL": ""}}));
    let bundle = variable("NOTIFYMATTERS_BUNDLE").display().to_string();
    let smtp = format!("127.0.0.1:{}", mails.port);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(
        file.path(),
        format!("host = [\"{page}\"]\nemail = \"admin@example.com\"\nteam = \"home\"\nsmtp = \"{smtp}\"\nmail-from = \"chat@example.com\"\n"),
    )
    .unwrap();
    let from = file.path().display().to_string();
    let plan = [
        "--from",
        &from,
        "--bundle",
        &bundle,
        "--without",
        "webhook-icons",
    ];
    let with = |more| [plan.as_slice(), more].concat();
    // Only shown.
    let shown = chat.does("setup", &with(&["--dry-run"]));
    assert!(
        shown.contains("account admin (admin@example.com) is made"),
        "{shown}"
    );
    // Nobody there to say yes.
    let unanswered = chat.notifymatters("setup", &plan);
    assert_eq!(unanswered.status.code(), Some(2), "{}", said(&unanswered));
    assert_eq!(chat.writes(), Vec::<String>::new());
    let done = chat.does("setup", &with(&["--yes"]));
    for words in [
        "ServiceSettings.SiteURL: empty → ",
        "done: 5 settings of mails, and a test mail to admin@example.com",
        "done: team home",
        "is uploaded from",
        "Nothing is in the way.",
    ] {
        assert!(done.contains(words), "{words}: {done}");
    }
    assert!(!done.contains(&chat.password), "{done}");
    let mail = mails.taken();
    assert!(
        mail.contains("RCPT TO:<admin@example.com>") && mail.contains("Congratulations"),
        "{mail}"
    );
    let config = chat.standin.read("/config");
    let service = &config["ServiceSettings"];
    assert_eq!(
        (&service["SiteURL"], &service["FrameAncestors"]),
        (&json!(chat.site), &json!(host))
    );
    assert_eq!(service["EnablePostIconOverride"], false, "it was left out");
    assert_eq!(service["EnablePostUsernameOverride"], true);
    assert_eq!(config["EmailSettings"]["EnableEmailBatching"], true);
    assert_eq!(chat.trusted(), json!(host));
    let state = chat.standin.read("/state");
    assert_eq!(state["teams"], json!(["home"]));
    assert_eq!(
        state["permissions"],
        json!(["create_direct_channel", "join_public_teams"])
    );
    // The account comes before any plugin runs.
    let writes = chat.writes();
    let at = |end: &str| writes.iter().position(|path| path.ends_with(end)).unwrap();
    assert!(
        at("/users") < at("/config/patch") && at("/config/patch") < at("/email/test"),
        "{writes:?}"
    );
    assert!(at("/email/test") < at("/plugins"), "{writes:?}");
    let again = chat.does("setup", &with(&["--yes"]));
    assert!(again.contains("Nothing to do."), "{again}");
    assert_eq!(chat.writes(), writes);
}

#[test]
fn without_a_mail_server_that_takes_the_test_mail_everything_is_as_it_was() {
    let chat = Chat::start();
    let before = chat.standin.read("/config");
    let closed = format!("127.0.0.1:{}", free_port());
    let said = chat.refuses(
        "setup",
        &[
            "--smtp",
            &closed,
            "--mail-from",
            "chat@example.com",
            "--yes",
        ],
    );
    assert!(
        said.contains("nothing is changed") && said.contains("connection refused"),
        "{said}"
    );
    let patch = "/api/v4/config/patch";
    assert_eq!(chat.writes(), [patch, "/api/v4/email/test", patch]);
    assert_eq!(chat.standin.read("/config"), before);
}

#[test]
fn a_list_is_invited_within_the_limit_each_address_once_and_the_next_run_goes_on() {
    let chat = Chat::start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("users.csv");
    let list = file.display().to_string();
    let people: String = (0..20)
        .map(|number| format!("Person {number};p{number}@example.com\n"))
        .collect();
    std::fs::write(
        &file,
        format!("Name;E-Mail\nNobody;\nWrong;w@example.invalid\n{people}Again;P0@example.com\n"),
    )
    .unwrap();
    let invite =
        |more: &[&str]| chat.notifymatters("invite", &[&["--team", "home", &list], more].concat());
    let ends = |more: &[&str], exit: i32, words: &[&str]| {
        let output = invite(more);
        let text = said(&output);
        assert_eq!(output.status.code(), Some(exit), "{text}");
        for words in words {
            assert!(text.contains(words), "{words}: {text}");
        }
    };
    ends(&["--dry-run"], 0, &["to be invited: 21"]);
    assert!(!folder.path().join("users.csv.journal").exists());
    ends(&[], 3, &["there is no team home"]);
    chat.does("setup", &["--team", "home", "--yes"]);
    ends(
        &["--no-wait"],
        3,
        &[
            "Email invitations are disabled",
            "ServiceSettings.EnableEmailInvitations",
        ],
    );
    chat.standin.order(
        "/config",
        &json!({"ServiceSettings": {"EnableEmailInvitations": true}}),
    );
    ends(
        &["--dry-run"],
        0,
        &[
            "line 2 holds no address",
            "p19@example.com",
            "to be invited: 21",
        ],
    );
    // One was refused, which the limit does not count; nineteen go at once.
    ends(
        &["--no-wait"],
        1,
        &[
            "w@example.invalid: The following email",
            "19 invited, 1 refused, 1 left for the next run",
        ],
    );
    let invited = || {
        chat.standin.read("/state")["invited"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(invited(), 19);
    std::fs::write(&file, format!("x\n{people}")).unwrap();
    ends(
        &["--no-wait"],
        3,
        &["0 invited, 19 invited before, 1 left for the next run"],
    );
    assert_eq!(invited(), 19);
    // The server itself is asked no more than it takes, also if a journal is lost.
    std::fs::remove_file(folder.path().join("users.csv.journal")).unwrap();
    ends(&["--no-wait"], 3, &["left for the next run"]);
    assert!(invited() <= 21, "{}", invited());
}

#[test]
fn with_a_login_the_doctor_sees_the_plugin_from_inside() {
    let chat = Chat::start();
    let doctor = |chat: &Chat| {
        let host = format!("http://{MAIL_HOST}:{}/host.html", chat.standin.port);
        let output = chat.notifymatters("doctor", &["--host", &host, "--format", "json"]);
        let report: Value =
            serde_json::from_slice(&output.stdout).unwrap_or_else(|_| panic!("{}", said(&output)));
        let findings = report["findings"].as_array().unwrap();
        assert_eq!(findings.len(), 24 + 5, "{report:#}");
        findings[24..]
            .iter()
            .map(|finding| (finding["id"].as_str().unwrap().to_owned(), finding.clone()))
            .collect::<std::collections::BTreeMap<_, _>>()
    };
    let statuses = |chat: &Chat| {
        doctor(chat)
            .into_values()
            .map(|finding| finding["status"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(statuses(&chat), ["pass"; 5]);
    chat.standin.order(
        "/settings",
        &json!({"trustedorigin": "https://other.example/path"}),
    );
    chat.standin.order("/config", &json!({"ServiceSettings": {"AllowCorsFrom": "*"}, "PluginSettings": {"EnableUploads": false}}));
    let found = doctor(&chat);
    for (id, status) in [
        ("trusted-origins", "fail"),
        ("foreign-origins", "warn"),
        ("uploads", "warn"),
        ("plugin-log", "warn"),
        ("plugin-state", "pass"),
    ] {
        assert_eq!(found[id]["status"], status, "{found:#?}");
    }
    assert!(
        found["trusted-origins"]["details"]
            .to_string()
            .contains("Write https://other.example"),
        "{found:#?}"
    );
    let wrong = Chat {
        password: "wrong".to_owned(),
        ..chat
    };
    assert_eq!(statuses(&wrong), ["skip"; 5]);
}
