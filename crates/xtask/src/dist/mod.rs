//! Makes the bundle that an administrator uploads.

use anyhow::Result;

use crate::setup::Setup;
use crate::web;

/// What `dist` can be asked for.
#[derive(clap::Args, Debug, Clone, Default)]
pub(crate) struct Options {}

/// Builds the server part and the web part and packs them.
pub(crate) fn run(setup: &Setup, _options: &Options) -> Result<()> {
    let staging = setup.project().scratch("staging");
    web::build(&staging.join("webapp/dist"), setup)
}
