//! The types that an outgoing stream has defined, and the definitions still to be sent.

use std::any::TypeId;
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;

use crate::definition::{Definition, Field, Shape, TypeRef};
use crate::error::{ErrorKind, Result};
use crate::opaque::Opaque;
use crate::value::Type;
use crate::wire::{WireId, put_int, put_uint};

/// Go's own first number. A reader may assume nothing of it.
const FIRST_ID: i32 = WireId::FIRST_DEFINED + 1;

/// Defines types on an outgoing stream; handed to [`Encode::describe`](crate::Encode::describe).
#[derive(Debug)]
pub struct Describer {
    next: i32,
    /// Types that have an identity of their own in Rust.
    named: HashMap<TypeId, WireId>,
    /// Slices, arrays and maps are what they are made of.
    composed: HashMap<Shape, WireId>,
    /// Dynamic structs are told by their names as well.
    defined: HashMap<Definition, WireId>,
    /// Types of dynamic values that were looked up before; it may be forgotten at any time.
    seen: HashMap<Address, WireId>,
    /// Types of dynamic values that contain themselves: what they are made of has no end.
    recursive: HashMap<Address, WireId>,
    names: HashMap<WireId, String>,
    /// Whole messages, to be sent before the next value.
    pending: Vec<u8>,
}

/// How many types of dynamic values are remembered by their place in memory.
const SEEN_TYPES: usize = 1024;

/// A field of a Rust struct, for the definition of its struct; the derive macro makes them.
#[derive(Debug)]
pub struct FieldDescriber {
    /// The field's name on the wire.
    pub name: &'static str,
    /// The `describe` function of the field's type.
    pub describe: fn(&mut Describer) -> Result<WireId>,
}

impl Default for Describer {
    fn default() -> Self {
        Self {
            next: FIRST_ID,
            named: HashMap::new(),
            composed: HashMap::new(),
            defined: HashMap::new(),
            seen: HashMap::new(),
            recursive: HashMap::new(),
            names: HashMap::new(),
            pending: Vec::new(),
        }
    }
}

