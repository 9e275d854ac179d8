//! Reads dynamic values.

use super::{Complex, Interface, List, Map, OpaqueValue, Struct, Type, Value};
use crate::decode::{Decode, PlanId, Planner, Reader, preallocation};
use crate::error::{Error, ErrorKind, Result};
use crate::types::{Field, Shape, TypeRef, WireTypes};

impl Decode for Value {
    /// A nil interface value, because even the type of a field that was not sent is unknown.
    fn zero() -> Self {
        Self::Interface(None)
    }

    fn plan(_planner: &mut Planner<'_>, type_ref: TypeRef) -> Result<PlanId> {
        // The wire type is all that is needed.
        Ok(PlanId::of_type(type_ref))
    }

    fn decode(plan: PlanId, reader: &mut Reader<'_>) -> Result<Self> {
        let definitions = reader.definitions();
        decode(plan.type_ref(), &definitions, reader)
    }
}

fn decode(type_ref: TypeRef, definitions: &WireTypes, reader: &mut Reader<'_>) -> Result<Value> {
    let Some(shape) = definitions.shape(type_ref) else {
        return decode_built_in(type_ref, reader);
    };
    let type_ = || Type {
        definitions: definitions.clone(),
        root: type_ref,
    };
    if let Shape::Opaque(_) = shape {
        return Ok(Value::Opaque(OpaqueValue {
            type_: type_(),
            bytes: reader.bytes()?.to_vec(),
        }));
    }
    reader.enter()?;
    let value = match shape {
        Shape::Struct { fields } => Value::Struct(Struct {
            type_: type_(),
            fields: decode_fields(fields, definitions, reader)?,
        }),
        Shape::Slice { element } => {
            let count = reader.count(1)?;
            Value::List(List {
                type_: type_(),
                elements: decode_elements(count, *element, definitions, reader)?,
            })
        }
        Shape::Array { element, length } => {
            let count = reader.count(1)?;
            if count as u64 != *length {
                return Err(ErrorKind::ArrayLength {
                    expected: *length,
                    received: count as u64,
                }
                .into());
            }
            Value::List(List {
                type_: type_(),
                elements: decode_elements(count, *element, definitions, reader)?,
            })
        }
        Shape::Map { key, element } => {
            let count = reader.count(2)?;
            reader.charge::<(Value, Value)>(count)?;
            let mut entries = Vec::with_capacity(preallocation::<(Value, Value)>(count));
            for _ in 0..count {
                let key = decode(*key, definitions, reader).map_err(Error::in_key)?;
                let value = decode(*element, definitions, reader).map_err(Error::in_value)?;
                entries.push((key, value));
            }
            Value::Map(Map {
                type_: type_(),
                entries,
            })
        }
        Shape::Opaque(_) => {
            return Err(ErrorKind::Inconsistent("an opaque value was read twice").into());
        }
    };
    reader.leave();
    Ok(value)
}

fn decode_fields(
    fields: &[Field],
    definitions: &WireTypes,
    reader: &mut Reader<'_>,
) -> Result<Vec<Option<Value>>> {
    reader.charge::<Option<Value>>(fields.len())?;
    let mut values = Vec::with_capacity(fields.len());
    loop {
        let delta = reader.uint()?;
        if delta == 0 {
            values.resize_with(fields.len(), || None);
            return Ok(values);
        }
        let number = (values.len() as u64).saturating_add(delta - 1);
        let field = usize::try_from(number)
            .ok()
            .and_then(|number| fields.get(number));
        let field = field.ok_or(ErrorKind::FieldOutOfRange {
            number,
            fields: fields.len(),
        })?;
        values.resize_with(number as usize, || None);
        let value = decode(field.type_ref, definitions, reader)
            .map_err(|error| error.in_named(&field.name))?;
        values.push(Some(value));
    }
}

fn decode_elements(
    count: usize,
    element: TypeRef,
    definitions: &WireTypes,
    reader: &mut Reader<'_>,
) -> Result<Vec<Value>> {
    reader.charge::<Value>(count)?;
    let mut elements = Vec::with_capacity(preallocation::<Value>(count));
    for index in 0..count {
        elements
            .push(decode(element, definitions, reader).map_err(|error| error.at_element(index))?);
    }
    Ok(elements)
}

fn decode_built_in(type_ref: TypeRef, reader: &mut Reader<'_>) -> Result<Value> {
    Ok(match type_ref {
        TypeRef::BOOL => Value::Bool(reader.uint()? != 0),
        TypeRef::INT => Value::Int(reader.int()?),
        TypeRef::UINT => Value::Uint(reader.uint()?),
        TypeRef::FLOAT => Value::Float(reader.float()?),
        TypeRef::BYTES => Value::Bytes(reader.bytes()?.to_vec()),
        TypeRef::STRING => Value::String(reader.bytes()?.into()),
        TypeRef::COMPLEX => Value::Complex(Complex {
            re: reader.float()?,
            im: reader.float()?,
        }),
        TypeRef::INTERFACE => Value::Interface(Interface::read(reader)?.map(Box::new)),
        _ => return Err(ErrorKind::Inconsistent("a type that its stream did not define").into()),
    })
}
