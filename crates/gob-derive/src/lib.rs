//! The derive macro of the gob crate.
