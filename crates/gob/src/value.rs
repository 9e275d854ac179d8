//! Values whose type is known only when they arrive.

mod decode;
mod encode;
mod types;

use bstr::BString;

pub(crate) use self::types::Definitions;
pub use self::types::Type;
use crate::complex::Complex;
use crate::definition::{OpaqueKind, Shape};
use crate::interface::Interface;

/// Any value that a stream can carry, together with its type.
///
/// A field of this type takes whatever arrives:
///
/// ```
/// # fn main() -> gob::Result<()> {
/// #[derive(gob::Decode)]
/// struct Reply {
///     #[gob(name = "Config")]
///     config: gob::Value,
/// }
/// # #[derive(gob::Encode)]
/// # struct Sent { config: Config }
/// # #[derive(gob::Encode)]
/// # struct Config { site_name: String }
/// # let sent = Sent { config: Config { site_name: "Chat".to_owned() } };
/// # let mut buffer = bytes::BytesMut::new();
/// # gob::Encoder::new().encode(&sent, &mut buffer)?;
/// # let mut decoder = gob::Decoder::default();
/// # let message = decoder.next_message(&mut buffer)?.expect("a whole message");
/// let reply: Reply = decoder.decode(&message)?;
/// let name = reply.config.field("SiteName").and_then(|name| name.as_str());
/// assert_eq!(name, Some("Chat"));
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// A boolean.
    Bool(bool),
    /// A signed integer of any of Go's sizes.
    Int(i64),
    /// An unsigned integer of any of Go's sizes.
    Uint(u64),
    /// A floating-point number of either size.
    Float(f64),
    /// A complex number of either size.
    Complex(Complex),
    /// A string. Go's strings are bytes, by custom in UTF-8.
    String(BString),
    /// A slice of bytes.
    Bytes(Vec<u8>),
    /// A slice or an array.
    List(List),
    /// A map.
    Map(Map),
    /// A struct.
    Struct(Struct),
    /// The bytes that a type wrote by itself.
    Opaque(OpaqueValue),
    /// An interface value; nothing for nil.
    Interface(Option<Box<Interface>>),
}

/// The elements of a slice or an array.
#[derive(Debug, Clone)]
pub struct List {
    pub(crate) type_: Type,
    pub(crate) elements: Vec<Value>,
}

/// The entries of a map, in the order of the stream.
#[derive(Debug, Clone)]
pub struct Map {
    pub(crate) type_: Type,
    pub(crate) entries: Vec<(Value, Value)>,
}

/// The fields of a struct.
#[derive(Debug, Clone)]
pub struct Struct {
    pub(crate) type_: Type,
    /// By the field numbers of the type; nothing for a field that was left out.
    pub(crate) fields: Vec<Option<Value>>,
}

/// The bytes that a type wrote by itself.
#[derive(Debug, Clone)]
pub struct OpaqueValue {
    pub(crate) type_: Type,
    pub(crate) bytes: Vec<u8>,
}

impl Value {
    /// The value's type.
    #[must_use]
    pub fn type_(&self) -> Type {
        match self {
            Self::Bool(_) => Type::BOOL,
            Self::Int(_) => Type::INT,
            Self::Uint(_) => Type::UINT,
            Self::Float(_) => Type::FLOAT,
            Self::Complex(_) => Type::COMPLEX,
            Self::String(_) => Type::STRING,
            Self::Bytes(_) => Type::BYTES,
            Self::Interface(_) => Type::INTERFACE,
            Self::List(list) => list.type_.clone(),
            Self::Map(map) => map.type_.clone(),
            Self::Struct(structure) => structure.type_.clone(),
            Self::Opaque(opaque) => opaque.type_.clone(),
        }
    }

    /// The value of a struct's field; nothing if this is no struct, or the field is unknown or left out.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Struct(structure) => structure.field(name),
            _ => None,
        }
    }

    /// The value of a map's entry whose key is the string; nothing if this is no map or there is none.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(map) => map.entry(key),
            _ => None,
        }
    }

    /// The string, if this is one and it is UTF-8.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Self::String(text) => std::str::from_utf8(text).ok(),
            _ => None,
        }
    }

    /// The boolean, if this is one.
    #[must_use]
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            _ => None,
        }
    }

    /// The integer, if this is a signed one.
    #[must_use]
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Int(value) => Some(*value),
            _ => None,
        }
    }

    /// The integer, if this is an unsigned one.
    #[must_use]
    pub fn as_uint(&self) -> Option<u64> {
        match self {
            Self::Uint(value) => Some(*value),
            _ => None,
        }
    }

    /// The number, if this is a floating-point one.
    #[must_use]
    pub fn as_float(&self) -> Option<f64> {
        match self {
            Self::Float(value) => Some(*value),
            _ => None,
        }
    }

    /// The value inside an interface value, if this is one and not nil.
    #[must_use]
    pub fn as_interface(&self) -> Option<&Interface> {
        match self {
            Self::Interface(interface) => interface.as_deref(),
            _ => None,
        }
    }
}

impl List {
    /// The elements.
    #[must_use]
    pub fn elements(&self) -> &[Value] {
        &self.elements
    }
}

impl Map {
    /// The entries in the order of the stream; Go's order is random.
    #[must_use]
    pub fn entries(&self) -> &[(Value, Value)] {
        &self.entries
    }

    /// The value of the entry whose key is the string.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Value> {
        self.entries
            .iter()
            .find(|(name, _)| matches!(name, Value::String(name) if name == key))
            .map(|(_, value)| value)
    }
}

impl Struct {
    /// Go's name of the struct; empty if it has none.
    #[must_use]
    pub fn name(&self) -> &str {
        self.type_.name()
    }

    /// The value of a field; nothing if the struct does not have it, or it was left out because it is zero.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Value> {
        self.fields()
            .find(|(field, _)| *field == name)
            .and_then(|(_, value)| value)
    }

    /// All fields of the type with their values, where they were sent.
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
    /// The bytes as the type wrote them.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// By which of Go's interfaces it wrote them.
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

/// Structs are equal if the fields that were sent are, by their names.
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
