//! The types that a stream has defined so far.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::id::WireTypeId;
use super::wire_type::{Shape, TypeRef, WireType};
use crate::error::{ErrorKind, Result};
use crate::limits::Limits;

#[derive(Debug, Default, Clone)]
pub(crate) struct TypeTable {
    /// The peer chooses the ids. Even if it chose them to collide, the [limit](Limits::types) would bound the work.
    places: FxHashMap<WireTypeId, usize>,
    types: Vec<DefinedType>,
    definition_bytes: usize,
    /// Changes whenever a definition does.
    version: u64,
}

#[derive(Debug, Clone)]
struct DefinedType {
    id: WireTypeId,
    definition: Arc<WireType>,
    /// How many definitions the table had when every [`TypeRef`] in this one had been looked up; nothing before that.
    /// These definitions include all types that this one consists of.
    linked: Option<usize>,
    /// Whether a value of this type may hold an interface value; nothing before the first value was read.
    holds_interface: Option<bool>,
}

impl TypeTable {
    /// The number of definitions.
    pub(crate) fn len(&self) -> usize {
        self.types.len()
    }

    /// Takes a definition from the front of `rest` and remembers it under `id`.
    pub(crate) fn define(
        &mut self,
        id: WireTypeId,
        rest: &mut &[u8],
        limits: &Limits,
    ) -> Result<()> {
        let before = rest.len();
        if id.0 < WireTypeId::FIRST_DEFINED || self.places.contains_key(&id) {
            return Err(ErrorKind::DuplicateType(id).into());
        }
        if self.types.len() >= limits.types {
            return Err(ErrorKind::TooManyTypes {
                limit: limits.types,
            }
            .into());
        }
        // The limit is applied before parsing, so that a long definition is not built only to be refused.
        let allowed = limits.definition_bytes - self.definition_bytes;
        let mut window = &rest[..before.min(allowed)];
        let definition = WireType::take(&mut window).map_err(|error| {
            if before > allowed
                && matches!(
                    error.kind(),
                    ErrorKind::UnexpectedEnd | ErrorKind::LengthTooLong { .. }
                )
            {
                ErrorKind::DefinitionsTooLong {
                    limit: limits.definition_bytes,
                }
                .into()
            } else {
                error
            }
        })?;
        let length = before.min(allowed) - window.len();
        self.definition_bytes += length;
        *rest = &rest[length..];
        self.version += 1;
        self.places.insert(id, self.types.len());
        self.types.push(DefinedType {
            id,
            definition: Arc::new(definition),
            linked: None,
            holds_interface: None,
        });
        Ok(())
    }

    /// The type with the id, if all types that it consists of were looked up when the table had at most `definitions`
    /// definitions.
    pub(crate) fn known_type(&self, id: WireTypeId, definitions: usize) -> Option<TypeRef> {
        let type_ref = resolve(&self.places, id).ok()?;
        let linked = match type_ref.place() {
            None => true,
            Some(place) => self.types[place]
                .linked
                .is_some_and(|there| there <= definitions),
        };
        linked.then_some(type_ref)
    }

    /// The type with the id. All types that it consists of are looked up.
    pub(crate) fn value_type(&mut self, id: WireTypeId) -> Result<TypeRef> {
        let type_ref = resolve(&self.places, id)?;
        if !self.is_linked(type_ref) {
            self.link(type_ref)?;
        }
        Ok(type_ref)
    }

    fn is_linked(&self, type_ref: TypeRef) -> bool {
        type_ref
            .place()
            .is_none_or(|place| self.types[place].linked.is_some())
    }

    /// Looks up the types that `root` consists of, which may have been defined after it.
    ///
    /// If one is missing, the stream cannot be read any further, so what was linked before does not matter.
    fn link(&mut self, root: TypeRef) -> Result<()> {
        let definitions = self.types.len();
        let mut open: Vec<usize> = root.place().into_iter().collect();
        while let Some(place) = open.pop() {
            let entry = &mut self.types[place];
            if entry.linked.is_some() {
                continue;
            }
            entry.linked = Some(definitions);
            self.version += 1;
            for type_ref in Arc::make_mut(&mut entry.definition).shape.parts_mut() {
                if let Some(id) = type_ref.pending_id() {
                    *type_ref = resolve(&self.places, id)?;
                }
                open.extend(type_ref.place());
            }
        }
        Ok(())
    }

