//! The types that a stream defines: their ids, what the stream says of them, and the table of all.

mod definition;
mod id;
mod opaque;
mod table;
mod wire_type;

pub(crate) use self::definition::{SignedTypeId, take_known_concrete_type, take_signed_type_id};
pub use self::id::WireTypeId;
pub use self::opaque::Opaque;
pub(crate) use self::table::{TypeTable, WireTypes};
pub(crate) use self::wire_type::{Field, Shape, WireType};
pub use self::wire_type::{OpaqueKind, TypeRef};
