//! What Notifymatters says over `postMessage`, and who may say it.
//!
//! A Mattermost page in a frame (the *frame*) hands its notifications to the page that embeds it (the *host*). This crate is
//! the frame's side of that conversation, protocol version [`Version::SPOKEN`]: it knows the envelopes, judges who may send
//! them, and keeps track of what was said. It is sans-I/O: [`Session::handle`] takes an [`Input`] and the time, and returns the
//! [`Action`]s that follow. It has no callbacks, no clock and no random numbers of its own, and does not depend on JavaScript:
//! windows, page objects and everything opaque (`state`, `data`, options) are types of the [`World`] that it runs in. It passes
//! them on and compares them, and never looks into them.
//!
//! It does not parse URLs. The server part sends trusted origins in canonical form, and [`Origin`] only checks that form.

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
