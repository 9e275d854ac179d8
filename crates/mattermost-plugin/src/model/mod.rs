//! Mattermost's data, as far as hooks and API carry it.
//!
//! Each struct has the name and the fields of Go's. Fields that a server does not send are left at their zero value; fields
//! that a server sends and that are not here are skipped. Go's strings may be any bytes: U+FFFD stands for those that are no
//! UTF-8. A pointer to a zero value, such as `false`, is lost on its way from Go: `None` arrives.
//!
//! What a plugin makes can be written as `Post { message, ..Post::default() }`; what only a server makes is
//! `#[non_exhaustive]`.

mod app_error;
mod constructors;
mod context;
#[allow(
    missing_docs,
    reason = "the names say what they say in Go; what is known beyond is in generate/words.txt"
)]
mod generated;
mod payload;

pub use app_error::AppError;
pub(crate) use app_error::GoError;
pub use context::Context;
pub use generated::*;
pub use payload::Payload;
