//! An installation on a server that behaves, and on each that does not.

mod fake_mattermost;
mod secrets;

use std::net::TcpListener;
use std::path::Path;

use self::fake_mattermost::{Answer, Behaviour, FINE, FakeMattermost};
use super::start::Start;
use super::*;
use crate::rest::Secret;

const TOKEN: &str = "kp7z1qsecrettoken";
const PASSWORD: &str = "pass word! secret";
type Variables<'a> = &'a [(&'a str, &'a str)];

fn credentials(variables: Variables<'_>) -> Result<Credentials, Failure> {
    let variable = |name: &str| {
        let (_, value) = variables.iter().find(|(key, _)| *key == name)?;
        Some((*value).to_owned())
    };
    let login = Login {
        user: variable("MM_ADMIN_USERNAME"),
        ..Login::default()
    };
    login.read_from(variable, &|question| Ok(format!("typed after {question}")))
}

fn install_at(site: &str, variables: Variables<'_>, bundle: &Path) -> Result<(), Failure> {
    let options = Options {
        site: Site {
            chat: Some(site.parse().unwrap()),
        },
        bundle: Some(bundle.to_owned()),
        host: Vec::new(),
        dry_run: false,
        login: Login::default(),
        connection: Connection { ca_file: None },
    };
    install(&options, || credentials(variables)).map(drop)
}

const WITH_TOKEN: Variables<'_> = &[("MM_ADMIN_TOKEN", TOKEN)];
const WITH_PASSWORD: Variables<'_> = &[
    ("MM_ADMIN_USERNAME", "admin"),
    ("MM_ADMIN_PASSWORD", PASSWORD),
];

#[test]
fn with_a_token_the_bundle_is_uploaded_by_force_and_enabled() {
    let server = FakeMattermost::start(FINE);
    server.install(WITH_TOKEN).unwrap();
    let bearer = format!("Bearer {TOKEN}");
    assert_eq!(
        server.seen(),
        ["me", "upload", "enable"].map(|call| format!("{call} {bearer}"))
    );
    let form = String::from_utf8(server.uploaded.lock().unwrap().clone()).unwrap();
    assert!(form.contains("name=\"force\"\r\n\r\ntrue\r\n"), "{form}");
    assert!(form.contains("name=\"plugin\""), "{form}");
    assert!(form.contains("\r\n\r\nthe bundle\r\n"), "{form}");
}

#[test]
fn with_a_password_the_session_that_was_opened_is_closed_again_also_after_a_refusal() {
    for (behaviour, fine) in [
        (FINE, true),
        (
            Behaviour {
                enable: (500, "{}"),
                ..FINE
            },
            false,
        ),
    ] {
        let server = FakeMattermost::start(behaviour);
        assert_eq!(server.install(WITH_PASSWORD).is_ok(), fine);
        assert_eq!(server.seen().first().unwrap(), "login -");
        assert_eq!(
            server.seen().last().unwrap(),
            "logout Bearer opened-session"
        );
    }
}

#[test]
fn a_cluster_counts_as_running_when_every_node_does() {
    let server = FakeMattermost::start(Behaviour {
        states: &[(2, ""), (3, "")],
        ..FINE
    });
    let error = server.install(WITH_TOKEN).unwrap_err();
    assert!(error.contains("could not start notifymatters"), "{error}");
}

/// The whole error, which holds these words and no secret.
#[track_caller]
fn refused(behaviour: Behaviour, variables: Variables<'_>, word: &str) -> String {
    let server = FakeMattermost::start(behaviour);
    let error = server.install(variables).unwrap_err();
    assert!(error.contains(word), "{error}");
    assert!(
        !error.contains(TOKEN) && !error.contains(PASSWORD),
        "{error}"
    );
    let is_shown = |c: char| c == '\n' || !c.is_control();
    assert!(error.chars().all(is_shown), "{error:?}");
    error
}

/// What a server without uploads answers (11.6.0).
const CLOSED: (u16, &str) = (
    501,
    r#"{"id":"app.plugin.upload_disabled.app_error","message":"Plugins and/or plugin uploads have been disabled.","status_code":501}"#,
);

