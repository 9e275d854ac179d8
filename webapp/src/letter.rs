//! Messages as they arrive, and their fields when the session reads them.

use js_sys::{Function, Object};
use notifymatters_protocol::limits::{PERMISSION_LENGTH, TYPE_LENGTH, VERSION_LENGTH};
use notifymatters_protocol::{Field, Letter, RawEnvelope, World};
use serde::{Serialize, Serializer};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessageEvent;

use crate::page::{member, short_string};

/// The browser, to the session.
#[derive(Debug)]
pub(crate) struct Browser;

impl World for Browser {
    type Window = JsValue;
    type Value = Opaque;
    type Notification = JsValue;
    type Request = Function;
    type Letter = Message;
}

/// A JavaScript value that is passed on as it is.
#[derive(Clone, Debug)]
pub(crate) struct Opaque(pub(crate) JsValue);

impl Serialize for Opaque {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serde_wasm_bindgen::preserve::serialize(&self.0, serializer)
    }
}

/// A message event whose `data` has not been touched.
#[derive(Debug)]
pub(crate) struct Message(pub(crate) MessageEvent);

impl Letter for Message {
    type Value = Opaque;

    fn open(&self) -> Option<RawEnvelope<Opaque>> {
        let data = self.0.data();
        // Of the page's realm, so no instance of this realm's `Object`.
        if !data.is_object() {
            return None;
        }
        let envelope: &Object = data.unchecked_ref();
        let state = member(envelope, &"state".into());
        Some(RawEnvelope {
            kind: string(&member(envelope, &"type".into()), TYPE_LENGTH),
            version: string(&member(envelope, &"notifymatters".into()), VERSION_LENGTH),
            word: string(&member(envelope, &"data".into()), PERMISSION_LENGTH),
            reference: number(&member(envelope, &"ref".into())),
            state: (!state.is_undefined()).then_some(Opaque(state)),
        })
    }
}

fn string(value: &JsValue, limit: usize) -> Field<String> {
    if value.is_undefined() || value.is_null() {
        return Field::Absent;
    }
    short_string(value, limit).map_or(Field::Wrong, Field::Is)
}

fn number(value: &JsValue) -> Field<f64> {
    if value.is_undefined() || value.is_null() {
        return Field::Absent;
    }
    value.as_f64().map_or(Field::Wrong, Field::Is)
}
