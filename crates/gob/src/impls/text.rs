//! Strings. Go's may be any bytes: [`BString`] keeps them, the other types need UTF-8.

use std::borrow::Cow;
use std::sync::Arc;

use bstr::{BStr, BString};

use crate::decode::{Decode, PlanId, Planner, Reader};
use crate::encode::{Describer, Encode, Writer};
use crate::error::{ErrorKind, Result};
use crate::types::{TypeRef, WireTypeId};

macro_rules! decode_text {
    ($($type:ty),*) => {$(
        impl Decode for $type {
            fn zero() -> Self {
                Self::default()
            }

            fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId> {
                planner.leaf("string", TypeRef::STRING, type_ref)
            }

            #[inline]
            fn decode(_plan: PlanId, reader: &mut Reader<'_>) -> Result<Self> {
                match std::str::from_utf8(reader.bytes()?) {
                    Ok(text) => Ok(text.into()),
                    Err(_) => Err(ErrorKind::InvalidUtf8.into()),
                }
            }
        }
    )*};
}

decode_text!(String, Box<str>, Arc<str>);

/// How a field with `#[gob(lossy)]` is decoded.
#[derive(Debug)]
pub struct LossyString(
    /// The text, with U+FFFD in place of what was not UTF-8.
    pub String,
);

impl Decode for LossyString {
    fn zero() -> Self {
        Self(String::new())
    }

    fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId> {
        String::plan(planner, type_ref)
    }

    fn decode(_plan: PlanId, reader: &mut Reader<'_>) -> Result<Self> {
        Ok(Self(String::from_utf8_lossy(reader.bytes()?).into_owned()))
    }
}

impl Decode for BString {
    fn zero() -> Self {
        Self::default()
    }

    fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId> {
        planner.leaf("string", TypeRef::STRING, type_ref)
    }

    fn decode(_plan: PlanId, reader: &mut Reader<'_>) -> Result<Self> {
        Ok(reader.bytes()?.into())
    }
}

macro_rules! encode_text {
    ($($type:ty, $bytes:expr;)*) => {$(
        impl Encode for $type {
            fn describe(_describer: &mut Describer) -> Result<WireTypeId> {
                Ok(WireTypeId::STRING)
            }

            #[inline]
            fn is_zero(&self) -> bool {
                self.is_empty()
            }

            #[inline]
            fn encode(&self, writer: &mut Writer<'_>) -> Result<()> {
                let bytes: fn(&Self) -> &[u8] = $bytes;
                writer.bytes(bytes(self));
                Ok(())
            }
        }
    )*};
}

encode_text! {
    str, |text| text.as_bytes();
    String, |text| text.as_bytes();
    Cow<'_, str>, |text| text.as_bytes();
    BStr, |text| text;
    BString, |text| text;
}
