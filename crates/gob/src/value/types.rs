//! Types of dynamic values.

use std::fmt;
use std::sync::Arc;

use crate::definition::{Definition, Shape, TypeRef};
use crate::table::TypeTable;

/// The definitions of a stream at one moment, shared by the values decoded from it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Definitions {
    list: Option<Arc<[Arc<Definition>]>>,
    version: u64,
}

impl Definitions {
    pub(crate) const NONE: Self = Self {
        list: None,
        version: 0,
    };

    /// Follows the stream's table, if that has changed.
    pub(crate) fn update(&mut self, types: &TypeTable) {
        if self.version != types.version() {
            self.list = Some(types.definitions().cloned().collect());
            self.version = types.version();
        }
    }

    #[inline]
    pub(crate) fn definition(&self, type_ref: TypeRef) -> Option<&Arc<Definition>> {
        self.list.as_ref()?.get(type_ref.place()?)
    }

    pub(crate) fn shape(&self, type_ref: TypeRef) -> Option<&Shape> {
        self.definition(type_ref)
            .map(|definition| &definition.shape)
    }
}

/// The type of a dynamic value.
#[derive(Clone)]
pub struct Type {
    pub(crate) definitions: Definitions,
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
            definitions: Definitions::NONE,
            root,
        }
    }

    /// Go's name of the type, or the format's name of a built-in one.
    #[must_use]
    pub fn name(&self) -> &str {
        self.definition()
            .map_or(self.root.built_in_name(), |definition| &definition.name)
    }

    pub(crate) fn definition(&self) -> Option<&Arc<Definition>> {
        self.definition_of(self.root)
    }

    pub(crate) fn definition_of(&self, type_ref: TypeRef) -> Option<&Arc<Definition>> {
        self.definitions.definition(type_ref)
    }

    pub(crate) fn shape(&self) -> Option<&Shape> {
        self.definitions.shape(self.root)
    }
}

impl fmt::Debug for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
