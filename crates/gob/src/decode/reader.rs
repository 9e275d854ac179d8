//! Reads one value of a message.

use bytes::Bytes;

use super::plan::{FieldPlan, Plan, PlanId, Planner};
use super::state::DecodeState;
use super::walk::Event;
use crate::error::{Error, ErrorKind, Result};
use crate::limits::PREALLOCATION_BYTES;
use crate::types::{Opaque, Shape, TypeRef, WireTypes, take_known_concrete_type};
use crate::wire::{float_of, int_of, take_bytes, take_uint};

/// Reads a value; the argument of [`Decode::decode`](crate::Decode::decode).
#[derive(Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    /// The memory that `rest` is a part of, if it can be shared.
    message: Option<&'a Bytes>,
    state: &'a mut DecodeState,
    depth_left: usize,
    value_bytes_left: usize,
}

/// The position among the fields of a struct.
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

    /// Begins a whole value, one at top level or in an interface value, and plans how to read it.
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

    /// Reads the bytes of a string or a byte slice.
    ///
    /// # Errors
    ///
    /// They are longer than the message.
    #[inline]
    pub fn bytes(&mut self) -> Result<&'a [u8]> {
        take_bytes(&mut self.rest)
    }

    /// Reads the same bytes without a copy: they keep the whole message in memory. If the message is decoded in its
    /// [buffer](crate::Decoder::decode_next), they are copied.
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
    /// The value is nested too deep.
    #[inline]
    pub fn fields(&mut self, plan: PlanId) -> Result<Fields> {
        self.enter()?;
        Ok(Fields { plan, next: 0 })
    }

    /// The next field that the Rust struct has: its index there and its plan. Nothing at the end of the struct.
    ///
    /// # Errors
    ///
    /// The field's number is out of range, or a field that is skipped is malformed.
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
    /// The value is nested too deep, or has more elements than the message can hold.
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
    /// The value is nested too deep, or has more entries than the message can hold.
    pub fn map(&mut self, plan: PlanId) -> Result<(usize, PlanId, PlanId)> {
        let Some(&Plan::Map { key, value }) = self.state.plans.plan(plan) else {
            return Err(ErrorKind::Inconsistent("a map was read without its plan").into());
        };
        self.enter()?;
        Ok((self.count(2)?, key, value))
    }

    /// Reads the number of elements that follow, each of at least `least` bytes.
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

    /// Counts the memory of `count` values of type `T`, which are decoded after it.
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

    /// Begins a level of nesting, which [`Self::leave`] ends.
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

    /// Reads the name that an interface value begins with; nothing if the value is nil.
    ///
    /// # Errors
    ///
    /// The name is longer than the message.
    pub fn interface_name(&mut self) -> Result<Option<&'a [u8]>> {
        let name = self.bytes()?;
        Ok((!name.is_empty()).then_some(name))
    }

    /// Reads what an interface value has between its name and its value: the type of the value. The table has its
    /// definition since the end of the message was found.
    pub(super) fn concrete_type(&mut self) -> Result<TypeRef> {
        let id = take_known_concrete_type(&mut self.rest)?;
        self.state
            .types
            .known_type(id)
            .ok_or_else(|| ErrorKind::UndefinedType(id).into())
    }

    /// Reads a value that decodes itself.
    ///
    /// # Errors
    ///
    /// The bytes are longer than the message, or not a value of the type.
    pub fn opaque<T: Opaque>(&mut self) -> Result<T> {
        T::from_bytes(self.bytes()?)
    }

    /// Skips a value.
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

    /// The stream's types, as dynamic values share them.
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

    /// The error of an interface value with a name that no variant of the enum has; the derive macro's code calls it.
    #[cold]
    #[must_use]
    pub fn unregistered(name: &[u8]) -> Error {
        // Go accepts names of at most 1024 bytes; a longer one could only fill the log.
        const SHOWN: usize = 1024;
        let name = &name[..name.len().min(SHOWN)];
        ErrorKind::UnregisteredName(String::from_utf8_lossy(name).into_owned()).into()
    }
}

/// For how many of `count` elements memory is allocated before any of them is decoded.
pub(crate) fn preallocation<T>(count: usize) -> usize {
    count.min(PREALLOCATION_BYTES / size_of::<T>().max(1))
}
