//! `notifymatters install`: uploads the plugin, enables it and names the trusted origins.

mod closed;
mod start;
#[cfg(test)]
mod tests;

use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use clap::ArgGroup;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use ureq::unversioned::multipart::{Form, Part};

use self::closed::{PluginSettings, closed};
pub(crate) use self::start::Start;
use self::start::{PluginStatus, Plugins};
use crate::client::Connection;
use crate::exit::{Exit, Failure, write};
use crate::interrupt;
use crate::rest::{Change, Credentials, ENVIRONMENT, Login, Rest, Settings, Site, Step, Trouble};
use notifymatters_findings::address::Address;
pub(crate) use notifymatters_findings::inside::PLUGIN;
use notifymatters_findings::text::plain;

/// The plugin's settings in the server's configuration.
const SETTINGS: &str = "PluginSettings.Plugins.notifymatters";

/// The setting's key, in lower case as the System Console stores it.
const TRUSTED_ORIGIN: &str = "trustedorigin";

/// Starting a plugin takes a second at most; a cluster's other nodes fetch the bundle first.
const START_TIMEOUT: Duration = Duration::from_secs(60);
const STATUS_PAUSE: Duration = Duration::from_millis(250);

#[derive(Debug, clap::Args)]
#[command(after_help = format!("\
Example:
  notifymatters install --chat https://chat.example.com --user admin \\
      --bundle notifymatters-0.1.0.tar.gz --host https://mail.example.com

{ENVIRONMENT}

Exit code: 0 done, 2 wrong arguments, 3 it could not be done."))]
#[command(group(ArgGroup::new("what").args(["bundle", "host", "dry_run"]).required(true).multiple(true)))]
pub(crate) struct Options {
    #[command(flatten)]
    site: Site,
    /// The plugin's bundle; without it, only the trusted pages are set
    #[arg(long, value_name = "FILE")]
    bundle: Option<PathBuf>,
    /// Trust this page, which embeds Mattermost, in addition to those that are trusted already
    #[arg(long, value_name = "URL")]
    host: Vec<Address>,
    /// Log in, show what would be done, and do nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    login: Login,
    #[command(flatten)]
    connection: Connection,
}

/// # Errors
///
/// Says what the server refused and what to do about it.
pub(crate) fn run(options: &Options) -> Result<Exit, Failure> {
    install(options, || options.login.credentials())
}

fn install(
    options: &Options,
    credentials: impl FnOnce() -> Result<Credentials, Failure>,
) -> Result<Exit, Failure> {
    let plugin = Plugin {
        bundle: options.bundle.as_deref().map(read).transpose()?,
        hosts: options.host.iter().map(Address::origin).collect(),
    };
    let chat = options.site.chat.as_ref();
    let mut rest = Rest::at_site(chat, &options.connection, &options.login)?;
    let version = rest.server()?.version;
    write(&format!("{} is Mattermost {version}\n", rest.address()))?;
    let account = rest.authenticate(&credentials()?)?;
    write(&format!("{}\n", rest.in_the_name_of(&account)))?;
    plugin.install(&rest, options.dry_run)?;
    Ok(Exit::Clean)
}

pub(crate) fn read(bundle: &std::path::Path) -> Result<Vec<u8>, Failure> {
    fs::read(bundle).map_err(|error| {
        Failure::usage(format!(
            "{}: {}",
            bundle.display(),
            plain(&error.to_string())
        ))
    })
}

/// What to install.
#[derive(Debug)]
pub(crate) struct Plugin {
    pub(crate) bundle: Option<Vec<u8>>,
    /// The origins of the pages that embed.
    pub(crate) hosts: Vec<String>,
}

impl Plugin {
    /// Says what it is about to do, and does it.
    fn install(&self, rest: &Rest, dry_run: bool) -> Result<(), Failure> {
        let settings = Settings::read(rest)?;
        let origins = self.trusted_origins(&settings);
        if let Some(bundle) = &self.bundle {
            write(&format!(
                "to do: upload {PLUGIN} ({} kB) in place of any earlier one, and enable it\n",
                bundle.len().div_ceil(1000)
            ))?;
        }
        match &origins {
            Some((_, origins)) => write(&format!("to do: trust {origins}\n"))?,
            None if self.hosts.is_empty() => {}
            None => write(&format!("trusted already: {}\n", self.hosts.join(" ")))?,
        }
        if dry_run {
            return Ok(());
        }
        let _held = interrupt::hold();
        if let Some(bundle) = &self.bundle {
            upload(rest, bundle)?;
            write(&format!("uploaded {PLUGIN}\n"))?;
            enable(rest)?;
            write(&format!("{PLUGIN} runs\n"))?;
        }
        if interrupt::came() {
            return Ok(());
        }
        if let Some((change, origins)) = origins {
            settings.write(rest, &[change])?;
            write(&format!("trusted: {origins}\n"))?;
        } else if self.hosts.is_empty() {
            write(&format!(
                "Name the pages that embed with --host, or in {}/admin_console/plugins/plugin_{PLUGIN}\n",
                rest.address()
            ))?;
        }
        Ok(())
    }

    /// The change of the plugin's setting, and what it comes to; `None` where these pages are trusted already.
    pub(crate) fn trusted_origins(&self, settings: &Settings) -> Option<(Change, String)> {
        let stored = settings.field(SETTINGS);
        let (key, mut origins) = stored_origins(settings);
        let trusted = trusted(settings);
        let missing: Vec<&String> = self
            .hosts
            .iter()
            .filter(|host| !trusted.contains(host))
            .collect();
        if missing.is_empty() {
            return None;
        }
        origins.extend(missing.into_iter().map(String::as_str));
        let origins = origins.join(" ");
        let mut to = stored.as_object().cloned().unwrap_or_default();
        // Two spellings of one key: only one of them would be seen in the System Console.
        if let Some(key) = key.filter(|key| *key != TRUSTED_ORIGIN) {
            to.remove(key);
        }
        to.insert(TRUSTED_ORIGIN.to_owned(), json!(origins));
        let change = Change {
            field: SETTINGS.to_owned(),
            from: stored.clone(),
            to: Value::Object(to),
        };
        Some((change, plain(&origins)))
    }
}

