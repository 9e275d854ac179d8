//! The names of interface values that a server knows. Of any other it refuses the whole call.

use gob::Value;

/// What Mattermost registers (`plugin/client_rpc.go`) besides Go's basic types and slices of them: the first eight since
/// 5.39, the others since 6.7 and 10.
const REGISTERED: [&str; 10] = [
    "[]interface {}",
    "map[string]interface {}",
    "[]*model.SlackAttachment",
    "*model.AppError",
    "*model.AutocompleteTextArg",
    "*model.AutocompleteStaticListArg",
    "*model.AutocompleteDynamicListArg",
    "*plugin.ErrorString",
    "*model.PreviewPost",
    "github.com/mattermost/mattermost/server/public/model.PropertyOptions[*github.com/mattermost/mattermost/server/public/model.PluginPropertyOption]",
];

/// Go's basic types (`registerBasics` of `encoding/gob`).
const BASIC: [&str; 17] = [
    "bool",
    "string",
    "int",
    "int8",
    "int16",
    "int32",
    "int64",
    "uint",
    "uint8",
    "uint16",
    "uint32",
    "uint64",
    "uintptr",
    "float32",
    "float64",
    "complex64",
    "complex128",
];

/// The first name in a value that a server does not know.
pub(super) fn unregistered(value: &Value) -> Option<&str> {
    match value {
        Value::Interface(Some(interface)) => {
            let name = interface.name.as_str();
            let basic = name.strip_prefix("[]").unwrap_or(name);
            if REGISTERED.contains(&name) || BASIC.contains(&basic) {
                unregistered(&interface.value)
            } else {
                Some(name)
            }
        }
        Value::List(list) => list.elements().iter().find_map(unregistered),
        Value::Map(map) => map
            .entries()
            .iter()
            .find_map(|(key, value)| unregistered(key).or_else(|| unregistered(value))),
        Value::Struct(structure) => structure
            .fields()
            .find_map(|(_, value)| unregistered(value?)),
        _ => None,
    }
}
