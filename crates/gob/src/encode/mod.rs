//! Writing: the [`Encoder`] of a stream, and what a Rust type does to be written to it.

mod describer;
mod encoder;
mod writer;

pub use self::describer::{Describer, FieldDescriber};
pub use self::encoder::Encoder;
pub use self::writer::{FieldsWriter, Writer};
use crate::error::{ErrorKind, Result};
use crate::types::WireTypeId;

/// A type that can be written to a gob stream.
///
/// `#[derive(Encode)]` (or `#[derive(Gob)]` for both directions) writes this for structs and for
/// enums of interface values; types that write their own bytes implement [`Opaque`](crate::Opaque).
pub trait Encode {
    /// Whether the type is a struct on the wire.
    const IS_STRUCT: bool = false;

    /// Says what the type is on the wire, and defines it there if the stream does not know it yet.
    ///
    /// # Errors
    ///
    /// The stream has no number left for another type.
    fn describe(describer: &mut Describer) -> Result<WireTypeId>;

    /// Whether a field of this value is left out, as Go does with what is zero.
    fn is_zero(&self) -> bool;

    /// Writes the value, also if it is zero.
    ///
    /// # Errors
    ///
    /// The value holds a nil where gob has none, or is nested too deep.
    fn encode(&self, writer: &mut Writer<'_>) -> Result<()>;

    /// Writes nil. Only interface values can be.
    #[doc(hidden)]
    fn encode_nil(_writer: &mut Writer<'_>) -> Result<()> {
        Err(ErrorKind::NilValue.into())
    }

    /// Describes a slice of this type: bytes have a type of their own.
    #[doc(hidden)]
    fn describe_slice(describer: &mut Describer) -> Result<WireTypeId> {
        describer.slice(Self::describe)
    }

    /// Writes a slice of this type.
    #[doc(hidden)]
    fn encode_slice(values: &[Self], writer: &mut Writer<'_>) -> Result<()>
    where
        Self: Sized,
    {
        writer.begin(values.len())?;
        for (index, value) in values.iter().enumerate() {
            value
                .encode(writer)
                .map_err(|error| error.at_element(index))?;
        }
        writer.leave();
        Ok(())
    }
}

impl Writer<'_> {
    /// Writes a whole value: one at top level or inside an interface value.
    pub(crate) fn whole<T: Encode + ?Sized>(&mut self, value: &T) -> Result<()> {
        if !T::IS_STRUCT {
            self.uint(0);
        }
        value.encode(self)
    }

    /// Writes an interface value: the name under which Go registered its concrete type, and the value.
    ///
    /// # Errors
    ///
    /// As for the value itself.
    pub fn interface<T: Encode + ?Sized>(&mut self, name: &str, value: &T) -> Result<()> {
        self.interface_parts(name, T::describe, |writer| writer.whole(value))
    }
}
