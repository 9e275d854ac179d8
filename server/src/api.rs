//! What the plugin answers below `<site>/plugins/notifymatters`.

mod config;
mod diagnostics;
#[cfg(test)]
mod tests;

pub(crate) use diagnostics::MayManageSystem;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};

use crate::diagnostics::Asked;
use crate::settings::SettingsInForce;

/// Mattermost sets it for a logged-in user and strips it from what comes from outside.
const USER_ID: &str = "Mattermost-User-Id";

/// All routes; who is not logged in learns nothing, not even which exist.
pub(crate) fn router(
    settings: Arc<SettingsInForce>,
    asked: Arc<Asked>,
    may_manage_system: MayManageSystem,
) -> Router {
    let config = config::router(Arc::clone(&settings), Arc::clone(&asked));
    let diagnostics = diagnostics::router(settings, asked, may_manage_system);
    Router::new()
        .nest("/api/v1", config.merge(diagnostics))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(middleware::from_fn(require_user))
}

async fn require_user(request: Request, next: Next) -> Response {
    match request.headers().get(USER_ID) {
        Some(user_id) if !user_id.is_empty() => next.run(request).await,
        _ => (StatusCode::UNAUTHORIZED, "log in to Mattermost first\n").into_response(),
    }
}
