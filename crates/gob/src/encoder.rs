//! The writing end of a stream: remembers which types it has defined.

use bytes::{BufMut, BytesMut};

use crate::describer::Describer;
use crate::encode::Encode;
use crate::error::Result;
use crate::value::Value;
use crate::wire::{WireId, put_int, put_uint};
use crate::writer::Writer;

/// A larger value gives its memory back: one long message must not cost a quiet stream for ever.
const KEPT_BYTES: usize = 64 << 10;

/// The writing end of one stream.
///
/// It does no I/O: the caller sends what it appends, in order, all of it.
/// A clone is the writing end of another stream that has begun with the same bytes.
#[derive(Debug, Default, Clone)]
pub struct Encoder {
    describer: Describer,
    body: Vec<u8>,
    prefix: Vec<u8>,
}

impl Encoder {
    /// The writing end of a new stream.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Has the type defined before the next value, whatever that is, if the stream does not have it yet.
    ///
    /// # Errors
    ///
    /// The stream has no number left for another type.
    pub fn define<T: Encode + ?Sized>(&mut self) -> Result<()> {
        T::describe(&mut self.describer).map(drop)
    }

    /// Appends a value to `output`, after the definitions of its types that the stream does not have yet.
    ///
    /// # Errors
    ///
    /// The value holds a nil where gob has none, or is nested deeper than 100 levels.
    /// Nothing was appended; the stream goes on as if the value had never been.
    pub fn encode<T: Encode + ?Sized>(&mut self, value: &T, output: &mut BytesMut) -> Result<()> {
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
    }

    fn write(
        &mut self,
        id: WireId,
        output: &mut BytesMut,
        write: impl FnOnce(&mut Writer<'_>) -> Result<()>,
    ) -> Result<()> {
        self.body.clear();
        put_int(&mut self.body, id.0.into());
        write(&mut Writer::new(&mut self.body, &mut self.describer))?;
        // Definitions of a value that failed stay pending: the types count as defined.
        self.describer.take_pending(output);
        self.prefix.clear();
        put_uint(&mut self.prefix, self.body.len() as u64);
        output.reserve(self.prefix.len() + self.body.len());
        output.put_slice(&self.prefix);
        output.put_slice(&self.body);
        if self.body.capacity() > KEPT_BYTES {
            self.body = Vec::new();
        }
        Ok(())
    }
}
