//! What the server part's configuration endpoint answers.

use js_sys::{Array, JsString};
use notifymatters_protocol::limits::{CONFIGURATION_LENGTH, ORIGIN_LENGTH, TRUSTED_ORIGINS};
use notifymatters_protocol::{Capabilities, Configuration, LoadFailure, Origin, TrustedOrigin};
use wasm_bindgen::{JsCast, JsValue};

use crate::page::{Page, capabilities, json, member, short_string};

/// Reads the answer; a status of 0: none came.
pub(crate) fn read(
    page: &Page,
    status: u16,
    body: &JsString,
) -> Result<Configuration, LoadFailure> {
    match status {
        200 if body.length() as usize > CONFIGURATION_LENGTH => Err(LoadFailure::Malformed),
        200 => json(body)
            .ok()
            .and_then(|answer| parse(page, &answer))
            .ok_or(LoadFailure::Malformed),
        0 => Err(LoadFailure::Unreachable),
        other => Err(LoadFailure::Status(other)),
    }
}

/// By hand, because serde's errors bring the formatting of numbers along, a tenth of the component; and nobody reads them.
fn parse(page: &Page, json: &JsValue) -> Option<Configuration> {
    if !json.is_object() {
        return None;
    }
    let list: Array = member(json.unchecked_ref(), "trusted_origins")
        .dyn_into()
        .ok()?;
    if list.length() as usize > TRUSTED_ORIGINS {
        return None;
    }
    // A server part of before capabilities says nothing of them.
    let granted = member(json.unchecked_ref(), "capabilities");
    let granted = granted.is_object().then_some(granted);
    let trusted_origins: Option<_> = list
        .iter()
        .map(|origin| {
            let origin = Origin::parse(&short_string(&origin, ORIGIN_LENGTH)?).ok()?;
            let granted = granted
                .as_ref()
                .and_then(|granted| {
                    capabilities(page, &member(granted.unchecked_ref(), origin.as_str()))
                })
                .unwrap_or(Capabilities::DEFAULT);
            Some(TrustedOrigin { origin, granted })
        })
        .collect();
    Some(Configuration {
        trusted_origins: trusted_origins?,
    })
}
