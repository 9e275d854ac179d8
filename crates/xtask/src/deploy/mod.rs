//! Uploads the bundle to a running Mattermost and enables it, through the REST API.

mod credentials;
mod mattermost;
mod refusal;
mod site;
mod start;
#[cfg(test)]
mod tests;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use self::credentials::Credentials;
use self::mattermost::Mattermost;
use self::site::Site;
use crate::dist::{self, PLATFORMS};
use crate::setup::Setup;

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
    let destination = Destination::from_environment()?;
    let manifest = dist::source_manifest(setup.project())?;
    let bundle = match &options.bundle {
        Some(bundle) => bundle.clone(),
        None => dist::release(setup, &PLATFORMS)?,
    };
    let plugin = Plugin {
        id: &manifest.id,
        min_server_version: &manifest.min_server_version,
    };
    destination.deploy(plugin, &bundle)
}

/// What is known of the plugin before it is uploaded.
#[derive(Debug, Clone, Copy)]
struct Plugin<'a> {
    id: &'a str,
    min_server_version: &'a str,
}

/// Where to deploy, and in whose name; read before anything is built, so that a slip costs no build.
#[derive(Debug)]
struct Destination {
    site: Site,
    credentials: Credentials,
}

impl Destination {
    /// Reads the environment.
    ///
    /// # Errors
    ///
    /// Names the variable that is missing or wrong, never its secret.
    fn from_environment() -> Result<Self> {
        Self::from_variables(|name| env::var(name).ok())
    }

    fn from_variables(variable: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let variable = |name: &str| variable(name).filter(|value| !value.is_empty());
        Ok(Self {
            site: Site::from_variables(&variable)?,
            credentials: Credentials::from_variables(&variable)?,
        })
    }

    /// Uploads the bundle in place of any earlier one, enables it and waits until it runs.
    ///
    /// # Errors
    ///
    /// Says what the server refused and what to do about it.
    fn deploy(&self, plugin: Plugin<'_>, bundle: &Path) -> Result<()> {
        let file = fs::read(bundle).with_context(|| bundle.display().to_string())?;
        if let Some(warning) = self.site.warning() {
            eprintln!("warning: {warning}");
        }
        let mut mattermost = Mattermost::connect(&self.site)?;
        let version = mattermost.require_version(plugin.min_server_version)?;
        println!("{} is Mattermost {version}", self.site);
        let session = mattermost.authenticate(&self.credentials)?;
        let done = upload_and_enable(&mattermost, plugin, &file);
        // A session that was opened with a password is closed again, whatever happened between.
        let closed = mattermost.end(session);
        done?;
        closed?;
        println!(
            "{} runs. Name the trusted origins in {}/admin_console/plugins/plugin_{}",
            plugin.id, self.site, plugin.id
        );
        Ok(())
    }
}

fn upload_and_enable(mattermost: &Mattermost, plugin: Plugin<'_>, file: &[u8]) -> Result<()> {
    mattermost.upload(plugin.id, file)?;
    println!("uploaded {} ({} kB)", plugin.id, file.len().div_ceil(1000));
    mattermost.enable(plugin.id)?;
    mattermost.wait_until_running(plugin.id)
}
