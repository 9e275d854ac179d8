//! The diagnostics endpoint: what the embedding check in the System Console asks.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::SystemTime;

use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;

use super::USER_ID;
use crate::diagnostics::{Asked, Report};
use crate::settings::{SettingsInForce, parse_origin};

/// Asks Mattermost whether a user, by id, may manage the system; `Err`: it could not be asked.
pub(crate) type MayManageSystem = Arc<dyn Fn(String) -> Answer + Send + Sync>;

/// The answer to [`MayManageSystem`]; an error is for the log.
type Answer = Pin<Box<dyn Future<Output = Result<bool, String>> + Send>>;

/// The query of `GET /api/v1/diagnostics`.
#[derive(Deserialize)]
struct Question {
    /// The origin at which the one who asks uses Mattermost.
    site: String,
    /// A text to be judged in place of the stored setting.
    setting: Option<String>,
}

#[derive(Clone)]
struct Rooms {
    settings: Arc<SettingsInForce>,
    asked: Arc<Asked>,
    may_manage_system: MayManageSystem,
}

pub(super) fn router(
    settings: Arc<SettingsInForce>,
    asked: Arc<Asked>,
    may_manage_system: MayManageSystem,
) -> Router {
    Router::new()
        .route("/diagnostics", get(diagnostics))
        .with_state(Rooms {
            settings,
            asked,
            may_manage_system,
        })
}

async fn diagnostics(
    State(rooms): State<Rooms>,
    headers: HeaderMap,
    question: Result<Query<Question>, QueryRejection>,
) -> Response {
    let user_id = headers
        .get(USER_ID)
        .and_then(|user_id| user_id.to_str().ok())
        .unwrap_or_default();
    match (rooms.may_manage_system)(user_id.to_owned()).await {
        Ok(true) => {}
        Ok(false) => {
            return refuse(
                StatusCode::FORBIDDEN,
                "only a system administrator may read this",
            );
        }
        Err(error) => {
            tracing::warn!(
                error,
                "Mattermost did not say whether a user may manage the system"
            );
            return refuse(
                StatusCode::SERVICE_UNAVAILABLE,
                "Mattermost did not say who asks: try again",
            );
        }
    }
    let report = question.ok().and_then(|Query(question)| {
        Report::new(
            &parse_origin(&question.site).ok()?,
            &rooms.settings.current(),
            question.setting.as_deref(),
            &rooms.asked,
            SystemTime::now(),
        )
    });
    match report {
        Some(report) => ([(header::CACHE_CONTROL, "no-store")], Json(report)).into_response(),
        None => refuse(
            StatusCode::BAD_REQUEST,
            "say at which origin Mattermost is used: ?site=https://chat.example.com",
        ),
    }
}

fn refuse(status: StatusCode, why: &'static str) -> Response {
    (status, format!("{why}\n")).into_response()
}
