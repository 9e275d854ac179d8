//! What the core takes of the server part's configuration endpoint.

use alloc::vec::Vec;

use crate::{Capabilities, Origin};

/// The settings, as far as they decide who is served.
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
    /// What is granted to it; [`Capabilities::DEFAULT`] where the server part does not say (one of before capabilities).
    pub granted: Capabilities,
}
