//! Decoding: the [`Decoder`] of a stream, and the trait of the types that it decodes.

mod cache;
mod decoder;
mod plan;
mod reader;
mod state;
mod walk;

pub use self::cache::DefinitionCache;
pub use self::decoder::{Decoder, Message};
pub use self::plan::{FieldPlanner, PlanId, Planner};
pub(crate) use self::reader::preallocation;
pub use self::reader::{Fields, Reader};
use crate::error::Result;
use crate::types::{Shape, TypeRef};

/// A type that can be read from a gob stream.
///
/// `#[derive(Decode)]` (or `#[derive(Gob)]` for both directions) writes this for structs and for
/// enums of interface values; types that decode themselves implement [`Opaque`](crate::Opaque).
pub trait Decode: Sized + 'static {
    /// The value of a field that was not sent: Go leaves out fields that are zero.
    fn zero() -> Self;

    /// Plans how to read this type from values of the stream's type.
    ///
    /// # Errors
    ///
    /// The types do not fit.
    fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId>;

    /// Reads a value as planned.
    ///
    /// # Errors
    ///
    /// The value is malformed, exceeds a limit, or does not fit into the type.
    fn decode(plan: PlanId, reader: &mut Reader<'_>) -> Result<Self>;

    /// Reads a value that may be nil. Only interface values can be sent as nil.
    #[doc(hidden)]
    fn decode_nullable(plan: PlanId, reader: &mut Reader<'_>) -> Result<Option<Self>> {
        Self::decode(plan, reader).map(Some)
    }

    /// Plans a slice of this type. A slice of bytes is a type of its own.
    #[doc(hidden)]
    fn plan_slice(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId> {
        let Some(Shape::Slice { element }) = planner.shape(type_ref) else {
            return Err(planner.wrong_type("slice", type_ref));
        };
        planner.sequence::<Vec<Self>>(type_ref, *element, Self::plan)
    }

    /// Reads a slice of this type.
    #[doc(hidden)]
    fn decode_slice(plan: PlanId, reader: &mut Reader<'_>) -> Result<Vec<Self>> {
        let (count, element) = reader.sequence(plan)?;
        reader.charge::<Self>(count)?;
        let mut values = Vec::with_capacity(preallocation::<Self>(count));
        for index in 0..count {
            values.push(Self::decode(element, reader).map_err(|error| error.at_element(index))?);
        }
        reader.leave();
        Ok(values)
    }
}

impl Reader<'_> {
    /// Reads a whole value: one at top level or inside an interface value.
    pub(crate) fn whole<T: Decode>(&mut self, type_ref: TypeRef) -> Result<T> {
        let plan = self.begin_whole(type_ref, T::plan)?;
        T::decode(plan, self)
    }

    /// Reads the value that follows an interface value's name.
    ///
    /// # Errors
    ///
    /// The value is malformed, or its type does not fit `T`.
    pub fn interface_value<T: Decode>(&mut self) -> Result<T> {
        self.enter()?;
        let type_ref = self.concrete_type()?;
        let value = self.whole(type_ref)?;
        self.leave();
        Ok(value)
    }
}
