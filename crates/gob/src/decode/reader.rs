//! Reads the parts of one value from a message.

use bytes::Bytes;

use super::plan::{FieldPlan, Plan, PlanId, Planner};
use super::state::DecodeState;
use super::walk::Event;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::PREALLOCATION_BYTES;
use crate::types::{Opaque, Shape, TypeRef, WireTypes, take_known_concrete_type};
use crate::wire::{float_of, int_of, take_bytes, take_uint};

/// Reads a value; handed to [`Decode::decode`](crate::Decode::decode).
#[derive(Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    /// The memory that `rest` lies in, where it can be shared.
    message: Option<&'a Bytes>,
    state: &'a mut DecodeState,
    depth_left: usize,
    value_bytes_left: usize,
}

/// Where the reader stands among the fields of a struct.
#[derive(Debug)]
pub struct Fields {
    plan: PlanId,
    next: usize,
}

impl<'a> Reader<'a> {
    pub(super) fn new(
        body: &'a [u8],
        message: Option<&'a Bytes>,
        state: &'a mut DecodeState,
    ) -> Self {
        let depth_left = state.limits.depth;
        let value_bytes_left = state.limits.value_bytes;
        Self {
            rest: body,
            message,
            state,
            depth_left,
            value_bytes_left,
        }
    }

    /// Begins a whole value, which lies at top level or in an interface value, and says how to read it.
    pub(super) fn begin_whole(
        &mut self,
        type_ref: TypeRef,
        plan: fn(&mut Planner<'_>, TypeRef) -> Result<PlanId>,
    ) -> Result<PlanId> {
        let DecodeState {
            types,
            plans,
            limits,
            ..
        } = &mut *self.state;
        let plan = Planner::plan_whole(types, plans, limits.depth, type_ref, plan)?;
        // A value that is not a struct follows a zero byte where a struct would have its first field.
        let is_struct = matches!(types.shape(type_ref), Some(Shape::Struct { .. }));
        if !is_struct && self.uint()? != 0 {
            return Err(ErrorKind::MissingZero.into());
        }
        Ok(plan)
    }

    pub(super) fn finish(self) -> Result<()> {
        if self.rest.is_empty() {
            Ok(())
        } else {
            Err(ErrorKind::ExtraData(self.rest.len()).into())
        }
    }

    #[inline]
    pub(crate) fn uint(&mut self) -> Result<u64> {
        take_uint(&mut self.rest)
    }

    #[inline]
    pub(crate) fn int(&mut self) -> Result<i64> {
        self.uint().map(int_of)
    }

    #[inline]
    pub(crate) fn float(&mut self) -> Result<f64> {
        self.uint().map(float_of)
    }

    /// Takes the bytes of a string or a byte slice.
    ///
    /// # Errors
    ///
    /// They are longer than the message.
    #[inline]
    pub fn bytes(&mut self) -> Result<&'a [u8]> {
        take_bytes(&mut self.rest)
    }

    /// The same bytes as a part of the message, which they keep in memory; of a message that is decoded in its
    /// [buffer](crate::Decoder::decode_next) a copy.
    ///
    /// # Errors
    ///
    /// They are longer than the message.
    pub fn shared_bytes(&mut self) -> Result<Bytes> {
        let bytes = self.bytes()?;
        Ok(match self.message {
            Some(message) => message.slice_ref(bytes),
            None => Bytes::copy_from_slice(bytes),
        })
    }

    /// Begins a struct.
    ///
    /// # Errors
    ///
    /// The value lies too deep.
    #[inline]
    pub fn fields(&mut self, plan: PlanId) -> Result<Fields> {
        self.enter()?;
        Ok(Fields { plan, next: 0 })
    }

    /// The next field that the Rust struct has: its place there and its plan. Nothing at the struct's end.
    ///
    /// # Errors
    ///
    /// The field's number is out of range, or a field that is passed over is malformed.
    #[inline]
    pub fn next_field(&mut self, fields: &mut Fields) -> Result<Option<(u32, PlanId)>> {
        loop {
            let delta = self.uint()?;
            if delta == 0 {
                self.leave();
                return Ok(None);
            }
            let Some(Plan::Struct { members, .. }) = self.state.plans.plan(fields.plan) else {
                return Err(ErrorKind::Inconsistent("a struct was read without its plan").into());
            };
            let number = (fields.next as u64).saturating_add(delta - 1);
            let member = usize::try_from(number)
                .ok()
                .and_then(|number| members.get(number));
            let Some(&member) = member else {
                let fields = members.len();
                return Err(ErrorKind::FieldOutOfRange { number, fields }.into());
            };
            fields.next = number as usize + 1;
            match member {
                FieldPlan::Known { slot, plan } => return Ok(Some((slot, plan))),
                FieldPlan::Unknown(type_ref) => self.skip(type_ref)?,
            }
        }
    }

    /// Begins a slice or an array: the number of its elements and their plan. [`Self::leave`] ends it.
    ///
    /// # Errors
    ///
    /// The value lies too deep, or is longer than the message.
    pub fn sequence(&mut self, plan: PlanId) -> Result<(usize, PlanId)> {
        let Some(&Plan::Sequence { element }) = self.state.plans.plan(plan) else {
            return Err(ErrorKind::Inconsistent("a slice was read without its plan").into());
        };
        self.enter()?;
        Ok((self.count(1)?, element))
    }

