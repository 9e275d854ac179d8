//! The bytes of types that encode themselves, and the macro that implements both traits for an [`Opaque`] type.

use std::borrow::Cow;

use crate::error::Result;
use crate::types::{Opaque, OpaqueKind};

macro_rules! opaque_bytes {
    ($(#[$doc:meta] $name:ident, $kind:ident;)*) => {$(
        #[$doc]
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
        pub struct $name(
            /// The bytes; empty if the value was not sent.
            pub Vec<u8>,
        );

        impl Opaque for $name {
            const KIND: OpaqueKind = OpaqueKind::$kind;
            const NAME: &'static str = stringify!($name);

            fn zero() -> Self {
                Self::default()
            }

            fn is_zero(&self) -> bool {
                self.0.is_empty()
            }

            fn to_bytes(&self) -> Result<Cow<'_, [u8]>> {
                Ok((&self.0).into())
            }

            fn from_bytes(bytes: &[u8]) -> Result<Self> {
                Ok(Self(bytes.to_vec()))
            }
        }

        crate::opaque_value!($name);
    )*};
}

/// Implements [`Decode`](crate::Decode) and [`Encode`](crate::Encode) for a type that implements [`Opaque`];
/// `#[gob(opaque)]` calls it.
#[doc(hidden)]
#[macro_export]
macro_rules! opaque_value {
    ($type:ty) => {
        $crate::opaque_value!(decode $type);
        $crate::opaque_value!(encode $type);
    };
    (decode $type:ty) => {
        impl $crate::Decode for $type {
            fn zero() -> Self {
                <Self as $crate::Opaque>::zero()
            }

            fn plan(
                planner: &mut $crate::codec::Planner<'_>,
                type_ref: $crate::codec::TypeRef,
            ) -> $crate::Result<$crate::codec::PlanId> {
                planner.opaque_of::<Self>(type_ref)
            }

            fn decode(
                _plan: $crate::codec::PlanId,
                reader: &mut $crate::codec::Reader<'_>,
            ) -> $crate::Result<Self> {
                reader.opaque()
            }
        }
    };
    (encode $type:ty) => {
        impl $crate::Encode for $type {
            fn describe(describer: &mut $crate::codec::Describer) -> $crate::Result<$crate::codec::WireTypeId> {
                describer.opaque_of::<Self>()
            }

            fn is_zero(&self) -> bool {
                $crate::Opaque::is_zero(self)
            }

            fn encode(&self, writer: &mut $crate::codec::Writer<'_>) -> $crate::Result<()> {
                writer.opaque(self)
            }
        }
    };
}

opaque_bytes! {
    /// The bytes of a Go type that implements `gob.GobEncoder`, such as `time.Time` and `big.Int`.
    GobEncoded, GobEncoder;
    /// The bytes of a Go type that implements `encoding.BinaryMarshaler`, such as `url.URL`.
    BinaryMarshaled, BinaryMarshaler;
    /// The bytes of a Go type that implements `encoding.TextMarshaler`.
    TextMarshaled, TextMarshaler;
}
