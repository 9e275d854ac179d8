//! Dynamic values, whose types are known only when they are decoded.

mod convert;
mod decode;
mod encode;
mod interface;
mod parts;
mod types;

use bstr::BString;

pub use self::interface::Interface;
pub use self::parts::{List, Map, OpaqueValue, Struct};
pub use self::types::Type;

/// Any value that a stream can carry, together with its type.
///
/// A field of this type accepts any value:
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
    /// A string. Go's strings are bytes, usually UTF-8.
    String(BString),
    /// A slice of bytes.
    Bytes(Vec<u8>),
    /// A slice or an array.
    List(List),
    /// A map.
    Map(Map),
    /// A struct.
    Struct(Struct),
    /// The bytes of a type that encodes itself.
    Opaque(OpaqueValue),
    /// An interface value; nothing for nil.
    Interface(Option<Box<Interface>>),
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

    /// The value of a struct's field; nothing if this is not a struct, or the field is unknown or was not sent.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Struct(structure) => structure.field(name),
            _ => None,
        }
    }

    /// The value of the map's entry with this key; nothing if this is not a map or has no such entry.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<&Self> {
        match self {
            Self::Map(map) => map.entry(key),
            _ => None,
        }
    }

    /// The string, if this is a string in UTF-8.
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

/// A complex number; Go's `complex64` and `complex128` are one on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Complex {
    /// The real part.
    pub re: f64,
    /// The imaginary part.
    pub im: f64,
}
