//! Type definitions as they are sent: a negated type id, and Go's `wireType`.

use super::{Field, OpaqueKind, Shape, TypeRef, WireType, WireTypeId};
use crate::error::{Error, ErrorKind, Result};
use crate::wire::{int_of, put_int, put_uint, take_bytes, take_uint};

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

impl WireType {
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

    /// Appends the `wireType`; every [`TypeRef`] goes through `type_id`.
    pub(crate) fn put(
        &self,
        id: WireTypeId,
        output: &mut Vec<u8>,
        type_id: impl Fn(TypeRef) -> WireTypeId,
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
                put_int(output, type_id(*element).0.into());
                if *length != 0 {
                    put_uint(output, 1);
                    put_int(output, length.cast_signed());
                }
            }
            Shape::Slice { element } => {
                put_uint(output, 1);
                put_int(output, type_id(*element).0.into());
            }
            Shape::Struct { fields } if fields.is_empty() => {}
            Shape::Struct { fields } => {
                put_uint(output, 1);
                put_uint(output, fields.len() as u64);
                for field in fields {
                    put_uint(output, 1);
                    put_string(output, &field.name);
                    put_uint(output, 1);
                    put_int(output, type_id(field.type_ref).0.into());
                    output.push(0);
                }
            }
            Shape::Map { key, element } => {
                put_uint(output, 1);
                put_int(output, type_id(*key).0.into());
                put_uint(output, 1);
                put_int(output, type_id(*element).0.into());
            }
            Shape::Opaque(_) => {}
        }
        output.extend_from_slice(&[0, 0]);
    }

    fn put_common(&self, id: WireTypeId, output: &mut Vec<u8>) {
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

fn take_array(rest: &mut &[u8]) -> Result<WireType> {
    let (mut name, mut element, mut length) = (String::new(), WireTypeId(0), 0);
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
    Ok(WireType {
        name,
        shape: Shape::Array {
            element: TypeRef::pending(element),
            length,
        },
    })
}

fn take_slice(rest: &mut &[u8]) -> Result<WireType> {
    let (mut name, mut element) = (String::new(), WireTypeId(0));
    let mut fields = FieldNumbers::default();
    while let Some(number) = fields.next(rest)? {
        match number {
            0 => name = take_common(rest)?,
            1 => element = take_id(rest)?,
            _ => return Err(bad("unknown field of a slice type")),
        }
    }
    Ok(WireType {
        name,
        shape: Shape::Slice {
            element: TypeRef::pending(element),
        },
    })
}

fn take_struct(rest: &mut &[u8]) -> Result<WireType> {
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
    Ok(WireType {
        name,
        shape: Shape::Struct { fields: members },
    })
}

fn take_field(rest: &mut &[u8]) -> Result<Field> {
    let (mut name, mut id) = (String::new(), WireTypeId(0));
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

fn take_map(rest: &mut &[u8]) -> Result<WireType> {
    let (mut name, mut key, mut element) = (String::new(), WireTypeId(0), WireTypeId(0));
    let mut fields = FieldNumbers::default();
    while let Some(number) = fields.next(rest)? {
        match number {
            0 => name = take_common(rest)?,
            1 => key = take_id(rest)?,
            2 => element = take_id(rest)?,
            _ => return Err(bad("unknown field of a map type")),
        }
    }
    Ok(WireType {
        name,
        shape: Shape::Map {
            key: TypeRef::pending(key),
            element: TypeRef::pending(element),
        },
    })
}

fn take_opaque(rest: &mut &[u8], kind: OpaqueKind) -> Result<WireType> {
    let mut name = String::new();
    let mut fields = FieldNumbers::default();
    while let Some(number) = fields.next(rest)? {
        match number {
            0 => name = take_common(rest)?,
            _ => return Err(bad("unknown field of an opaque type")),
        }
    }
    Ok(WireType {
        name,
        shape: Shape::Opaque(kind),
    })
}

/// Takes Go's `CommonType`. Only its name is of use: the id that it holds was sent before the definition.
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

/// Reads the field numbers of a struct, each of which is sent as the difference from the one before.
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

fn take_id(rest: &mut &[u8]) -> Result<WireTypeId> {
    match i32::try_from(take_int(rest)?) {
        Ok(id) if id > 0 => Ok(WireTypeId(id)),
        _ => Err(bad("type id out of range")),
    }
}

fn take_string(rest: &mut &[u8]) -> Result<String> {
    let text = take_bytes(rest)?;
    // A name that is not UTF-8 matches no Rust field either way.
    Ok(String::from_utf8_lossy(text).into_owned())
}

fn put_string(output: &mut Vec<u8>, text: &str) {
    put_uint(output, text.len() as u64);
    output.extend_from_slice(text.as_bytes());
}

fn bad(reason: &'static str) -> Error {
    ErrorKind::BadDefinition(reason).into()
}

/// The type id that a message begins with: negative before a type definition.
pub(crate) enum SignedTypeId {
    Value(WireTypeId),
    Definition(WireTypeId),
}

pub(crate) fn take_signed_type_id(rest: &mut &[u8]) -> Result<SignedTypeId> {
    let number = int_of(take_uint(rest)?);
    let out_of_range = || ErrorKind::BadDefinition("type id out of range");
    if number < 0 {
        let id = number
            .checked_neg()
            .and_then(|id| i32::try_from(id).ok())
            .ok_or_else(out_of_range)?;
        Ok(SignedTypeId::Definition(WireTypeId(id)))
    } else {
        Ok(SignedTypeId::Value(WireTypeId(
            i32::try_from(number).map_err(|_| out_of_range())?,
        )))
    }
}

/// Takes what an interface value has between the name and the value: type definitions, which the table already has, the
/// id of the concrete type, and the length of the value.
pub(crate) fn take_known_concrete_type(rest: &mut &[u8]) -> Result<WireTypeId> {
    loop {
        match take_signed_type_id(rest)? {
            SignedTypeId::Value(id) => {
                // The length of the value, or only of its part before the first definition inside it.
                take_uint(rest)?;
                return Ok(id);
            }
            SignedTypeId::Definition(_) => {
                WireType::take(rest)?;
                // A length stands between a definition and what follows it.
                take_uint(rest)?;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The definition of `type Point struct { X, Y int }` in the documentation of Go's package, without its id.
    const POINT: &[u8] = b"\x03\x01\x01\x05Point\x01\xff\x82\x00\x01\x02\x01\x01X\x01\x04\x00\x01\x01Y\x01\x04\x00\x00\x00";

    #[test]
    fn the_documentation_s_struct_is_read_and_written_byte_by_byte() {
        let mut rest = POINT;
        let definition = WireType::take(&mut rest).unwrap();
        assert!(rest.is_empty());
        assert_eq!(definition.name, "Point");
        let integer = TypeRef::pending(WireTypeId::INT);
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
        definition.put(WireTypeId(65), &mut written, |type_ref| {
            type_ref.pending_id().unwrap()
        });
        assert_eq!(written, POINT);
    }

    #[test]
    fn a_definition_cut_short_anywhere_is_refused() {
        for length in 0..POINT.len() {
            WireType::take(&mut &POINT[..length]).unwrap_err();
        }
    }

    #[test]
    fn a_field_count_beyond_the_message_allocates_nothing() {
        let mut rest = &b"\x03\x02\xf8\xff\xff\xff\xff\xff\xff\xff\xff"[..];
        assert_eq!(
            *WireType::take(&mut rest).unwrap_err().kind(),
            ErrorKind::UnexpectedEnd
        );
    }
}
