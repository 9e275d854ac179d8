//! One thing of others inside the bundle.

/// A crate or library with its licence and the texts that came with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Component {
    pub(crate) name: String,
    /// Empty where it has none of its own.
    pub(crate) version: String,
    /// An SPDX expression, or crates.io's older form with a slash.
    pub(crate) license: String,
    /// The licence files that came with it: name and text.
    pub(crate) texts: Vec<(String, String)>,
}

impl Component {
    /// Rust's own library: `core`, `alloc`, `std`, `compiler_builtins` and what else lies in its source tree, under the
    /// licence that its notices (`COPYRIGHT-library.html` of Rust 1.95) give the tree.
    pub(crate) fn rust() -> Self {
        Self {
            name: "Rust's standard library".to_owned(),
            version: String::new(),
            license: "MIT OR Apache-2.0".to_owned(),
            texts: Vec::new(),
        }
    }
}
