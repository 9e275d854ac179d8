//! Reads the server part's configuration endpoint.

use gloo_net::http::Request;
use js_sys::Array;
use notifymatters_protocol::limits::{CONFIGURATION_LENGTH, ORIGIN_LENGTH, TRUSTED_ORIGINS};
use notifymatters_protocol::{Configuration, LoadFailure, Origin};
use wasm_bindgen::{JsCast, JsValue};

use crate::page::{member, short_string};

/// Asks for the configuration, as the logged-in user.
///
/// The server part shows `host` to administrators, as one of those who asked lately; its answer is the same for all.
pub(crate) async fn load(url: &str, host: &Origin) -> Result<Configuration, LoadFailure> {
    let host = js_sys::encode_uri_component(host.as_str());
    let answer = Request::get(&format!("{url}?host={host}"))
        .send()
        .await
        .map_err(|_| LoadFailure::Unreachable)?;
    if answer.status() != 200 {
        return Err(LoadFailure::Status(answer.status()));
    }
    let text = answer.text().await.map_err(|_| LoadFailure::Unreachable)?;
    if text.len() > CONFIGURATION_LENGTH {
        return Err(LoadFailure::Malformed);
    }
    let json = js_sys::JSON::parse(&text).map_err(|_| LoadFailure::Malformed)?;
    parse(&json).ok_or(LoadFailure::Malformed)
}

/// By hand, because serde's errors bring the formatting of numbers along, a tenth of the component; and nobody reads them.
fn parse(json: &JsValue) -> Option<Configuration> {
    if !json.is_object() {
        return None;
    }
    let list = member(json.unchecked_ref(), &"trusted_origins".into());
    let list: Array = list.dyn_into().ok()?;
    if list.length() as usize > TRUSTED_ORIGINS {
        return None;
    }
    let trusted_origins: Option<_> = list
        .iter()
        .map(|origin| Origin::parse(&short_string(&origin, ORIGIN_LENGTH)?).ok())
        .collect();
    Some(Configuration {
        trusted_origin: String::new(),
        trusted_origins: trusted_origins?,
    })
}
