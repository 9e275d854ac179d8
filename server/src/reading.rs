//! Reads the settings when Mattermost says that something changed, puts them in force and tells open pages.

use std::sync::Arc;
use std::time::Duration;

use mattermost_plugin::model::WebsocketBroadcast;
use mattermost_plugin::{Api, Error, Payload};

use crate::settings::{Reading, Settings, SettingsInForce, stored_settings};

/// The event that tells open pages to read the configuration endpoint again; it carries no value,
/// because who may read it is decided there.
const CONFIG_CHANGED: &str = "config_changed";

/// How long Mattermost may take to answer (it has the settings in memory) before it is asked again.
const PATIENCE: Duration = Duration::from_secs(10);

/// The pauses between attempts to read the settings: doubled each time, from the first to the last.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LAST_PAUSE: Duration = Duration::from_secs(60);

/// How many lines about the settings are logged; more would hide what else is in Mattermost's log.
const MAX_LOGGED_PROBLEMS: usize = 20;

/// Handles a change of the configuration.
///
/// If the settings cannot be read, the previous ones stay in force: an API that is busy for a moment
/// must not silence every host. They are read again until that succeeds, because an origin may have
/// been removed.
///
/// # Errors
///
/// When the first attempt failed; further attempts are made in the background.
pub(crate) async fn follow(settings: &Arc<SettingsInForce>, api: &Api) -> Result<(), Error> {
    let api = api.with_timeout(PATIENCE);
    let reading = settings.begin();
    let outcome = attempt(settings, &api, &reading).await;
    if outcome.is_err() {
        tokio::spawn(try_again(Arc::clone(settings), api, reading));
    }
    outcome
}

/// Ends when the settings are read, or when a later reading has begun.
async fn try_again(settings: Arc<SettingsInForce>, api: Api, reading: Reading) {
    let mut pause = FIRST_PAUSE;
    loop {
        tokio::time::sleep(pause).await;
        if !settings.is_latest(&reading) || attempt(&settings, &api, &reading).await.is_ok() {
            return;
        }
        pause = LAST_PAUSE.min(pause * 2);
    }
}

async fn attempt(settings: &SettingsInForce, api: &Api, reading: &Reading) -> Result<(), Error> {
    // `LoadPluginConfiguration` lowers the keys while it walks over a Go map: of two spellings of
    // one key it returns one by chance (seen in 9.8.1 and 11.6.0). Here both arrive as stored.
    let stored = stored_settings(api.plugin_config().await?);
    let (read, problems) = Settings::from_plugin_configuration(&stored);
    let change = settings.replace(reading, read);
    if change.is_new {
        for problem in problems.iter().take(MAX_LOGGED_PROBLEMS) {
            tracing::warn!("{problem}");
        }
        if problems.len() > MAX_LOGGED_PROBLEMS {
            let unnamed = problems.len() - MAX_LOGGED_PROBLEMS;
            tracing::warn!("{unnamed} more parts of the settings cannot be understood");
        }
    }
    if change.announce {
        let everybody = WebsocketBroadcast::all();
        api.publish_web_socket_event(CONFIG_CHANGED, &Payload::new(), &everybody)
            .await
            .inspect_err(|_| settings.not_announced())?;
    }
    Ok(())
}