    /// Whether a value of the type may hold an interface value, and so a type definition inside itself; nothing if
    /// that is not known yet.
    pub(crate) fn known_to_hold_interface(&self, root: TypeRef) -> Option<bool> {
        match root.place() {
            None => Some(root == TypeRef::INTERFACE),
            Some(root) => self.types[root].holds_interface,
        }
    }

    /// Finds out whether a value of the type may hold an interface value.
    pub(crate) fn holds_interface(&mut self, root: TypeRef) -> bool {
        let Some(root) = root.place() else {
            return root == TypeRef::INTERFACE;
        };
        let mut seen = vec![false; self.types.len()];
        let mut open = vec![root];
        let mut found = false;
        while let Some(place) = open.pop() {
            if std::mem::replace(&mut seen[place], true) {
                continue;
            }
            for &type_ref in self.types[place].definition.shape.parts() {
                found |= type_ref == TypeRef::INTERFACE;
                open.extend(type_ref.place());
            }
        }
        self.types[root].holds_interface = Some(found);
        found
    }

    /// The definition of a type; nothing for a basic one.
    #[inline]
    pub(crate) fn definition(&self, type_ref: TypeRef) -> Option<&WireType> {
        self.types
            .get(type_ref.place()?)
            .map(|entry| &*entry.definition)
    }

    pub(crate) fn shape(&self, type_ref: TypeRef) -> Option<&Shape> {
        self.definition(type_ref)
            .map(|definition| &definition.shape)
    }

    /// All definitions in the order of their places.
    pub(crate) fn definitions(&self) -> impl ExactSizeIterator<Item = &Arc<WireType>> {
        self.types.iter().map(|entry| &entry.definition)
    }

    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// The type's name for an error message.
    pub(crate) fn name(&self, type_ref: TypeRef) -> String {
        match type_ref.place().and_then(|place| self.types.get(place)) {
            None => type_ref.built_in_name().to_owned(),
            Some(entry) if entry.definition.name.is_empty() => entry.id.to_string(),
            Some(entry) => entry.definition.name.clone(),
        }
    }
}

/// The types of a stream at one moment, shared by the dynamic values decoded from it.
///
/// It is as small as a pointer, because each dynamic value that contains others has one.
#[derive(Debug, Clone, Default)]
pub(crate) struct WireTypes(Option<Arc<Vec<Arc<WireType>>>>);

impl WireTypes {
    /// Only the basic types.
    pub(crate) const NONE: Self = Self(None);

    pub(crate) fn new(definitions: Vec<Arc<WireType>>) -> Self {
        Self(Some(Arc::new(definitions)))
    }

    pub(crate) fn of(types: &TypeTable) -> Self {
        Self::new(types.definitions().cloned().collect())
    }

    #[inline]
    pub(crate) fn definition(&self, type_ref: TypeRef) -> Option<&Arc<WireType>> {
        self.0.as_ref()?.get(type_ref.place()?)
    }

    /// The definition of a type, and its place among the others; nothing for a basic one.
    pub(crate) fn place(&self, type_ref: TypeRef) -> Option<(usize, &Arc<WireType>)> {
        Some((type_ref.place()?, self.definition(type_ref)?))
    }

    /// A list with `value` at the place of every definition.
    pub(crate) fn places<T: Clone>(&self, value: T) -> Vec<T> {
        vec![value; self.0.as_ref().map_or(0, |definitions| definitions.len())]
    }

    pub(crate) fn shape(&self, type_ref: TypeRef) -> Option<&Shape> {
        self.definition(type_ref)
            .map(|definition| &definition.shape)
    }
}

fn resolve(places: &FxHashMap<WireTypeId, usize>, id: WireTypeId) -> Result<TypeRef> {
    match places.get(&id) {
        Some(&place) => Ok(TypeRef::defined(place)),
        None => TypeRef::built_in(id).ok_or_else(|| ErrorKind::UndefinedType(id).into()),
    }
}
