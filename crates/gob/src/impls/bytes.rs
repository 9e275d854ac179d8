//! Bytes: Go's `[]byte` is a type of its own on the wire, a single byte is an unsigned integer.

use ::bytes::Bytes;

use crate::decode::{Decode, PlanId, Planner, Reader};
use crate::encode::{Describer, Encode, Writer};
use crate::error::{ErrorKind, Result};
use crate::types::{TypeRef, WireTypeId};

impl Decode for u8 {
    fn zero() -> Self {
        0
    }

    fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId> {
        planner.leaf("u8", TypeRef::UINT, type_ref)
    }

    fn decode(_plan: PlanId, reader: &mut Reader<'_>) -> Result<Self> {
        Self::try_from(reader.uint()?).map_err(|_| ErrorKind::OutOfRange("u8").into())
    }

    fn plan_slice(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId> {
        planner.leaf("bytes", TypeRef::BYTES, type_ref)
    }

    fn decode_slice(_plan: PlanId, reader: &mut Reader<'_>) -> Result<Vec<Self>> {
        Ok(reader.bytes()?.to_vec())
    }
}

impl Encode for u8 {
    fn describe(_describer: &mut Describer) -> Result<WireTypeId> {
        Ok(WireTypeId::UINT)
    }

    fn is_zero(&self) -> bool {
        *self == 0
    }

    fn encode(&self, writer: &mut Writer<'_>) -> Result<()> {
        writer.uint(u64::from(*self));
        Ok(())
    }

    fn describe_slice(_describer: &mut Describer) -> Result<WireTypeId> {
        Ok(WireTypeId::BYTES)
    }

    fn encode_slice(values: &[Self], writer: &mut Writer<'_>) -> Result<()> {
        writer.bytes(values);
        Ok(())
    }
}

impl Decode for Bytes {
    fn zero() -> Self {
        Self::new()
    }

    fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId> {
        u8::plan_slice(planner, type_ref)
    }

    fn decode(_plan: PlanId, reader: &mut Reader<'_>) -> Result<Self> {
        Ok(Self::copy_from_slice(reader.bytes()?))
    }
}

impl Encode for Bytes {
    fn describe(describer: &mut Describer) -> Result<WireTypeId> {
        u8::describe_slice(describer)
    }

    fn is_zero(&self) -> bool {
        self.is_empty()
    }

    fn encode(&self, writer: &mut Writer<'_>) -> Result<()> {
        writer.bytes(self);
        Ok(())
    }
}
