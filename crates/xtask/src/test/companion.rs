//! The companion against the stand-in: its virtual hosts in the real nginx, Apache, Caddy and HAProxy, and REST.

use std::path::Path;

use anyhow::Result;

use super::rust;
use super::suite::Outcome;
use crate::setup::{APACHE, CADDY, HAPROXY, NGINX, Need, Setup};
use crate::standin::Standin;

pub(super) const NEEDS: [Need; 4] = [
    Need::Tool(&NGINX),
    Need::Tool(&APACHE),
    Need::Tool(&CADDY),
    Need::Tool(&HAPROXY),
];

pub(super) fn run(setup: &Setup, bundle: &Path) -> Result<Outcome> {
    setup.require(&NEEDS)?;
    let standin = Standin::build(setup)?;
    let mut command = rust::one_test(setup, "standin");
    command
        .env("NOTIFYMATTERS_BUNDLE", bundle)
        .env("NOTIFYMATTERS_STANDIN", standin.executable());
    rust::tests(&mut command)
}
