//! The protocol's version: a date without dashes, compared as a string.

use alloc::boxed::Box;
use core::cmp::Ordering;

use crate::limits::VERSION_LENGTH;

/// A version, as in an envelope's field `notifymatters`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Version(Box<str>);

impl Version {
    /// The version that this crate speaks.
    pub const SPOKEN: &'static str = "20171130";

    /// Reads a version: 1 to [`VERSION_LENGTH`] printable ASCII characters.
    pub fn parse(text: &str) -> Option<Self> {
        let fits = (1..=VERSION_LENGTH).contains(&text.len())
            && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(text.into()))
    }

    /// As it was read.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether this version is later than the one that this crate speaks.
    pub fn is_newer_than_spoken(&self) -> bool {
        (*self.0).cmp(Self::SPOKEN) == Ordering::Greater
    }
}
