//! Messages as they arrive, and their fields when the session reads them.

use alloc::string::String;
use core::fmt;

use js_sys::Function;
use notifymatters_protocol::limits::{
    ORIGIN_LENGTH, PERMISSION_LENGTH, TYPE_LENGTH, VERSION_LENGTH,
};
use notifymatters_protocol::{Field, Origin, RawEnvelope, UnreadMessage, World};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessageEvent;

use crate::page::{Page, capabilities, member, short_string};

/// The browser, to the session.
#[derive(Debug)]
pub(crate) struct Browser;

impl World for Browser {
    type Window = JsValue;
    type Value = JsValue;
    type Notification = JsValue;
    type Request = Function;
    type Message = Message;
}

/// A message event whose `data` has not been touched.
pub(crate) struct Message(pub(crate) MessageEvent, pub(crate) Page);

impl Message {
    /// Who sent it; `null` if it is no window of any tree.
    pub(crate) fn window(&self) -> JsValue {
        member(&self.0, "source")
    }

    /// Where it comes from, as the browser says; `None` if that names nobody.
    pub(crate) fn origin(&self) -> Option<Origin> {
        Origin::parse(&short_string(&member(&self.0, "origin"), ORIGIN_LENGTH)?).ok()
    }
}

impl fmt::Debug for Message {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Message")
    }
}

impl UnreadMessage for Message {
    type Value = JsValue;

    fn open(&self) -> Option<RawEnvelope<JsValue>> {
        let data = member(&self.0, "data");
        if !data.is_object() {
            return None;
        }
        let field = |name| member(data.unchecked_ref(), name);
        let state = field("state");
        Some(RawEnvelope {
            kind: string(&field("type"), TYPE_LENGTH),
            version: string(&field("notifymatters"), VERSION_LENGTH),
            word: string(&field("data"), PERMISSION_LENGTH),
            reference: number(&field("ref")),
            state: (!state.is_undefined()).then_some(state),
            want: capabilities(&self.1, &field("want")),
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
