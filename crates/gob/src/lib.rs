//! Go's `encoding/gob` in Rust: streams of typed values, as two Go processes exchange them.
//!
//! The central types are [`Encoder`] and [`Decoder`], one for each direction of a connection.
//! They do no I/O and know no runtime: bytes go in and out through [`bytes::BytesMut`].
//! Rust types take part by [`#[derive(Gob)]`](derive@Gob); [`Value`] takes what has no Rust type.
//! The crate knows nothing of what the streams are for: remote calls, files, plugins.
//!
//! ```
//! use std::collections::BTreeMap;
//!
//! // In Go: type Request struct { Method string; URL *url.URL; Header map[string][]string; Body any }
//! #[derive(gob::Gob, Debug, PartialEq)]
//! struct Request {
//!     method: String, // `Method`: names become PascalCase
//!     #[gob(name = "URL")]
//!     url: Option<gob::BinaryMarshaled>, // a pointer to a type that writes its own bytes
//!     header: BTreeMap<String, Vec<String>>,
//!     body: Option<Body>,
//! }
//!
//! // An interface value: which type it holds is said by the name that Go registered for it.
//! #[derive(gob::Gob, Debug, PartialEq)]
//! #[gob(interface)]
//! enum Body {
//!     #[gob(name = "string")]
//!     Text(String),
//!     #[gob(other)]
//!     Other(gob::Interface),
//! }
//!
//! # fn main() -> gob::Result<()> {
//! let request = Request {
//!     method: "PUT".to_owned(),
//!     url: Some(gob::BinaryMarshaled(b"/api".to_vec())),
//!     header: BTreeMap::from([("Accept".to_owned(), vec!["*/*".to_owned()])]),
//!     body: Some(Body::Text("hello".to_owned())),
//! };
//!
//! let mut wire = bytes::BytesMut::new();
//! let mut encoder = gob::Encoder::new();
//! encoder.encode(&request, &mut wire)?; // the types and the value
//! encoder.encode(&request, &mut wire)?; // only the value
//!
//! let mut decoder = gob::Decoder::new(gob::Limits::default());
//! while let Some(message) = decoder.next_message(&mut wire)? {
//!     assert_eq!(decoder.decode::<Request>(&message)?, request);
//! }
//! assert!(wire.is_empty()); // a message that is not whole would still be there
//! # Ok(())
//! # }
//! ```
//!
//! # How types meet
//!
//! Streams carry the types of their values, and the two sides need not have the same ones. Structs are matched
//! field by field, by name: what only the sender has is skipped, what only the receiver has is zero. Otherwise
//! the kinds must agree, and the error says which field does not; a number must fit into the type that takes it.
//!
//! | Go | Rust |
//! |---|---|
//! | `bool`; `int`, `int8` …; `uint`, `uint8` …, `uintptr` | `bool`; `i64`, `i8` …; `u64`, `u8` …, all sizes on both sides |
//! | `float32`, `float64`; `complex64`, `complex128` | `f32`, `f64`; [`Complex`] |
//! | `string` (any bytes) | [`String`] (UTF-8, else an error, or `#[gob(lossy)]`), [`BString`] (any bytes) |
//! | `[]byte` | `Vec<u8>`, [`bytes::Bytes`] |
//! | slices, arrays, maps | `Vec<T>`, `[T; N]`, `BTreeMap` and `HashMap` |
//! | structs; `struct{}` | structs with [`derive(Gob)`](derive@Gob); `()` |
//! | pointers, also to pointers | `Option<T>`, `Option<Box<T>>`; where it is never nil also `T` |
//! | interfaces | enums with `#[gob(interface)]`, [`Interface`]; in an `Option` where nil may come |
//! | `GobEncoder`, `BinaryMarshaler`, `TextMarshaler` | [`Opaque`] types, [`GobEncoded`], [`BinaryMarshaled`], [`TextMarshaled`] |
//! | anything | [`Value`] |
//!
//! Zero and absent are one in gob: Go leaves out fields that are zero, and so does this crate. In one case it says
//! more than Go's encoder: `Some` of a zero is sent, and a Go decoder makes a pointer to zero of it, where Go would
//! have sent nothing and left the pointer nil. Empty slices and maps arrive as absent ones.
//!
//! # The wire format
//!
//! Source: the documentation of Go's package, <https://pkg.go.dev/encoding/gob>, and streams of Go 1.26.
//!
//! - An **unsigned integer** below 128 is one byte. Any other is its bytes, the highest first and none of them leading
//!   zeros, after one byte with their number negated: 256 is `FE 01 00`.
//! - A **signed integer** is an unsigned one: shifted left by one, with its bits flipped and the lowest one set if it is
//!   negative. A **boolean** is 0 or 1. A **float** is the unsigned integer of its 64 bits with their bytes reversed,
//!   so that round numbers are short: 17.0 is `FE 31 40`. A **complex** number is two floats.
//! - **Strings and bytes** are their length and themselves. **Slices, arrays and maps** are their count and their elements.
//! - A **struct** is a list of fields, each with the distance of its number from the one before (from -1 at first),
//!   and a zero at the end. Fields that are zero are not there.
//! - An **interface value** is the registered name of its concrete type, the type's number, the length of what
//!   follows, and the value. Nil is an empty name.
//! - A **value at top level**, or in an interface value, that is not a struct follows a zero byte.
//!
//! A stream is a sequence of parts, each after its length. A part holds either the definition of a type, or a value:
//!
//! ```text
//! 1F  FF 81  03 01 01 05 "Point" 01 FF 82 00 …   31 bytes: -65, so what follows defines type 65
//! 07  FF 82  01 2C 01 42 00                       7 bytes:  65, a Point: field 0 is 22, field 1 is 33, end
//! 03  04     00 06                                3 bytes:  2 is int, and 3
//! ```
//!
//! Types have numbers from 64 on; those of the basic types are fixed. A definition is itself a struct that every
//! reader knows, and may name types that are defined after it, but all of them come before the value. The one
//! complication: a concrete type in an interface value may be new. Then its definitions stand between the
//! name and the type's number, in the middle of the value, and Go ends the part there: one value arrives in several.
//! [`Decoder::next_message`] finds out and joins them; [`Encoder`] sends such definitions ahead and never needs it.
//!
//! # What a peer can do
//!
//! Make the reader fail, with an [`Error`] that says what was wrong and where; not more. Everything is bounded by
//! [`Limits`]: the size of messages, the depth of values, the number and size of definitions, and the memory of what
//! is decoded, so that no length is believed before its bytes are there. Looking for the end of a message and skipping
//! do not recurse at all, decoding recurses as deep as the limit says.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod decode;
mod encode;
mod error;
mod impls;
mod limits;
mod types;
mod value;
mod wire;

pub use bstr::BString;
pub use gob_derive::{Decode, Encode, Gob};

pub use self::decode::{Decode, Decoder, DefinitionCache, Message};
pub use self::encode::{Encode, Encoder};
pub use self::error::{Error, ErrorKind, Result};
pub use self::impls::{BinaryMarshaled, GobEncoded, TextMarshaled};
pub use self::limits::Limits;
pub use self::types::{Opaque, OpaqueKind};
pub use self::value::{Complex, Interface, List, Map, OpaqueValue, Struct, Type, Value};

/// What implementations of [`Decode`] and [`Encode`] are handed; the derive macro's code uses it.
pub mod codec {
    pub use crate::decode::{FieldPlanner, Fields, PlanId, Planner, Reader};
    pub use crate::encode::{Describer, FieldDescriber, FieldsWriter, Writer};
    pub use crate::impls::LossyString;
    pub use crate::types::{TypeRef, WireTypeId};
}

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
