//! Go's `encoding/gob`: encoder, decoder, derive.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod complex;
mod decode;
mod decoder;
mod definition;
mod describer;
mod encode;
mod encoder;
mod error;
mod impls;
mod interface;
mod limits;
mod opaque;
mod plan;
mod reader;
mod table;
mod value;
mod walk;
mod wire;
mod writer;

pub use bstr::BString;
pub use gob_derive::{Decode, Encode, Gob};

pub use self::complex::Complex;
pub use self::decode::Decode;
pub use self::decoder::{Decoder, Message};
pub use self::definition::OpaqueKind;
pub use self::encode::Encode;
pub use self::encoder::Encoder;
pub use self::error::{Error, ErrorKind, Result};
pub use self::interface::Interface;
pub use self::limits::Limits;
pub use self::opaque::{BinaryMarshaled, GobEncoded, Opaque, TextMarshaled};
pub use self::value::{List, Map, OpaqueValue, Struct, Type, Value};

/// What implementations of [`Decode`] and [`Encode`] are handed; the derive macro's code uses it.
pub mod derive {
    pub use crate::definition::TypeRef;
    pub use crate::describer::{Describer, FieldDescriber};
    pub use crate::plan::{FieldPlanner, PlanId, Planner};
    pub use crate::reader::{Fields, Reader};
    pub use crate::wire::WireId;
    pub use crate::writer::{FieldsWriter, Writer};
}
