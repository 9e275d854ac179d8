//! Reads the server part's configuration endpoint.

use gloo_net::http::Request;
use notifymatters_protocol::limits::CONFIGURATION_LENGTH;
use notifymatters_protocol::{Configuration, LoadFailure};

/// Asks for the configuration, as the logged-in user.
pub(crate) async fn load(url: &str) -> Result<Configuration, LoadFailure> {
    let answer = Request::get(url)
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
    serde_wasm_bindgen::from_value(json).map_err(|_| LoadFailure::Malformed)
}
