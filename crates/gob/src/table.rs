//! The types that a stream has defined so far.

use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::definition::{Definition, Shape, TypeRef};
use crate::error::{ErrorKind, Result};
use crate::limits::Limits;
use crate::wire::WireId;

/// Definitions of more bytes than this are not [recorded](TypeTable::recording): what every stream of a kind begins
/// with is a few hundred, and the record lives as long as the process.
const RECORDED_BYTES: usize = 16 << 10;

#[derive(Debug, Default, Clone)]
pub(crate) struct TypeTable {
    /// The numbers are the peer's. Were all of them chosen to collide, the [limit](Limits::types) would still bound the work.
    places: FxHashMap<WireId, usize>,
    entries: Vec<Entry>,
    definition_bytes: usize,
    /// Changes whenever a definition does.
    version: u64,
    /// The definitions as they came, where a later stream may be compared with them.
    record: Option<Vec<u8>>,
}

#[derive(Debug, Clone)]
struct Entry {
    id: WireId,
    definition: Arc<Definition>,
    recorded: Range<usize>,
    /// Once every [`TypeRef`] in the definition is a place: how many definitions there were then. They are enough for
    /// all that the type is made of.
    linked: Option<usize>,
    /// Whether a value of this type may hold an interface value; found out at the first value.
    holds_interface: Option<bool>,
}

impl TypeTable {
    /// A table that keeps its definitions also as they came.
    pub(crate) fn recording() -> Self {
        Self {
            record: Some(Vec::new()),
            ..Self::default()
        }
    }

    /// The number and the bytes of the definition at a place; nothing where there is none or it was not recorded.
    pub(crate) fn recorded(&self, place: usize) -> Option<(WireId, &[u8])> {
        let entry = self.entries.get(place)?;
        let bytes = self.record.as_ref()?.get(entry.recorded.clone())?;
        Some((entry.id, bytes))
    }

    pub(crate) fn is_recorded(&self) -> bool {
        self.record.is_some()
    }

