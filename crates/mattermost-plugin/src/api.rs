//! Mattermost's plugin API: one table of methods.

mod configuration;
mod payload;

use std::time::Duration;

use go_plugin::Client;

use crate::Error;
use crate::model::{Broadcast, Command, KvSetOptions, Permission, User};
use crate::wire::{
    AppErrorOnly, ErrorOnly, FromWire, Nothing, ValueAndAppError, ValueAndError, ValueOnly, sent,
};
pub use payload::Payload;

/// How long an API call may take, unless set otherwise: a server that is busy answers late, one that hangs never.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The handle to Mattermost's plugin API; cheap to clone.
///
/// Every method is a call to the server's process and fails with [`ErrorKind::Plugin`](crate::ErrorKind::Plugin) when the
/// server does not know it ([`Error::is_unknown_method`]) or does not answer in time.
#[derive(Debug, Clone)]
pub struct Api {
    client: Client,
    timeout: Duration,
}

impl Api {
    pub(crate) fn new(client: Client) -> Self {
        Self {
            client,
            timeout: TIMEOUT,
        }
    }

    /// A handle whose calls wait at most this long for their answers; 30 seconds if not set.
    #[must_use]
    pub fn with_timeout(&self, timeout: Duration) -> Self {
        Self {
            client: self.client.clone(),
            timeout,
        }
    }

    async fn call<A, R, T>(&self, method: &str, arguments: A) -> Result<T, Error>
    where
        A: gob::Encode,
        R: gob::Decode + FromWire<T>,
    {
        let answer: R = self.client.call(method, &arguments, self.timeout).await?;
        answer.into_result()
    }
}

/// Each line: Go's name, the method with its arguments and what it gives, and the struct in which that comes.
macro_rules! api {
    ($(
        $(#[$doc:meta])*
        $go:literal $name:ident($($argument:ident: &$type:ty),*) -> $value:ty, sent as $wire:ty;
    )*) => {
        impl Api {
            $(
                $(#[$doc])*
                ///
                /// # Errors
                /// When the server refuses or does not answer; see [`Api`].
                pub async fn $name(&self, $($argument: &$type),*) -> Result<$value, Error> {
                    self.call::<_, $wire, $value>(concat!("Plugin.", $go), sent!($($argument),*)).await
                }
            )*
        }
    };
}

api! {
    /// The server's version, for example `11.6.0`.
    "GetServerVersion" server_version() -> String, sent as ValueOnly<String>;

    /// Whether the server is the build with the enterprise features (since 6.1), whatever its licence.
    "IsEnterpriseReady" is_enterprise_ready() -> bool, sent as ValueOnly<bool>;

    /// The folder into which the server has unpacked the plugin.
    "GetBundlePath" bundle_path() -> String, sent as ValueAndError<String>;

    /// The whole configuration without secrets, as a dynamic value.
    ///
    /// For looking at single settings only: pointers to zero values are lost on the way (`false` looks like unset).
    "GetConfig" config() -> gob::Value, sent as ValueOnly<gob::Value>;

    /// The plugin's settings as they are stored, without defaults. Keys may be in any case.
    "GetPluginConfig" plugin_config() -> Payload, sent as ValueOnly<Payload>;

    /// Replaces the plugin's settings.
    "SavePluginConfig" save_plugin_config(settings: &Payload) -> (), sent as AppErrorOnly;

    /// A user by id.
    "GetUser" user(user_id: &str) -> User, sent as ValueAndAppError<User>;

    /// Whether a user has a permission of the system's scope.
    "HasPermissionTo" has_permission_to(user_id: &str, permission: &Permission) -> bool, sent as ValueOnly<bool>;

    /// Makes a slash command known; it then arrives at `execute_command`.
    "RegisterCommand" register_command(command: &Command) -> (), sent as ErrorOnly;

    /// Sends `custom_<plugin id>_<event>` to web clients.
    "PublishWebSocketEvent" publish_web_socket_event(event: &str, payload: &Payload, broadcast: &Broadcast) -> (), sent as Nothing;

    /// The value stored under a key; empty if there is none.
    "KVGet" kv_get(key: &str) -> Vec<u8>, sent as ValueAndAppError<Vec<u8>>;

    /// Stores a value under a key of at most 50 (since 7.x 150) characters.
    "KVSet" kv_set(key: &str, value: &[u8]) -> (), sent as AppErrorOnly;

    /// Stores a value on conditions; `false` if they did not hold.
    "KVSetWithOptions" kv_set_with_options(key: &str, value: &[u8], options: &KvSetOptions) -> bool, sent as ValueAndAppError<bool>;

    /// Forgets a key.
    "KVDelete" kv_delete(key: &str) -> (), sent as AppErrorOnly;

    /// Logs a message through the API. `tracing` needs no API and is what else to use.
    "LogDebug" log_debug(message: &str, pairs: &[gob::Interface]) -> (), sent as Nothing;

    /// Logs a message through the API; see [`log_debug`](Self::log_debug).
    "LogInfo" log_info(message: &str, pairs: &[gob::Interface]) -> (), sent as Nothing;

    /// Logs a message through the API; see [`log_debug`](Self::log_debug).
    "LogWarn" log_warn(message: &str, pairs: &[gob::Interface]) -> (), sent as Nothing;

    /// Logs a message through the API; see [`log_debug`](Self::log_debug).
    "LogError" log_error(message: &str, pairs: &[gob::Interface]) -> (), sent as Nothing;
}
