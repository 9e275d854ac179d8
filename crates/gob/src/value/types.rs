//! The types of dynamic values.

use std::fmt;
use std::sync::Arc;

use crate::types::{Field, OpaqueKind, Shape, TypeRef, WireType, WireTypes};

/// The type of a dynamic value.
#[derive(Clone)]
pub struct Type {
    pub(crate) definitions: WireTypes,
    pub(crate) root: TypeRef,
}

impl Type {
    /// A boolean.
    pub const BOOL: Self = Self::built_in(TypeRef::BOOL);
    /// A signed integer of any size.
    pub const INT: Self = Self::built_in(TypeRef::INT);
    /// An unsigned integer of any size.
    pub const UINT: Self = Self::built_in(TypeRef::UINT);
    /// A floating-point number of either size.
    pub const FLOAT: Self = Self::built_in(TypeRef::FLOAT);
    /// A slice of bytes.
    pub const BYTES: Self = Self::built_in(TypeRef::BYTES);
    /// A string.
    pub const STRING: Self = Self::built_in(TypeRef::STRING);
    /// A complex number of either size.
    pub const COMPLEX: Self = Self::built_in(TypeRef::COMPLEX);
    /// An interface value.
    pub const INTERFACE: Self = Self::built_in(TypeRef::INTERFACE);

    const fn built_in(root: TypeRef) -> Self {
        Self {
            definitions: WireTypes::NONE,
            root,
        }
    }

    /// Go's `[]element`. A slice of bytes is [`Type::BYTES`].
    #[must_use]
    pub fn slice(element: &Self) -> Self {
        let name = format!("[]{}", element.name());
        Self::composed(name, [element], |[element]| Shape::Slice { element })
    }

    /// Go's `[length]element`.
    #[must_use]
    pub fn array(element: &Self, length: u64) -> Self {
        let name = format!("[{length}]{}", element.name());
        Self::composed(name, [element], |[element]| Shape::Array {
            element,
            length,
        })
    }

    /// Go's `map[key]element`.
    #[must_use]
    pub fn map(key: &Self, element: &Self) -> Self {
        let name = format!("map[{}]{}", key.name(), element.name());
        Self::composed(name, [key, element], |[key, element]| Shape::Map {
            key,
            element,
        })
    }

    /// A struct with fields of these names, which in Go begin with a capital letter.
    #[must_use]
    pub fn structure<'a>(name: &str, fields: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        let mut import = Import::default();
        let fields = fields
            .into_iter()
            .map(|(name, type_)| Field {
                name: name.to_owned(),
                type_ref: import.take(&type_),
            })
            .collect();
        import.finish(WireType {
            name: name.to_owned(),
            shape: Shape::Struct { fields },
        })
    }

    /// A type that encodes itself.
    #[must_use]
    pub fn opaque(name: &str, kind: OpaqueKind) -> Self {
        Import::default().finish(WireType {
            name: name.to_owned(),
            shape: Shape::Opaque(kind),
        })
    }

    fn composed<const N: usize>(
        name: String,
        parts: [&Self; N],
        shape: impl FnOnce([TypeRef; N]) -> Shape,
    ) -> Self {
        let mut import = Import::default();
        let parts = parts.map(|part| import.take(part));
        import.finish(WireType {
            name,
            shape: shape(parts),
        })
    }

    /// The types that this one consists of, itself last, each after those that it consists of.
    /// Nothing if a type contains itself.
    pub(crate) fn parts_first(&self) -> Option<Vec<TypeRef>> {
        #[derive(Clone)]
        enum Mark {
            New,
            Begun,
            Ended,
        }
        let mut marks = self.definitions.places(Mark::New);
        let mut order = Vec::new();
        let mut open = vec![(self.root, false)];
        while let Some((type_ref, ended)) = open.pop() {
            let Some((place, definition)) = self.definitions.place(type_ref) else {
                continue;
            };
            if ended {
                marks[place] = Mark::Ended;
                order.push(type_ref);
                continue;
            }
            match marks[place] {
                Mark::Begun => return None,
                Mark::Ended => continue,
                Mark::New => marks[place] = Mark::Begun,
            }
            open.push((type_ref, true));
            open.extend(definition.shape.parts().map(|&part| (part, false)));
        }
        Some(order)
    }

    /// The types that this one consists of, itself first, which refer to each other by their places in this list. It is
    /// the same for equal types wherever they were defined, even if they contain themselves.
    pub(crate) fn graph(&self) -> Vec<WireType> {
        let mut places = self.definitions.places(None);
        if let Some((root, _)) = self.definitions.place(self.root) {
            places[root] = Some(TypeRef::defined(0));
        }
        let mut found = vec![self.root];
        let mut graph = Vec::new();
        while let Some(definition) = found
            .get(graph.len())
            .and_then(|&type_ref| self.definition_of(type_ref))
        {
            let mut definition = WireType::clone(definition);
            for part in definition.shape.parts_mut() {
                if let Some((place, _)) = self.definitions.place(*part) {
                    let next = TypeRef::defined(found.len());
                    *part = *places[place].get_or_insert_with(|| {
                        found.push(*part);
                        next
                    });
                }
            }
            graph.push(definition);
        }
        graph
    }

    /// Go's name of the type, or the format's name of a basic type.
    #[must_use]
    pub fn name(&self) -> &str {
        self.definition()
            .map_or(self.root.built_in_name(), |definition| &definition.name)
    }

    pub(crate) fn definition(&self) -> Option<&Arc<WireType>> {
        self.definition_of(self.root)
    }

    pub(crate) fn definition_of(&self, type_ref: TypeRef) -> Option<&Arc<WireType>> {
        self.definitions.definition(type_ref)
    }

    pub(crate) fn shape(&self) -> Option<&Shape> {
        self.definitions.shape(self.root)
    }
}

/// Collects the definitions of a new type.
#[derive(Default)]
struct Import {
    list: Vec<Arc<WireType>>,
}

impl Import {
    /// Copies the definitions of a type, and returns what refers to it in the new list.
    fn take(&mut self, type_: &Type) -> TypeRef {
        let mut places = type_.definitions.places(None);
        let mut found = Vec::new();
        let mut open = vec![type_.root];
        while let Some(type_ref) = open.pop() {
            let Some((place, definition)) = type_.definitions.place(type_ref) else {
                continue;
            };
            if places[place].is_none() {
                places[place] = Some(TypeRef::defined(self.list.len() + found.len()));
                found.push(definition);
                open.extend(definition.shape.parts());
            }
        }
        let moved = |type_ref: TypeRef| {
            let place = type_.definitions.place(type_ref);
            place
                .and_then(|(place, _)| places[place])
                .unwrap_or(type_ref)
        };
        self.list.extend(found.into_iter().map(|definition| {
            let mut definition = WireType::clone(definition);
            for part in definition.shape.parts_mut() {
                *part = moved(*part);
            }
            Arc::new(definition)
        }));
        moved(type_.root)
    }

    fn finish(mut self, definition: WireType) -> Type {
        let root = TypeRef::defined(self.list.len());
        self.list.push(Arc::new(definition));
        Type {
            definitions: WireTypes::new(self.list),
            root,
        }
    }
}

impl fmt::Debug for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
