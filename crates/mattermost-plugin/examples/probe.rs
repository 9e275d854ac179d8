//! A plugin that does on request what plugins may do, for the tests against Mattermost's own plugin environment.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use mattermost_plugin::model::{Permission, WebsocketBroadcast};
use mattermost_plugin::{Api, Error, HttpService, Payload, Plugin};
use serde::Deserialize;

/// The settings that the tests change.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Settings {
    trustedorigin: String,
    fail_activation: bool,
    hang_on_change: bool,
}

#[derive(Default)]
struct Probe {
    changes: AtomicUsize,
    cut_uploads: AtomicUsize,
}

#[mattermost_plugin::hooks]
impl Plugin for Probe {
    async fn on_activate(&self, api: Api) -> Result<(), Error> {
        let settings: Settings = api.load_plugin_configuration().await?;
        if settings.fail_activation {
            return Err(Error::new("told not to start"));
        }
        let version = api.server_version().await.unwrap_or_default();
        tracing::info!(version, origin = settings.trustedorigin, "active");
        Ok(())
    }

    async fn on_deactivate(&self, _: Api) -> Result<(), Error> {
        tracing::info!("inactive");
        Ok(())
    }

    async fn on_configuration_change(&self, api: Api) -> Result<(), Error> {
        let settings: Settings = api.load_plugin_configuration().await?;
        self.changes.fetch_add(1, Ordering::Relaxed);
        if settings.hang_on_change {
            std::future::pending::<()>().await;
        }
        let payload = Payload::from([("origin".into(), Some(settings.trustedorigin.into()))]);
        api.publish_web_socket_event("config_changed", &payload, &WebsocketBroadcast::all())
            .await
    }

    async fn configuration_will_be_saved(
        &self,
        _: Api,
        configuration: gob::Value,
    ) -> Result<(), Error> {
        let plugins = configuration
            .field("PluginSettings")
            .and_then(|settings| settings.field("Plugins"));
        tracing::info!(found = plugins.is_some(), "about to be saved");
        Err(Error::reject("write https://mail.example.com"))
    }

    fn router(self: Arc<Self>, api: Api) -> impl HttpService {
        Router::new()
            .route(
                "/config",
                get(async || {
                    (
                        [("content-type", "application/json")],
                        r#"{"TrustedOrigin":"https://mail.example.com"}"#,
                    )
                }),
            )
            .route("/user", get(user))
            .route(
                "/changes",
                get(async |State(probe): State<Arc<Self>>| {
                    probe.changes.load(Ordering::Relaxed).to_string()
                }),
            )
            .route("/status/{status}", get(status))
            .route("/body/{status}", get(body_and_status))
            .route("/panic", get(panics))
            .route("/panic-later", get(panics_later))
            .route("/slow/{milliseconds}", get(slow))
            .route("/bytes/{count}", get(many_bytes))
            .route("/events", get(events))
            .route("/count", post(count))
            .route(
                "/cut-uploads",
                get(async |State(probe): State<Arc<Self>>| {
                    probe.cut_uploads.load(Ordering::Relaxed).to_string()
                }),
            )
            .route("/ignore", post(async || "ignored"))
            .route("/echo", post(async |body: Body| body))
            .route("/api/{method}", get(api_call))
            .with_state(self)
            .layer(axum::Extension(api))
    }
}

async fn user(headers: HeaderMap) -> Response {
    match headers.get("Mattermost-User-Id") {
        Some(id) => id.as_bytes().to_vec().into_response(),
        None => StatusCode::UNAUTHORIZED.into_response(),
    }
}

async fn status(Path(status): Path<u16>) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST)
}

/// A body also where HTTP allows none.
async fn body_and_status(Path(code): Path<u16>) -> (StatusCode, &'static str) {
    (status(Path(code)).await, "some text")
}

#[allow(clippy::panic, reason = "it is what this is for")]
async fn panics() -> &'static str {
    panic!("told to panic")
}

async fn panics_later() -> Body {
    Body::from_stream(stream::iter([true, false]).then(async |well| {
        tokio::time::sleep(Duration::from_millis(100)).await;
        assert!(well, "told to panic later");
        Ok::<_, Error>("some ")
    }))
}

async fn slow(Path(milliseconds): Path<u64>) -> &'static str {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    "at last"
}

async fn many_bytes(Path(count): Path<usize>) -> Body {
    const CHUNK: usize = 50_000;
    let chunks = (0..count)
        .step_by(CHUNK)
        .map(move |at| Bytes::from(vec![b'x'; CHUNK.min(count - at)]));
    Body::from_stream(stream::iter(chunks.map(Ok::<_, Error>)))
}

async fn events() -> Body {
    Body::from_stream(stream::iter(0..3).then(|number| async move {
        tokio::time::sleep(Duration::from_millis(300)).await;
        Ok::<_, Error>(format!("event {number}\n"))
    }))
}

async fn count(State(probe): State<Arc<Probe>>, body: Body) -> String {
    let mut data = body.into_data_stream();
    let mut count = 0;
    while let Some(chunk) = data.next().await {
        match chunk {
            Ok(chunk) => count += chunk.len(),
            Err(error) => {
                probe.cut_uploads.fetch_add(1, Ordering::Relaxed);
                return format!("{count} bytes, then {error}");
            }
        }
    }
    format!("{count} bytes")
}

async fn api_call(
    Path(method): Path<String>,
    axum::Extension(api): axum::Extension<Api>,
) -> String {
    let api = api.with_timeout(Duration::from_millis(500));
    let result = match method.as_str() {
        "version" => api.server_version().await,
        "user" => api.user("me").await.map(|user| user.username),
        "permission" => api
            .has_permission_to("me", &Permission::manage_system())
            .await
            .map(|yes| yes.to_string()),
        "config" => api.config().await.map(|config| {
            format!(
                "{:?}",
                config
                    .field("ServiceSettings")
                    .and_then(|s| s.field("SiteURL"))
            )
        }),
        "set" => api.kv_set("key", b"value").await.map(|()| "stored".into()),
        "get" => api
            .kv_get("key")
            .await
            .map(|value| String::from_utf8_lossy(&value).into_owned()),
        "bundle" => api.bundle_path().await,
        "enterprise" => api.is_enterprise_ready().await.map(|yes| yes.to_string()),
        _ => Err(Error::new("unknown")),
    };
    result.unwrap_or_else(|error| {
        format!(
            "error: {error} unknown_method={}",
            error.is_unknown_method()
        )
    })
}

fn main() -> ExitCode {
    mattermost_plugin::run(Probe::default())
}