#[test]
fn of_the_three_settings_that_forbid_uploads_those_in_the_way_are_named() {
    let closed = |config| Behaviour {
        upload: CLOSED,
        config,
        ..FINE
    };
    let settings = ["Enable ", "EnableUploads ", "RequirePluginSignature "]
        .map(|name| format!("PluginSettings.{name}"));
    for (config, named) in [
        (
            r#"{"PluginSettings":{"Enable":true,"EnableUploads":false,"RequirePluginSignature":false}}"#,
            [false, true, false],
        ),
        (
            r#"{"PluginSettings":{"Enable":true,"EnableUploads":true,"RequirePluginSignature":true}}"#,
            [false, false, true],
        ),
        (
            r#"{"PluginSettings":{"Enable":false,"EnableUploads":true,"RequirePluginSignature":false}}"#,
            [true, false, false],
        ),
        // Unreadable, or not the whole truth: each may be it.
        ("null", [true; 3]),
        (
            r#"{"PluginSettings":{"Enable":true,"EnableUploads":true,"RequirePluginSignature":false}}"#,
            [true; 3],
        ),
    ] {
        let error = refused(closed(config), WITH_TOKEN, "takes no uploads");
        assert_eq!(
            settings
                .each_ref()
                .map(|name| error.contains(name.as_str())),
            named,
            "{config}: {error}"
        );
    }
}

#[test]
fn a_file_that_is_too_large_is_told_with_the_limit_that_it_met() {
    const NGINX: &str = "<html>\r\n<head><title>413 Request Entity Too Large</title></head>\r\n<body>\r\n\
        <center><h1>413 Request Entity Too Large</h1></center>\r\n<hr><center>nginx/1.22.1</center>\r\n</body>\r\n</html>\r\n";
    let answering = |status, body| Behaviour {
        upload: (status, body),
        ..FINE
    };
    let error = refused(answering(413, NGINX), WITH_TOKEN, "client_max_body_size");
    assert!(
        error.contains("a page with the title 413 Request Entity Too Large")
            && !error.contains('<'),
        "{error}"
    );
    refused(answering(413, ""), WITH_TOKEN, "client_max_body_size");
    refused(
        answering(502, ""),
        WITH_TOKEN,
        "does the proxy take a file of 1 kB",
    );
    // 9.8.1 answers 400 and 11.6.0 answers 413; told from a proxy's by Go's words or by the form of Mattermost's errors.
    for (status, body) in [
        (400, "http: request body too large\n"),
        (413, "http: request body too large\n"),
        (
            413,
            r#"{"id":"api.any.app_error","message":"The file is too large.","status_code":413}"#,
        ),
    ] {
        let error = refused(
            answering(status, body),
            WITH_TOKEN,
            "FileSettings.MaxFileSize",
        );
        assert!(
            !error.contains("nginx") && error.contains("dist --platform"),
            "{error}"
        );
    }
    refused(
        Behaviour {
            breaks: true,
            ..FINE
        },
        WITH_TOKEN,
        "broke while 1 kB were on their way",
    );
}

#[test]
fn what_stands_in_front_of_mattermost_is_told_from_it() {
    let behind = |front: Answer| Behaviour {
        front: Some(front),
        ..FINE
    };
    let page = "<!DOCTYPE html>\n<html><head><TITLE>\n Sign in</TITLE></head><body>secret<form>…</form></body></html>";
    for (front, words) in [
        (
            (
                401,
                &[("WWW-Authenticate", "Basic realm=\"intranet\"")][..],
                page,
            ),
            "a login of its own (status 401, Basic realm=\"intranet\")",
        ),
        (
            (401, &[][..], page),
            "a login of its own (status 401: a page with the title Sign in)",
        ),
        ((403, &[], page), "in front of Mattermost forbids it"),
        ((200, &[], page), "but with a page with the title Sign in"),
        ((404, &[], page), "there is no Mattermost at this address"),
        (
            (502, &[], "<html>"),
            "has no answer from it (status 502: a page of HTML)",
        ),
        (
            (
                302,
                &[("Location", "https://sso.example.com/login?next=secret")],
                "",
            ),
            "sends to https://sso.example.com/login, which looks like a login",
        ),
        (
            (302, &[("Location", "/login?next=secret")], ""),
            "/login, which looks like a login",
        ),
        (
            (
                301,
                &[(
                    "Location",
                    "https://chat.example.com/api/v4/config/client?format=old",
                )],
                "",
            ),
            "sends to https://chat.example.com/api/v4/config/client: name the address that people use",
        ),
        ((302, &[], ""), "sends elsewhere without saying where to"),
    ] {
        let error = refused(behind(front), WITH_TOKEN, words);
        assert!(!error.contains('<') && !error.contains("secret"), "{error}");
    }
}

