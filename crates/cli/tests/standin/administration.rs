//! What an administrator does over REST.

use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

use super::real::{CHAT, Standin, said, variable};

const MAIL: &str = "https://mail.example.com";

/// A stand-in, and what is said to it.
struct Chat {
    standin: Standin,
    site: String,
}

impl Chat {
    fn start() -> Self {
        let standin = Standin::start(11);
        let site = format!("http://{CHAT}:{}", standin.port);
        Self { standin, site }
    }

    /// The program, as the administrator unless the arguments say otherwise.
    fn notifymatters(&self, command: &str, arguments: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_notifymatters"))
            .args([command, "--chat", &self.site])
            .args(arguments)
            .env("MM_ADMIN_USERNAME", "admin")
            .env("MM_ADMIN_PASSWORD", "standin")
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
            request["method"] != "GET" && !request["path"].as_str().unwrap().contains("/users/log")
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