/// The key under which trusted origins are stored, and each of them as somebody wrote it.
fn stored_origins(settings: &Settings) -> (Option<&str>, Vec<&str>) {
    let stored = settings.field(SETTINGS);
    let key = stored.as_object().and_then(|keys| {
        // One that was written by hand may be in any case, and the System Console's own counts before it.
        let is_ours = |key: &&String| key.eq_ignore_ascii_case(TRUSTED_ORIGIN);
        keys.keys()
            .find(|key| *key == TRUSTED_ORIGIN)
            .or_else(|| keys.keys().find(is_ours))
    });
    let text = key.and_then(|key| stored[key].as_str()).unwrap_or_default();
    let separators = |c: char| c.is_whitespace() || matches!(c, ',' | ';');
    let origins = text.split(separators).filter(|origin| !origin.is_empty());
    (key.map(String::as_str), origins.collect())
}

/// The origins that the plugin trusts by its setting.
pub(crate) fn trusted(settings: &Settings) -> Vec<String> {
    let (_, origins) = stored_origins(settings);
    let addresses = origins.into_iter().filter_map(|origin| origin.parse().ok());
    addresses.map(|address: Address| address.origin()).collect()
}

/// Uploads the bundle; `force` replaces the plugin of the same id, and starts it where that one ran.
pub(crate) fn upload(rest: &Rest, bundle: &[u8]) -> Result<(), Trouble> {
    #[derive(Deserialize)]
    struct Manifest {
        id: String,
    }
    let step = Step::Upload {
        bytes: bundle.len(),
    };
    let name = format!("{PLUGIN}.tar.gz");
    let part = Part::bytes(bundle)
        .file_name(&name)
        .mime_str("application/gzip")
        .map_err(|error| rest.trouble(error.to_string()))?;
    let form = Form::new().text("force", "true").part("plugin", part);
    let uploaded: Result<Manifest, Trouble> = rest.send(step, "plugins", form);
    let trouble = match uploaded {
        Ok(manifest) if manifest.id == PLUGIN => return Ok(()),
        Ok(manifest) => {
            return Err(rest.trouble(format!(
                "the bundle is of another plugin, {}: it was uploaded and not enabled",
                plain(&manifest.id)
            )));
        }
        Err(trouble) => trouble,
    };
    match &trouble.refusal {
        Some(refusal) if refusal.is_closed() => {
            let settings = Settings::read(rest).ok().and_then(|settings| {
                PluginSettings::deserialize(settings.field("PluginSettings")).ok()
            });
            Err(rest.trouble(closed(settings.as_ref())))
        }
        // The server says only that it did not start; why, it says of the plugin's state.
        Some(refusal) if refusal.is_failed_restart() => match start(rest) {
            Ok(Start::Failed(why)) => Err(rest.trouble(why)),
            _ => Err(trouble),
        },
        _ => Err(trouble),
    }
}

/// Enables the plugin and waits until it runs.
pub(crate) fn enable(rest: &Rest) -> Result<(), Trouble> {
    let _: IgnoredAny = rest.post(
        Step::Plugin("enable the plugin"),
        &format!("plugins/{PLUGIN}/enable"),
        &json!({}),
    )?;
    let begun = Instant::now();
    loop {
        match start(rest)? {
            Start::Running => return Ok(()),
            Start::Failed(why) => return Err(rest.trouble(why)),
            Start::Waiting(_) if interrupt::came() => {
                return Err(rest.trouble(format!("stopped while {PLUGIN} starts")));
            }
            Start::Waiting(why) if begun.elapsed() > START_TIMEOUT => {
                return Err(rest.trouble(format!("after {} s {why}", START_TIMEOUT.as_secs())));
            }
            Start::Waiting(_) => thread::sleep(STATUS_PAUSE),
        }
    }
}

/// How it stands with the plugin.
pub(crate) fn start(rest: &Rest) -> Result<Start, Trouble> {
    Ok(Start::of(PLUGIN, &statuses(rest)?))
}

fn statuses(rest: &Rest) -> Result<Vec<PluginStatus>, Trouble> {
    let step = Step::Plugin("say whether the plugin runs");
    if rest.is_local() {
        return Ok(rest.get::<Plugins>(step, "plugins")?.statuses());
    }
    rest.get(step, "plugins/statuses")
}

/// The version of the plugin that is on the server, and whether it runs.
pub(crate) fn state(rest: &Rest) -> Result<Option<(String, bool)>, Trouble> {
    let statuses = match statuses(rest) {
        // Without plugins there is no list of them.
        Err(trouble)
            if trouble
                .refusal
                .as_ref()
                .is_some_and(|refusal| refusal.is_closed()) =>
        {
            return Ok(None);
        }
        statuses => statuses?,
    };
    let runs = Start::of(PLUGIN, &statuses) == Start::Running;
    let own = statuses.iter().find(|status| status.is_of(PLUGIN));
    Ok(own.map(|status| (plain(&status.version), runs)))
}

/// Why this server takes no upload, though plugins may be switched on.
pub(crate) fn forbidden(settings: &Settings) -> Option<String> {
    let settings = PluginSettings::deserialize(settings.field("PluginSettings")).ok()?;
    settings.forbids_uploads().then(|| closed(Some(&settings)))
}
