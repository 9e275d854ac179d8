//! Values under the names that Go's rpc gives to arguments and results.

use bytes::BytesMut;
use gob::{Decode, Decoder, Encode, Encoder, Gob, Limits};
use mattermost_plugin::Error;

macro_rules! carriers {
    ($($name:ident { $($field:ident: $type:ident),* })*) => {$(
        #[derive(Debug, Gob)]
        pub(crate) struct $name<$($type),*> {
            $(pub(crate) $field: $type,)*
        }
    )*};
}

carriers! {
    Zero {}
    One { a: A }
    Two { a: A, b: B }
    Three { a: A, b: B, c: C }
    Four { a: A, b: B, c: C, d: D }
}

pub(crate) fn encoded<T: Encode>(value: &T) -> Result<Vec<u8>, Error> {
    let mut stream = BytesMut::new();
    Encoder::new()
        .encode(value, &mut stream)
        .map_err(Error::new)?;
    Ok(stream.to_vec())
}

/// The value that a stream holds; Go cannot send a struct without fields, so that is none.
pub(crate) fn read<T: Decode>(stream: &[u8]) -> Result<T, Error> {
    if stream.is_empty() {
        return Ok(T::zero());
    }
    let mut stream = BytesMut::from(stream);
    let mut decoder = Decoder::new(Limits::default());
    let message = decoder.next_message(&mut stream).map_err(Error::new)?;
    let message = message.ok_or_else(|| Error::new("the stream is not whole"))?;
    decoder.decode(&message).map_err(Error::new)
}

/// What came of a call: the value, or the error's text.
pub(crate) fn written<T: Encode + 'static>(result: Result<T, Error>) -> Result<Vec<u8>, Error> {
    let (a, b) = match result {
        Ok(value) => (Some(value), String::new()),
        Err(error) => (None, error.to_string()),
    };
    encoded(&Two { a, b })
}
