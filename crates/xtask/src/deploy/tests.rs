//! A deployment against a server that behaves, and against each that does not.

mod fake_mattermost;

use std::net::TcpListener;

use self::fake_mattermost::{Answer, Behaviour, FINE, FakeMattermost};
use super::start::Start;
use super::*;

const TOKEN: &str = "kp7z1qsecrettoken";
const PASSWORD: &str = "pass word! secret";
const PLUGIN: Plugin<'_> = Plugin {
    id: "notifymatters",
    min_server_version: "5.39.0",
};

fn destination(site: &str, variables: &[(&str, &str)]) -> Result<Destination> {
    Destination::from_variables(|name| match name {
        "MM_SERVICESETTINGS_SITEURL" => Some(site.to_owned()),
        name => variables
            .iter()
            .find_map(|(key, value)| (*key == name).then(|| (*value).to_owned())),
    })
}

const WITH_TOKEN: &[(&str, &str)] = &[("MM_ADMIN_TOKEN", TOKEN)];
const WITH_PASSWORD: &[(&str, &str)] = &[
    ("MM_ADMIN_USERNAME", "admin"),
    ("MM_ADMIN_PASSWORD", PASSWORD),
];

#[test]
fn with_a_token_the_bundle_is_uploaded_by_force_and_enabled() {
    let server = FakeMattermost::start(FINE);
    server.deploy(WITH_TOKEN).unwrap();
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
        assert_eq!(server.deploy(WITH_PASSWORD).is_ok(), fine);
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
    let error = server.deploy(WITH_TOKEN).unwrap_err().to_string();
    assert!(error.contains("could not start notifymatters"), "{error}");
}

/// The whole error, which holds these words and no secret.
#[track_caller]
fn refused(behaviour: Behaviour, variables: &[(&str, &str)], word: &str) -> String {
    let server = FakeMattermost::start(behaviour);
    let error = format!("{:#}", server.deploy(variables).unwrap_err());
    assert!(error.contains(word), "{error}");
    assert!(
        !error.contains(TOKEN) && !error.contains(PASSWORD),
        "{error}"
    );
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
            "sends to https://chat.example.com/api/v4/config/client: set MM_SERVICESETTINGS_SITEURL",
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
            "Bundles are made for linux-amd64, linux-arm64, darwin-amd64, darwin-arm64, windows-amd64.",
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
        "does not accept MM_ADMIN_TOKEN",
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
        "does not accept MM_ADMIN_USERNAME",
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
fn what_a_server_repeats_of_a_secret_is_not_shown() {
    refused(
        Behaviour {
            me: (401, "no session for kp7z1qsecrettoken"),
            ..FINE
        },
        WITH_TOKEN,
        "no session for [secret]",
    );
    refused(
        Behaviour {
            login: (500, "bad: pass word! secret"),
            ..FINE
        },
        WITH_PASSWORD,
        "bad: [secret]",
    );
    let destination = destination("https://chat.example.com", WITH_PASSWORD).unwrap();
    assert!(!format!("{destination:?}").contains(PASSWORD));
}

#[test]
fn a_newer_server_is_new_enough_also_by_its_second_number() {
    for version in ["5.39.0", "5.40.1", "6.0.0", "10.11.2-rc1"] {
        FakeMattermost::start(Behaviour { version, ..FINE })
            .deploy(WITH_TOKEN)
            .unwrap();
    }
}

#[test]
fn what_is_no_mattermost_is_named_as_such() {
    let server = FakeMattermost::start(FINE);
    let elsewhere = format!("{}/chat", server.address);
    let error = destination(&elsewhere, WITH_TOKEN)
        .unwrap()
        .deploy(PLUGIN, Path::new("/dev/null"))
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("there is no Mattermost at this address"),
        "{error}"
    );
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let closed = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let error = destination(&closed, WITH_TOKEN)
        .unwrap()
        .deploy(PLUGIN, Path::new("/dev/null"))
        .unwrap_err()
        .to_string();
    assert!(error.contains("cannot be reached"), "{error}");
}

#[test]
fn a_missing_or_wrong_variable_is_named() {
    #[track_caller]
    fn named(site: &str, variables: &[(&str, &str)], word: &str) {
        let error = destination(site, variables).unwrap_err().to_string();
        assert!(error.contains(word), "{error}");
    }
    named("", WITH_TOKEN, "Set MM_SERVICESETTINGS_SITEURL");
    named(
        "chat.example.com",
        WITH_TOKEN,
        "write it as in https://chat.example.com",
    );
    named(
        "https://admin:secret@chat.example.com",
        WITH_TOKEN,
        "use MM_ADMIN_USERNAME",
    );
    named("https://chat.example.com/?x", WITH_TOKEN, "has a query");
    named("https://chat.example.com", &[], "Set MM_ADMIN_TOKEN, or");
    named(
        "https://chat.example.com",
        &[("MM_ADMIN_USERNAME", "a")],
        "MM_ADMIN_PASSWORD is not set",
    );
    named(
        "https://chat.example.com",
        &[("MM_ADMIN_PASSWORD", "a")],
        "MM_ADMIN_USERNAME is not set",
    );
    named(
        "https://chat.example.com",
        &[("MM_ADMIN_TOKEN", "a\nb")],
        "is no access token",
    );
}

#[test]
fn a_site_below_a_subpath_keeps_it_and_plain_http_is_warned_of() {
    let site = Site::parse("https://intranet.example.com/chat/").unwrap();
    assert_eq!(
        site.api("plugins"),
        "https://intranet.example.com/chat/api/v4/plugins"
    );
    assert!(site.warning().is_none());
    assert!(
        Site::parse("http://chat.example.localhost:8065")
            .unwrap()
            .warning()
            .is_none()
    );
    assert!(
        Site::parse("http://chat.example.com")
            .unwrap()
            .warning()
            .is_some()
    );
}
