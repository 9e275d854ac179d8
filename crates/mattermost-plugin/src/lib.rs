//! A Rust SDK for Mattermost server plugins.
//!
//! ```no_run
//! use std::process::ExitCode;
//! use std::sync::Arc;
//!
//! use mattermost_plugin::{Api, Error, HttpService, Plugin};
//!
//! struct Hello;
//!
//! #[mattermost_plugin::hooks]
//! impl Plugin for Hello {
//!     async fn on_activate(&self, api: Api) -> Result<(), Error> {
//!         let version = api.server_version().await?;
//!         tracing::info!(version, "hello, Mattermost");
//!         Ok(())
//!     }
//! }
//!
//! fn main() -> ExitCode {
//!     mattermost_plugin::run(Hello)
//! }
//! ```
//!
//! A plugin is a type that implements [`Plugin`] with the hooks that it needs. [`Api`] is the handle to the server, and [`model`]
//! has the data of both. HTTP requests are answered by any `tower` service, such as an axum `Router`. One executable works with
//! servers from 5.39 to 11.6: a call of a method that the server does not know fails. `COVERAGE.md` lists all hooks and methods
//! beside Go's. Only those that a plugin uses make its executable larger.
//!
//! - **Errors**: every hook returns the same [`Error`], into which `?` converts any error.
//! - **Never block**: a plugin runs on one thread unless it is started with [`run_on`]; see [`Plugin`](Plugin#never-block).
//! - **Tests**: with the feature `test-util`, the module `test` is a Mattermost in memory.
//! - **axum**: with the feature `axum`, a handler may return [`Error`], and `UserId` says who sends a request.
//! - **Examples**: in the crate's folder `examples`, `bot` answers messages, `notebook` has a slash command and an axum page,
//!   `poll` posts buttons, `reminder` is a scheduled job.
//!
//! The protocol between a plugin and its host is in the crate `go-plugin`.
#![deny(missing_docs)]
#![forbid(unsafe_code)]

mod api;
mod arguments;
mod error;
mod hooks;
mod http;
pub mod model;
mod run;
#[cfg(feature = "test-util")]
pub mod test;
mod wire;

#[cfg(feature = "axum")]
pub use self::http::UserId;
pub use self::http::{Body, BodyError, HttpService, NotFound, OriginalTarget, RemoteAddress};
pub use ::http::StatusCode;
pub use api::Api;
pub use arguments::{Argument, Arguments};
pub use error::{Error, ErrorKind};
pub use gob;
pub use hooks::{FileReplacement, Plugin, UploadedFile};
pub use mattermost_plugin_derive::hooks;
pub use model::{AppError, Context, Payload};
pub use run::{run, run_on, served};

/// The README's example compiles.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
pub struct Readme;
