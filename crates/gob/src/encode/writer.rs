//! Writes one value into a message.

use super::describer::Describer;
use crate::error::{ErrorKind, Result};
use crate::limits::DEFAULT_DEPTH;
use crate::types::{Opaque, WireTypeId};
use crate::wire::{put_float, put_int, put_uint};

/// Writes a value; the argument of [`Encode::encode`](crate::Encode::encode).
#[derive(Debug)]
pub struct Writer<'a> {
    body: &'a mut Vec<u8>,
    describer: &'a mut Describer,
    depth_left: usize,
}

/// The position among the fields of a struct.
#[derive(Debug)]
pub struct FieldsWriter {
    next: u32,
}

impl<'a> Writer<'a> {
    pub(crate) fn new(body: &'a mut Vec<u8>, describer: &'a mut Describer) -> Self {
        Self {
            body,
            describer,
            depth_left: DEFAULT_DEPTH,
        }
    }

    #[inline]
    pub(crate) fn uint(&mut self, value: u64) {
        put_uint(self.body, value);
    }

    #[inline]
    pub(crate) fn int(&mut self, value: i64) {
        put_int(self.body, value);
    }

    #[inline]
    pub(crate) fn float(&mut self, value: f64) {
        put_float(self.body, value);
    }

    /// Writes a string or a byte slice.
    #[inline]
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.uint(bytes.len() as u64);
        self.body.extend_from_slice(bytes);
    }

    /// Begins a slice of `count` elements, or a map of `count` entries: the elements follow, or keys and values in turn.
    /// [`Self::leave`] ends it.
    ///
    /// # Errors
    ///
    /// The value is nested too deep.
    pub fn begin(&mut self, count: usize) -> Result<()> {
        self.enter()?;
        self.uint(count as u64);
        Ok(())
    }

    /// Begins a struct.
    ///
    /// # Errors
    ///
    /// The value is nested too deep.
    #[inline]
    pub fn fields(&mut self) -> Result<FieldsWriter> {
        self.enter()?;
        Ok(FieldsWriter { next: 0 })
    }

    /// Begins a field; its value follows. Fields are written in the order of their numbers.
    #[inline]
    pub fn field(&mut self, fields: &mut FieldsWriter, number: u32) {
        self.uint(u64::from(number + 1 - fields.next));
        fields.next = number + 1;
    }

    /// Ends a struct.
    #[inline]
    pub fn end_fields(&mut self) {
        self.body.push(0);
        self.leave();
    }

    /// Begins a level of nesting, which [`Self::leave`] ends.
    #[inline]
    pub(crate) fn enter(&mut self) -> Result<()> {
        self.depth_left = self.depth_left.checked_sub(1).ok_or(ErrorKind::TooDeep {
            limit: DEFAULT_DEPTH,
        })?;
        Ok(())
    }

    /// Ends what [`Self::begin`] began.
    #[inline]
    pub fn leave(&mut self) {
        self.depth_left += 1;
    }

    /// Writes a nil interface value.
    pub fn nil_interface(&mut self) {
        self.body.push(0);
    }

    /// Writes a value that encodes itself.
    ///
    /// # Errors
    ///
    /// The value cannot be encoded.
    pub fn opaque<T: Opaque>(&mut self, value: &T) -> Result<()> {
        self.bytes(&value.to_bytes()?);
        Ok(())
    }

    pub(crate) fn interface_parts(
        &mut self,
        name: &str,
        describe: impl FnOnce(&mut Describer) -> Result<WireTypeId>,
        write: impl FnOnce(&mut Self) -> Result<()>,
    ) -> Result<()> {
        if name.is_empty() {
            return Err(ErrorKind::Inconsistent("an interface value without a name").into());
        }
        self.enter()?;
        self.bytes(name.as_bytes());
        let id = describe(self.describer)?;
        self.int(id.0.into());
        // The length of most values is below 128, for which one byte is enough.
        let begin = self.body.len();
        self.body.push(0);
        write(self)?;
        let length = self.body.len() - begin - 1;
        match u8::try_from(length) {
            Ok(short) if short < 0x80 => self.body[begin] = short,
            _ => {
                let mut prefix = Vec::new();
                put_uint(&mut prefix, length as u64);
                self.body.splice(begin..=begin, prefix);
            }
        }
        self.leave();
        Ok(())
    }
}