    /// Begins a map: the number of its entries and the plans of their keys and values. [`Self::leave`] ends it.
    ///
    /// # Errors
    ///
    /// The value lies too deep, or has more entries than the message can hold.
    pub fn map(&mut self, plan: PlanId) -> Result<(usize, PlanId, PlanId)> {
        let Some(&Plan::Map { key, value }) = self.state.plans.plan(plan) else {
            return Err(ErrorKind::Inconsistent("a map was read without its plan").into());
        };
        self.enter()?;
        Ok((self.count(2)?, key, value))
    }

    /// Takes a number of elements that each take at least `least` bytes.
    pub(crate) fn count(&mut self, least: usize) -> Result<usize> {
        let length = self.uint()?;
        let possible = self.rest.len() / least;
        usize::try_from(length)
            .ok()
            .filter(|&count| count <= possible)
            .ok_or_else(|| {
                ErrorKind::LengthTooLong {
                    length,
                    remaining: self.rest.len(),
                }
                .into()
            })
    }

    /// Counts memory for `count` values of type `T` before they are decoded.
    ///
    /// # Errors
    ///
    /// The value takes more memory than [allowed](crate::Limits::value_bytes).
    pub fn charge<T>(&mut self, count: usize) -> Result<()> {
        let left = count
            .checked_mul(size_of::<T>())
            .and_then(|bytes| self.value_bytes_left.checked_sub(bytes));
        self.value_bytes_left = left.ok_or(ErrorKind::ValueTooLarge {
            limit: self.state.limits.value_bytes,
        })?;
        Ok(())
    }

    /// Goes one level deeper; what begins a level ends it with [`Self::leave`].
    #[inline]
    pub(crate) fn enter(&mut self) -> Result<()> {
        match self.depth_left.checked_sub(1) {
            Some(left) => {
                self.depth_left = left;
                Ok(())
            }
            None => Err(ErrorKind::TooDeep {
                limit: self.state.limits.depth,
            }
            .into()),
        }
    }

    /// Ends what [`Self::sequence`] or [`Self::map`] began.
    #[inline]
    pub fn leave(&mut self) {
        self.depth_left += 1;
    }

    /// Takes the name that an interface value begins with; nothing if the value is nil.
    ///
    /// # Errors
    ///
    /// The name is longer than the message.
    pub fn interface_name(&mut self) -> Result<Option<&'a [u8]>> {
        let name = self.bytes()?;
        Ok((!name.is_empty()).then_some(name))
    }

    /// Takes what stands between an interface value's name and its value, and says of which type the value is. Its
    /// definitions were read when the end of the message was looked for.
    pub(super) fn concrete_type(&mut self) -> Result<TypeRef> {
        let id = take_known_concrete_type(&mut self.rest)?;
        self.state
            .types
            .known_type(id)
            .ok_or_else(|| ErrorKind::UndefinedType(id).into())
    }

    /// Reads a value that reads its own bytes.
    ///
    /// # Errors
    ///
    /// The bytes are longer than the message, or none of the type.
    pub fn opaque<T: Opaque>(&mut self) -> Result<T> {
        T::from_bytes(self.bytes()?)
    }

    /// Passes over a value.
    pub(super) fn skip(&mut self, type_ref: TypeRef) -> Result<()> {
        self.walk_over(type_ref)
            .map_err(|error| match error.kind() {
                ErrorKind::TooDeep { .. } => ErrorKind::TooDeep {
                    limit: self.state.limits.depth,
                }
                .into(),
                _ => error,
            })
    }

    fn walk_over(&mut self, type_ref: TypeRef) -> Result<()> {
        let depth = self.depth_left;
        let DecodeState { types, walk, .. } = &mut *self.state;
        walk.clear();
        let mut event = match walk.begin(type_ref, &mut self.rest, types, depth)? {
            Some(event) => event,
            None => walk.proceed(&mut self.rest, types, depth)?,
        };
        while let Event::Interface = event {
            walk.enter_interface(depth)?;
            let id = take_known_concrete_type(&mut self.rest)?;
            let type_ref = types.known_type(id).ok_or(ErrorKind::UndefinedType(id))?;
            event = match walk.begin_whole(type_ref, &mut self.rest, types, depth)? {
                Some(event) => event,
                None => walk.proceed(&mut self.rest, types, depth)?,
            };
        }
        Ok(())
    }

    /// All definitions as dynamic values share them, and the shape of one.
    pub(crate) fn definitions(&mut self) -> WireTypes {
        let DecodeState {
            types,
            definitions: (version, definitions),
            ..
        } = &mut *self.state;
        if *version != types.version() {
            *version = types.version();
            *definitions = WireTypes::of(types);
        }
        definitions.clone()
    }

    /// The error of an interface value whose name no variant bears; the derive macro calls it.
    #[cold]
    #[must_use]
    pub fn unregistered(name: &[u8]) -> Error {
        // Go takes names of up to 1024 bytes; what is longer is no name but an attempt to fill the log.
        const SHOWN: usize = 1024;
        let name = &name[..name.len().min(SHOWN)];
        ErrorKind::UnregisteredName(String::from_utf8_lossy(name).into_owned()).into()
    }
}

/// How many elements to make room for before they have been seen.
pub(crate) fn preallocation<T>(count: usize) -> usize {
    count.min(PREALLOCATION_BYTES / size_of::<T>().max(1))
}