#[test]
fn a_plugin_that_does_not_start_is_told_in_the_servers_words_with_what_to_do() {
    // As Mattermost 11.6.0 says them.
    for (error, cure) in [
        (
            "unable to start plugin: notifymatters: fork/exec /opt/mattermost/plugins/notifymatters/server/dist/plugin-linux-amd64: permission denied",
            "mounted noexec",
        ),
        (
            "unable to start plugin: notifymatters: fork/exec /opt/mattermost/plugins/notifymatters/server/dist/plugin-linux-amd64: exec format error",
            "no program for this server's system",
        ),
        (
            "unable to start plugin: notifymatters: Unrecognized remote plugin message: hello\nThis usually means\n  the plugin was not compiled for this architecture,\n  …",
            "no program for this server's system",
        ),
        (
            "unable to start plugin: notifymatters: failed to apply option: backend executable not found for environment: freebsd/amd64",
            "Bundles are made for Linux and macOS",
        ),
        (
            "unable to start plugin: notifymatters: failed to apply option: unable to generate plugin checksum: open /opt/mattermost/plugins/notifymatters/server/dist/plugin-linux-amd64: no such file or directory",
            "is incomplete",
        ),
        (
            "unable to generate webapp bundle: notifymatters: unable to copy webapp bundle directory: notifymatters: mkdir /opt/mattermost/client/plugins/notifymatters: permission denied",
            "PluginSettings.ClientDirectory (client/plugins)",
        ),
        (
            "unable to start plugin: notifymatters: mkdir /opt/mattermost/plugins/x: read-only file system",
            "give them a volume",
        ),
        (
            "unable to start plugin: notifymatters: timeout while waiting for plugin to start",
            "three seconds",
        ),
        ("no space left on device", "is full"),
        (
            "something that nobody has seen yet",
            "Perhaps its log says why",
        ),
    ] {
        let states = Box::leak(Box::new([(3, error)]));
        let told = refused(Behaviour { states, ..FINE }, WITH_TOKEN, cure);
        let first_line = error.lines().next().unwrap();
        assert!(told.contains(first_line), "{told}");
    }
    refused(
        Behaviour {
            states: &[(4, "")],
            ..FINE
        },
        WITH_TOKEN,
        "did not stay: its log says why",
    );
}

#[test]
fn after_an_upgrade_that_did_not_start_the_reason_is_told_as_well() {
    let failed = Behaviour {
        upload: (
            500,
            r#"{"id":"app.plugin.restart.app_error","message":"Unable to restart plugin on upgrade.","status_code":500}"#,
        ),
        ..FINE
    };
    refused(
        Behaviour {
            states: &[(
                3,
                "unable to start plugin: notifymatters: fork/exec /x: exec format error",
            )],
            ..failed
        },
        WITH_TOKEN,
        "fork/exec /x: exec format error",
    );
    refused(failed, WITH_TOKEN, "Unable to restart plugin on upgrade.");
}

#[test]
fn a_plugin_that_is_not_listed_may_lack_a_signature() {
    let Start::Waiting(why) = Start::of("notifymatters", &[]) else {
        panic!("judged");
    };
    assert!(why.contains("RequirePluginSignature"), "{why}");
}

