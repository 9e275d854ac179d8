//! The key-value store's options.

use gob::Gob;

/// How a value is stored (`model.PluginKVSetOptions`).
#[derive(Debug, Default, Clone, PartialEq, Eq, Gob)]
#[gob(name = "PluginKVSetOptions")]
pub struct KvSetOptions {
    /// Store only if the value is still `old_value`.
    pub atomic: bool,
    /// What the value has to be if `atomic` is set; empty: there must be none.
    pub old_value: Vec<u8>,
    /// After how many seconds the value is forgotten; 0: never.
    pub expire_in_seconds: i64,
}
