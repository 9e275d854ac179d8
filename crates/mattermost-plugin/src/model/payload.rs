//! Go's `map[string]any`: settings, and what WebSocket events carry.

use std::collections::BTreeMap;

use gob::Interface;

/// Named values of any type; `None` is Go's nil.
///
/// ```
/// use mattermost_plugin::Payload;
///
/// let mut payload = Payload::new();
/// payload.insert("unread".to_owned(), Some(3_i64.into()));
/// payload.insert("channel".to_owned(), Some("town-square".into()));
/// ```
pub type Payload = BTreeMap<String, Option<Interface>>;
