//! Values that contain others, or bytes.

use std::fmt;

use super::{Type, Value};
use crate::error::{Error, ErrorKind, Result};
use crate::types::{OpaqueKind, Shape};

/// The elements of a slice or an array.
#[derive(Clone)]
pub struct List {
    pub(crate) type_: Type,
    pub(crate) elements: Vec<Value>,
}

/// The entries of a map, in the order of the stream.
#[derive(Clone)]
pub struct Map {
    pub(crate) type_: Type,
    pub(crate) entries: Vec<(Value, Value)>,
}

/// The fields of a struct.
#[derive(Clone)]
pub struct Struct {
    pub(crate) type_: Type,
    /// In the order of the type's fields; nothing for a field that was not sent.
    pub(crate) fields: Vec<Option<Value>>,
}

/// The bytes of a type that encodes itself.
#[derive(Clone)]
pub struct OpaqueValue {
    pub(crate) type_: Type,
    pub(crate) bytes: Vec<u8>,
}

impl List {
    /// A slice or an array of the type, which is [`Type::slice`] or [`Type::array`].
    ///
    /// The types of the elements are checked when the value is encoded.
    #[must_use]
    pub fn new(type_: Type, elements: Vec<Value>) -> Self {
        Self { type_, elements }
    }

    /// The elements.
    #[must_use]
    pub fn elements(&self) -> &[Value] {
        &self.elements
    }
}

impl Map {
    /// A map of the type, which is [`Type::map`].
    ///
    /// The types of keys and values are checked when the value is encoded.
    #[must_use]
    pub fn new(type_: Type, entries: Vec<(Value, Value)>) -> Self {
        Self { type_, entries }
    }

    /// The entries in the order of the stream; Go's order is random.
    #[must_use]
    pub fn entries(&self) -> &[(Value, Value)] {
        &self.entries
    }

    /// The value of the entry with this key.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Value> {
        self.entries
            .iter()
            .find(|(name, _)| matches!(name, Value::String(name) if name == key))
            .map(|(_, value)| value)
    }
}

impl Struct {
    /// A struct of the type, which is [`Type::structure`], with these fields set.
    ///
    /// The types of the values are checked when the value is encoded.
    ///
    /// # Errors
    ///
    /// The type is not a struct, or has no field of one of the names.
    pub fn new<'a>(
        type_: Type,
        fields: impl IntoIterator<Item = (&'a str, Value)>,
    ) -> Result<Self> {
        let Some(Shape::Struct { fields: known }) = type_.shape() else {
            return Err(ErrorKind::Inconsistent("the type of a struct is not a struct").into());
        };
        let mut values = vec![None; known.len()];
        for (name, value) in fields {
            let place = known.iter().position(|field| field.name == name);
            let place = place.ok_or(ErrorKind::Inconsistent("the struct has no such field"));
            values[place.map_err(|kind| Error::from(kind).in_named(name))?] = Some(value);
        }
        Ok(Self {
            type_,
            fields: values,
        })
    }

    /// Go's name of the struct; empty if it has none.
    #[must_use]
    pub fn name(&self) -> &str {
        self.type_.name()
    }

    /// The value of a field; nothing if the struct does not have it, or if it was not sent because it is zero.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.fields()
            .find(|(field, _)| *field == name)
            .and_then(|(_, value)| value)
    }

    /// All fields of the type, with the values of those that were sent.
    pub fn fields(&self) -> impl Iterator<Item = (&str, Option<&Value>)> {
        let names = match self.type_.shape() {
            Some(Shape::Struct { fields }) => &fields[..],
            _ => &[],
        };
        names
            .iter()
            .zip(&self.fields)
            .map(|(field, value)| (field.name.as_str(), value.as_ref()))
    }
}

impl OpaqueValue {
    /// The bytes of a type that encodes itself, which is [`Type::opaque`].
    #[must_use]
    pub fn new(type_: Type, bytes: Vec<u8>) -> Self {
        Self { type_, bytes }
    }

    /// The bytes as the type has encoded them.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The interface of Go's by which it has encoded them.
    #[must_use]
    pub fn kind(&self) -> OpaqueKind {
        match self.type_.shape() {
            Some(Shape::Opaque(kind)) => *kind,
            _ => OpaqueKind::GobEncoder,
        }
    }

    /// Go's name of the type.
    #[must_use]
    pub fn name(&self) -> &str {
        self.type_.name()
    }
}

impl fmt::Debug for List {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.elements).finish()
    }
}

impl fmt::Debug for Map {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let entries = self.entries.iter().map(|(key, value)| (key, value));
        f.debug_map().entries(entries).finish()
    }
}

/// Shows what was sent, by its names: most fields of most structs are zero.
impl fmt::Debug for Struct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct(self.name());
        for (name, value) in self.fields() {
            if let Some(value) = value {
                shown.field(name, value);
            }
        }
        shown.finish()
    }
}

impl fmt::Debug for OpaqueValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple(self.name()).field(&self.bytes).finish()
    }
}

impl PartialEq for List {
    fn eq(&self, other: &Self) -> bool {
        self.elements == other.elements
    }
}

/// Maps are equal whatever the order of their entries.
impl PartialEq for Map {
    fn eq(&self, other: &Self) -> bool {
        self.entries.len() == other.entries.len()
            && self.entries.iter().all(|(key, value)| {
                other
                    .entries
                    .iter()
                    .any(|(other_key, other_value)| key == other_key && value == other_value)
            })
    }
}

/// Structs are equal if the fields that were sent are equal, in whatever order.
impl PartialEq for Struct {
    fn eq(&self, other: &Self) -> bool {
        let sent = |structure: &Self| structure.fields.iter().flatten().count();
        sent(self) == sent(other)
            && self
                .fields()
                .all(|(name, value)| value.is_none() || value == other.field(name))
    }
}

impl PartialEq for OpaqueValue {
    fn eq(&self, other: &Self) -> bool {
        self.kind() == other.kind() && self.bytes == other.bytes
    }
}
