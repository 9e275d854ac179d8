//! The encoder of a stream: keeps track of the types that it has defined.

use bytes::BytesMut;

use super::Encode;
use super::describer::Describer;
use super::writer::Writer;
use crate::error::Result;
use crate::types::WireTypeId;
use crate::value::Value;
use crate::wire::{put_int, put_length};

/// Most values are shorter than this many bytes, so that memory is allocated once.
const USUAL_BYTES: usize = 512;

/// More memory than this is freed after a value: an idle stream must not hold the memory of a long message.
const KEPT_BYTES: usize = 64 << 10;

/// The encoder of one stream.
///
/// It does no I/O: the caller sends everything that it appends, in order.
/// A clone is the encoder of another stream that has begun with the same bytes.
#[derive(Debug, Default)]
pub struct Encoder {
    describer: Describer,
    body: Vec<u8>,
}

impl Clone for Encoder {
    fn clone(&self) -> Self {
        Self {
            describer: self.describer.clone(),
            // It holds only the value that was written last.
            body: Vec::new(),
        }
    }
}

impl Encoder {
    /// The encoder of a new stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Defines the type before the next value, whatever that is, if the stream does not have it yet.
    ///
    /// # Errors
    ///
    /// The stream has no id left for another type.
    pub fn define<T: Encode + ?Sized>(&mut self) -> Result<()> {
        T::describe(&mut self.describer).map(drop)
    }

    /// Appends a value to `output`, after the definitions of its types that the stream does not have yet.
    ///
    /// # Errors
    ///
    /// The value contains a nil that gob cannot represent, or is nested deeper than 100 levels.
    /// Nothing was appended, and other values can be encoded after it.
    pub fn encode<T: Encode + ?Sized>(&mut self, value: &T, output: &mut BytesMut) -> Result<()> {
        self.append(value, output).map(drop)
    }

    /// Appends two values to `output`, or neither of them.
    ///
    /// # Errors
    ///
    /// As for [`Self::encode`], of either value. Type definitions may have been appended; the stream is valid with them.
    pub fn encode_both<T: Encode + ?Sized, U: Encode + ?Sized>(
        &mut self,
        first: &T,
        second: &U,
        output: &mut BytesMut,
    ) -> Result<()> {
        let begin = self.append(first, output)?;
        self.append(second, output)
            .inspect_err(|_| output.truncate(begin))
            .map(drop)
    }

    /// Appends a value, and returns where it begins, after the definitions.
    fn append<T: Encode + ?Sized>(&mut self, value: &T, output: &mut BytesMut) -> Result<usize> {
        let id = T::describe(&mut self.describer)?;
        self.write(id, output, |writer| writer.whole(value))
    }

    /// Appends a dynamic value to `output`, as [`Self::encode`] does.
    ///
    /// # Errors
    ///
    /// As for [`Self::encode`]; also a value that does not fit its own type.
    pub fn encode_value(&mut self, value: &Value, output: &mut BytesMut) -> Result<()> {
        let type_ = value.type_();
        let id = self.describer.dynamic(&type_)?;
        self.write(id, output, |writer| writer.whole_dynamic(value, &type_))
            .map(drop)
    }

    fn write(
        &mut self,
        id: WireTypeId,
        output: &mut BytesMut,
        write: impl FnOnce(&mut Writer<'_>) -> Result<()>,
    ) -> Result<usize> {
        self.body.clear();
        self.body.reserve(USUAL_BYTES);
        put_int(&mut self.body, id.0.into());
        write(&mut Writer::new(&mut self.body, &mut self.describer))?;
        // If the value fails, its definitions stay pending, because the types count as defined.
        self.describer.take_pending(output);
        let begin = output.len();
        output.reserve(size_of::<u64>() + 1 + self.body.len());
        put_length(output, self.body.len());
        output.extend_from_slice(&self.body);
        if self.body.capacity() > KEPT_BYTES {
            self.body = Vec::new();
        }
        Ok(begin)
    }
}
