//! The ids by which a stream names its types.

use std::fmt;

/// The id by which a stream names a type (`typeId` in Go's package).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct WireTypeId(pub(crate) i32);

impl WireTypeId {
    pub(crate) const BOOL: Self = Self(1);
    pub(crate) const INT: Self = Self(2);
    pub(crate) const UINT: Self = Self(3);
    pub(crate) const FLOAT: Self = Self(4);
    pub(crate) const BYTES: Self = Self(5);
    pub(crate) const STRING: Self = Self(6);
    pub(crate) const COMPLEX: Self = Self(7);
    pub(crate) const INTERFACE: Self = Self(8);

    /// Lower ids are reserved by the format. Go's own encoder begins with 65.
    pub(crate) const FIRST_DEFINED: i32 = 64;
}

impl fmt::Display for WireTypeId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "type {}", self.0)
    }
}
