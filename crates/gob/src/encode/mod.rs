//! Encoding: the [`Encoder`] of a stream, and the trait of the types that it encodes.

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
/// enums of interface values; types that encode themselves implement [`Opaque`](crate::Opaque).
pub trait Encode {
    /// Whether the type is a struct on the wire.
    const IS_STRUCT: bool = false;

    /// The id of the type, which is defined first if the stream does not have it yet.
    ///
    /// # Errors
    ///
    /// The stream has no id left for another type.
    fn describe(describer: &mut Describer) -> Result<WireTypeId>;

    /// Whether a field with this value is left out, as Go leaves out fields that are zero.
    fn is_zero(&self) -> bool;

    /// Writes the value, even if it is zero.
    ///
    /// # Errors
    ///
    /// The value contains a nil that gob cannot represent, or is nested too deep.
    fn encode(&self, writer: &mut Writer<'_>) -> Result<()>;

    /// Writes nil. Only interface values can be nil.
    #[doc(hidden)]
    fn encode_nil(_writer: &mut Writer<'_>) -> Result<()> {
        Err(ErrorKind::NilValue.into())
    }

    /// Describes a slice of this type. A slice of bytes is a type of its own.
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
