//! Pointers: gob sends what they point to.

use crate::decode::{Decode, PlanId, Planner, Reader};
use crate::encode::{Describer, Encode, Writer};
use crate::error::Result;
use crate::types::{TypeRef, WireTypeId};

/// Go's nil pointer is `None`.
impl<T: Decode> Decode for Option<T> {
    fn zero() -> Self {
        None
    }

    fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId> {
        T::plan(planner, type_ref)
    }

    #[inline]
    fn decode(plan: PlanId, reader: &mut Reader<'_>) -> Result<Self> {
        T::decode_nullable(plan, reader)
    }
}

/// `Some` is always sent, even of a zero. Go's encoder leaves that out; its decoder accepts it.
impl<T: Encode> Encode for Option<T> {
    const IS_STRUCT: bool = T::IS_STRUCT;

    fn describe(describer: &mut Describer) -> Result<WireTypeId> {
        T::describe(describer)
    }

    #[inline]
    fn is_zero(&self) -> bool {
        self.is_none()
    }

    fn encode(&self, writer: &mut Writer<'_>) -> Result<()> {
        match self {
            Some(value) => value.encode(writer),
            None => T::encode_nil(writer),
        }
    }
}

impl<T: Decode> Decode for Box<T> {
    fn zero() -> Self {
        Self::new(T::zero())
    }

    fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId> {
        T::plan(planner, type_ref)
    }

    fn decode(plan: PlanId, reader: &mut Reader<'_>) -> Result<Self> {
        reader.charge::<T>(1)?;
        T::decode(plan, reader).map(Self::new)
    }

    fn decode_nullable(plan: PlanId, reader: &mut Reader<'_>) -> Result<Option<Self>> {
        reader.charge::<T>(1)?;
        Ok(T::decode_nullable(plan, reader)?.map(Self::new))
    }
}

macro_rules! encode_through {
    ($($type:ty),*) => {$(
        impl<T: Encode + ?Sized> Encode for $type {
            const IS_STRUCT: bool = T::IS_STRUCT;

            fn describe(describer: &mut Describer) -> Result<WireTypeId> {
                T::describe(describer)
            }

            #[inline]
            fn is_zero(&self) -> bool {
                (**self).is_zero()
            }

            #[inline]
            fn encode(&self, writer: &mut Writer<'_>) -> Result<()> {
                (**self).encode(writer)
            }

            fn encode_nil(writer: &mut Writer<'_>) -> Result<()> {
                T::encode_nil(writer)
            }
        }
    )*};
}

encode_through!(&T, Box<T>, std::sync::Arc<T>);

/// The empty struct.
impl Decode for () {
    fn zero() -> Self {}

    fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId> {
        planner.structure::<Self>("struct {}", type_ref, &[])
    }

    fn decode(plan: PlanId, reader: &mut Reader<'_>) -> Result<Self> {
        let mut fields = reader.fields(plan)?;
        while reader.next_field(&mut fields)?.is_some() {}
        Ok(())
    }
}

/// The empty struct.
impl Encode for () {
    const IS_STRUCT: bool = true;

    fn describe(describer: &mut Describer) -> Result<WireTypeId> {
        describer.structure(std::any::TypeId::of::<Self>(), "", &[])
    }

    fn is_zero(&self) -> bool {
        false
    }

    fn encode(&self, writer: &mut Writer<'_>) -> Result<()> {
        writer.fields()?;
        writer.end_fields();
        Ok(())
    }
}
