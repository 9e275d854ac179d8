//! Types that encode and decode themselves.

use std::borrow::Cow;

use super::wire_type::OpaqueKind;
use crate::error::Result;

/// A type that encodes itself: Go's `GobEncoder`, `BinaryMarshaler` and `TextMarshaler`.
///
/// `#[derive(Gob)]` with `#[gob(opaque)]` lets streams carry it:
///
/// ```
/// use std::borrow::Cow;
///
/// /// Go's `url.URL`, which encodes itself as text.
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
    /// The interface of Go's by which the type encodes itself; both sides must agree.
    const KIND: OpaqueKind;

    /// Go's name of the type. Types are not matched by it.
    const NAME: &'static str;

    /// The value of a field that was not sent.
    fn zero() -> Self;

    /// Whether a field with this value is left out. By default it never is.
    fn is_zero(&self) -> bool {
        false
    }

    /// The bytes of the value.
    ///
    /// # Errors
    ///
    /// The value cannot be encoded: [`Error::opaque`](crate::Error::opaque).
    fn to_bytes(&self) -> Result<Cow<'_, [u8]>>;

    /// The value of the bytes, which come from the peer.
    ///
    /// # Errors
    ///
    /// The bytes are not a value of this type: [`Error::opaque`](crate::Error::opaque).
    fn from_bytes(bytes: &[u8]) -> Result<Self>;
}
