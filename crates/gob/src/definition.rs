//! Type definitions: how a stream describes the types of its values.

use crate::error::{Error, ErrorKind, Result};
use crate::walk::take_bytes;
use crate::wire::{WireId, int_of, put_int, put_uint, take_uint};

/// A type as a stream's reader keeps it.
// Numbers below 64 are the built-in types by their wire number, those from it on are definitions by their
// place in the table. A negative number is the complement of a wire number that was not looked up yet:
// definitions may name types that are defined after them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TypeRef(i32);

impl TypeRef {
    pub(crate) const BOOL: Self = Self(WireId::BOOL.0);
    pub(crate) const INT: Self = Self(WireId::INT.0);
    pub(crate) const UINT: Self = Self(WireId::UINT.0);
    pub(crate) const FLOAT: Self = Self(WireId::FLOAT.0);
    pub(crate) const BYTES: Self = Self(WireId::BYTES.0);
    pub(crate) const STRING: Self = Self(WireId::STRING.0);
    pub(crate) const COMPLEX: Self = Self(WireId::COMPLEX.0);
    pub(crate) const INTERFACE: Self = Self(WireId::INTERFACE.0);

    pub(crate) fn to_bits(self) -> u32 {
        self.0.cast_unsigned()
    }

    pub(crate) fn from_bits(bits: u32) -> Self {
        Self(bits.cast_signed())
    }

    pub(crate) fn pending(id: WireId) -> Self {
        Self(!id.0)
    }

    pub(crate) fn defined(place: usize) -> Self {
        Self(WireId::FIRST_DEFINED + place as i32)
    }

    pub(crate) fn built_in(id: WireId) -> Option<Self> {
        (WireId::BOOL..=WireId::INTERFACE)
            .contains(&id)
            .then_some(Self(id.0))
    }

    /// The wire number that is still to be looked up.
    pub(crate) fn pending_id(self) -> Option<WireId> {
        (self.0 < 0).then_some(WireId(!self.0))
    }

    /// The place of a definition; nothing for a built-in type.
    #[inline]
    pub(crate) fn place(self) -> Option<usize> {
        self.0
            .checked_sub(WireId::FIRST_DEFINED)
            .and_then(|place| usize::try_from(place).ok())
    }

    /// The wire number of a built-in type.
    pub(crate) fn built_in_id(self) -> WireId {
        WireId(self.0)
    }

    pub(crate) fn built_in_name(self) -> &'static str {
        match self {
            Self::BOOL => "bool",
            Self::INT => "int",
            Self::UINT => "uint",
            Self::FLOAT => "float",
            Self::BYTES => "bytes",
            Self::STRING => "string",
            Self::COMPLEX => "complex",
            Self::INTERFACE => "interface",
            _ => "unknown type",
        }
    }
}

/// A type that a stream defined.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Definition {
    /// Go's name of the type: for people, it decides nothing.
    pub(crate) name: String,
    pub(crate) shape: Shape,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    Array { element: TypeRef, length: u64 },
    Slice { element: TypeRef },
    Struct { fields: Vec<Field> },
    Map { key: TypeRef, element: TypeRef },
    Opaque(OpaqueKind),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) type_ref: TypeRef,
}

/// Which of Go's interfaces a type implements that writes itself into bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OpaqueKind {
    /// `gob.GobEncoder`, for example `time.Time` and `big.Int`.
    GobEncoder,
    /// `encoding.BinaryMarshaler`, for example `url.URL`.
    BinaryMarshaler,
    /// `encoding.TextMarshaler`; today's Go never sends it, but the format knows it.
    TextMarshaler,
}

/// Field numbers of Go's `wireType`.
mod field {
    pub(super) const ARRAY: u64 = 0;
    pub(super) const SLICE: u64 = 1;
    pub(super) const STRUCT: u64 = 2;
    pub(super) const MAP: u64 = 3;
    pub(super) const GOB_ENCODER: u64 = 4;
    pub(super) const BINARY_MARSHALER: u64 = 5;
    pub(super) const TEXT_MARSHALER: u64 = 6;
}

impl Definition {
    /// Takes a `wireType` from the front of `rest`.
    pub(crate) fn take(rest: &mut &[u8]) -> Result<Self> {
        let mut fields = FieldNumbers::default();
        let kind = fields
            .next(rest)?
            .ok_or_else(|| bad("it defines nothing"))?;
        let definition = match kind {
            field::ARRAY => take_array(rest),
            field::SLICE => take_slice(rest),
            field::STRUCT => take_struct(rest),
            field::MAP => take_map(rest),
            field::GOB_ENCODER => take_opaque(rest, OpaqueKind::GobEncoder),
            field::BINARY_MARSHALER => take_opaque(rest, OpaqueKind::BinaryMarshaler),
            field::TEXT_MARSHALER => take_opaque(rest, OpaqueKind::TextMarshaler),
            _ => Err(bad("unknown kind of type")),
        }?;
        match fields.next(rest)? {
            None => Ok(definition),
            Some(_) => Err(bad("two kinds of type at once")),
        }
    }

