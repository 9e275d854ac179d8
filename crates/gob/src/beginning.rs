//! What the streams of one kind begin with, learned from one and shared by the next.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::context::Context;
use crate::decoder::Decoder;
use crate::limits::Limits;
use crate::plan::Plans;
use crate::types::Types;

/// What the streams of one kind begin with.
///
/// Where one stream after the other defines the same types, as the answers of one Go server do, each decoder would
/// read the same definitions and work out the same plans. A decoder from [`Self::decoder`] compares the definitions'
/// bytes with those of an earlier stream and takes over what was made of them, for as long as they are equal.
/// Whatever else a stream does, it is read as by any other decoder.
///
/// ```
/// # fn main() -> gob::Result<()> {
/// let beginning = gob::Beginning::new(gob::Limits::default());
/// for _ in 0..3 {
///     let mut wire = bytes::BytesMut::new();
///     gob::Encoder::new().encode(&vec![1_i64, 2], &mut wire)?;
///     let mut decoder = beginning.decoder();
///     assert_eq!(decoder.decode_next::<Vec<i64>>(&mut wire)?, Some(vec![1, 2]));
///     beginning.learn(&decoder);
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug, Default)]
pub struct Beginning {
    limits: Limits,
    known: Mutex<Option<Known>>,
}

#[derive(Debug)]
struct Known {
    types: Types,
    plans: Plans,
}

impl Beginning {
    /// For streams that may ask no more than this of their readers.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            known: Mutex::default(),
        }
    }

    /// The reading end of a new stream.
    #[must_use]
    pub fn decoder(&self) -> Decoder {
        let (types, plans) = match &*self.known() {
            Some(known) => (known.types.unread(), known.plans.clone()),
            None => (Types::recording(), Plans::default()),
        };
        Decoder::with_context(Context::new(self.limits.clone(), types, plans))
    }

    /// Keeps what a decoder of this beginning has found out, if it is more than was known. At most 16 KiB of
    /// definitions are kept.
    pub fn learn(&self, decoder: &Decoder) {
        let Some(Context { types, plans, .. }) = decoder.sound_context() else {
            return;
        };
        if !types.is_recorded() {
            return;
        }
        let mut known = self.known();
        let before = known
            .as_ref()
            .map_or((0, 0), |known| (known.types.len(), known.plans.len()));
        if (types.len(), plans.len()) > before {
            *known = Some(Known {
                types: types.clone(),
                plans: plans.clone(),
            });
        }
    }

    fn known(&self) -> MutexGuard<'_, Option<Known>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Encode, Encoder, Limits, Struct, Type, Value};
    use bytes::BytesMut;

    fn stream(write: impl FnOnce(&mut Encoder, &mut BytesMut)) -> BytesMut {
        let mut wire = BytesMut::new();
        write(&mut Encoder::new(), &mut wire);
        wire
    }

    fn values<T: Encode>(values: &[T]) -> BytesMut {
        stream(|encoder, wire| {
            for value in values {
                encoder.encode(value, wire).unwrap();
            }
        })
    }

    /// Reads all of the stream as dynamic values.
    fn read(beginning: &Beginning, mut wire: BytesMut) -> Decoder {
        let mut decoder = beginning.decoder();
        while decoder.decode_next::<Value>(&mut wire).unwrap().is_some() {}
        beginning.learn(&decoder);
        decoder
    }

    fn known_types(beginning: &Beginning) -> usize {
        let known = beginning.known();
        known.as_ref().map_or(0, |known| known.types.len())
    }

    #[test]
    fn the_next_stream_that_begins_alike_has_the_same_types_and_plans() {
        let beginning = Beginning::default();
        let first = read(&beginning, values(&[vec![1_i64], vec![]]));
        let mut wire = values(&[vec![2_i64]]);
        let mut next = beginning.decoder();
        assert_eq!(next.decode_next(&mut wire).unwrap(), Some(vec![2_i64]));
        let types = |decoder: &Decoder| decoder.sound_context().unwrap().types.clone();
        assert!(types(&first).shares_with(&types(&next)));
        beginning.learn(&next);
        let third = beginning.decoder().sound_context().unwrap().plans.len();
        assert_eq!(third, next.sound_context().unwrap().plans.len());
    }

    #[test]
    fn of_two_streams_the_one_that_defined_more_is_kept() {
        let beginning = Beginning::default();
        read(&beginning, values(&[vec![1_i64]]));
        assert_eq!(known_types(&beginning), 1);
        read(&beginning, values(&[vec![vec![1_u64]]]));
        assert_eq!(known_types(&beginning), 2);
        read(&beginning, values(&[vec![1_i64]]));
        assert_eq!(known_types(&beginning), 2);
    }

    #[test]
    fn a_stream_that_ends_early_takes_nothing_away() {
        let beginning = Beginning::default();
        let both = stream(|encoder, wire| {
            encoder.encode(&vec![1_i64], wire).unwrap();
            encoder.encode(&vec!["a".to_owned()], wire).unwrap();
        });
        read(&beginning, both);
        read(&beginning, values(&[vec![1_i64]]));
        assert_eq!(known_types(&beginning), 2);
    }

    #[test]
    fn definitions_past_the_bound_are_read_and_not_kept() {
        let beginning = Beginning::default();
        let long = "x".repeat(17 << 10);
        let type_ = Type::structure(&long, []);
        let value = Struct::new(type_, []).unwrap().into();
        let wire = stream(|encoder, wire| encoder.encode_value(&value, wire).unwrap());
        read(&beginning, wire);
        assert_eq!(known_types(&beginning), 0);
    }

    #[test]
    fn a_malformed_stream_teaches_nothing() {
        let beginning = Beginning::new(Limits::default());
        let mut wire = values(&[vec![1_i64]]);
        wire.extend_from_slice(&[0xf0; 9]);
        let mut decoder = beginning.decoder();
        while let Ok(Some(_)) = decoder.decode_next::<Value>(&mut wire) {}
        beginning.learn(&decoder);
        assert_eq!(known_types(&beginning), 0);
    }
}
