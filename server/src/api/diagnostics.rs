//! The diagnostics endpoint: what the embedding check in the System Console asks.

use std::borrow::Cow;
use std::error::Error;
use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use http::request::Parts;
use http::{Method, StatusCode};
use http_body::Body;
use http_body_util::BodyExt as _;

use super::answer::{Response, fresh, json, refuse};
use super::{Endpoints, parameter};
use crate::diagnostics::{Question, Report};

/// What a page may send, in bytes: a setting may have 64 KiB, and be there typed and under two spellings of its key; some
/// proxies pass on 64 KiB of headers.
const MAX_QUESTION_BYTES: usize = 512 * 1024;

/// Asks Mattermost whether a user, by id, may manage the system; `Err`: it could not be asked.
pub(crate) type MayManageSystem = Arc<dyn Fn(String) -> Answer + Send + Sync>;

/// What Mattermost says to a question of yes or no; an error is for the log.
pub(super) type Answer = Pin<Box<dyn Future<Output = Result<bool, String>> + Send>>;

impl Endpoints {
    pub(super) async fn diagnostics<B>(&self, request: &Parts, body: B, user_id: &str) -> Response
    where
        B: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>>,
    {
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
        let question = if request.method == Method::POST {
            match read(body).await {
                Ok(question) => question,
                Err(refusal) => return refusal,
            }
        } else {
            Question {
                site: parameter(request, "site").unwrap_or_default().into_owned(),
                setting: parameter(request, "setting").map(Cow::into_owned),
                ..Question::default()
            }
        };
        let now = SystemTime::now();
        match Report::new(&question, &self.settings.current(), &self.asked, now) {
            Some(report) => fresh(json(&report)),
            None => refuse(
                StatusCode::BAD_REQUEST,
                "say at which origin Mattermost is used, as in site=https://chat.example.com",
            ),
        }
    }
}

/// Reads what a page sent, or says what is wrong with it.
async fn read<B>(body: B) -> Result<Question, Response>
where
    B: Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>>,
{
    let mut body = pin!(body);
    let mut sent = Vec::new();
    while let Some(frame) = body.frame().await {
        match frame.map_err(Into::into) {
            Ok(frame) => sent.extend(frame.into_data().unwrap_or_default()),
            Err(error) => return Err(wrong(&format!("it could not be read: {error}"))),
        }
        if sent.len() > MAX_QUESTION_BYTES {
            let why = "send at most 512 KiB";
            return Err(refuse(StatusCode::PAYLOAD_TOO_LARGE, why));
        }
    }
    let text = str::from_utf8(&sent).map_err(|error| wrong(&error.to_string()))?;
    let question = serde_json::from_str(text).map_err(|error| wrong(&error.to_string()))?;
    Question::read(&question).map_err(|error| wrong(&error.to_string()))
}

fn wrong(why: &str) -> Response {
    let why = format!("this is no question of the embedding check: {why}");
    refuse(StatusCode::BAD_REQUEST, &why)
}