impl Describer {
    /// Describes a struct. `key` is the Rust type's identity.
    ///
    /// # Errors
    ///
    /// The stream has no number left for another type.
    pub fn structure(
        &mut self,
        key: TypeId,
        name: &str,
        fields: &[FieldDescriber],
    ) -> Result<WireId> {
        if let Some(&id) = self.named.get(&key) {
            return Ok(id);
        }
        // Numbered before its fields, among which it may be itself.
        let id = self.number(name)?;
        self.named.insert(key, id);
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
            &Definition {
                name: name.to_owned(),
                shape: Shape::Struct { fields: members },
            },
        );
        Ok(id)
    }

    /// Describes a type that writes its own bytes.
    ///
    /// # Errors
    ///
    /// The stream has no number left for another type.
    pub fn opaque_of<T: Opaque + 'static>(&mut self) -> Result<WireId> {
        let key = TypeId::of::<T>();
        if let Some(&id) = self.named.get(&key) {
            return Ok(id);
        }
        let id = self.number(T::NAME)?;
        self.named.insert(key, id);
        self.send(
            self.pending.len(),
            id,
            &Definition {
                name: T::NAME.to_owned(),
                shape: Shape::Opaque(T::KIND),
            },
        );
        Ok(id)
    }

    /// Describes an interface, which every stream knows.
    ///
    /// # Errors
    ///
    /// None; it is a result like those of its neighbours.
    pub fn interface(&self) -> Result<WireId> {
        Ok(WireId::INTERFACE)
    }

    pub(crate) fn slice(&mut self, element: fn(&mut Self) -> Result<WireId>) -> Result<WireId> {
        let begin = self.pending.len();
        let element = element(self)?;
        let shape = Shape::Slice {
            element: TypeRef::pending(element),
        };
        self.composed(begin, shape, |types| format!("[]{}", types.name(element)))
    }

    pub(crate) fn array(
        &mut self,
        element: fn(&mut Self) -> Result<WireId>,
        length: usize,
    ) -> Result<WireId> {
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
        key: fn(&mut Self) -> Result<WireId>,
        element: fn(&mut Self) -> Result<WireId>,
    ) -> Result<WireId> {
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

    /// Describes the type of a dynamic value, with all that it is made of.
    pub(crate) fn dynamic(&mut self, type_: &Type) -> Result<WireId> {
        let Some(root) = type_.definition() else {
            return Ok(type_.root.built_in_id());
        };
        let address = Address(Arc::clone(root));
        if let Some(&id) = self
            .seen
            .get(&address)
            .or_else(|| self.recursive.get(&address))
        {
            return Ok(id);
        }
        match type_.parts_first() {
            Some(order) => self.dynamic_composed(type_, order),
            None => self.dynamic_recursive(type_, root),
        }
    }

    /// Describes types whose parts come before them, so that equal ones can be told by their parts.
    fn dynamic_composed(&mut self, type_: &Type, order: Vec<TypeRef>) -> Result<WireId> {
        if self.seen.len() > SEEN_TYPES {
            self.seen.clear();
        }
        let begin = self.pending.len();
        let mut ids = HashMap::new();
        let mut last = WireId(0);
        for type_ref in order {
            let Some(definition) = type_.definition_of(type_ref) else {
                continue;
            };
            let mut resolved = Definition::clone(definition);
            for part in resolved.shape.parts_mut() {
                *part =
                    TypeRef::pending(ids.get(part).copied().unwrap_or_else(|| part.built_in_id()));
            }
            last = self.defined(begin, resolved)?;
            ids.insert(type_ref, last);
            self.seen.insert(Address(Arc::clone(definition)), last);
        }
        Ok(last)
    }

    fn dynamic_recursive(&mut self, type_: &Type, root: &Arc<Definition>) -> Result<WireId> {
        let mut open = vec![root];
        let mut found = Vec::new();
        while let Some(definition) = open.pop() {
            let address = Address(Arc::clone(definition));
            if !self.recursive.contains_key(&address) {
                let id = self.number(&definition.name)?;
                self.recursive.insert(address, id);
                found.push((id, definition));
                open.extend(
                    definition
                        .shape
                        .parts()
                        .filter_map(|&part| type_.definition_of(part)),
                );
            }
        }
        for (id, definition) in found {
            let message = framed(id, definition, |type_ref| {
                match type_.definition_of(type_ref) {
                    None => type_ref.built_in_id(),
                    Some(part) => self
                        .recursive
                        .get(&Address(Arc::clone(part)))
                        .copied()
                        .unwrap_or(WireId(0)),
                }
            });
            self.pending.extend_from_slice(&message);
        }
        let id = self.recursive.get(&Address(Arc::clone(root))).copied();
        id.ok_or_else(|| ErrorKind::Inconsistent("a type without a definition").into())
    }

    /// The definitions that the next value needs before it.
    pub(crate) fn take_pending(&mut self, output: &mut impl Extend<u8>) {
        output.extend(self.pending.drain(..));
    }

    fn composed(
        &mut self,
        begin: usize,
        shape: Shape,
        name: impl FnOnce(&Self) -> String,
    ) -> Result<WireId> {
        if let Some(&id) = self.composed.get(&shape) {
            return Ok(id);
        }
        let definition = Definition {
            name: name(self),
            shape,
        };
        let id = self.number(&definition.name)?;
        self.send(begin, id, &definition);
        self.composed.insert(definition.shape, id);
        Ok(id)
    }

    fn defined(&mut self, begin: usize, definition: Definition) -> Result<WireId> {
        if !matches!(definition.shape, Shape::Struct { .. } | Shape::Opaque(_)) {
            return self.composed(begin, definition.shape, |_| definition.name);
        }
        if let Some(&id) = self.defined.get(&definition) {
            return Ok(id);
        }
        let id = self.number(&definition.name)?;
        self.send(begin, id, &definition);
        self.defined.insert(definition, id);
        Ok(id)
    }

    /// Puts a definition before those of its parts, in the order in which Go sends them.
    fn send(&mut self, begin: usize, id: WireId, definition: &Definition) {
        let message = framed(id, definition, |type_ref| {
            type_ref.pending_id().unwrap_or(WireId(0))
        });
        self.pending.splice(begin..begin, message);
    }

    fn number(&mut self, name: &str) -> Result<WireId> {
        let id = WireId(self.next);
        self.next = self.next.checked_add(1).ok_or(ErrorKind::Inconsistent(
            "no type number is left on this stream",
        ))?;
        self.names.insert(id, name.to_owned());
        Ok(id)
    }

    fn name(&self, id: WireId) -> &str {
        match TypeRef::built_in(id) {
            Some(type_ref) => type_ref.built_in_name(),
            None => self.names.get(&id).map_or("", String::as_str),
        }
    }
}

fn framed(id: WireId, definition: &Definition, wire_id: impl Fn(TypeRef) -> WireId) -> Vec<u8> {
    let mut body = Vec::new();
    put_int(&mut body, -i64::from(id.0));
    definition.put(id, &mut body, wire_id);
    let mut message = Vec::with_capacity(body.len() + size_of::<u64>());
    put_uint(&mut message, body.len() as u64);
    message.append(&mut body);
    message
}

/// A definition by its place in memory, which it keeps for as long as this exists.
#[derive(Debug)]
struct Address(Arc<Definition>);

impl Address {
    fn place(&self) -> *const Definition {
        Arc::as_ptr(&self.0)
    }
}

impl PartialEq for Address {
    fn eq(&self, other: &Self) -> bool {
        self.place() == other.place()
    }
}

impl Eq for Address {}

impl Hash for Address {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.place().hash(state);
    }
}
