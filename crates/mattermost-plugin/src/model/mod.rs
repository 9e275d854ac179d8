//! Mattermost's data that hooks and the API use.
//!
//! Each struct has the name and the fields of Go's. Fields that a server does not send keep their zero value; fields that
//! a server sends and that are missing here are skipped. Go's strings may be any bytes: U+FFFD replaces those that are not
//! UTF-8. Go does not send a pointer to a zero value, such as `false`: it arrives as `None`.
//!
//! Structs that plugins make can be written as `Post { message, ..Post::default() }`; those that only a server makes are
//! `#[non_exhaustive]`.
//!
//! Ids are strings. Go's definitions do not say which strings are ids, nor of what, so types for them would have to be
//! assigned by hand in about 400 places; and ids come from and go into paths, keys and JSON, where each would be converted.
//! Where a method takes several, its parameters' names say which is which.

mod app_error;
mod attachments;
mod autocomplete;
mod constructors;
mod context;
mod generated;
mod payload;

pub use app_error::AppError;
pub(crate) use app_error::GoError;
pub use context::Context;
pub use generated::*;
pub use payload::Payload;
