//! The types that an encoder has defined, and the definitions that it has yet to send.

mod dynamic;

use std::any::TypeId;
use std::sync::Arc;

use bytes::BytesMut;
use rustc_hash::FxHashMap;

use self::dynamic::DynamicTypes;
use crate::error::{ErrorKind, Result};
use crate::types::{Field, Opaque, Shape, TypeRef, WireType, WireTypeId};
use crate::wire::{put_int, put_uint};

/// The first id that Go uses. Decoders do not depend on it.
const FIRST_ID: i32 = WireTypeId::FIRST_DEFINED + 1;

/// Defines types; the argument of [`Encode::describe`](crate::Encode::describe).
#[derive(Debug, Clone, Default)]
pub struct Describer {
    /// Shared by the clones of an encoder until one of them defines a type more.
    defined: Arc<DefinedTypes>,
    /// Types of dynamic values.
    dynamic: DynamicTypes,
    /// Type definitions to be sent before the next value.
    pending: Vec<u8>,
}

#[derive(Debug, Default, Clone)]
struct DefinedTypes {
    /// The names of all types; ids are given in this order.
    names: Vec<String>,
    /// Structs and types that encode themselves, by the Rust type.
    named: FxHashMap<TypeId, WireTypeId>,
    /// Slices, arrays and maps, by the types that they consist of.
    composed: FxHashMap<Shape, WireTypeId>,
}

/// A field of a Rust struct, to be defined on the stream.
#[derive(Debug)]
pub struct FieldDescriber {
    /// The field's name on the wire.
    pub name: &'static str,
    /// The `describe` function of the field's type.
    pub describe: fn(&mut Describer) -> Result<WireTypeId>,
}

impl Describer {
    /// Describes a struct. `key` identifies the Rust type.
    ///
    /// # Errors
    ///
    /// The stream has no id left for another type.
    pub fn structure(
        &mut self,
        key: TypeId,
        name: &str,
        fields: &[FieldDescriber],
    ) -> Result<WireTypeId> {
        if let Some(&id) = self.defined.named.get(&key) {
            return Ok(id);
        }
        // It has its id before its fields are described, because it may contain itself.
        let id = self.number(name)?;
        self.defined_mut().named.insert(key, id);
        let begin = self.pending.len();
        let mut members = Vec::with_capacity(fields.len());
        for field in fields {
            let type_ref = TypeRef::pending((field.describe)(self)?);
            members.push(Field {
                name: field.name.to_owned(),
                type_ref,
            });
        }
        self.send(
            begin,
            id,
            &WireType {
                name: name.to_owned(),
                shape: Shape::Struct { fields: members },
            },
        );
        Ok(id)
    }

    /// Describes a type that encodes itself.
    ///
    /// # Errors
    ///
    /// The stream has no id left for another type.
    pub fn opaque_of<T: Opaque + 'static>(&mut self) -> Result<WireTypeId> {
        let key = TypeId::of::<T>();
        if let Some(&id) = self.defined.named.get(&key) {
            return Ok(id);
        }
        let id = self.number(T::NAME)?;
        self.defined_mut().named.insert(key, id);
        self.send(
            self.pending.len(),
            id,
            &WireType {
                name: T::NAME.to_owned(),
                shape: Shape::Opaque(T::KIND),
            },
        );
        Ok(id)
    }

    /// Describes an interface, which is a basic type.
    ///
    /// # Errors
    ///
    /// It does not fail; it returns a `Result` like the other methods.
    pub fn interface(&self) -> Result<WireTypeId> {
        Ok(WireTypeId::INTERFACE)
    }

    pub(crate) fn slice(
        &mut self,
        element: fn(&mut Self) -> Result<WireTypeId>,
    ) -> Result<WireTypeId> {
        let begin = self.pending.len();
        let element = element(self)?;
        let shape = Shape::Slice {
            element: TypeRef::pending(element),
        };
        self.composed(begin, shape, |types| format!("[]{}", types.name(element)))
    }

    pub(crate) fn array(
        &mut self,
        element: fn(&mut Self) -> Result<WireTypeId>,
        length: usize,
    ) -> Result<WireTypeId> {
        let begin = self.pending.len();
        let element = element(self)?;
        let shape = Shape::Array {
            element: TypeRef::pending(element),
            length: length as u64,
        };
        self.composed(begin, shape, |types| {
            format!("[{length}]{}", types.name(element))
        })
    }

    pub(crate) fn map(
        &mut self,
        key: fn(&mut Self) -> Result<WireTypeId>,
        element: fn(&mut Self) -> Result<WireTypeId>,
    ) -> Result<WireTypeId> {
        let begin = self.pending.len();
        let (key, element) = (key(self)?, element(self)?);
        let shape = Shape::Map {
            key: TypeRef::pending(key),
            element: TypeRef::pending(element),
        };
        self.composed(begin, shape, |types| {
            format!("map[{}]{}", types.name(key), types.name(element))
        })
    }

    /// Appends the definitions that must be sent before the next value.
    pub(crate) fn take_pending(&mut self, output: &mut BytesMut) {
        if !self.pending.is_empty() {
            output.extend_from_slice(&self.pending);
            self.pending.clear();
        }
    }

    fn composed(
        &mut self,
        begin: usize,
        shape: Shape,
        name: impl FnOnce(&Self) -> String,
    ) -> Result<WireTypeId> {
        if let Some(&id) = self.defined.composed.get(&shape) {
            return Ok(id);
        }
        let definition = WireType {
            name: name(self),
            shape,
        };
        let id = self.number(&definition.name)?;
        self.send(begin, id, &definition);
        self.defined_mut().composed.insert(definition.shape, id);
        Ok(id)
    }

    /// Puts a definition before those of the types that it consists of, as Go does.
    fn send(&mut self, begin: usize, id: WireTypeId, definition: &WireType) {
        let message = framed(id, definition, |type_ref| {
            type_ref.pending_id().unwrap_or(WireTypeId(0))
        });
        self.pending.splice(begin..begin, message);
    }

    fn number(&mut self, name: &str) -> Result<WireTypeId> {
        let names = &mut self.defined_mut().names;
        let id = i32::try_from(names.len())
            .ok()
            .and_then(|before| FIRST_ID.checked_add(before))
            .ok_or(ErrorKind::Inconsistent("no type id is left on this stream"))?;
        names.push(name.to_owned());
        Ok(WireTypeId(id))
    }

    fn defined_mut(&mut self) -> &mut DefinedTypes {
        Arc::make_mut(&mut self.defined)
    }

    fn name(&self, id: WireTypeId) -> &str {
        match TypeRef::built_in(id) {
            Some(type_ref) => type_ref.built_in_name(),
            None => {
                id.0.checked_sub(FIRST_ID)
                    .and_then(|before| usize::try_from(before).ok())
                    .and_then(|before| self.defined.names.get(before))
                    .map_or("", String::as_str)
            }
        }
    }
}

fn framed(
    id: WireTypeId,
    definition: &WireType,
    type_id: impl Fn(TypeRef) -> WireTypeId,
) -> Vec<u8> {
    let mut body = Vec::new();
    put_int(&mut body, -i64::from(id.0));
    definition.put(id, &mut body, type_id);
    let mut message = Vec::with_capacity(body.len() + size_of::<u64>());
    put_uint(&mut message, body.len() as u64);
    message.append(&mut body);
    message
}
