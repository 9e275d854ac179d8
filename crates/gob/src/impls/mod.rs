//! The types of the standard library that can be encoded and decoded, and bytes of opaque types.

mod bytes;
mod maps;
mod numbers;
mod opaque;
mod pointers;
mod sequences;
mod text;

pub use self::opaque::{BinaryMarshaled, GobEncoded, TextMarshaled};
pub use self::text::LossyString;
