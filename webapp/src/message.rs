//! Messages as they arrive, and their fields when the session reads them.

use js_sys::Function;
use notifymatters_protocol::limits::{
    ORIGIN_LENGTH, PERMISSION_LENGTH, TYPE_LENGTH, VERSION_LENGTH,
};
use notifymatters_protocol::{Field, Origin, RawEnvelope, UnreadMessage, World};
use serde::{Serialize, Serializer};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessageEvent;

use crate::page::short_string;

#[wasm_bindgen]
extern "C" {
    /// A message's data. What comes by `postMessage` has neither getters nor a proxy in front: looking at a member cannot throw.
    type Envelope;

    #[wasm_bindgen(method, getter, js_name = type)]
    fn kind(this: &Envelope) -> JsValue;

    #[wasm_bindgen(method, getter, js_name = notifymatters)]
    fn version(this: &Envelope) -> JsValue;

    #[wasm_bindgen(method, getter, js_name = data)]
    fn word(this: &Envelope) -> JsValue;

    #[wasm_bindgen(method, getter, js_name = ref)]
    fn reference(this: &Envelope) -> JsValue;

    #[wasm_bindgen(method, getter)]
    fn state(this: &Envelope) -> JsValue;

    /// A message event, whose origin is looked at before it is copied.
    type Sent;

    #[wasm_bindgen(method, getter)]
    fn origin(this: &Sent) -> JsValue;
}

/// The browser, to the session.
#[derive(Debug)]
pub(crate) struct Browser;

impl World for Browser {
    type Window = JsValue;
    type Value = Opaque;
    type Notification = JsValue;
    type Request = Function;
    type Message = Message;
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

impl Message {
    /// Where it comes from, as the browser says; `None` if that names nobody.
    pub(crate) fn origin(&self) -> Option<Origin> {
        let sent: &Sent = self.0.unchecked_ref();
        Origin::parse(&short_string(&sent.origin(), ORIGIN_LENGTH)?).ok()
    }
}

impl UnreadMessage for Message {
    type Value = Opaque;

    fn open(&self) -> Option<RawEnvelope<Opaque>> {
        let data = self.0.data();
        if !data.is_object() {
            return None;
        }
        let envelope: &Envelope = data.unchecked_ref();
        let state = envelope.state();
        Some(RawEnvelope {
            kind: string(&envelope.kind(), TYPE_LENGTH),
            version: string(&envelope.version(), VERSION_LENGTH),
            word: string(&envelope.word(), PERMISSION_LENGTH),
            reference: number(&envelope.reference()),
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
