//! The members of a JSON object, by name and type. What a page sends is read by it: readers that are derived for the same
//! structures take ten times the code, a fortieth of the server part's executable.

use std::cell::OnceCell;

use serde_json::{Map, Value};

/// A JSON object, and where it stands.
///
/// What is none of what it has to be is noted, and read as if it were empty: whoever reads everything needs one look at
/// [`Wrong`] in the end.
#[derive(Debug)]
pub struct Members<'a> {
    members: Option<&'a Map<String, Value>>,
    /// Empty for the whole, or as in `facts.seen`.
    place: String,
    wrong: &'a Wrong,
}

/// The first member that is none of what it has to be.
#[derive(Debug, Default)]
pub struct Wrong(OnceCell<WrongMember>);

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

impl Wrong {
    /// What it is, if there is one.
    pub fn first(self) -> Option<WrongMember> {
        self.0.into_inner()
    }

    fn note(&self, place: String, wanted: &'static str) {
        drop(self.0.set(WrongMember { place, wanted }));
    }
}

impl<'a> Members<'a> {
    /// Those of a value that stands in nothing else, which has to be an object.
    pub fn of(value: &'a Value, wrong: &'a Wrong) -> Self {
        let members = value.as_object();
        if members.is_none() {
            wrong.note("it".to_owned(), OBJECT);
        }
        Self {
            members,
            place: String::new(),
            wrong,
        }
    }

    /// A string.
    pub fn text(&self, name: &str) -> String {
        self.there(name, STRING, self.text_or_null(name))
    }

    /// A string; `None` where it is null or missing.
    pub fn text_or_null(&self, name: &str) -> Option<String> {
        self.member(name, STRING, |value| value.as_str().map(str::to_owned))
    }

    /// A boolean.
    pub fn flag(&self, name: &str) -> bool {
        self.there(name, BOOLEAN, self.flag_or_null(name))
    }

    /// A boolean; `None` where it is null or missing.
    pub fn flag_or_null(&self, name: &str) -> Option<bool> {
        self.member(name, BOOLEAN, Value::as_bool)
    }

    /// An object.
    pub fn object(&self, name: &str) -> Self {
        self.object_or_null(name).unwrap_or_else(|| {
            self.wrong(name, OBJECT);
            self.at(name, None)
        })
    }

    /// An object; `None` where it is null or missing.
    pub fn object_or_null(&self, name: &str) -> Option<Self> {
        let members = self.member(name, OBJECT, Value::as_object)?;
        Some(self.at(name, Some(members)))
    }

    /// An array of objects.
    pub fn objects(&self, name: &str) -> Vec<Self> {
        let Some(values) = self.member(name, ARRAY, Value::as_array) else {
            self.wrong(name, ARRAY);
            return Vec::new();
        };
        let mut objects = Vec::new();
        for (index, value) in values.iter().enumerate() {
            if !value.is_object() {
                self.wrong(name, ARRAY);
            }
            objects.push(self.at(&format!("{name}[{index}]"), value.as_object()));
        }
        objects
    }

    /// Notes that a member is none of what it has to be.
    pub fn wrong(&self, name: &str, wanted: &'static str) {
        self.wrong.note(self.place_of(name), wanted);
    }

    fn member<T>(
        &self,
        name: &str,
        wanted: &'static str,
        read: impl FnOnce(&'a Value) -> Option<T>,
    ) -> Option<T> {
        let value = self.members?.get(name).filter(|value| !value.is_null())?;
        let read = read(value);
        if read.is_none() {
            self.wrong(name, wanted);
        }
        read
    }

    fn there<T: Default>(&self, name: &str, wanted: &'static str, found: Option<T>) -> T {
        found.unwrap_or_else(|| {
            self.wrong(name, wanted);
            T::default()
        })
    }

    fn at(&self, name: &str, members: Option<&'a Map<String, Value>>) -> Self {
        Self {
            members,
            place: self.place_of(name),
            wrong: self.wrong,
        }
    }

    fn place_of(&self, name: &str) -> String {
        if self.place.is_empty() {
            return name.to_owned();
        }
        format!("{}.{name}", self.place)
    }
}
