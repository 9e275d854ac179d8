//! The diagnostics endpoint: what the embedding check in the System Console asks.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::SystemTime;

use http::StatusCode;
use http::request::Parts;

use super::answer::{Response, fresh, json, refuse};
use super::{Endpoints, parameter};
use crate::diagnostics::Report;
use crate::settings::parse_origin;

/// Asks Mattermost whether a user, by id, may manage the system; `Err`: it could not be asked.
pub(crate) type MayManageSystem = Arc<dyn Fn(String) -> Answer + Send + Sync>;

/// What Mattermost says to a question of yes or no; an error is for the log.
pub(super) type Answer = Pin<Box<dyn Future<Output = Result<bool, String>> + Send>>;

impl Endpoints {
    pub(super) async fn diagnostics(&self, request: &Parts, user_id: &str) -> Response {
        match (self.may_manage_system)(user_id.to_owned()).await {
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
        match self.report(request) {
            Some(report) => fresh(json(&report)),
            None => refuse(
                StatusCode::BAD_REQUEST,
                "say at which origin Mattermost is used: ?site=https://chat.example.com",
            ),
        }
    }

    /// The query's `site` is the origin at which the one who asks uses Mattermost; `setting`, where it is there, a text to be
    /// judged in place of the stored setting.
    fn report(&self, request: &Parts) -> Option<Report> {
        Report::new(
            &parse_origin(&parameter(request, "site")?).ok()?,
            &self.settings.current(),
            parameter(request, "setting").as_deref(),
            &self.asked,
            SystemTime::now(),
        )
    }
}
