//! Permissions, by their names.

use gob::Gob;

/// A permission (`model.Permission`). The server looks only at its id.
#[derive(Debug, Default, Clone, PartialEq, Eq, Gob)]
pub struct Permission {
    /// For example `manage_system`.
    pub id: String,
    /// The id of its name's translation.
    pub name: String,
    /// The id of its description's translation.
    pub description: String,
    /// `system_scope`, `team_scope`, `channel_scope` …
    pub scope: String,
}

impl Permission {
    /// The permission with this id.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            ..Self::default()
        }
    }

    /// What a system administrator has.
    #[must_use]
    pub fn manage_system() -> Self {
        Self::new("manage_system")
    }
}
