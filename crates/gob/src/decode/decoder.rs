//! The decoder of a stream: finds its messages and keeps its types.

use bytes::{Buf, Bytes, BytesMut};

use super::Decode;
use super::cache::{DefinitionCache, StreamTypes};
use super::plan::Plans;
use super::reader::Reader;
use super::state::DecodeState;
use super::walk::{Event, LEVEL_BYTES, Walk};
use crate::Limits;
use crate::error::{ErrorKind, Result};
use crate::types::{SignedTypeId, TypeRef, take_signed_type_id};
use crate::wire::take_uint;

/// The decoder of one stream.
///
/// It does no I/O: the caller appends what it has read to a buffer, and asks for the messages in it.
#[derive(Debug, Default)]
pub struct Decoder {
    pub(super) state: DecodeState,
    walk: Walk,
    scan: Option<Scan>,
    broken: bool,
}

/// A value of a stream that has not been decoded. All its types are known.
#[derive(Debug, Clone)]
pub struct Message {
    type_ref: TypeRef,
    body: Bytes,
}

impl Message {
    /// The length of the encoded value in bytes.
    #[must_use]
    pub fn encoded_len(&self) -> usize {
        self.body.len()
    }
}

/// Where a value is in the buffer.
struct Found {
    type_ref: TypeRef,
    start: usize,
    end: usize,
}

/// The search for the end of a message that may have type definitions inside its value.
#[derive(Debug)]
struct Scan {
    type_ref: TypeRef,
    /// Where the value begins in the buffer.
    start: usize,
    position: usize,
    /// Where the length-prefixed piece that `position` lies in ends.
    end: usize,
    phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Value,
    /// A type id follows: of a definition, or of the concrete type of an interface value.
    ConcreteType,
    /// The length that follows a definition. At the end of a piece, it is the length of the next one.
    Length,
}