    /// How many definitions there are.
    pub(crate) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Takes a definition from the front of `rest` and remembers it under `id`.
    pub(crate) fn define(&mut self, id: WireId, rest: &mut &[u8], limits: &Limits) -> Result<()> {
        let before = rest.len();
        if id.0 < WireId::FIRST_DEFINED || self.places.contains_key(&id) {
            return Err(ErrorKind::DuplicateType(id).into());
        }
        if self.entries.len() >= limits.types {
            return Err(ErrorKind::TooManyTypes {
                limit: limits.types,
            }
            .into());
        }
        // Cut before parsing, so that one long definition is not built only to be refused.
        let allowed = limits.definition_bytes - self.definition_bytes;
        let mut window = &rest[..before.min(allowed)];
        let definition = Definition::take(&mut window).map_err(|error| {
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
        let (taken, tail) = rest.split_at(length);
        *rest = tail;
        self.version += 1;
        self.places.insert(id, self.entries.len());
        let recorded = self.keep(taken);
        self.entries.push(Entry {
            id,
            definition: Arc::new(definition),
            recorded,
            linked: None,
            holds_interface: None,
        });
        Ok(())
    }

    fn keep(&mut self, bytes: &[u8]) -> Range<usize> {
        self.record = self
            .record
            .take()
            .filter(|record| record.len() + bytes.len() <= RECORDED_BYTES);
        let Some(record) = &mut self.record else {
            return 0..0;
        };
        let begin = record.len();
        record.extend_from_slice(bytes);
        begin..record.len()
    }

    /// The type of a value that follows, if everything that it is made of was looked up when there were no more than
    /// `definitions` definitions.
    pub(crate) fn known_type(&self, id: WireId, definitions: usize) -> Option<TypeRef> {
        let type_ref = resolve(&self.places, id).ok()?;
        let linked = match type_ref.place() {
            None => true,
            Some(place) => self.entries[place]
                .linked
                .is_some_and(|there| there <= definitions),
        };
        linked.then_some(type_ref)
    }

    /// The type of a value that follows, with everything that it is made of.
    pub(crate) fn value_type(&mut self, id: WireId) -> Result<TypeRef> {
        let type_ref = resolve(&self.places, id)?;
        if !self.is_linked(type_ref) {
            self.link(type_ref)?;
        }
        Ok(type_ref)
    }

    fn is_linked(&self, type_ref: TypeRef) -> bool {
        type_ref
            .place()
            .is_none_or(|place| self.entries[place].linked.is_some())
    }

    /// Looks up the types that `root` is made of; those may have been defined after it.
    ///
    /// A type that is missing ends the stream: what was linked until then is not looked at again.
    fn link(&mut self, root: TypeRef) -> Result<()> {
        let definitions = self.entries.len();
        let mut open: Vec<usize> = root.place().into_iter().collect();
        while let Some(place) = open.pop() {
            let entry = &mut self.entries[place];
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
    /// that was not found out yet.
    pub(crate) fn known_to_hold_interface(&self, root: TypeRef) -> Option<bool> {
        match root.place() {
            None => Some(root == TypeRef::INTERFACE),
            Some(root) => self.entries[root].holds_interface,
        }
    }

    /// Finds out whether a value of the type may hold an interface value.
    pub(crate) fn holds_interface(&mut self, root: TypeRef) -> bool {
        let Some(root) = root.place() else {
            return root == TypeRef::INTERFACE;
        };
        let mut seen = vec![false; self.entries.len()];
        let mut open = vec![root];
        let mut found = false;
        while let Some(place) = open.pop() {
            if std::mem::replace(&mut seen[place], true) {
                continue;
            }
            for &type_ref in self.entries[place].definition.shape.parts() {
                found |= type_ref == TypeRef::INTERFACE;
                open.extend(type_ref.place());
            }
        }
        self.entries[root].holds_interface = Some(found);
        found
    }

    /// The definition of a type; nothing for a built-in one.
    #[inline]
    pub(crate) fn definition(&self, type_ref: TypeRef) -> Option<&Definition> {
        self.entries
            .get(type_ref.place()?)
            .map(|entry| &*entry.definition)
    }

    pub(crate) fn shape(&self, type_ref: TypeRef) -> Option<&Shape> {
        self.definition(type_ref)
            .map(|definition| &definition.shape)
    }

    /// All definitions by their places, to be shared with dynamic values.
    pub(crate) fn definitions(&self) -> impl ExactSizeIterator<Item = &Arc<Definition>> {
        self.entries.iter().map(|entry| &entry.definition)
    }

    pub(crate) fn version(&self) -> u64 {
        self.version
    }

    /// The type's name for an error message.
    pub(crate) fn name(&self, type_ref: TypeRef) -> String {
        match type_ref.place().and_then(|place| self.entries.get(place)) {
            None => type_ref.built_in_name().to_owned(),
            Some(entry) if entry.definition.name.is_empty() => entry.id.to_string(),
            Some(entry) => entry.definition.name.clone(),
        }
    }
}

fn resolve(places: &FxHashMap<WireId, usize>, id: WireId) -> Result<TypeRef> {
    match places.get(&id) {
        Some(&place) => Ok(TypeRef::defined(place)),
        None => TypeRef::built_in(id).ok_or_else(|| ErrorKind::UndefinedType(id).into()),
    }
}

impl Shape {
    pub(crate) fn parts(&self) -> impl Iterator<Item = &TypeRef> {
        let (pair, fields): ([Option<&TypeRef>; 2], &[_]) = match self {
            Self::Array { element, .. } | Self::Slice { element } => ([Some(element), None], &[]),
            Self::Map { key, element } => ([Some(key), Some(element)], &[]),
            Self::Struct { fields } => ([None, None], fields),
            Self::Opaque(_) => ([None, None], &[]),
        };
        pair.into_iter()
            .flatten()
            .chain(fields.iter().map(|field| &field.type_ref))
    }

    pub(crate) fn parts_mut(&mut self) -> impl Iterator<Item = &mut TypeRef> {
        let (pair, fields): ([Option<&mut TypeRef>; 2], &mut [_]) = match self {
            Self::Array { element, .. } | Self::Slice { element } => {
                ([Some(element), None], &mut [])
            }
            Self::Map { key, element } => ([Some(key), Some(element)], &mut []),
            Self::Struct { fields } => ([None, None], fields),
            Self::Opaque(_) => ([None, None], &mut []),
        };
        pair.into_iter()
            .flatten()
            .chain(fields.iter_mut().map(|field| &mut field.type_ref))
    }
}
