//! Numbers and booleans.

use crate::decode::{Decode, PlanId, Planner, Reader};
use crate::encode::{Describer, Encode, Writer};
use crate::error::{ErrorKind, Result};
use crate::types::{TypeRef, WireTypeId};
use crate::value::Complex;

macro_rules! integers {
    ($($type:ty, $name:literal, $kind:ident, $read:ident, $wide:ty;)*) => {$(
        impl Decode for $type {
            fn zero() -> Self {
                0
            }

            fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId> {
                planner.leaf($name, TypeRef::$kind, type_ref)
            }

            #[inline]
            fn decode(_plan: PlanId, reader: &mut Reader<'_>) -> Result<Self> {
                let value = reader.$read()?;
                Self::try_from(value).map_err(|_| ErrorKind::OutOfRange($name).into())
            }
        }

        impl Encode for $type {
            fn describe(_describer: &mut Describer) -> Result<WireTypeId> {
                Ok(WireTypeId::$kind)
            }

            #[inline]
            fn is_zero(&self) -> bool {
                *self == 0
            }

            #[inline]
            fn encode(&self, writer: &mut Writer<'_>) -> Result<()> {
                writer.$read(*self as $wide);
                Ok(())
            }
        }
    )*};
}

integers! {
    i8, "i8", INT, int, i64;
    i16, "i16", INT, int, i64;
    i32, "i32", INT, int, i64;
    i64, "i64", INT, int, i64;
    isize, "isize", INT, int, i64;
    u16, "u16", UINT, uint, u64;
    u32, "u32", UINT, uint, u64;
    u64, "u64", UINT, uint, u64;
    usize, "usize", UINT, uint, u64;
}

impl Decode for bool {
    fn zero() -> Self {
        false
    }

    fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId> {
        planner.leaf("bool", TypeRef::BOOL, type_ref)
    }

    #[inline]
    fn decode(_plan: PlanId, reader: &mut Reader<'_>) -> Result<Self> {
        Ok(reader.uint()? != 0)
    }
}

impl Encode for bool {
    fn describe(_describer: &mut Describer) -> Result<WireTypeId> {
        Ok(WireTypeId::BOOL)
    }

    #[inline]
    fn is_zero(&self) -> bool {
        !self
    }

    #[inline]
    fn encode(&self, writer: &mut Writer<'_>) -> Result<()> {
        writer.uint(u64::from(*self));
        Ok(())
    }
}

impl Decode for f64 {
    fn zero() -> Self {
        0.0
    }

    fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId> {
        planner.leaf("f64", TypeRef::FLOAT, type_ref)
    }

    #[inline]
    fn decode(_plan: PlanId, reader: &mut Reader<'_>) -> Result<Self> {
        reader.float()
    }
}

impl Encode for f64 {
    fn describe(_describer: &mut Describer) -> Result<WireTypeId> {
        Ok(WireTypeId::FLOAT)
    }

    #[inline]
    fn is_zero(&self) -> bool {
        *self == 0.0
    }

    #[inline]
    fn encode(&self, writer: &mut Writer<'_>) -> Result<()> {
        writer.float(*self);
        Ok(())
    }
}

impl Decode for f32 {
    fn zero() -> Self {
        0.0
    }

    fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId> {
        planner.leaf("f32", TypeRef::FLOAT, type_ref)
    }

    fn decode(_plan: PlanId, reader: &mut Reader<'_>) -> Result<Self> {
        let wide = reader.float()?;
        // As in Go: infinities fit, and what is too small becomes zero.
        if wide.is_finite() && wide.abs() > f64::from(Self::MAX) {
            return Err(ErrorKind::OutOfRange("f32").into());
        }
        Ok(wide as Self)
    }
}

impl Encode for f32 {
    fn describe(_describer: &mut Describer) -> Result<WireTypeId> {
        Ok(WireTypeId::FLOAT)
    }

    fn is_zero(&self) -> bool {
        *self == 0.0
    }

    fn encode(&self, writer: &mut Writer<'_>) -> Result<()> {
        writer.float(f64::from(*self));
        Ok(())
    }
}

impl Decode for Complex {
    fn zero() -> Self {
        Self::default()
    }

    fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId> {
        planner.leaf("Complex", TypeRef::COMPLEX, type_ref)
    }

    fn decode(_plan: PlanId, reader: &mut Reader<'_>) -> Result<Self> {
        Ok(Self {
            re: reader.float()?,
            im: reader.float()?,
        })
    }
}

impl Encode for Complex {
    fn describe(_describer: &mut Describer) -> Result<WireTypeId> {
        Ok(WireTypeId::COMPLEX)
    }

    fn is_zero(&self) -> bool {
        *self == Self::default()
    }

    fn encode(&self, writer: &mut Writer<'_>) -> Result<()> {
        writer.float(self.re);
        writer.float(self.im);
        Ok(())
    }
}