    /// Appends the `wireType`; every [`TypeRef`] goes through `wire_id`.
    pub(crate) fn put(
        &self,
        id: WireId,
        output: &mut Vec<u8>,
        wire_id: impl Fn(TypeRef) -> WireId,
    ) {
        let kind = match &self.shape {
            Shape::Array { .. } => field::ARRAY,
            Shape::Slice { .. } => field::SLICE,
            Shape::Struct { .. } => field::STRUCT,
            Shape::Map { .. } => field::MAP,
            Shape::Opaque(OpaqueKind::GobEncoder) => field::GOB_ENCODER,
            Shape::Opaque(OpaqueKind::BinaryMarshaler) => field::BINARY_MARSHALER,
            Shape::Opaque(OpaqueKind::TextMarshaler) => field::TEXT_MARSHALER,
        };
        put_uint(output, kind + 1);
        self.put_common(id, output);
        match &self.shape {
            Shape::Array { element, length } => {
                put_uint(output, 1);
                put_int(output, wire_id(*element).0.into());
                if *length != 0 {
                    put_uint(output, 1);
                    put_int(output, length.cast_signed());
                }
            }
            Shape::Slice { element } => {
                put_uint(output, 1);
                put_int(output, wire_id(*element).0.into());
            }
            Shape::Struct { fields } if fields.is_empty() => {}
            Shape::Struct { fields } => {
                put_uint(output, 1);
                put_uint(output, fields.len() as u64);
                for field in fields {
                    put_uint(output, 1);
                    put_string(output, &field.name);
                    put_uint(output, 1);
                    put_int(output, wire_id(field.type_ref).0.into());
                    output.push(0);
                }
            }
            Shape::Map { key, element } => {
                put_uint(output, 1);
                put_int(output, wire_id(*key).0.into());
                put_uint(output, 1);
                put_int(output, wire_id(*element).0.into());
            }
            Shape::Opaque(_) => {}
        }
        output.extend_from_slice(&[0, 0]);
    }

    fn put_common(&self, id: WireId, output: &mut Vec<u8>) {
        put_uint(output, 1);
        if self.name.is_empty() {
            put_uint(output, 2);
        } else {
            put_uint(output, 1);
            put_string(output, &self.name);
            put_uint(output, 1);
        }
        put_int(output, id.0.into());
        output.push(0);
    }
}

fn take_array(rest: &mut &[u8]) -> Result<Definition> {
    let (mut name, mut element, mut length) = (String::new(), WireId(0), 0);
    let mut fields = FieldNumbers::default();
    while let Some(number) = fields.next(rest)? {
        match number {
            0 => name = take_common(rest)?,
            1 => element = take_id(rest)?,
            2 => length = take_int(rest)?,
            _ => return Err(bad("unknown field of an array type")),
        }
    }
    let length = u64::try_from(length).map_err(|_| bad("negative array length"))?;
    Ok(Definition {
        name,
        shape: Shape::Array {
            element: TypeRef::pending(element),
            length,
        },
    })
}

fn take_slice(rest: &mut &[u8]) -> Result<Definition> {
    let (mut name, mut element) = (String::new(), WireId(0));
    let mut fields = FieldNumbers::default();
    while let Some(number) = fields.next(rest)? {
        match number {
            0 => name = take_common(rest)?,
            1 => element = take_id(rest)?,
            _ => return Err(bad("unknown field of a slice type")),
        }
    }
    Ok(Definition {
        name,
        shape: Shape::Slice {
            element: TypeRef::pending(element),
        },
    })
}

fn take_struct(rest: &mut &[u8]) -> Result<Definition> {
    let (mut name, mut members) = (String::new(), Vec::new());
    let mut fields = FieldNumbers::default();
    while let Some(number) = fields.next(rest)? {
        match number {
            0 => name = take_common(rest)?,
            1 => {
                let count = take_uint(rest)?;
                for _ in 0..count {
                    members.push(take_field(rest)?);
                }
            }
            _ => return Err(bad("unknown field of a struct type")),
        }
    }
    Ok(Definition {
        name,
        shape: Shape::Struct { fields: members },
    })
}

fn take_field(rest: &mut &[u8]) -> Result<Field> {
    let (mut name, mut id) = (String::new(), WireId(0));
    let mut fields = FieldNumbers::default();
    while let Some(number) = fields.next(rest)? {
        match number {
            0 => name = take_string(rest)?,
            1 => id = take_id(rest)?,
            _ => return Err(bad("unknown field of a field type")),
        }
    }
    if name.is_empty() {
        return Err(bad("a field without a name"));
    }
    Ok(Field {
        name,
        type_ref: TypeRef::pending(id),
    })
}

