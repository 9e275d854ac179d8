//! What a Rust type does to be read from a stream.

use crate::definition::{Shape, TypeRef};
use crate::error::Result;
use crate::plan::{PlanId, Planner};
use crate::reader::{Reader, preallocation};

/// A type that can be read from a gob stream.
///
/// `#[derive(Decode)]` (or `#[derive(Gob)]` for both directions) writes this for structs and for
/// enums of interface values; types that read their own bytes implement [`Opaque`](crate::Opaque).
pub trait Decode: Sized + 'static {
    /// What the type is when the stream does not mention it: Go leaves out what is zero.
    fn zero() -> Self;

    /// Works out how to read this type from the type on the wire.
    ///
    /// # Errors
    ///
    /// The types do not fit.
    fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId>;

    /// Reads a value by the plan.
    ///
    /// # Errors
    ///
    /// The value is malformed, exceeds a limit, or does not fit into the type.
    fn decode(plan: PlanId, reader: &mut Reader<'_>) -> Result<Self>;

    /// Reads a value that may be nil. Only interface values are sent as nil.
    #[doc(hidden)]
    fn decode_nullable(plan: PlanId, reader: &mut Reader<'_>) -> Result<Option<Self>> {
        Self::decode(plan, reader).map(Some)
    }

    /// Plans a slice of this type: bytes have one of their own.
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
