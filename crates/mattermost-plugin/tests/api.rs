//! Calls to the server, and all that can come of them.

#![allow(clippy::unwrap_used, clippy::panic, reason = "all of it is a test")]

mod fake;
mod others;

use std::time::Duration;

use axum::extract::Path;
use axum::routing::get as route;
use axum::{Extension, Router};
use fake::{GoError, Mattermost, get};
use go_plugin::Call;
use gob::Gob;
use mattermost_plugin::model::{Command, Permission};
use mattermost_plugin::{Api, Error, ErrorKind, HttpService, Payload, Plugin};
use serde::Deserialize;

struct Asks;

#[derive(Deserialize)]
struct Settings {
    trustedorigin: String,
}

#[mattermost_plugin::hooks]
impl Plugin for Asks {
    fn router(self: std::sync::Arc<Self>, api: Api) -> impl HttpService {
        Router::new()
            .route("/{method}", route(ask))
            .layer(Extension(api))
    }
}

async fn ask(Path(method): Path<String>, Extension(api): Extension<Api>) -> String {
    let api = api.with_timeout(Duration::from_millis(100));
    let answer = match method.as_str() {
        "settings" => api
            .load_plugin_configuration()
            .await
            .map(|settings: Settings| settings.trustedorigin),
        "version" => api.server_version().await,
        "permission" => api
            .has_permission_to("ada", &Permission::manage_system())
            .await
            .map(|has| has.to_string()),
        "save" => api
            .save_plugin_config(&Payload::new())
            .await
            .map(|()| "saved".into()),
        "register" => api
            .register_command(&Command::default())
            .await
            .map(|()| "registered".into()),
        "bundle" => api.bundle_path().await,
        "raw" => api
            .call_raw("HasPermissionTo", ("ada", &Permission::manage_system()))
            .await
            .map(|answer: gob::Value| format!("{:?}", answer.field("A"))),
        "raw-unknown" => api
            .call_raw("FoldSpace", ())
            .await
            .map(|answer: gob::Value| format!("{answer:?}")),
        "nothing" => api.team("a").await.map(|team| team.id),
        "license" => api.license().await.map(|license| format!("{license:?}")),
        "user" => api.user("nobody").await.map(|user| user.username),
        _ => api
            .kv_get("key")
            .await
            .map(|value| String::from_utf8(value).unwrap()),
    };
    answer.unwrap_or_else(|error| {
        let kind = match error.kind() {
            ErrorKind::App(_) => "app",
            ErrorKind::Server(_) => "server",
            ErrorKind::Json { .. } => "json",
            ErrorKind::Plugin(go_plugin::Error::CallTimeout { .. }) => "timeout",
            _ if error.is_unknown_method() => "unknown",
            _ => "other",
        };
        format!("{kind}: {error}")
    })
}

#[derive(Debug, Default, Gob)]
struct ValueAndAppError {
    a: Option<User>,
    b: Option<fake::AppError>,
}

#[derive(Debug, Default, Gob)]
struct User {
    username: String,
}

#[derive(Debug, Default, Gob)]
struct OneAppError {
    a: Option<fake::AppError>,
}

#[derive(Debug, Default, Gob)]
struct OneError {
    a: Option<GoError>,
}

#[derive(Debug, Default, Gob)]
struct ValueAndError {
    a: String,
    b: Option<GoError>,
}

#[derive(Debug, Default, Gob)]
struct PermissionArguments {
    a: String,
    b: Option<HasId>,
}

#[derive(Debug, Default, Gob)]
struct HasId {
    id: String,
}

/// A server in a bad mood.
fn server(call: Call) -> Option<Call> {
    match call.method() {
        "Plugin.LoadPluginConfiguration" => call.reply(&fake::Value {
            a: br#"{"TrustedOrigin":"https://mail.example.com"}"#.to_vec(),
        }),
        "Plugin.HasPermissionTo" => {
            let arguments: PermissionArguments = call.arguments().unwrap();
            let right = arguments.a == "ada"
                && arguments
                    .b
                    .is_some_and(|permission| permission.id == "manage_system");
            call.reply(&fake::Value { a: right });
        }
        "Plugin.SavePluginConfig" => call.reply(&OneAppError {
            a: Some(fake::AppError {
                message: "read only".into(),
                status_code: 403,
                ..fake::AppError::default()
            }),
        }),
        "Plugin.RegisterCommand" => call.reply(&OneError {
            a: Some(GoError::Text(fake::ErrorString {
                code: 0,
                err: "no trigger".into(),
            })),
        }),
        "Plugin.GetBundlePath" => call.reply(&ValueAndError {
            a: String::new(),
            b: Some(GoError::Database(fake::ErrorString::default())),
        }),
        "Plugin.GetUser" => call.reply(&ValueAndAppError {
            a: None,
            b: Some(fake::AppError {
                message: "no such user".into(),
                ..fake::AppError::default()
            }),
        }),
        "Plugin.GetTeam" => call.reply(&ValueAndAppError::default()),
        "Plugin.GetLicense" => call.reply(&OneAppError::default()),
        "Plugin.KVGet" => std::mem::forget(call),
        _ => return Some(call),
    }
    None
}

async fn asked(method: &str) -> String {
    let mattermost = Mattermost::active(Asks, server).await;
    let response = mattermost.serve_http(get(&format!("/{method}"))).await;
    mattermost.host.ping().await.unwrap();
    String::from_utf8(response.body).unwrap()
}

#[tokio::test]
async fn settings_become_a_rust_type() {
    assert_eq!(asked("settings").await, "https://mail.example.com");
}

#[tokio::test]
async fn arguments_arrive_in_their_fields() {
    assert_eq!(asked("permission").await, "true");
}

#[tokio::test]
async fn a_refusal_of_the_servers_is_a_rust_error_with_its_words() {
    assert_eq!(asked("save").await, "app: read only");
    assert_eq!(asked("user").await, "app: no such user");
    assert_eq!(asked("register").await, "server: no trigger");
}

#[tokio::test]
async fn an_error_of_a_type_that_is_unknown_here_is_still_an_error() {
    assert_eq!(asked("bundle").await, "server: an error of type *pq.Error");
}

#[tokio::test]
async fn a_method_that_an_older_server_does_not_have_is_an_error_of_that_call() {
    assert_eq!(
        asked("version").await,
        "unknown: Plugin.GetServerVersion: rpc: can't find method Plugin.GetServerVersion"
    );
}

#[tokio::test]
async fn a_method_that_this_crate_does_not_have_is_called_by_its_name() {
    assert_eq!(asked("raw").await, "Some(Bool(true))");
    assert_eq!(
        asked("raw-unknown").await,
        "unknown: Plugin.FoldSpace: rpc: can't find method Plugin.FoldSpace"
    );
}

#[tokio::test]
async fn nil_is_an_error_where_a_value_was_asked_for_and_none_where_there_may_be_none() {
    assert_eq!(
        asked("nothing").await,
        "other: the server answered with neither a value nor an error"
    );
    assert_eq!(asked("license").await, "None");
}

#[tokio::test]
async fn a_server_that_never_answers_is_waited_for_as_long_as_was_said() {
    assert_eq!(
        asked("value").await,
        "timeout: Plugin.KVGet: no answer within 100ms"
    );
}

#[tokio::test]
async fn errors_can_be_made_of_anything() {
    let error = Error::new(std::io::Error::other("disk"));
    assert_eq!(error.to_string(), "disk");
    assert!(!error.is_unknown_method());
}
