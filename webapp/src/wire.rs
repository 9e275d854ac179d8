//! JavaScript values made for the other side.

use js_sys::Object;
use notifymatters_protocol::options::{FORWARDED, icon_path};
use notifymatters_protocol::{Origin, Outgoing};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use crate::message::Opaque;
use crate::page::{member, set_member};

/// The envelope as an object; hosts of the field expect `null`, not `undefined`.
pub(crate) fn envelope(message: &Outgoing<Opaque>) -> JsValue {
    let serializer = Serializer::new().serialize_missing_as_null(true);
    message.serialize(&serializer).unwrap_or_default()
}

/// Which members of the options go to the host. Their names are made into JavaScript strings once, not at each notification.
pub(crate) struct Forwarded {
    names: Vec<JsValue>,
    icon: JsValue,
    own_origin: Option<Origin>,
}

impl Forwarded {
    /// For a page of this origin.
    pub(crate) fn new(own_origin: Option<Origin>) -> Self {
        Self {
            names: FORWARDED.iter().map(|name| (*name).into()).collect(),
            icon: "icon".into(),
            own_origin,
        }
    }

    /// The options that go to the host, out of those that the page gave.
    pub(crate) fn options(&self, given: &Object) -> JsValue {
        let options = Object::new();
        for name in &self.names {
            let value = member(given, name);
            if !value.is_undefined() && !value.is_null() {
                set_member(&options, name, &value);
            }
        }
        let url = member(given, &self.icon).as_string().unwrap_or_default();
        set_member(
            &options,
            &self.icon,
            &icon_path(&url, self.own_origin.as_ref()).into(),
        );
        options.into()
    }
}
