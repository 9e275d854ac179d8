//! Interface values: the registered name of a concrete type, and a value of that type.

use bstr::BString;

use super::Value;
use crate::decode::{Decode, PlanId, Planner, Reader};
use crate::encode::{Describer, Encode, Writer};
use crate::error::{ErrorKind, Result};
use crate::types::{TypeRef, WireTypeId};

/// An interface value of any type; `Option<Interface>` where it may be nil.
///
/// If the possible types are known, an enum with `#[derive(Gob)]` and `#[gob(interface)]` decodes them as Rust types.
#[derive(Debug, Clone, PartialEq)]
pub struct Interface {
    /// The name under which Go registered the concrete type: `string`, `[]uint8`, `*model.AppError`.
    pub name: String,
    /// The value, without the pointers that Go may have around it.
    pub value: Value,
}

impl Interface {
    /// An interface value whose concrete type Go registered under `name`.
    #[must_use]
    pub fn new(name: impl Into<String>, value: Value) -> Self {
        Self {
            name: name.into(),
            value,
        }
    }

    /// Reads an interface value; nothing if it is nil.
    pub(crate) fn read(reader: &mut Reader<'_>) -> Result<Option<Self>> {
        match reader.interface_name()? {
            None => Ok(None),
            Some(name) => Self::read_named(name, reader).map(Some),
        }
    }

    /// Reads the value of an interface value whose name was read before; the derive macro's code calls it.
    ///
    /// # Errors
    ///
    /// The value is malformed.
    pub fn read_named(name: &[u8], reader: &mut Reader<'_>) -> Result<Self> {
        let name = std::str::from_utf8(name)
            .map_err(|_| ErrorKind::InvalidUtf8)?
            .to_owned();
        reader.charge::<Self>(1)?;
        Ok(Self {
            name,
            value: reader.interface_value()?,
        })
    }
}

impl Decode for Interface {
    /// An interface value without a name, which cannot be encoded: nil is `None` of an `Option<Interface>`.
    fn zero() -> Self {
        Self {
            name: String::new(),
            value: Value::zero(),
        }
    }

    fn plan(planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId> {
        planner.interface(type_ref)
    }

    fn decode(_plan: PlanId, reader: &mut Reader<'_>) -> Result<Self> {
        Self::read(reader)?.ok_or_else(|| ErrorKind::NilInterface.into())
    }

    fn decode_nullable(_plan: PlanId, reader: &mut Reader<'_>) -> Result<Option<Self>> {
        Self::read(reader)
    }
}

impl Encode for Interface {
    fn describe(describer: &mut Describer) -> Result<WireTypeId> {
        describer.interface()
    }

    fn is_zero(&self) -> bool {
        self.name.is_empty()
    }

    fn encode(&self, writer: &mut Writer<'_>) -> Result<()> {
        writer.dynamic_interface(self)
    }

    fn encode_nil(writer: &mut Writer<'_>) -> Result<()> {
        writer.nil_interface();
        Ok(())
    }
}

/// Go has registered its basic types under these names.
macro_rules! from_basic {
    ($($type:ty, $name:literal, $variant:ident, $convert:expr;)*) => {$(
        impl From<$type> for Interface {
            #[doc = concat!("The interface value of Go's `", $name, "`.")]
            fn from(value: $type) -> Self {
                let convert: fn($type) -> _ = $convert;
                Self::new($name, Value::$variant(convert(value)))
            }
        }
    )*};
}

from_basic! {
    bool, "bool", Bool, |value| value;
    i64, "int64", Int, |value| value;
    i32, "int32", Int, |value| value.into();
    u64, "uint64", Uint, |value| value;
    u32, "uint32", Uint, |value| value.into();
    f64, "float64", Float, |value| value;
    &str, "string", String, |value| BString::from(value);
    String, "string", String, |value| BString::from(value);
    Vec<u8>, "[]uint8", Bytes, |value| value;
}
