//! Walks through a value without decoding it, with a stack of its own instead of recursion.

use crate::error::{ErrorKind, Result};
use crate::types::{Shape, TypeRef, TypeTable};
use crate::wire::{take_bytes, take_uint};

/// A position in a value: all values around it that have not ended.
#[derive(Debug, Default)]
pub(super) struct Walk {
    open: Vec<Level>,
}

/// How many levels an idle walk keeps memory for.
const IDLE_LEVELS: usize = 256;

/// The memory of a level in bytes.
pub(super) const LEVEL_BYTES: usize = size_of::<Level>();

#[derive(Debug)]
enum Level {
    /// A struct, with the number of the field that a difference of one would mean.
    Struct { type_ref: TypeRef, next_field: u64 },
    /// A slice or an array, with the number of elements that are left.
    Elements { element: TypeRef, left: u64 },
    /// A map, with the number of keys and values that are left. If it is even, a key is next.
    Entries {
        key: TypeRef,
        element: TypeRef,
        left: u64,
    },
    /// An interface value.
    Interface,
}

/// Why a walk has stopped.
pub(super) enum Event {
    /// The value is complete.
    End,
    /// The concrete type of an interface value follows: perhaps type definitions, then the type's id and the value's length.
    Interface,
}

impl Walk {
    /// Begins a value.
    pub(super) fn begin(
        &mut self,
        type_ref: TypeRef,
        rest: &mut &[u8],
        types: &TypeTable,
        depth: usize,
    ) -> Result<Option<Event>> {
        let level = match types.shape(type_ref) {
            None => {
                return walk_built_in(type_ref, rest)
                    .map(|interface| interface.then_some(Event::Interface));
            }
            Some(Shape::Opaque(_)) => return skip_bytes(rest).map(|()| None),
            Some(Shape::Struct { .. }) => Level::Struct {
                type_ref,
                next_field: 0,
            },
            Some(Shape::Slice { element }) => {
                let left = take_uint(rest)?;
                if is_flat(*element) {
                    self.check_depth(depth)?;
                    for _ in 0..left {
                        walk_built_in(*element, rest)?;
                    }
                    return Ok(None);
                }
                Level::Elements {
                    element: *element,
                    left,
                }
            }
            Some(Shape::Array { element, length }) => {
                let received = take_uint(rest)?;
                if received != *length {
                    return Err(ErrorKind::ArrayLength {
                        expected: *length,
                        received,
                    }
                    .into());
                }
                Level::Elements {
                    element: *element,
                    left: received,
                }
            }
            Some(Shape::Map { key, element }) => {
                let count = take_uint(rest)?;
                // An entry has at least two bytes, so no message has this many.
                let left = count.checked_mul(2).ok_or(ErrorKind::LengthTooLong {
                    length: count,
                    remaining: rest.len(),
                })?;
                Level::Entries {
                    key: *key,
                    element: *element,
                    left,
                }
            }
        };
        self.push(level, depth)?;
        Ok(None)
    }

    /// Begins the value inside an interface value or at top level.
    pub(super) fn begin_whole(
        &mut self,
        type_ref: TypeRef,
        rest: &mut &[u8],
        types: &TypeTable,
        depth: usize,
    ) -> Result<Option<Event>> {
        if !matches!(types.shape(type_ref), Some(Shape::Struct { .. })) && take_uint(rest)? != 0 {
            return Err(ErrorKind::MissingZero.into());
        }
        self.begin(type_ref, rest, types, depth)
    }

    /// Begins an interface value, after [`Event::Interface`].
    pub(super) fn enter_interface(&mut self, depth: usize) -> Result<()> {
        self.push(Level::Interface, depth)
    }

    /// Continues until the value ends or the type of an interface value follows.
    pub(super) fn proceed(
        &mut self,
        rest: &mut &[u8],
        types: &TypeTable,
        depth: usize,
    ) -> Result<Event> {
        loop {
            let next = match self.open.last_mut() {
                None => return Ok(Event::End),
                Some(Level::Struct {
                    type_ref,
                    next_field,
                }) => take_field(*type_ref, next_field, rest, types)?,
                Some(
                    Level::Elements { left: 0, .. }
                    | Level::Entries { left: 0, .. }
                    | Level::Interface,
                ) => None,
                Some(Level::Elements { element, left }) => {
                    *left -= 1;
                    Some(*element)
                }
                Some(Level::Entries { key, element, left }) => {
                    *left -= 1;
                    Some(if *left % 2 == 1 { *key } else { *element })
                }
            };
            match next {
                None => {
                    self.open.pop();
                }
                Some(type_ref) => {
                    if let Some(event) = self.begin(type_ref, rest, types, depth)? {
                        return Ok(event);
                    }
                }
            }
        }
    }

    fn push(&mut self, level: Level, depth: usize) -> Result<()> {
        self.check_depth(depth)?;
        self.open.push(level);
        Ok(())
    }

    /// Fails if the next level would be too deep.
    fn check_depth(&self, depth: usize) -> Result<()> {
        if self.open.len() >= depth {
            return Err(ErrorKind::TooDeep { limit: depth }.into());
        }
        Ok(())
    }

    /// Makes ready for the next value, and frees the memory of a walk that was very deep.
    pub(super) fn clear(&mut self) {
        self.open.clear();
        self.open.shrink_to(IDLE_LEVELS);
    }
}

fn take_field(
    type_ref: TypeRef,
    next_field: &mut u64,
    rest: &mut &[u8],
    types: &TypeTable,
) -> Result<Option<TypeRef>> {
    let delta = take_uint(rest)?;
    if delta == 0 {
        return Ok(None);
    }
    let Some(Shape::Struct { fields }) = types.shape(type_ref) else {
        return Ok(None);
    };
    let number = next_field.saturating_add(delta - 1);
    let field = usize::try_from(number)
        .ok()
        .and_then(|number| fields.get(number));
    let Some(field) = field else {
        let fields = fields.len();
        return Err(ErrorKind::FieldOutOfRange { number, fields }.into());
    };
    *next_field = number + 1;
    Ok(Some(field.type_ref))
}

/// Whether values of the type contain no others, so that a slice of them needs no level.
fn is_flat(type_ref: TypeRef) -> bool {
    type_ref.place().is_none() && type_ref != TypeRef::INTERFACE
}

/// Walks through a value of a basic type; `true` if it is an interface value and not nil, so that a type follows.
fn walk_built_in(type_ref: TypeRef, rest: &mut &[u8]) -> Result<bool> {
    match type_ref {
        TypeRef::BYTES | TypeRef::STRING => skip_bytes(rest)?,
        TypeRef::INTERFACE => {
            // An empty name is nil, and nothing follows it.
            return take_bytes(rest).map(|name| !name.is_empty());
        }
        TypeRef::COMPLEX => {
            take_uint(rest)?;
            take_uint(rest)?;
        }
        _ => drop(take_uint(rest)?),
    }
    Ok(false)
}

fn skip_bytes(rest: &mut &[u8]) -> Result<()> {
    take_bytes(rest).map(drop)
}
