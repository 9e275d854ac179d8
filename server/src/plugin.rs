//! The hooks that Mattermost calls.

use std::sync::Arc;

use mattermost_plugin::model::Permission;
use mattermost_plugin::{Api, Error, HttpService, Plugin, gob};

use crate::api::{Assets, Endpoints, LastSent, MayManageSystem, OwnTls, ServesTls, serves_tls};
use crate::diagnostics::Asked;
use crate::reading;
use crate::settings::{SettingsInForce, Verdict, plugin_settings};

/// Notifymatters: the settings in force and who asked for them.
#[derive(Debug, Default)]
pub(crate) struct Notifymatters {
    settings: Arc<SettingsInForce>,
    asked: Arc<Asked>,
}

#[mattermost_plugin::hooks]
impl Plugin for Notifymatters {
    async fn on_activate(&self, _: Api) -> Result<(), Error> {
        let settings = self.settings.current();
        tracing::info!(
            version = env!("CARGO_PKG_VERSION"),
            trusted_origins = settings.trusted_origins.as_slice().join(" "),
            "Notifymatters is active"
        );
        Ok(())
    }

    async fn on_deactivate(&self, _: Api) -> Result<(), Error> {
        tracing::info!("Notifymatters is stopped");
        Ok(())
    }

    async fn on_configuration_change(&self, api: Api) -> Result<(), Error> {
        reading::follow(&self.settings, &api).await
    }

    async fn configuration_will_be_saved(
        &self,
        _: Api,
        configuration: gob::Value,
    ) -> Result<(), Error> {
        let settings = plugin_settings(&configuration);
        match self.settings.judge(&settings) {
            Verdict::Pass => Ok(()),
            Verdict::PassUnread(why) => {
                tracing::warn!("the settings are saved unread: {why}");
                Ok(())
            }
            Verdict::Refuse(sentence) => Err(Error::reject(sentence)),
        }
    }

    fn router(self: Arc<Self>, api: Api) -> impl HttpService {
        let asked = api.clone();
        let serves_tls: ServesTls = Arc::new(move || {
            let api = asked.clone();
            Box::pin(async move {
                let configuration = api.config().await.map_err(|error| error.to_string())?;
                Ok(serves_tls(&configuration))
            })
        });
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
            own_tls: OwnTls::new(serves_tls),
        };
        endpoints.service()
    }
}
