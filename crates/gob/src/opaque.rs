//! Values that write and read their own bytes.

use std::borrow::Cow;

use crate::definition::OpaqueKind;
use crate::error::Result;

/// A type whose bytes are its own: Go's `GobEncoder`, `BinaryMarshaler` and `TextMarshaler`.
///
/// `#[derive(Gob)]` with `#[gob(opaque)]` makes it a value of the stream:
///
/// ```
/// use std::borrow::Cow;
///
/// /// Go's `url.URL`, which writes itself as text.
/// #[derive(gob::Gob, Default, Debug, PartialEq)]
/// #[gob(opaque)]
/// struct Url(String);
///
/// impl gob::Opaque for Url {
///     const KIND: gob::OpaqueKind = gob::OpaqueKind::BinaryMarshaler;
///     const NAME: &'static str = "URL";
///
///     fn zero() -> Self {
///         Self::default()
///     }
///
///     fn to_bytes(&self) -> gob::Result<Cow<'_, [u8]>> {
///         Ok(self.0.as_bytes().into())
///     }
///
///     fn from_bytes(bytes: &[u8]) -> gob::Result<Self> {
///         let text = std::str::from_utf8(bytes).map_err(gob::Error::opaque)?;
///         Ok(Self(text.to_owned()))
///     }
/// }
/// ```
pub trait Opaque: Sized {
    /// By which of Go's interfaces the type writes itself; both sides must agree.
    const KIND: OpaqueKind;

    /// Go's name of the type; it decides nothing.
    const NAME: &'static str;

    /// What the type is when the stream does not mention it.
    fn zero() -> Self;

    /// Whether a field of this value is left out. By default it never is.
    fn is_zero(&self) -> bool {
        false
    }

    /// The bytes of the value.
    ///
    /// # Errors
    ///
    /// The value cannot be written: [`Error::opaque`](crate::Error::opaque).
    fn to_bytes(&self) -> Result<Cow<'_, [u8]>>;

    /// The value of the bytes, which come from the peer.
    ///
    /// # Errors
    ///
    /// The bytes are none of this type: [`Error::opaque`](crate::Error::opaque).
    fn from_bytes(bytes: &[u8]) -> Result<Self>;
}

macro_rules! opaque_bytes {
    ($(#[$doc:meta] $name:ident, $kind:ident;)*) => {$(
        #[$doc]
        #[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
        pub struct $name(
            /// The bytes; none if the value was left out.
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

/// Makes a type that implements [`Opaque`] a value of the stream; `#[gob(opaque)]` calls it.
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
                planner: &mut $crate::derive::Planner<'_>,
                type_ref: $crate::derive::TypeRef,
            ) -> $crate::Result<$crate::derive::PlanId> {
                planner.opaque_of::<Self>(type_ref)
            }

            fn decode(
                _plan: $crate::derive::PlanId,
                reader: &mut $crate::derive::Reader<'_>,
            ) -> $crate::Result<Self> {
                reader.opaque()
            }
        }
    };
    (encode $type:ty) => {
        impl $crate::Encode for $type {
            fn describe(describer: &mut $crate::derive::Describer) -> $crate::Result<$crate::derive::WireId> {
                describer.opaque_of::<Self>()
            }

            fn is_zero(&self) -> bool {
                $crate::Opaque::is_zero(self)
            }

            fn encode(&self, writer: &mut $crate::derive::Writer<'_>) -> $crate::Result<()> {
                writer.opaque(self)
            }
        }
    };
}

opaque_bytes! {
    /// The bytes of a Go type that implements `gob.GobEncoder`, such as `time.Time` and `big.Int`, whatever they mean.
    GobEncoded, GobEncoder;
    /// The bytes of a Go type that implements `encoding.BinaryMarshaler`, such as `url.URL`, whatever they mean.
    BinaryMarshaled, BinaryMarshaler;
    /// The bytes of a Go type that implements `encoding.TextMarshaler`, whatever they mean.
    TextMarshaled, TextMarshaler;
}
