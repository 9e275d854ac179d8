//! A deployment against a server that behaves, and against each that does not.

use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;

use super::*;

const TOKEN: &str = "kp7z1qsecrettoken";
const PASSWORD: &str = "pass word! secret";
const PLUGIN: Plugin<'_> = Plugin {
    id: "notifymatters",
    min_server_version: "5.39.0",
};

/// Where the server deviates from one that lets everything succeed.
#[derive(Clone, Copy)]
struct Behaviour {
    version: &'static str,
    login: (u16, &'static str),
    me: (u16, &'static str),
    upload: (u16, &'static str),
    enable: (u16, &'static str),
    states: &'static [u8],
}

const FINE: Behaviour = Behaviour {
    version: "11.6.0",
    login: (200, "{}"),
    me: (200, "{}"),
    upload: (201, "{}"),
    enable: (200, "{}"),
    states: &[2],
};

struct FakeMattermost {
    address: String,
    seen: Arc<Mutex<Vec<String>>>,
    uploaded: Arc<Mutex<Vec<u8>>>,
}

impl FakeMattermost {
    fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let uploaded = Arc::new(Mutex::new(Vec::new()));
        let app = routes(behaviour, Arc::clone(&seen), Arc::clone(&uploaded));
        // The thread ends with the test's process.
        thread_with_runtime(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            axum::serve(listener, app).await.unwrap();
        });
        Self {
            address,
            seen,
            uploaded,
        }
    }

    fn deploy(&self, variables: &[(&str, &str)]) -> Result<()> {
        let bundle = tempfile::NamedTempFile::new()?;
        fs::write(bundle.path(), b"the bundle")?;
        destination(&self.address, variables)?.deploy(PLUGIN, bundle.path())
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

fn thread_with_runtime(work: impl Future<Output = ()> + Send + 'static) {
    std::thread::spawn(|| {
        tokio::runtime::Builder::new_current_thread()
            .enable_io()
            .build()
            .unwrap()
            .block_on(work);
    });
}

fn routes(
    behaviour: Behaviour,
    seen: Arc<Mutex<Vec<String>>>,
    uploaded: Arc<Mutex<Vec<u8>>>,
) -> Router {
    let answer = move |name: &'static str, (status, body): (u16, &'static str)| {
        let seen = Arc::clone(&seen);
        move |headers: HeaderMap| async move {
            let bearer = headers
                .get("authorization")
                .map(|value| value.to_str().unwrap());
            seen.lock()
                .unwrap()
                .push(format!("{name} {}", bearer.unwrap_or("-")));
            let headers = [
                ("Token", "opened-session"),
                ("Location", "https://elsewhere.example/"),
            ];
            (StatusCode::from_u16(status).unwrap(), headers, body).into_response()
        }
    };
    let version = format!(r#"{{"Version":"{}"}}"#, behaviour.version);
    let states: Vec<_> = behaviour
        .states
        .iter()
        .map(|state| json!({ "plugin_id": "notifymatters", "state": state }))
        .chain([json!({ "plugin_id": "another", "state": 3 })])
        .collect();
    let statuses = serde_json::to_string(&states).unwrap();
    let upload = answer("upload", behaviour.upload);
    Router::new()
        .route("/api/v4/config/client", get(move || async move { version }))
        .route(
            "/api/v4/users/login",
            post(answer("login", behaviour.login)),
        )
        .route("/api/v4/users/logout", post(answer("logout", (200, "{}"))))
        .route("/api/v4/users/me", get(answer("me", behaviour.me)))
        .route(
            "/api/v4/plugins",
            post(move |headers: HeaderMap, body: Bytes| async move {
                *uploaded.lock().unwrap() = body.to_vec();
                upload(headers).await
            }),
        )
        .route(
            "/api/v4/plugins/notifymatters/enable",
            post(answer("enable", behaviour.enable)),
        )
        .route(
            "/api/v4/plugins/statuses",
            get(move || async move { statuses.into_response() as Response }),
        )
}

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
        states: &[2, 3],
        ..FINE
    });
    let error = server.deploy(WITH_TOKEN).unwrap_err().to_string();
    assert!(error.contains("could not start notifymatters"), "{error}");
}

#[track_caller]
fn refused(behaviour: Behaviour, variables: &[(&str, &str)], word: &str) {
    let server = FakeMattermost::start(behaviour);
    let error = format!("{:#}", server.deploy(variables).unwrap_err());
    assert!(error.contains(word), "{error}");
    assert!(
        !error.contains(TOKEN) && !error.contains(PASSWORD),
        "{error}"
    );
}

#[test]
fn every_refusal_says_what_to_do() {
    let disabled = r#"{"id":"app.plugin.upload_disabled.app_error","message":"Plugins and/or plugin uploads have been disabled.","status_code":501}"#;
    refused(
        Behaviour {
            upload: (501, disabled),
            ..FINE
        },
        WITH_TOKEN,
        "PluginSettings.EnableUploads",
    );
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
            upload: (413, "<html>nginx</html>"),
            ..FINE
        },
        WITH_TOKEN,
        "client_max_body_size",
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
            upload: (301, ""),
            ..FINE
        },
        WITH_TOKEN,
        "sends to https://elsewhere.example/",
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
            states: &[4],
            ..FINE
        },
        WITH_TOKEN,
        "its log says why",
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
