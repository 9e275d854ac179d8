//! Go's `encoding/gob` in Rust: streams of typed values, as two Go processes exchange them.
//!
//! The central types are [`Encoder`] and [`Decoder`], one for each direction of a connection.
//! They do no I/O and know no runtime: bytes go in and out through [`bytes::BytesMut`].
//! Rust types take part by [`#[derive(Gob)]`](derive@Gob); [`Value`] takes what has no Rust type.
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
//! // An interface value. The name that Go registered says which type it holds.
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
//! assert!(wire.is_empty()); // an incomplete message would still be there
//! # Ok(())
//! # }
//! ```
//!
//! # How types are matched
//!
//! Streams carry the types of their values, and the two sides need not have the same ones. Structs are matched by
//! the names of their fields: a field that only the sender has is skipped, one that only the receiver has is zero.
//! Otherwise the kinds must agree, and a number must fit into the type that receives it; an error names the field.
//!
//! | Go | Rust |
//! |---|---|
//! | `bool`; `int`, `int8` …; `uint`, `uint8` …, `uintptr` | `bool`; `i64`, `i8` …; `u64`, `u8` …, all sizes on both sides |
//! | `float32`, `float64`; `complex64`, `complex128` | `f32`, `f64`; [`Complex`] |
//! | `string` (any bytes) | [`String`] (UTF-8, else an error, or `#[gob(lossy)]`), [`BString`] (any bytes) |
//! | `[]byte` | `Vec<u8>`, [`bytes::Bytes`] |
//! | slices, arrays, maps | `Vec<T>`, `[T; N]`, `BTreeMap` and `HashMap` |
//! | structs; `struct{}` | structs with [`derive(Gob)`](derive@Gob); `()` |
//! | pointers, also to pointers | `Option<T>`, `Option<Box<T>>`; `T` if it is never nil |
//! | interfaces | enums with `#[gob(interface)]`, [`Interface`]; in an `Option` if it may be nil |
//! | `GobEncoder`, `BinaryMarshaler`, `TextMarshaler` | [`Opaque`] types, [`GobEncoded`], [`BinaryMarshaled`], [`TextMarshaled`] |
//! | anything | [`Value`] |
//!
//! Gob does not tell a field that is zero from one that is absent: Go leaves out both, and so does this crate, with one
//! exception. `Some` of a zero is sent, and a Go decoder makes a pointer to zero of it; Go's own encoder sends nothing,
//! and the pointer arrives as nil. Empty slices and maps arrive as absent ones.
//!
//! # The wire format
//!
//! Source: the documentation of Go's package, <https://pkg.go.dev/encoding/gob>, and streams of Go 1.26.
//!
//! - An **unsigned integer** below 128 is one byte. Any other is one byte with the number of bytes that follow, negated,
//!   and then these, big-endian and without leading zeros: 256 is `FE 01 00`.
//! - A **signed integer** is sent as an unsigned one: shifted left by one, with its bits flipped and the lowest one set if
//!   it is negative. A **boolean** is 0 or 1. A **float** is the unsigned integer of its 64 bits with their bytes
//!   reversed, so that round numbers are short: 17.0 is `FE 31 40`. A **complex** number is two floats.
//! - A **string** or a slice of **bytes** is its length and its bytes. A **slice**, an **array** or a **map** is the number
//!   of its elements and the elements.
//! - A **struct** is a list of fields, each after the difference between its number and that of the field before (-1
//!   before the first), and a zero at the end. Fields that are zero are left out.
//! - An **interface value** is the registered name of its concrete type, the type's id, the length of the value, and
//!   the value. Nil is an empty name.
//! - A **value at top level**, or in an interface value, that is not a struct follows a zero byte.
//!
//! A stream is a sequence of type definitions and values, each after its length in bytes. A value begins with the id of
//! its type, a definition with the id that it defines, negated:
//!
//! ```text
//! 1F  FF 81  03 01 01 05 "Point" 01 FF 82 00 …   31 bytes: -65, so type 65 is defined
//! 07  FF 82  01 2C 01 42 00                       7 bytes: 65, a Point: field 0 is 22, field 1 is 33, end
//! 03  04     00 06                                3 bytes: 2, an int: 3
//! ```
//!
//! The ids of the basic types are fixed; all others are 64 or higher. A definition is itself a struct (Go's `wireType`)
//! that every reader knows. It may name types that are defined after it, as long as they are defined before the value.
//! The one complication is that the concrete type in an interface value may be new. Then its definitions are sent between
//! the name and the type's id, in the middle of the value, and Go ends the length-prefixed piece there, so that one value
//! arrives in several pieces. [`Decoder::next_message`] notices that and joins them. [`Encoder`] sends such definitions
//! before the value.
//!
//! # What a peer can do
//!
//! A peer can make decoding fail, with an [`Error`] that says what was wrong and where, and no more than that. Everything
//! is bounded by [`Limits`]: the size of messages, the depth of values, the number and size of definitions, and the memory
//! of decoded values. No memory is allocated for a length before its bytes have arrived. Finding the end of a message and
//! skipping values do not recurse; decoding recurses as deep as the limit allows.
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

/// What implementations of [`Decode`] and [`Encode`] work with; the code of the derive macros uses it.
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
