//! What Notifymatters says over `postMessage`, and who may say it.
//!
//! A Mattermost page in a frame (the *frame*) hands its notifications to the page that embeds it (the *host*). This crate is
//! the frame's side of that conversation, protocol version [`Version::SPOKEN`]: it knows the envelopes, judges who may send
//! them, and keeps the books of what was said. It is sans-I/O: [`Session::handle`] takes one [`Input`] and the time and returns
//! the [`Action`]s that follow. It calls nobody, reads no clock, has no chance of its own and knows no JavaScript: windows, page
//! objects and everything opaque (`state`, `data`, options) are types of the [`World`] it runs in, which it carries and compares
//! but never looks into.
//!
//! What it does not do: parse URLs. A trusted origin comes canonicalised from the server part; [`Origin`] only checks that form.

#![deny(missing_docs)]
#![forbid(unsafe_code)]
#![cfg_attr(not(test), no_std)]

extern crate alloc;

mod action;
mod capability;
mod chance;
mod configuration;
mod input;
pub mod limits;
mod note;
mod number;
pub mod options;
mod origin;
mod permission;
mod session;
mod time;
mod version;
mod wire;
mod world;

pub use action::{Action, Event};
pub use capability::{Capabilities, Capability, UnknownCapability};
pub use configuration::{Configuration, TrustedOrigin};
pub use input::{Input, LoadFailure, Relation, Ticket};
pub use note::Note;
pub use number::{NotificationId, RequestId};
pub use origin::{Origin, OriginError};
pub use permission::Permission;
pub use session::{Session, Start};
pub use time::Instant;
pub use version::Version;
pub use wire::{Farewell, Field, Outgoing, RawEnvelope};
pub use world::{UnreadMessage, World};
