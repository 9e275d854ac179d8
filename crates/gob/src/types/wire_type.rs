//! Wire types: how a stream describes the types of its values.

use super::id::WireTypeId;

/// A type of a stream, as its decoder refers to it.
// Below 64 it is the id of a basic type; from 64 on it is a place in the table of types, plus 64. A negative number is
// the complement of an id that has not been looked up yet: a definition may name types that are defined after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct TypeRef(i32);

impl TypeRef {
    pub(crate) const BOOL: Self = Self(WireTypeId::BOOL.0);
    pub(crate) const INT: Self = Self(WireTypeId::INT.0);
    pub(crate) const UINT: Self = Self(WireTypeId::UINT.0);
    pub(crate) const FLOAT: Self = Self(WireTypeId::FLOAT.0);
    pub(crate) const BYTES: Self = Self(WireTypeId::BYTES.0);
    pub(crate) const STRING: Self = Self(WireTypeId::STRING.0);
    pub(crate) const COMPLEX: Self = Self(WireTypeId::COMPLEX.0);
    pub(crate) const INTERFACE: Self = Self(WireTypeId::INTERFACE.0);

    pub(crate) fn to_bits(self) -> u32 {
        self.0.cast_unsigned()
    }

    pub(crate) fn from_bits(bits: u32) -> Self {
        Self(bits.cast_signed())
    }

    pub(crate) fn pending(id: WireTypeId) -> Self {
        Self(!id.0)
    }

    pub(crate) fn defined(place: usize) -> Self {
        Self(WireTypeId::FIRST_DEFINED + place as i32)
    }

    pub(crate) fn built_in(id: WireTypeId) -> Option<Self> {
        (WireTypeId::BOOL..=WireTypeId::INTERFACE)
            .contains(&id)
            .then_some(Self(id.0))
    }

    /// The id that is still to be looked up.
    pub(crate) fn pending_id(self) -> Option<WireTypeId> {
        (self.0 < 0).then_some(WireTypeId(!self.0))
    }

    /// The place of a definition in the table; nothing for a basic type.
    #[inline]
    pub(crate) fn place(self) -> Option<usize> {
        self.0
            .checked_sub(WireTypeId::FIRST_DEFINED)
            .and_then(|place| usize::try_from(place).ok())
    }

    /// The id of a basic type.
    pub(crate) fn built_in_id(self) -> WireTypeId {
        WireTypeId(self.0)
    }

    pub(crate) fn built_in_name(self) -> &'static str {
        match self {
            Self::BOOL => "bool",
            Self::INT => "int",
            Self::UINT => "uint",
            Self::FLOAT => "float",
            Self::BYTES => "bytes",
            Self::STRING => "string",
            Self::COMPLEX => "complex",
            Self::INTERFACE => "interface",
            _ => "unknown type",
        }
    }
}

/// A type that a stream defined.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct WireType {
    /// Go's name of the type. It is for people; types are not matched by it.
    pub(crate) name: String,
    pub(crate) shape: Shape,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Shape {
    Array { element: TypeRef, length: u64 },
    Slice { element: TypeRef },
    Struct { fields: Vec<Field> },
    Map { key: TypeRef, element: TypeRef },
    Opaque(OpaqueKind),
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) type_ref: TypeRef,
}

/// The interface of Go's by which a type encodes itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OpaqueKind {
    /// `gob.GobEncoder`, for example `time.Time` and `big.Int`.
    GobEncoder,
    /// `encoding.BinaryMarshaler`, for example `url.URL`.
    BinaryMarshaler,
    /// `encoding.TextMarshaler`. The format has it, but Go 1.26 does not send it.
    TextMarshaler,
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
