//! Walks over a value without decoding it, with a stack of its own instead of recursion.

use crate::error::{ErrorKind, Result};
use crate::types::{Shape, TypeRef, TypeTable};
use crate::wire::{take_bytes, take_uint};

/// Where a walk stands: the values that were begun and not yet ended.
#[derive(Debug, Default)]
pub(super) struct Walk {
    open: Vec<Level>,
}

/// A walk keeps room for no more levels than this.
const IDLE_LEVELS: usize = 256;

/// How much memory a walk takes for each level.
pub(super) const LEVEL_BYTES: usize = size_of::<Level>();

#[derive(Debug)]
enum Level {
    /// A struct, with the number of the field that a delta of one would lead to.
    Struct { type_ref: TypeRef, next_field: u64 },
    /// That many more elements.
    Elements { element: TypeRef, left: u64 },
    /// That many more keys and values; keys are due when the number is even.
    Entries {
        key: TypeRef,
        element: TypeRef,
        left: u64,
    },
    /// An interface value whose value follows or was seen.
    Interface,
}

/// What a walk met.
pub(super) enum Event {
    /// The value is complete.
    End,
    /// The concrete type of an interface value follows: definitions, perhaps, then its number and the value's length.
    Interface,
}

impl Walk {
    /// Begins a value of the type.
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
                // Each entry is two bytes at least, so half of the numbers can never be met.
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

    /// Says that an interface value has begun, after [`Event::Interface`].
    pub(super) fn enter_interface(&mut self, depth: usize) -> Result<()> {
        self.push(Level::Interface, depth)
    }

    /// Goes on until the value ends or an interface value needs its type.
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

    /// Whether there is room for one more level.
    fn check_depth(&self, depth: usize) -> Result<()> {
        if self.open.len() >= depth {
            return Err(ErrorKind::TooDeep { limit: depth }.into());
        }
        Ok(())
    }

    /// Forgets a walk that did not come to its end, and gives back the room of one that was very deep.
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

/// Whether values of the type hold no others, so that many of them need no level of their own.
fn is_flat(type_ref: TypeRef) -> bool {
    type_ref.place().is_none() && type_ref != TypeRef::INTERFACE
}

/// Walks over a value of a built-in type; says whether a value's type follows.
fn walk_built_in(type_ref: TypeRef, rest: &mut &[u8]) -> Result<bool> {
    match type_ref {
        TypeRef::BYTES | TypeRef::STRING => skip_bytes(rest)?,
        TypeRef::INTERFACE => {
            // A name of no length is nil, and nothing follows it.
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
