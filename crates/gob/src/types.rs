//! A stream's types: its own, or those of an earlier stream for as long as it begins like that one.

use std::ops::Deref;
use std::sync::Arc;

use crate::definition::TypeRef;
use crate::error::Result;
use crate::limits::Limits;
use crate::table::TypeTable;
use crate::wire::WireId;

/// A table, and how much of it this stream has defined.
#[derive(Debug, Default, Clone)]
pub(crate) struct Types {
    table: Arc<TypeTable>,
    /// Past it the table holds what the earlier stream went on with.
    defined: usize,
}

impl Deref for Types {
    type Target = TypeTable;

    fn deref(&self) -> &TypeTable {
        &self.table
    }
}

impl Types {
    /// The types of a stream with which later ones are compared.
    pub(crate) fn recording() -> Self {
        Self {
            table: Arc::new(TypeTable::recording()),
            defined: 0,
        }
    }

    /// The same types for a stream that has not begun.
    pub(crate) fn unread(&self) -> Self {
        Self {
            table: Arc::clone(&self.table),
            defined: 0,
        }
    }

    /// Takes the definition that the earlier stream had in this place; `false` if it is another.
    pub(crate) fn follow(&mut self, id: WireId, rest: &mut &[u8]) -> bool {
        let Some((expected, bytes)) = self.table.recorded(self.defined) else {
            return false;
        };
        let Some(tail) = rest.strip_prefix(bytes).filter(|_| expected == id) else {
            return false;
        };
        *rest = tail;
        self.defined += 1;
        true
    }

    /// Whether the table holds more than this stream has defined.
    pub(crate) fn is_ahead(&self) -> bool {
        self.defined < self.table.len()
    }

    /// The same definitions in a table of this stream's own.
    pub(crate) fn departed(&self, limits: &Limits) -> Result<Self> {
        let mut own = TypeTable::recording();
        for (id, mut bytes) in (0..self.defined).filter_map(|place| self.table.recorded(place)) {
            own.define(id, &mut bytes, limits)?;
        }
        Ok(Self {
            defined: own.len(),
            table: Arc::new(own),
        })
    }

    /// The type of a value that follows, if everything that it is made of was looked up.
    pub(crate) fn known_type(&self, id: WireId) -> Option<TypeRef> {
        self.table.known_type(id, self.defined)
    }

    pub(crate) fn define(&mut self, id: WireId, rest: &mut &[u8], limits: &Limits) -> Result<()> {
        let table = Arc::make_mut(&mut self.table);
        table.define(id, rest, limits)?;
        self.defined = table.len();
        Ok(())
    }

    pub(crate) fn value_type(&mut self, id: WireId) -> Result<TypeRef> {
        Arc::make_mut(&mut self.table).value_type(id)
    }

    pub(crate) fn holds_interface(&mut self, root: TypeRef) -> bool {
        Arc::make_mut(&mut self.table).holds_interface(root)
    }

    #[cfg(test)]
    pub(crate) fn shares_with(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.table, &other.table)
    }
}