fn take_map(rest: &mut &[u8]) -> Result<Definition> {
    let (mut name, mut key, mut element) = (String::new(), WireId(0), WireId(0));
    let mut fields = FieldNumbers::default();
    while let Some(number) = fields.next(rest)? {
        match number {
            0 => name = take_common(rest)?,
            1 => key = take_id(rest)?,
            2 => element = take_id(rest)?,
            _ => return Err(bad("unknown field of a map type")),
        }
    }
    Ok(Definition {
        name,
        shape: Shape::Map {
            key: TypeRef::pending(key),
            element: TypeRef::pending(element),
        },
    })
}

fn take_opaque(rest: &mut &[u8], kind: OpaqueKind) -> Result<Definition> {
    let mut name = String::new();
    let mut fields = FieldNumbers::default();
    while let Some(number) = fields.next(rest)? {
        match number {
            0 => name = take_common(rest)?,
            _ => return Err(bad("unknown field of an opaque type")),
        }
    }
    Ok(Definition {
        name,
        shape: Shape::Opaque(kind),
    })
}

/// Takes Go's `CommonType`, of which only the name is of use: the number is repeated before the definition.
fn take_common(rest: &mut &[u8]) -> Result<String> {
    let mut name = String::new();
    let mut fields = FieldNumbers::default();
    while let Some(number) = fields.next(rest)? {
        match number {
            0 => name = take_string(rest)?,
            1 => drop(take_id(rest)?),
            _ => return Err(bad("unknown field of a common type")),
        }
    }
    Ok(name)
}

/// Reads the deltas between a struct's fields.
#[derive(Default)]
struct FieldNumbers {
    next: u64,
}

impl FieldNumbers {
    fn next(&mut self, rest: &mut &[u8]) -> Result<Option<u64>> {
        let delta = take_uint(rest)?;
        if delta == 0 {
            return Ok(None);
        }
        let number = self
            .next
            .checked_add(delta - 1)
            .ok_or_else(|| bad("field number out of range"))?;
        self.next = number.saturating_add(1);
        Ok(Some(number))
    }
}

fn take_int(rest: &mut &[u8]) -> Result<i64> {
    take_uint(rest).map(int_of)
}

fn take_id(rest: &mut &[u8]) -> Result<WireId> {
    match i32::try_from(take_int(rest)?) {
        Ok(id) if id > 0 => Ok(WireId(id)),
        _ => Err(bad("type number out of range")),
    }
}

fn take_string(rest: &mut &[u8]) -> Result<String> {
    let text = take_bytes(rest)?;
    // Names are for matching and for people: one that is not UTF-8 matches no Rust field either way.
    Ok(String::from_utf8_lossy(text).into_owned())
}

fn put_string(output: &mut Vec<u8>, text: &str) {
    put_uint(output, text.len() as u64);
    output.extend_from_slice(text.as_bytes());
}

fn bad(reason: &'static str) -> Error {
    ErrorKind::BadDefinition(reason).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition of `type Point struct { X, Y int }` in the documentation of Go's package, without its number.
    const POINT: &[u8] = b"\x03\x01\x01\x05Point\x01\xff\x82\x00\x01\x02\x01\x01X\x01\x04\x00\x01\x01Y\x01\x04\x00\x00\x00";

    #[test]
    fn the_documentation_s_struct_is_read_and_written_byte_by_byte() {
        let mut rest = POINT;
        let definition = Definition::take(&mut rest).unwrap();
        assert!(rest.is_empty());
        assert_eq!(definition.name, "Point");
        let integer = TypeRef::pending(WireId::INT);
        let field = |name: &str| Field {
            name: name.to_owned(),
            type_ref: integer,
        };
        assert_eq!(
            definition.shape,
            Shape::Struct {
                fields: vec![field("X"), field("Y")]
            }
        );
        let mut written = Vec::new();
        definition.put(WireId(65), &mut written, |type_ref| {
            type_ref.pending_id().unwrap()
        });
        assert_eq!(written, POINT);
    }

    #[test]
    fn a_definition_cut_short_anywhere_is_refused() {
        for length in 0..POINT.len() {
            Definition::take(&mut &POINT[..length]).unwrap_err();
        }
    }

    #[test]
    fn a_field_count_beyond_the_message_allocates_nothing() {
        let mut rest = &b"\x03\x02\xf8\xff\xff\xff\xff\xff\xff\xff\xff"[..];
        assert_eq!(
            *Definition::take(&mut rest).unwrap_err().kind(),
            ErrorKind::UnexpectedEnd
        );
    }
}
