//! The types of dynamic values.

use std::hash::{Hash, Hasher};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::{Describer, framed};
use crate::error::{ErrorKind, Result};
use crate::types::{TypeRef, WireType, WireTypeId};
use crate::value::Type;

/// How many types of dynamic values are remembered by their address.
const SEEN_TYPES: usize = 1024;

/// The types of dynamic values that a stream has defined.
#[derive(Debug, Default, Clone)]
pub(super) struct DynamicTypes {
    /// By their names and the types that they consist of.
    defined: FxHashMap<WireType, WireTypeId>,
    /// Types that were looked up before. It is only a cache.
    seen: FxHashMap<Address, WireTypeId>,
    /// Types that contain themselves, by all types that they consist of.
    recursive: FxHashMap<Vec<WireType>, WireTypeId>,
}

impl Describer {
    /// Describes the type of a dynamic value, with all types that it consists of.
    pub(crate) fn dynamic(&mut self, type_: &Type) -> Result<WireTypeId> {
        let Some(root) = type_.definition() else {
            return Ok(type_.root.built_in_id());
        };
        let address = Address(Arc::clone(root));
        if let Some(&id) = self.dynamic.seen.get(&address) {
            return Ok(id);
        }
        if self.dynamic.seen.len() > SEEN_TYPES {
            self.dynamic.seen.clear();
        }
        let id = match type_.parts_first() {
            Some(order) => self.dynamic_composed(type_, order)?,
            None => self.dynamic_recursive(type_)?,
        };
        self.dynamic.seen.insert(address, id);
        Ok(id)
    }

    /// Describes a type that does not contain itself. `order` begins with the types that others consist of, so that equal
    /// types have equal definitions.
    fn dynamic_composed(&mut self, type_: &Type, order: Vec<TypeRef>) -> Result<WireTypeId> {
        let begin = self.pending.len();
        let mut ids = type_.definitions.places(None);
        let mut last = WireTypeId(0);
        for type_ref in order {
            let Some((place, definition)) = type_.definitions.place(type_ref) else {
                continue;
            };
            let mut resolved = WireType::clone(definition);
            for part in resolved.shape.parts_mut() {
                let defined = part.place().and_then(|place| ids.get(place).copied()?);
                *part = TypeRef::pending(defined.unwrap_or_else(|| part.built_in_id()));
            }
            last = self.defined(begin, resolved)?;
            ids[place] = Some(last);
            self.dynamic
                .seen
                .insert(Address(Arc::clone(definition)), last);
        }
        Ok(last)
    }

    fn dynamic_recursive(&mut self, type_: &Type) -> Result<WireTypeId> {
        let graph = type_.graph();
        if let Some(&id) = self.dynamic.recursive.get(&graph) {
            return Ok(id);
        }
        let ids = graph
            .iter()
            .map(|definition| self.number(&definition.name))
            .collect::<Result<Vec<_>>>()?;
        for (&id, definition) in ids.iter().zip(&graph) {
            let message = framed(id, definition, |type_ref| match type_ref.place() {
                Some(place) => ids[place],
                None => type_ref.built_in_id(),
            });
            self.pending.extend_from_slice(&message);
        }
        let root = ids.first().copied();
        let root = root.ok_or(ErrorKind::Inconsistent("a type without a definition"))?;
        self.dynamic.recursive.insert(graph, root);
        Ok(root)
    }

    fn defined(&mut self, begin: usize, definition: WireType) -> Result<WireTypeId> {
        if let Some(&id) = self.dynamic.defined.get(&definition) {
            return Ok(id);
        }
        let id = self.number(&definition.name)?;
        self.send(begin, id, &definition);
        self.dynamic.defined.insert(definition, id);
        Ok(id)
    }
}

/// A definition, compared by its address. Holding it keeps the address from being used again.
#[derive(Debug, Clone)]
struct Address(Arc<WireType>);

impl Address {
    fn place(&self) -> *const WireType {
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
