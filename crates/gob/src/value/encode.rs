//! Writes dynamic values.

use super::{Interface, Type, Value};
use crate::encode::Writer;
use crate::error::{Error, ErrorKind, Result};
use crate::types::{Shape, TypeRef};

/// The error of a value that does not have the type that the value around it says.
const MISFIT: ErrorKind = ErrorKind::Inconsistent("a dynamic value that does not fit its type");

impl Writer<'_> {
    pub(crate) fn whole_dynamic(&mut self, value: &Value, type_: &Type) -> Result<()> {
        if !matches!(type_.shape(), Some(Shape::Struct { .. })) {
            self.uint(0);
        }
        self.dynamic(value, type_, type_.root)
    }

    /// Writes a value of the type that `type_ref` is in `type_`.
    fn dynamic(&mut self, value: &Value, type_: &Type, type_ref: TypeRef) -> Result<()> {
        let shape = type_.definitions.shape(type_ref);
        match (shape, value) {
            (None, value) => self.built_in(value, type_ref),
            (Some(Shape::Opaque(kind)), Value::Opaque(opaque)) if *kind == opaque.kind() => {
                self.bytes(&opaque.bytes);
                Ok(())
            }
            (Some(Shape::Struct { fields }), Value::Struct(structure))
                if fields.len() == structure.fields.len() =>
            {
                let mut writer = self.fields()?;
                for (number, (field, value)) in fields.iter().zip(&structure.fields).enumerate() {
                    if let Some(value) = value {
                        self.field(&mut writer, number as u32);
                        self.dynamic(value, type_, field.type_ref)
                            .map_err(|error| error.in_named(&field.name))?;
                    }
                }
                self.end_fields();
                Ok(())
            }
            (Some(Shape::Slice { element }), Value::List(list)) => {
                self.elements(&list.elements, type_, *element)
            }
            (Some(Shape::Array { element, length }), Value::List(list))
                if *length == list.elements.len() as u64 =>
            {
                self.elements(&list.elements, type_, *element)
            }
            (Some(Shape::Map { key, element }), Value::Map(map)) => {
                self.enter()?;
                self.uint(map.entries.len() as u64);
                for (entry_key, value) in &map.entries {
                    self.dynamic(entry_key, type_, *key)
                        .map_err(Error::in_key)?;
                    self.dynamic(value, type_, *element)
                        .map_err(Error::in_value)?;
                }
                self.leave();
                Ok(())
            }
            _ => Err(MISFIT.into()),
        }
    }

    fn elements(&mut self, elements: &[Value], type_: &Type, element: TypeRef) -> Result<()> {
        self.enter()?;
        self.uint(elements.len() as u64);
        for (index, value) in elements.iter().enumerate() {
            self.dynamic(value, type_, element)
                .map_err(|error| error.at_element(index))?;
        }
        self.leave();
        Ok(())
    }

    fn built_in(&mut self, value: &Value, type_ref: TypeRef) -> Result<()> {
        match (type_ref, value) {
            (TypeRef::BOOL, Value::Bool(value)) => self.uint(u64::from(*value)),
            (TypeRef::INT, Value::Int(value)) => self.int(*value),
            (TypeRef::UINT, Value::Uint(value)) => self.uint(*value),
            (TypeRef::FLOAT, Value::Float(value)) => self.float(*value),
            (TypeRef::BYTES, Value::Bytes(bytes)) => self.bytes(bytes),
            (TypeRef::STRING, Value::String(text)) => self.bytes(text),
            (TypeRef::COMPLEX, Value::Complex(value)) => {
                self.float(value.re);
                self.float(value.im);
            }
            (TypeRef::INTERFACE, Value::Interface(None)) => self.nil_interface(),
            (TypeRef::INTERFACE, Value::Interface(Some(interface))) => {
                return self.dynamic_interface(interface);
            }
            _ => return Err(MISFIT.into()),
        }
        Ok(())
    }

    pub(crate) fn dynamic_interface(&mut self, interface: &Interface) -> Result<()> {
        let type_ = interface.value.type_();
        self.interface_parts(
            &interface.name,
            |describer| describer.dynamic(&type_),
            |writer| writer.whole_dynamic(&interface.value, &type_),
        )
    }
}
