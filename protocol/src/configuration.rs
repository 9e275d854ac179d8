//! The response of the server part's configuration endpoint, as far as the core uses it.

use alloc::vec::Vec;

use crate::{Capabilities, Origin};

/// The settings that decide who is served.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// The origins that the administrator trusts.
    pub trusted_origins: Vec<TrustedOrigin>,
}

/// An origin that the administrator trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedOrigin {
    /// Canonical, as the server part writes it.
    pub origin: Origin,
    /// What is granted to it; [`Capabilities::DEFAULT`] if the server part is older than capabilities and does not say.
    pub granted: Capabilities,
}
