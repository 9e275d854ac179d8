//! The hooks that Mattermost calls.

use std::sync::Arc;

use mattermost_plugin::{
    Api, AppError, Broadcast, Error, HttpService, Payload, Permission, Plugin, gob,
};
use serde_json::{Map, Value};

use crate::api::{Assets, Endpoints, LastSent, MayManageSystem};
use crate::diagnostics::Asked;
use crate::settings::{Change, Settings, SettingsInForce, Verdict, plugin_settings};

/// The event that tells open pages to read the configuration endpoint again; it carries no value,
/// because who may read it is decided there.
const CONFIG_CHANGED: &str = "config_changed";

/// More lines than this about one setting would hide what else Mattermost's log has to say.
const MAX_LOGGED_PROBLEMS: usize = 20;

/// Notifymatters: the settings in force and who asked for them.
#[derive(Debug, Default)]
pub(crate) struct Notifymatters {
    settings: Arc<SettingsInForce>,
    asked: Arc<Asked>,
}

#[mattermost_plugin::hooks]
impl Plugin for Notifymatters {
    async fn on_activate(&self, _: &Api) -> Result<(), Error> {
        let settings = self.settings.current();
        tracing::info!(
            version = env!("CARGO_PKG_VERSION"),
            trusted_origins = settings.trusted_origins.as_slice().join(" "),
            "Notifymatters is active"
        );
        Ok(())
    }

    async fn on_deactivate(&self, _: &Api) -> Result<(), Error> {
        tracing::info!("Notifymatters is stopped");
        Ok(())
    }

    /// Settings that cannot be read leave those in force that were: an API that is busy for a
    /// moment must not silence every host.
    async fn on_configuration_change(&self, api: &Api) -> Result<(), Error> {
        let stored: Map<String, Value> = api.load_plugin_configuration().await?;
        let (settings, problems) = Settings::from_plugin_configuration(&stored);
        let change = self.settings.replace(settings);
        if change.is_new() {
            for problem in problems.iter().take(MAX_LOGGED_PROBLEMS) {
                tracing::warn!("{problem}");
            }
            if problems.len() > MAX_LOGGED_PROBLEMS {
                let unnamed = problems.len() - MAX_LOGGED_PROBLEMS;
                tracing::warn!("{unnamed} more trusted origins cannot be understood");
            }
        }
        if change == Change::TrustedOrigins {
            let everybody = Broadcast::all();
            api.publish_web_socket_event(CONFIG_CHANGED, &Payload::new(), &everybody)
                .await?;
        }
        Ok(())
    }

    async fn configuration_will_be_saved(
        &self,
        _: &Api,
        configuration: gob::Value,
    ) -> Result<(), AppError> {
        let settings = plugin_settings(&configuration);
        match self.settings.current().judge(&settings) {
            Verdict::Pass => Ok(()),
            Verdict::PassUnread(why) => {
                tracing::warn!("the settings are saved unread: {why}");
                Ok(())
            }
            // A server panics when it has to answer with the status 0 (8.0 to 11.6).
            Verdict::Refuse(sentence) => Err(AppError::new(400, sentence)),
        }
    }

    fn router(self: Arc<Self>, api: Api) -> impl HttpService {
        let may_manage_system: MayManageSystem = Arc::new(move |user_id| {
            let api = api.clone();
            Box::pin(async move {
                api.has_permission_to(&user_id, &Permission::manage_system())
                    .await
                    .map_err(|error| error.to_string())
            })
        });
        let endpoints = Endpoints {
            settings: Arc::clone(&self.settings),
            asked: Arc::clone(&self.asked),
            last_sent: LastSent::default(),
            may_manage_system,
            assets: Assets::beside(&std::env::current_exe().unwrap_or_default()),
        };
        endpoints.service()
    }
}
