//! The configuration endpoint: what a logged-in user's page may know of the settings.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use bytes::Bytes;
use http::request::Parts;
use notifymatters_protocol::Capability;
use serde::{Serialize, Serializer};

use super::answer::{Response, fresh, json};
use super::{Endpoints, parameter};
use crate::diagnostics::Asked;
use crate::settings::{Settings, parse_origin};

/// The body of `GET` and `POST /api/v1/config`.
#[derive(Serialize)]
struct Configuration<'a> {
    /// The setting unchanged; the web part of 2019 splits it at spaces.
    #[serde(rename = "TrustedOrigin")]
    trusted_origin: &'a str,
    /// Canonical, so that they can be compared with `event.origin`.
    trusted_origins: &'a [String],
    /// By trusted origin, the names of all capabilities that it has.
    capabilities: Granted<'a>,
}

struct Granted<'a>(&'a Settings);

impl Serialize for Granted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(settings) = self;
        let origins = settings.trusted_origins.as_slice();
        serializer.collect_map(origins.iter().map(|origin| {
            let granted = settings.grants.of(origin);
            (
                origin,
                granted.iter().map(Capability::as_str).collect::<Vec<_>>(),
            )
        }))
    }
}

impl<'a> From<&'a Settings> for Configuration<'a> {
    fn from(settings: &'a Settings) -> Self {
        Self {
            trusted_origin: &settings.trusted_origin,
            trusted_origins: settings.trusted_origins.as_slice(),
            capabilities: Granted(settings),
        }
    }
}

/// The configuration as it was sent last: all pages get the same until the settings change.
#[derive(Debug, Default)]
pub(crate) struct LastSent(Mutex<Option<(Arc<Settings>, Bytes)>>);

impl LastSent {
    fn body(&self, settings: &Arc<Settings>) -> serde_json::Result<Bytes> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, body)) = &*last
            && Arc::ptr_eq(of, settings)
        {
            return Ok(body.clone());
        }
        let body = json(&Configuration::from(&**settings))?;
        *last = Some((Arc::clone(settings), body.clone()));
        Ok(body)
    }
}

impl Endpoints {
    /// The query's `host` is the `event.origin` of the host that asked the page; it is absent if none did.
    pub(super) fn configuration(&self, request: &Parts) -> Response {
        let settings = self.settings.current();
        if let Some(host) = parameter(request, "host") {
            note(&self.asked, &settings, &host);
        }
        fresh(self.last_sent.body(&settings))
    }
}

/// Remembers the host, only to show it to administrators.
fn note(asked: &Asked, settings: &Settings, host: &str) {
    // A text that can never be a trusted origin is ignored.
    if let Ok(origin) = parse_origin(host) {
        let trusted = settings.trusted_origins.contains(&origin);
        asked.note(&origin, trusted, SystemTime::now());
    }
}
