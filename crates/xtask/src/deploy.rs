//! Builds the bundle, and lets the companion install it on a running Mattermost.

use std::path::PathBuf;

use anyhow::Result;

use crate::dist::{self, PLATFORMS};
use crate::process;
use crate::setup::Setup;
use crate::test::cargo;

/// What `deploy` can be asked for. Where to, and in whose name, stands in the environment.
#[derive(clap::Args, Debug, Clone)]
#[command(after_help = "\
Environment, as every Mattermost plugin's:
  MM_SERVICESETTINGS_SITEURL             the server's address, such as https://chat.example.com
  MM_ADMIN_TOKEN                         a system administrator's personal access token, or
  MM_ADMIN_USERNAME, MM_ADMIN_PASSWORD   a system administrator's name and password")]
pub(crate) struct Options {
    /// Deploy this bundle instead of a newly built one.
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
}

/// Builds the bundle unless one is given, uploads and enables it.
pub(crate) fn run(setup: &Setup, options: &Options) -> Result<()> {
    let install = |more: &[&str]| {
        let mut command = cargo(setup);
        command.args([
            "run",
            "--quiet",
            "--locked",
            "-p",
            "notifymatters-cli",
            "--",
            "install",
        ]);
        process::run(command.args(more))
    };
    let bundle = match &options.bundle {
        Some(bundle) => bundle.clone(),
        None => {
            // So that a slip in the environment costs no build.
            install(&["--dry-run"])?;
            dist::release(setup, &PLATFORMS)?
        }
    };
    install(&["--bundle", &bundle.display().to_string()])
}
