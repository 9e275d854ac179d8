//! Dynamic values from Rust values, and back.

use bstr::BString;
use bytes::BytesMut;

use super::{Complex, Interface, List, Map, OpaqueValue, Struct, Value};
use crate::decode::{Decode, Decoder};
use crate::encode::{Encode, Encoder};
use crate::error::{ErrorKind, Result};
use crate::limits::Limits;

impl Value {
    /// The dynamic value that a decoder would make of a Rust value.
    ///
    /// # Errors
    ///
    /// As for [`Encoder::encode`].
    pub fn of<T: Encode + ?Sized>(value: &T) -> Result<Self> {
        let mut stream = BytesMut::new();
        Encoder::new().encode(value, &mut stream)?;
        read(stream)
    }

    /// The Rust value of a dynamic value, as if it had been decoded as that type.
    ///
    /// # Errors
    ///
    /// As for [`Decoder::decode`].
    pub fn to<T: Decode>(&self) -> Result<T> {
        let mut stream = BytesMut::new();
        Encoder::new().encode_value(self, &mut stream)?;
        read(stream)
    }
}

/// Decodes what was just encoded. It needs no limits: it comes from this process.
fn read<T: Decode>(mut stream: BytesMut) -> Result<T> {
    let all = usize::MAX;
    let limits = Limits {
        message_bytes: all,
        types: all,
        definition_bytes: all,
        value_bytes: all,
        ..Limits::default()
    };
    let mut decoder = Decoder::new(limits);
    let message = decoder
        .next_message(&mut stream)?
        .ok_or(ErrorKind::UnexpectedEnd)?;
    decoder.decode(&message)
}

macro_rules! from {
    ($($type:ty, $variant:ident, $convert:expr;)*) => {$(
        impl From<$type> for Value {
            fn from(value: $type) -> Self {
                let convert: fn($type) -> _ = $convert;
                Self::$variant(convert(value))
            }
        }
    )*};
}

from! {
    bool, Bool, |value| value;
    i32, Int, |value| value.into();
    i64, Int, |value| value;
    u32, Uint, |value| value.into();
    u64, Uint, |value| value;
    f64, Float, |value| value;
    Complex, Complex, |value| value;
    &str, String, |value| BString::from(value);
    String, String, |value| BString::from(value);
    BString, String, |value| value;
    Vec<u8>, Bytes, |value| value;
    List, List, |value| value;
    Map, Map, |value| value;
    Struct, Struct, |value| value;
    OpaqueValue, Opaque, |value| value;
    Interface, Interface, |value| Some(Box::new(value));
    Option<Interface>, Interface, |value| value.map(Box::new);
}
