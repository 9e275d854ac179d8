//! The types of the standard library that a stream can carry.

mod bytes;
mod maps;
mod numbers;
mod opaque;
mod pointers;
mod sequences;
mod text;

pub use self::opaque::{BinaryMarshaled, GobEncoded, TextMarshaled};
pub use self::text::LossyString;
