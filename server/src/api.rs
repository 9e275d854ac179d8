//! What the plugin answers below `<site>/plugins/notifymatters`.

mod config;

use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};

use crate::settings::SettingsInForce;

/// Mattermost sets it for a logged-in user and strips it from what comes from outside.
const USER_ID: &str = "Mattermost-User-Id";

/// All routes; who is not logged in learns nothing, not even which exist.
pub(crate) fn router(settings: Arc<SettingsInForce>) -> Router {
    Router::new()
        .nest("/api/v1", config::router(settings))
        .fallback(|| async { StatusCode::NOT_FOUND })
        .layer(middleware::from_fn(require_user))
}

async fn require_user(request: Request, next: Next) -> Response {
    match request.headers().get(USER_ID) {
        Some(user_id) if !user_id.is_empty() => next.run(request).await,
        _ => (StatusCode::UNAUTHORIZED, "log in to Mattermost first\n").into_response(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;
    use axum::body::Body;
    use axum::http::{Method, header};
    use http_body_util::BodyExt;
    use serde_json::{Value, json};
    use tower::ServiceExt;

    async fn respond(method: Method, path: &str, user_id: Option<&str>) -> (Response, Vec<u8>) {
        let stored = json!({ "trustedorigin": "https://Mail.example.com/ https://b.example" });
        let settings = SettingsInForce::default();
        settings
            .replace(Settings::from_plugin_configuration(stored.as_object().expect("an object")).0);
        let mut request = Request::builder().method(method).uri(path);
        if let Some(user_id) = user_id {
            request = request.header(USER_ID, user_id);
        }
        let request = request.body(Body::empty()).expect("a request");
        let mut response = router(Arc::new(settings))
            .oneshot(request)
            .await
            .expect("infallible");
        let body = std::mem::take(response.body_mut())
            .collect()
            .await
            .expect("a body");
        (response, body.to_bytes().to_vec())
    }

    #[tokio::test]
    async fn a_logged_in_user_reads_the_setting_as_stored_and_as_understood_by_get_and_by_post() {
        for method in [Method::GET, Method::POST] {
            let (response, body) = respond(method, "/api/v1/config", Some("u1")).await;
            assert_eq!(response.status(), StatusCode::OK);
            assert_eq!(response.headers()[header::CONTENT_TYPE], "application/json");
            assert_eq!(response.headers()[header::CACHE_CONTROL], "no-store");
            let body: Value = serde_json::from_slice(&body).expect("JSON");
            assert_eq!(
                body,
                json!({
                    "TrustedOrigin": "https://Mail.example.com/ https://b.example",
                    "trusted_origins": ["https://mail.example.com", "https://b.example"],
                })
            );
        }
    }

    #[tokio::test]
    async fn who_is_not_logged_in_learns_nothing() {
        for (path, user_id) in [
            ("/api/v1/config", None),
            ("/api/v1/config", Some("")),
            ("/x", None),
        ] {
            let (response, body) = respond(Method::GET, path, user_id).await;
            assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
            assert!(!body.windows(7).any(|part| part == b"example"));
        }
    }

    #[tokio::test]
    async fn other_paths_are_not_found_and_other_methods_not_allowed() {
        for path in [
            "/",
            "/api/v1",
            "/api/v1/config/",
            "/api/v2/config",
            "/api/v1/../config",
        ] {
            let (response, _) = respond(Method::GET, path, Some("u1")).await;
            assert_eq!(response.status(), StatusCode::NOT_FOUND, "for {path}");
        }
        let (response, _) = respond(Method::DELETE, "/api/v1/config", Some("u1")).await;
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
    }
}
