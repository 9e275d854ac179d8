//! Mattermost's data, as far as hooks and API of this SDK carry it.
//!
//! Each struct has the fields of the Go struct of the same name in Mattermost 11.6. Fields that a server does not send
//! are left at their zero value; fields that a server sends and that are not here are skipped.

mod app_error;
mod command;
mod context;
mod kv;
mod permission;
mod user;
mod websocket;

pub use app_error::AppError;
pub(crate) use app_error::GoError;
pub use command::{Command, CommandArgs, CommandResponse};
pub use context::Context;
pub use kv::KvSetOptions;
pub use permission::Permission;
pub use user::User;
pub use websocket::Broadcast;
