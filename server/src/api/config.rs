//! The configuration endpoint: what a logged-in user's page may know of the settings.

use std::sync::Arc;
use std::time::SystemTime;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use serde::{Deserialize, Serialize};

use crate::diagnostics::Asked;
use crate::settings::{Settings, SettingsInForce, parse_origin};

/// The body of `GET` and `POST /api/v1/config`.
#[derive(Serialize)]
struct Configuration<'a> {
    /// As it stands in the setting; the web part of 2019 reads it and splits it at spaces.
    #[serde(rename = "TrustedOrigin")]
    trusted_origin: &'a str,
    /// Canonical, to be compared with `event.origin` as it is.
    trusted_origins: &'a [String],
}

impl<'a> From<&'a Settings> for Configuration<'a> {
    fn from(settings: &'a Settings) -> Self {
        Self {
            trusted_origin: &settings.trusted_origin,
            trusted_origins: settings.trusted_origins.as_slice(),
        }
    }
}

/// What the web part says of the page on whose behalf it asks.
#[derive(Deserialize)]
struct Asking {
    /// The `event.origin` of the host that sent `enable`; absent where nobody did.
    host: Option<String>,
}

#[derive(Clone)]
struct Rooms {
    settings: Arc<SettingsInForce>,
    asked: Arc<Asked>,
}

/// `POST` answers the same as `GET`, for clients that read with it.
pub(super) fn router(settings: Arc<SettingsInForce>, asked: Arc<Asked>) -> Router {
    Router::new()
        .route("/config", get(config).post(config))
        .with_state(Rooms { settings, asked })
}

async fn config(
    State(rooms): State<Rooms>,
    asking: Result<Query<Asking>, QueryRejection>,
) -> impl IntoResponse {
    let settings = rooms.settings.current();
    if let Ok(Query(Asking { host: Some(host) })) = asking {
        note(&rooms.asked, &settings, &host);
    }
    // A page that asks again after a change must not be answered from a cache.
    let fresh = [(header::CACHE_CONTROL, "no-store")];
    (fresh, Json(Configuration::from(&*settings))).into_response()
}

/// Remembers the host for the administrator's eyes only; nothing is decided by it.
fn note(asked: &Asked, settings: &Settings, host: &str) {
    // An origin that no trusted origin could be equal to is nobody's.
    if let Ok(origin) = parse_origin(host) {
        let trusted = settings.trusted_origins.contains(&origin);
        asked.note(&origin, trusted, SystemTime::now());
    }
}
