//! The types of the standard library that a stream can carry.

mod bytes;
mod maps;
mod numbers;
mod pointers;
mod sequences;
mod text;

pub use text::LossyString;
