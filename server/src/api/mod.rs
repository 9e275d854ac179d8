//! What the plugin answers below `<site>/plugins/notifymatters`.
//!
//! Four paths are told apart without a router: a router's code would be an eighth of the executable.

mod answer;
mod assets;
mod config;
mod diagnostics;
mod embed;
#[cfg(test)]
mod tests;

pub(crate) use assets::Assets;
pub(crate) use config::LastSent;
pub(crate) use diagnostics::MayManageSystem;
pub(crate) use embed::{OwnTls, ServesTls, serves_tls};

use std::borrow::Cow;
use std::convert::Infallible;
use std::error::Error;
use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use http::{Method, Request, StatusCode};
use mattermost_plugin::{Body, HttpService};
use url::form_urlencoded;

use self::answer::{Response, method_not_allowed, not_found, refuse, without_body};
use crate::diagnostics::Asked;
use crate::settings::SettingsInForce;

/// Mattermost sets it for a logged-in user and strips it from what comes from outside.
const USER_ID: &str = "Mattermost-User-Id";

/// The endpoints, and what stands behind their answers.
pub(crate) struct Endpoints {
    pub(crate) settings: Arc<SettingsInForce>,
    pub(crate) asked: Arc<Asked>,
    pub(crate) last_sent: LastSent,
    pub(crate) may_manage_system: MayManageSystem,
    pub(crate) assets: Assets,
    pub(crate) own_tls: OwnTls,
}

impl Endpoints {
    /// The service that answers all requests.
    pub(crate) fn service(self) -> impl HttpService {
        let endpoints = Arc::new(self);
        tower::service_fn(move |request: Request<Body>| {
            let endpoints = Arc::clone(&endpoints);
            async move {
                let (request, body) = request.into_parts();
                Ok::<_, Infallible>(endpoints.answer(&request, body).await)
            }
        })
    }

    async fn answer<B>(&self, request: &Parts, body: B) -> Response
    where
        B: http_body::Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>>,
    {
        let answer = match request.uri.path().strip_prefix(assets::PATH) {
            Some(name) => self.asset(request, name),
            None if request.uri.path() == embed::PATH => self.embed(request).await,
            None => self.answer_user(request, body).await,
        };
        if request.method == Method::HEAD {
            return without_body(answer);
        }
        answer
    }

    /// Everybody may read them, as what Mattermost serves of the web part.
    fn asset(&self, request: &Parts, name: &str) -> Response {
        match request.method {
            Method::GET | Method::HEAD => self.assets.script(name),
            _ => method_not_allowed("GET,HEAD"),
        }
    }

    /// Who is not logged in learns nothing, not even which paths exist.
    async fn answer_user<B>(&self, request: &Parts, body: B) -> Response
    where
        B: http_body::Body<Data = Bytes, Error: Into<Box<dyn Error + Send + Sync>>>,
    {
        let Some(user_id) = user_id(request) else {
            return refuse(StatusCode::UNAUTHORIZED, "log in to Mattermost first");
        };
        match (request.uri.path(), &request.method) {
            // `POST` answers the same as `GET`, for clients that read with it.
            ("/api/v1/config", &Method::GET | &Method::HEAD | &Method::POST) => {
                self.configuration(request)
            }
            ("/api/v1/diagnostics", &Method::GET | &Method::HEAD | &Method::POST) => {
                self.diagnostics(request, body, user_id).await
            }
            ("/api/v1/config" | "/api/v1/diagnostics", _) => method_not_allowed("GET,HEAD,POST"),
            _ => not_found(),
        }
    }
}

fn user_id(request: &Parts) -> Option<&str> {
    let user_id = request.headers.get(USER_ID)?.to_str().ok()?;
    (!user_id.is_empty()).then_some(user_id)
}

/// A parameter of the query, decoded.
fn parameter<'a>(request: &'a Parts, name: &str) -> Option<Cow<'a, str>> {
    form_urlencoded::parse(request.uri.query()?.as_bytes())
        .find_map(|(key, value)| (key == name).then_some(value))
}
