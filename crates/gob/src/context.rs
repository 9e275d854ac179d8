//! What a stream's messages have in common.

use crate::definition::TypeRef;
use crate::error::Result;
use crate::limits::Limits;
use crate::plan::Plans;
use crate::types::Types;
use crate::value::Definitions;
use crate::walk::Walk;
use crate::wire::WireId;

/// A stream's types, and the plans made for them.
#[derive(Debug, Default)]
pub(crate) struct Context {
    pub(crate) types: Types,
    pub(crate) plans: Plans,
    pub(crate) limits: Limits,
    /// What dynamic values share, and the version of the table that it shows.
    pub(crate) definitions: (u64, Definitions),
    pub(crate) walk: Walk,
}

impl Context {
    pub(crate) fn new(limits: Limits, types: Types, plans: Plans) -> Self {
        Self {
            types,
            plans,
            limits,
            definitions: Default::default(),
            walk: Walk::default(),
        }
    }

    /// Takes a definition from the front of `rest` and remembers it under `id`.
    pub(crate) fn define(&mut self, id: WireId, rest: &mut &[u8]) -> Result<()> {
        if self.types.follow(id, rest) {
            return Ok(());
        }
        self.depart()?;
        self.types.define(id, rest, &self.limits)
    }

    /// The type of a value that follows, with everything that it is made of.
    pub(crate) fn value_type(&mut self, id: WireId) -> Result<TypeRef> {
        if let Some(type_ref) = self.types.known_type(id) {
            return Ok(type_ref);
        }
        self.depart()?;
        self.types.value_type(id)
    }

    /// Whether a value of the type may hold an interface value, and so a type definition inside itself.
    pub(crate) fn holds_interface(&mut self, root: TypeRef) -> Result<bool> {
        if let Some(known) = self.types.known_to_hold_interface(root) {
            return Ok(known);
        }
        self.depart()?;
        Ok(self.types.holds_interface(root))
    }

    /// Goes on without the earlier stream, where this one is not at its end.
    fn depart(&mut self) -> Result<()> {
        if self.types.is_ahead() {
            self.types = self.types.departed(&self.limits)?;
            // They may be for types that this stream will never define.
            self.plans = Plans::default();
            self.definitions = Default::default();
        }
        Ok(())
    }
}