#[test]
fn every_refusal_says_what_to_do() {
    let invalid = r#"{"id":"api.context.session_expired.app_error","message":"Invalid or expired session, please login again."}"#;
    refused(
        Behaviour {
            me: (401, invalid),
            ..FINE
        },
        WITH_TOKEN,
        "does not accept the access token",
    );
    let permission = r#"{"id":"api.context.permissions.app_error","message":"You do not have the appropriate permissions."}"#;
    refused(
        Behaviour {
            upload: (403, permission),
            ..FINE
        },
        WITH_TOKEN,
        "it takes a system administrator",
    );
    let login = r#"{"id":"api.user.login.invalid_credentials_email_username","message":"Enter a valid email or username and/or password."}"#;
    refused(
        Behaviour {
            login: (401, login),
            ..FINE
        },
        WITH_PASSWORD,
        "does not accept this name and password",
    );
    let factor =
        r#"{"id":"mfa.validate_token.authenticate.app_error","message":"Invalid MFA token."}"#;
    refused(
        Behaviour {
            login: (401, factor),
            ..FINE
        },
        WITH_PASSWORD,
        "needs a second factor",
    );
    refused(
        Behaviour {
            upload: (400, r#"{"id":"x","message":"Unable to find manifest."}"#),
            ..FINE
        },
        WITH_TOKEN,
        "refuses the bundle (status 400: Unable to find manifest.)",
    );
    refused(
        Behaviour {
            version: "5.38.2",
            ..FINE
        },
        WITH_TOKEN,
        "is Mattermost 5.38.2, the plugin needs 5.39.0",
    );
    refused(
        Behaviour {
            enable: (
                501,
                r#"{"id":"app.plugin.disabled.app_error","message":"Plugins have been disabled."}"#,
            ),
            ..FINE
        },
        WITH_TOKEN,
        "plugins are switched off",
    );
}

#[test]
fn a_newer_server_is_new_enough_also_by_its_second_number() {
    for version in ["5.39.0", "5.40.1", "6.0.0", "10.11.2-rc1"] {
        FakeMattermost::start(Behaviour { version, ..FINE })
            .install(WITH_TOKEN)
            .unwrap();
    }
}

#[test]
fn what_is_no_mattermost_is_named_as_such() {
    let server = FakeMattermost::start(FINE);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    for (site, words) in [
        (
            format!("{}/chat", server.address),
            "there is no Mattermost at this address",
        ),
        (closed, "cannot be reached"),
    ] {
        let failure = install_at(&site, WITH_TOKEN, Path::new("/dev/null")).unwrap_err();
        assert!(failure.message.contains(words), "{}", failure.message);
    }
}

#[test]
fn a_page_is_trusted_beside_those_that_are_trusted_already() {
    let mail = "https://mail.example.com";
    let others = json!({"secret": "****", "trustedorigin": "https://other.example"});
    for (stored, hosts, expected) in [
        (
            json!(null),
            &[mail][..],
            Some(json!({"trustedorigin": mail})),
        ),
        (
            json!({"trustedorigin": "https://Mail.example.com/"}),
            &[mail],
            None,
        ),
        (
            others,
            &[mail, "https://b.example"],
            Some(
                json!({"secret": "****", "trustedorigin": "https://other.example https://mail.example.com https://b.example"}),
            ),
        ),
        // As it was written by hand: the System Console would show an empty field beside it.
        (
            json!({"TrustedOrigin": "https://a.example,https://b.example"}),
            &[mail],
            Some(
                json!({"trustedorigin": "https://a.example https://b.example https://mail.example.com"}),
            ),
        ),
        (json!({"trustedorigin": "https://a.example"}), &[], None),
    ] {
        let settings = Settings::of(
            json!({"PluginSettings": {"Plugins": {PLUGIN: stored, "other": {"a": 1}}}}),
        );
        let plugin = Plugin {
            bundle: None,
            hosts: hosts.iter().map(|host| (*host).to_owned()).collect(),
        };
        let change = plugin.trusted_origins(&settings);
        assert_eq!(change.map(|(change, _)| change.to), expected);
    }
}

#[test]
fn what_somebody_else_changed_meanwhile_is_not_overwritten() {
    let server = FakeMattermost::start(Behaviour {
        config: r#"{"PluginSettings":{"Plugins":{"other":{"a":2}}},"ServiceSettings":{"SiteURL":"b"}}"#,
        ..FINE
    });
    let connection = Connection { ca_file: None };
    let rest = Rest::new(
        &server.address.parse().unwrap(),
        &connection,
        &Login::default(),
    )
    .unwrap();
    let seen = Settings::of(json!({
        "PluginSettings": {"Plugins": {"other": {"a": 1}}},
        "ServiceSettings": {"SiteURL": "a"},
    }));
    for (field, word) in [
        ("ServiceSettings.SiteURL", "ServiceSettings.SiteURL"),
        (
            "PluginSettings.Plugins.notifymatters",
            "PluginSettings.Plugins",
        ),
    ] {
        let change = Change {
            field: field.to_owned(),
            from: seen.field(field).clone(),
            to: json!("c"),
        };
        // The server takes no change: trying would say something else.
        let trouble = seen.write(&rest, &[change]).unwrap_err();
        assert!(
            trouble
                .message
                .contains(&format!("somebody else changed {word} meanwhile")),
            "{}",
            trouble.message
        );
    }
}
