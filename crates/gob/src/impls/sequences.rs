//! Slices and arrays.

use crate::decode::{Decode, PlanId, Planner, Reader};
use crate::encode::{Describer, Encode, Writer};
use crate::error::{ErrorKind, Result};
use crate::types::{Shape, TypeRef, WireTypeId};

impl<T: Decode> Decode for Vec<T> {
    fn zero() -> Self {
        Self::new()
    }

    fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId> {
        T::plan_slice(planner, type_ref)
    }

    #[inline]
    fn decode(plan: PlanId, reader: &mut Reader<'_>) -> Result<Self> {
        T::decode_slice(plan, reader)
    }
}

impl<T: Encode> Encode for [T] {
    fn describe(describer: &mut Describer) -> Result<WireTypeId> {
        T::describe_slice(describer)
    }

    fn is_zero(&self) -> bool {
        self.is_empty()
    }

    fn encode(&self, writer: &mut Writer<'_>) -> Result<()> {
        T::encode_slice(self, writer)
    }
}

impl<T: Encode> Encode for Vec<T> {
    fn describe(describer: &mut Describer) -> Result<WireTypeId> {
        T::describe_slice(describer)
    }

    #[inline]
    fn is_zero(&self) -> bool {
        self.is_empty()
    }

    #[inline]
    fn encode(&self, writer: &mut Writer<'_>) -> Result<()> {
        T::encode_slice(self, writer)
    }
}

impl<T: Decode, const N: usize> Decode for [T; N] {
    fn zero() -> Self {
        std::array::from_fn(|_| T::zero())
    }

    fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId> {
        let Some(Shape::Array { element, length }) = planner.shape(type_ref) else {
            return Err(planner.wrong_type("array", type_ref));
        };
        if *length != N as u64 {
            return Err(ErrorKind::ArrayLength {
                expected: N as u64,
                received: *length,
            }
            .into());
        }
        planner.sequence::<Self>(type_ref, *element, T::plan)
    }

    fn decode(plan: PlanId, reader: &mut Reader<'_>) -> Result<Self> {
        let (count, element) = reader.sequence(plan)?;
        if count != N {
            return Err(ErrorKind::ArrayLength {
                expected: N as u64,
                received: count as u64,
            }
            .into());
        }
        let mut values = Self::zero();
        for (index, value) in values.iter_mut().enumerate() {
            *value = T::decode(element, reader).map_err(|error| error.at_element(index))?;
        }
        reader.leave();
        Ok(values)
    }
}

impl<T: Encode, const N: usize> Encode for [T; N] {
    fn describe(describer: &mut Describer) -> Result<WireTypeId> {
        describer.array(T::describe, N)
    }

    /// Go sends arrays even if all elements are zero.
    fn is_zero(&self) -> bool {
        false
    }

    fn encode(&self, writer: &mut Writer<'_>) -> Result<()> {
        writer.begin(N)?;
        for (index, value) in self.iter().enumerate() {
            value
                .encode(writer)
                .map_err(|error| error.at_element(index))?;
        }
        writer.leave();
        Ok(())
    }
}
