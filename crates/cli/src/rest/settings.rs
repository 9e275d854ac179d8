//! Mattermost's configuration, changed field by field.

use serde::de::IgnoredAny;
use serde_json::{Map, Value};

use super::{Rest, Step, Trouble};
use notifymatters_findings::text::plain;

/// One field, as it was shown and as it is to become.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Change {
    /// Such as `ServiceSettings.SiteURL`.
    pub(crate) field: String,
    pub(crate) from: Value,
    pub(crate) to: Value,
}

/// The configuration as it was read.
#[derive(Debug, Clone)]
pub(crate) struct Settings(Value);

/// The settings of all plugins: `config/patch` replaces this map as a whole, with those of the other plugins in it
/// (`utils/merge.go`; seen in 6.7, 9.8 and 11.6).
const PLUGINS: &str = "PluginSettings.Plugins";

/// What a server writes in the place of a secret, and takes as "as it was" (`model.FakeSetting`).
const MASK: &str = "********************************";

impl Settings {
    pub(crate) fn read(rest: &Rest) -> Result<Self, Trouble> {
        rest.get(Step::To("show its configuration"), "config")
            .map(Self)
    }

    #[cfg(test)]
    pub(crate) fn of(value: Value) -> Self {
        Self(value)
    }

    /// What it would be after these changes.
    #[cfg(test)]
    pub(crate) fn with(&self, changes: &[Change]) -> Value {
        let mut then = self.0.clone();
        for change in changes {
            put(&mut then, &change.field, change.to.clone());
        }
        then
    }

    /// A field; null where this account may not read it, or this version does not have it.
    pub(crate) fn field(&self, field: &str) -> &Value {
        field.split('.').fold(&self.0, |value, key| &value[key])
    }

    /// The field's value, where a server does not hide it.
    fn shows(&self, field: &str) -> Option<&Value> {
        Some(self.field(field)).filter(|value| **value != MASK)
    }

    /// The whole of it, for calls that take it.
    pub(crate) fn all(&self) -> &Value {
        &self.0
    }

    /// What undoes these changes, which are in this configuration. A password that was replaced stays: no server shows
    /// the old one.
    pub(crate) fn back(&self, changes: &[Change]) -> Vec<Change> {
        let back = |change: &Change| Change {
            field: change.field.clone(),
            from: self.field(&change.field).clone(),
            to: change.from.clone(),
        };
        changes.iter().map(back).collect()
    }

    /// Writes what was shown, and nothing else.
    ///
    /// # Errors
    ///
    /// Where one of the fields is no longer as it was shown, before anything is written; and where the server took the
    /// change and left a field as it was.
    pub(crate) fn write(&self, rest: &Rest, changes: &[Change]) -> Result<(), Trouble> {
        let now = Self::read(rest)?;
        let mut patch = Value::Object(Map::new());
        for change in changes {
            let plugins = change.field.starts_with(PLUGINS);
            let watched = if plugins { PLUGINS } else { &change.field };
            if now.field(watched) != self.field(watched)
                || *self.field(&change.field) != change.from
            {
                return Err(rest.trouble(format!(
                    "somebody else changed {watched} meanwhile, so nothing was written: start again"
                )));
            }
            if plugins && patch.pointer("/PluginSettings/Plugins").is_none() {
                put(&mut patch, PLUGINS, self.field(PLUGINS).clone());
            }
            put(&mut patch, &change.field, change.to.clone());
        }
        let _: IgnoredAny = rest.put(Step::To("save the settings"), "config/patch", &patch)?;
        let then = Self::read(rest)?;
        let kept = |change: &&Change| {
            then.shows(&change.field)
                .is_some_and(|value| *value != change.to)
        };
        let Some(left) = changes.iter().find(kept) else {
            return Ok(());
        };
        let environment: Value = rest
            .get(
                Step::To("show what its environment sets"),
                "config/environment",
            )
            .unwrap_or_default();
        Err(rest.trouble(format!(
            "{} is still {}: {}",
            left.field,
            shown(then.field(&left.field)),
            match variable(&environment, &left.field) {
                Some(name) => format!("the variable {name} in the server's environment sets it"),
                None if rest.is_local() => "a variable in the server's environment sets it".to_owned(),
                None => "this account may not change it (is ExperimentalSettings.RestrictSystemAdmin on?)".to_owned(),
            }
        )))
    }
}

/// The environment variable that sets a field; `tree` is true at what comes from one.
fn variable(tree: &Value, field: &str) -> Option<String> {
    let mut place = tree;
    let mut name = "MM".to_owned();
    for key in field.split('.') {
        place = &place[key];
        name = format!("{name}_{}", key.to_uppercase());
        if *place == true {
            return Some(name);
        }
    }
    None
}

fn put(tree: &mut Value, field: &str, value: Value) {
    let mut place = tree;
    for key in field.split('.') {
        place = &mut place[key];
    }
    *place = value;
}

/// A value for a person, on one line.
pub(crate) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "not set".to_owned(),
        Value::String(text) if text.is_empty() => "empty".to_owned(),
        Value::String(text) => format!("\"{}\"", plain(text)),
        value => plain(&value.to_string()),
    }
}
