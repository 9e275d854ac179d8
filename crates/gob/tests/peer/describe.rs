//! Describes a value the way the Go program does.

use gob::{OpaqueKind, Value};
use serde_json::{Value as Json, json};

/// The description that the Go program makes of the same value.
pub(crate) fn describe(value: &Value) -> Json {
    match value {
        Value::Bool(value) => json!(["bool", value]),
        Value::Int(value) => json!(["int", value.to_string()]),
        Value::Uint(value) => json!(["uint", value.to_string()]),
        Value::Float(value) => json!(["float", bits(*value)]),
        Value::Complex(value) => json!(["complex", bits(value.re), bits(value.im)]),
        Value::String(text) => json!(["string", hex(text)]),
        Value::Bytes(bytes) => json!(["bytes", hex(bytes)]),
        Value::List(list) => Json::Array(
            [json!("list")]
                .into_iter()
                .chain(list.elements().iter().map(describe))
                .collect(),
        ),
        Value::Map(map) => {
            let mut entries: Vec<_> = map
                .entries()
                .iter()
                .map(|(key, value)| json!([describe(key), describe(value)]))
                .collect();
            entries.sort_by_cached_key(Json::to_string);
            json!(["map", entries])
        }
        Value::Struct(structure) => {
            let fields = structure.fields().map(|(name, value)| match value {
                None => json!([name]),
                Some(value) => json!([name, describe(value)]),
            });
            Json::Array([json!("struct")].into_iter().chain(fields).collect())
        }
        Value::Opaque(opaque) => {
            let kind = match opaque.kind() {
                OpaqueKind::GobEncoder => "gob encoder",
                OpaqueKind::BinaryMarshaler => "binary marshaler",
                OpaqueKind::TextMarshaler => "text marshaler",
            };
            json!([kind, hex(opaque.bytes())])
        }
        Value::Interface(None) => json!(["interface"]),
        Value::Interface(Some(interface)) => {
            json!(["interface", interface.name, describe(&interface.value)])
        }
    }
}

fn bits(number: f64) -> String {
    format!("{:x}", number.to_bits())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
