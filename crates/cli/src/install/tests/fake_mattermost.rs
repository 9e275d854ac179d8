//! A server that lets a plugin be installed, or fails it as real ones were seen to.

use std::fs;
use std::net::TcpListener;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::json;

use super::{Failure, Variables, install_at};

/// A status, headers and a body.
pub(super) type Answer = (u16, &'static [(&'static str, &'static str)], &'static str);

/// Where the server deviates from one that lets everything succeed.
#[derive(Clone, Copy)]
pub(super) struct Behaviour {
    pub(super) version: &'static str,
    pub(super) login: (u16, &'static str),
    pub(super) me: (u16, &'static str),
    pub(super) upload: (u16, &'static str),
    /// The server breaks the connection while the bundle is on its way.
    pub(super) breaks: bool,
    pub(super) config: &'static str,
    pub(super) enable: (u16, &'static str),
    /// State and error on each node.
    pub(super) states: &'static [(u8, &'static str)],
    /// The header `Location` of every answer that is recorded.
    pub(super) location: &'static str,
    /// What something in front of the server answers to every request in its place.
    pub(super) front: Option<Answer>,
}

pub(super) const FINE: Behaviour = Behaviour {
    version: "11.6.0",
    login: (200, "{}"),
    me: (200, "{}"),
    upload: (201, r#"{"id":"notifymatters"}"#),
    breaks: false,
    config: "{}",
    enable: (200, "{}"),
    states: &[(2, "")],
    location: "",
    front: None,
};

pub(super) struct FakeMattermost {
    pub(super) address: String,
    pub(super) seen: Arc<Mutex<Vec<String>>>,
    pub(super) uploaded: Arc<Mutex<Vec<u8>>>,
}

impl FakeMattermost {
    pub(super) fn start(behaviour: Behaviour) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let uploaded = Arc::new(Mutex::new(Vec::new()));
        let app = match behaviour.front {
            Some(front) => Router::new().fallback(async move || response(front)),
            None => routes(behaviour, Arc::clone(&seen), Arc::clone(&uploaded)),
        };
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

    /// The message of a failure.
    pub(super) fn install(&self, variables: Variables<'_>) -> Result<(), String> {
        let bundle = tempfile::NamedTempFile::new().unwrap();
        fs::write(bundle.path(), b"the bundle").unwrap();
        let installed = install_at(&self.address, variables, bundle.path());
        installed.map_err(|Failure { message, .. }| message)
    }

    pub(super) fn seen(&self) -> Vec<String> {
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

fn response((status, headers, body): Answer) -> Response {
    let mut response = (StatusCode::from_u16(status).unwrap(), body).into_response();
    for (name, value) in headers {
        response.headers_mut().insert(*name, value.parse().unwrap());
    }
    response
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
            let mut response = response((status, &[("Token", "opened-session")], body));
            let location = behaviour.location.parse().unwrap();
            response.headers_mut().insert("Location", location);
            response
        }
    };
    let version = format!(r#"{{"Version":"{}"}}"#, behaviour.version);
    let states: Vec<_> = behaviour
        .states
        .iter()
        .map(|(state, error)| json!({ "plugin_id": "notifymatters", "state": state, "error": error }))
        .chain([json!({ "plugin_id": "another", "state": 3 })])
        .collect();
    let statuses = serde_json::to_string(&states).unwrap();
    let upload = answer("upload", behaviour.upload);
    Router::new()
        .route("/api/v4/config/client", get(move || async move { version }))
        .route(
            "/api/v4/config",
            get(move || async move { behaviour.config }),
        )
        .route(
            "/api/v4/users/login",
            post(answer("login", behaviour.login)),
        )
        .route("/api/v4/users/logout", post(answer("logout", (200, "{}"))))
        .route("/api/v4/users/me", get(answer("me", behaviour.me)))
        .route(
            "/api/v4/plugins",
            post(move |headers: HeaderMap, body: Bytes| async move {
                assert!(!behaviour.breaks, "the connection breaks, as it should");
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
