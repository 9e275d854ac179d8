//! The configuration endpoint: what a logged-in user's page may know of the settings.

use std::sync::Arc;

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;
use axum::routing::get;
use axum::{Json, Router};
use serde::Serialize;

use crate::settings::{Settings, SettingsInForce};

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

/// `POST` answers the same as `GET`, for clients that read with it.
pub(super) fn router(settings: Arc<SettingsInForce>) -> Router {
    Router::new()
        .route("/config", get(config).post(config))
        .with_state(settings)
}

async fn config(State(settings): State<Arc<SettingsInForce>>) -> impl IntoResponse {
    // A page that asks again after a change must not be answered from a cache.
    let fresh = [(header::CACHE_CONTROL, "no-store")];
    (fresh, Json(Configuration::from(&*settings.current()))).into_response()
}
