//! What many streams are opened with, made ready once.

use std::sync::Arc;

use bytes::BytesMut;
use gob::{DefinitionCache, Encode, Encoder};

use crate::Error;

/// A stream's first call, as its first frame carries it.
///
/// Where one stream after the other begins with the same call, the definitions of types and the call itself are the
/// same bytes each time. So are, most of the time, the definitions in the answers.
#[derive(Debug)]
pub struct Opening {
    pub(super) method: &'static str,
    pub(super) encoder: Encoder,
    pub(super) bytes: BytesMut,
    pub(super) answers: Arc<DefinitionCache>,
}

impl Opening {
    /// The call of `method` with `argument`. The encoder's stream may have had types [defined](Encoder::define) that
    /// later calls send; their definitions go out with the first.
    ///
    /// # Errors
    /// When the argument cannot be encoded.
    pub fn new<A: Encode>(
        mut encoder: Encoder,
        method: &'static str,
        argument: &A,
    ) -> Result<Self, Error> {
        let mut bytes = BytesMut::new();
        super::request(&mut encoder, method, 0, argument, &mut bytes)?;
        Ok(Self {
            method,
            encoder,
            bytes,
            answers: Arc::default(),
        })
    }
}
