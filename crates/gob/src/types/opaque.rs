//! Values that write and read their own bytes.

use std::borrow::Cow;

use super::wire_type::OpaqueKind;
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