impl Decoder {
    /// The decoder of a new stream.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self::with_state(DecodeState::new(
            limits,
            StreamTypes::default(),
            Plans::default(),
        ))
    }

    /// The decoder of a new stream that may begin like an earlier one of the cache.
    #[must_use]
    pub fn with_cache(cache: &DefinitionCache) -> Self {
        let (types, plans) = cache.load();
        Self::with_state(DecodeState::new(cache.limits.clone(), types, plans))
    }

    /// Stores the types of this decoder in the cache that it was created with, if there are more of them than before. At
    /// most 16 KiB of definitions are stored, and none of a malformed stream.
    pub fn update_cache(&self, cache: &DefinitionCache) {
        if !self.broken {
            cache.store(&self.state.types, &self.state.plans);
        }
    }

    fn with_state(state: DecodeState) -> Self {
        Self {
            state,
            walk: Walk::default(),
            scan: None,
            broken: false,
        }
    }

    /// Takes the next message from the front of `buffer`, together with the type definitions before it.
    ///
    /// Returns nothing while bytes are missing: the caller appends more to the same buffer and tries again.
    /// A message that is too long is refused as soon as its length is known.
    ///
    /// # Errors
    ///
    /// The stream is malformed or exceeds a [limit](Limits) in bytes or types. It cannot be read any further.
    /// A value that is nested too deep is an error of [`Self::decode`] only.
    pub fn next_message(&mut self, buffer: &mut BytesMut) -> Result<Option<Message>> {
        Ok(self.find(buffer)?.map(|found| {
            let mut body = buffer.split_to(found.end).freeze();
            body.advance(found.start);
            Message {
                type_ref: found.type_ref,
                body,
            }
        }))
    }

    /// Takes the next message as [`Self::next_message`] does and reads its value, as [`Self::decode`] does.
    ///
    /// # Errors
    ///
    /// As for both. After an error of the stream itself, every call fails with [`ErrorKind::StreamBroken`].
    pub fn decode_next<T: Decode>(&mut self, buffer: &mut BytesMut) -> Result<Option<T>> {
        let Some(found) = self.find(buffer)? else {
            return Ok(None);
        };
        let body = &buffer[found.start..found.end];
        let value = self.read(found.type_ref, body, None);
        buffer.advance(found.end);
        value.map(Some)
    }

    /// Takes the next message as [`Self::next_message`] does and skips it; `false` while bytes are missing.
    ///
    /// # Errors
    ///
    /// As for [`Self::next_message`].
    pub fn skip_next(&mut self, buffer: &mut BytesMut) -> Result<bool> {
        let found = self.find(buffer)?;
        if let Some(found) = &found {
            buffer.advance(found.end);
        }
        Ok(found.is_some())
    }

    /// Reads a message's value.
    ///
    /// # Errors
    ///
    /// The value is malformed, exceeds a [limit](Limits), or does not fit the Rust type.
    /// The next messages of the stream can still be read.
    pub fn decode<T: Decode>(&mut self, message: &Message) -> Result<T> {
        self.read(message.type_ref, &message.body, Some(&message.body))
    }

    fn read<T: Decode>(
        &mut self,
        type_ref: TypeRef,
        body: &[u8],
        message: Option<&Bytes>,
    ) -> Result<T> {
        let mut reader = Reader::new(body, message, &mut self.state);
        let value = reader.whole(type_ref)?;
        reader.finish()?;
        Ok(value)
    }

    fn find(&mut self, buffer: &mut BytesMut) -> Result<Option<Found>> {
        if self.broken {
            return Err(ErrorKind::StreamBroken.into());
        }
        let outcome = self.advance(buffer);
        self.broken = outcome.is_err();
        outcome
    }

    fn advance(&mut self, buffer: &mut BytesMut) -> Result<Option<Found>> {
        loop {
            if self.scan.is_some() {
                return self.proceed(buffer);
            }
            let limit = self.state.limits.message_bytes;
            let Some((start, end)) = piece(buffer, 0, limit)? else {
                return Ok(None);
            };
            let mut rest = &buffer[start..end];
            match take_signed_type_id(&mut rest)? {
                SignedTypeId::Definition(id) => {
                    self.state.define(id, &mut rest)?;
                    if !rest.is_empty() {
                        return Err(ErrorKind::ExtraData(rest.len()).into());
                    }
                    buffer.advance(end);
                }
                SignedTypeId::Value(id) => {
                    let type_ref = self.state.value_type(id)?;
                    let start = end - rest.len();
                    if !self.state.holds_interface(type_ref)? {
                        return Ok(Some(Found {
                            type_ref,
                            start,
                            end,
                        }));
                    }
                    self.walk.clear();
                    let levels = self.levels();
                    let event =
                        self.walk
                            .begin_whole(type_ref, &mut rest, &self.state.types, levels)?;
                    let position = end - rest.len();
                    let mut scan = Scan {
                        type_ref,
                        start,
                        position,
                        end,
                        phase: Phase::Value,
                    };
                    if let Some(Event::Interface) = event {
                        self.walk.enter_interface(levels)?;
                        scan.phase = Phase::ConcreteType;
                    }
                    self.scan = Some(scan);
                }
            }
        }
    }

    /// How many levels of nesting the search for the end of a message may remember. A value that is nested too deep is
    /// an error only when it is decoded, because the stream can be read after its end; so only memory bounds the search.
    fn levels(&self) -> usize {
        self.state.limits.value_bytes / LEVEL_BYTES
    }

    /// Continues the search for the end of a message. A message of several pieces, which definitions separate, is joined.
    fn proceed(&mut self, buffer: &[u8]) -> Result<Option<Found>> {
        let levels = self.levels();
        let Some(scan) = &mut self.scan else {
            return Ok(None);
        };
        let state = &mut self.state;
        let limit = state.limits.message_bytes;
        loop {
            if scan.phase == Phase::Length && scan.position == scan.end {
                let Some((start, end)) = piece(buffer, scan.position, limit)? else {
                    return Ok(None);
                };
                if end - scan.start > limit {
                    let length = (end - scan.start) as u64;
                    return Err(ErrorKind::MessageTooLong { length, limit }.into());
                }
                (scan.position, scan.end, scan.phase) = (start, end, Phase::ConcreteType);
            }
            let mut rest = &buffer[scan.position..scan.end];
            let event = match scan.phase {
                Phase::Length => {
                    take_uint(&mut rest)?;
                    scan.phase = Phase::ConcreteType;
                    None
                }
                Phase::ConcreteType => match take_signed_type_id(&mut rest)? {
                    SignedTypeId::Definition(id) => {
                        state.define(id, &mut rest)?;
                        scan.phase = Phase::Length;
                        None
                    }
                    SignedTypeId::Value(id) => {
                        take_uint(&mut rest)?;
                        scan.phase = Phase::Value;
                        let type_ref = state.value_type(id)?;
                        self.walk
                            .begin_whole(type_ref, &mut rest, &state.types, levels)?
                    }
                },
                Phase::Value => Some(self.walk.proceed(&mut rest, &state.types, levels)?),
            };
            scan.position = scan.end - rest.len();
            match event {
                None => {}
                Some(Event::Interface) => {
                    self.walk.enter_interface(levels)?;
                    scan.phase = Phase::ConcreteType;
                }
                Some(Event::End) => {
                    if scan.position != scan.end {
                        return Err(ErrorKind::ExtraData(scan.end - scan.position).into());
                    }
                    let found = Found {
                        type_ref: scan.type_ref,
                        start: scan.start,
                        end: scan.end,
                    };
                    self.scan = None;
                    self.walk.clear();
                    return Ok(Some(found));
                }
            }
        }
    }
}

/// The range of the length-prefixed piece that begins at `position`; nothing while it is incomplete.
fn piece(buffer: &[u8], position: usize, limit: usize) -> Result<Option<(usize, usize)>> {
    let mut rest = &buffer[position..];
    if rest.is_empty() {
        return Ok(None);
    }
    let length = match take_uint(&mut rest) {
        Ok(length) => length,
        Err(error) if *error.kind() == ErrorKind::UnexpectedEnd => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some(length) = usize::try_from(length)
        .ok()
        .filter(|&length| length <= limit)
    else {
        return Err(ErrorKind::MessageTooLong { length, limit }.into());
    };
    if rest.len() < length {
        return Ok(None);
    }
    let start = buffer.len() - rest.len();
    Ok(Some((start, start + length)))
}
