//! What a decoder knows of its stream.

use super::cache::StreamTypes;
use super::plan::Plans;
use super::walk::Walk;
use crate::error::Result;
use crate::limits::Limits;
use crate::types::{TypeRef, WireTypeId, WireTypes};

/// A stream's types, and the plans made for them.
#[derive(Debug, Default)]
pub(super) struct DecodeState {
    pub(super) types: StreamTypes,
    pub(super) plans: Plans,
    pub(super) limits: Limits,
    /// The types as dynamic values share them, and the version of the table that they were taken from.
    pub(super) definitions: (u64, WireTypes),
    pub(super) walk: Walk,
}

impl DecodeState {
    pub(super) fn new(limits: Limits, types: StreamTypes, plans: Plans) -> Self {
        Self {
            types,
            plans,
            limits,
            definitions: Default::default(),
            walk: Walk::default(),
        }
    }

    /// Takes a definition from the front of `rest` and remembers it under `id`.
    pub(super) fn define(&mut self, id: WireTypeId, rest: &mut &[u8]) -> Result<()> {
        if self.types.follow(id, rest) {
            return Ok(());
        }
        self.depart()?;
        self.types.define(id, rest, &self.limits)
    }

    /// The type with the id. All types that it consists of are looked up.
    pub(super) fn value_type(&mut self, id: WireTypeId) -> Result<TypeRef> {
        if let Some(type_ref) = self.types.known_type(id) {
            return Ok(type_ref);
        }
        self.depart()?;
        self.types.value_type(id)
    }

    /// Whether a value of the type may hold an interface value, and so a type definition inside itself.
    pub(super) fn holds_interface(&mut self, root: TypeRef) -> Result<bool> {
        if let Some(known) = self.types.known_to_hold_interface(root) {
            return Ok(known);
        }
        self.depart()?;
        Ok(self.types.holds_interface(root))
    }

    /// Stops sharing types with the earlier stream, if that one has defined more of them.
    fn depart(&mut self) -> Result<()> {
        if self.types.is_ahead() {
            self.types = self.types.departed(&self.limits)?;
            // Plans may be for types that this stream will never define.
            self.plans = Plans::default();
            self.definitions = Default::default();
        }
        Ok(())
    }
}
