//! The members of a JSON object, by name and type. What a page sends is read by it: readers that are derived for the same
//! structures take ten times the code, a fortieth of the server part's executable.

use serde_json::{Map, Value};

/// A JSON object, and where it stands.
#[derive(Debug)]
pub struct Members<'a> {
    members: &'a Map<String, Value>,
    /// Empty for the whole, or as in `facts.seen`.
    place: String,
}

/// A member that is none of what it has to be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place} has to be {wanted}")]
pub struct WrongMember {
    /// As in `facts.seen.connects`.
    pub place: String,
    /// As in `a boolean`.
    pub wanted: &'static str,
}

const OBJECT: &str = "an object";
const ARRAY: &str = "an array of objects";
const STRING: &str = "a string";
const BOOLEAN: &str = "a boolean";

impl<'a> Members<'a> {
    /// Those of a value that stands in nothing else.
    ///
    /// # Errors
    ///
    /// It is no object.
    pub fn of(value: &'a Value) -> Result<Self, WrongMember> {
        Self::at(String::new(), value).ok_or_else(|| WrongMember {
            place: "it".to_owned(),
            wanted: OBJECT,
        })
    }

    fn at(place: String, value: &'a Value) -> Option<Self> {
        let members = value.as_object()?;
        Some(Self { members, place })
    }

    /// # Errors
    ///
    /// It is no string, or there is none.
    pub fn text(&self, name: &str) -> Result<String, WrongMember> {
        self.there(name, STRING, self.text_or_null(name)?)
    }

    /// # Errors
    ///
    /// It is neither a string nor null, nor missing.
    pub fn text_or_null(&self, name: &str) -> Result<Option<String>, WrongMember> {
        self.member(name, STRING, |value| value.as_str().map(str::to_owned))
    }

    /// # Errors
    ///
    /// It is no boolean, or there is none.
    pub fn flag(&self, name: &str) -> Result<bool, WrongMember> {
        self.there(name, BOOLEAN, self.flag_or_null(name)?)
    }

    /// # Errors
    ///
    /// It is neither a boolean nor null, nor missing.
    pub fn flag_or_null(&self, name: &str) -> Result<Option<bool>, WrongMember> {
        self.member(name, BOOLEAN, Value::as_bool)
    }

    /// # Errors
    ///
    /// It is no object, or there is none.
    pub fn object(&self, name: &str) -> Result<Self, WrongMember> {
        self.there(name, OBJECT, self.object_or_null(name)?)
    }

    /// # Errors
    ///
    /// It is neither an object nor null, nor missing.
    pub fn object_or_null(&self, name: &str) -> Result<Option<Self>, WrongMember> {
        self.member(name, OBJECT, |value| Self::at(self.place_of(name), value))
    }

    /// # Errors
    ///
    /// It is no array of objects, or there is none.
    pub fn objects(&self, name: &str) -> Result<Vec<Self>, WrongMember> {
        let objects = self.member(name, ARRAY, |value| {
            let values = value.as_array()?.iter();
            values
                .enumerate()
                .map(|(index, value)| Self::at(self.place_of(&format!("{name}[{index}]")), value))
                .collect()
        })?;
        self.there(name, ARRAY, objects)
    }

    /// What to say where a member is none of what it has to be.
    pub fn wrong(&self, name: &str, wanted: &'static str) -> WrongMember {
        WrongMember {
            place: self.place_of(name),
            wanted,
        }
    }

    fn member<T>(
        &self,
        name: &str,
        wanted: &'static str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Result<Option<T>, WrongMember> {
        match self.members.get(name) {
            None | Some(Value::Null) => Ok(None),
            Some(value) => self.there(name, wanted, read(value)).map(Some),
        }
    }

    fn there<T>(
        &self,
        name: &str,
        wanted: &'static str,
        found: Option<T>,
    ) -> Result<T, WrongMember> {
        found.ok_or_else(|| self.wrong(name, wanted))
    }

    fn place_of(&self, name: &str) -> String {
        if self.place.is_empty() {
            return name.to_owned();
        }
        format!("{}.{name}", self.place)
    }
}
