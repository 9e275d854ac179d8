//! A plugin's process, and how it answers Mattermost's calls.

use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use go_plugin::{Broker, Call, Channel, Client, Handshake, Service};
use gob::Gob;
use tokio::runtime::Runtime;

use crate::hooks::{Plugin, dispatch, guarded, has, hook_names, implemented};
use crate::http::{Exchanges, Router};
use crate::wire::{ErrorOnly, IntoWire};
use crate::{Api, Error};

/// The handshake of Mattermost and its plugins, from 5.2 to 11.6 (`plugin.handshake`).
const HANDSHAKE: Handshake = Handshake {
    cookie_key: "MATTERMOST_PLUGIN",
    cookie_value: "Securely message teams, anywhere.",
    protocol_version: 1,
};

/// Runs a plugin until the Mattermost server that started this process ends it.
///
/// `tracing` events and panics go to Mattermost's log with level and fields, under the plugin's id; with the feature `log`, so
/// do the records of the crate `log`.
///
/// The whole plugin runs on one thread, which is enough for thousands of requests a second:
/// [never block](Plugin#never-block) it.
#[must_use]
pub fn run<P: Plugin>(plugin: P) -> ExitCode {
    // A program that has set up its own logging keeps it.
    let _ = go_plugin::hclog::install();
    go_plugin::serve(&HANDSHAKE, served(plugin))
}

/// The same on a tokio runtime of the plugin's own, for a plugin that needs more than one thread.
///
/// ```no_run
/// # use mattermost_plugin::Plugin;
/// # struct Crunch;
/// # #[mattermost_plugin::hooks]
/// # impl Plugin for Crunch {}
/// fn main() -> std::process::ExitCode {
///     let runtime = tokio::runtime::Builder::new_multi_thread()
///         .worker_threads(2)
///         .enable_all()
///         .build()
///         .expect("the system gives threads");
///     mattermost_plugin::run_on(runtime, Crunch)
/// }
/// ```
///
/// The connection to Mattermost is a task of this runtime like any other. With several threads, a hook that blocks holds up
/// only its own thread. Mattermost's keepalive (a ping every 30 seconds, to be answered within 10) is answered as long as one
/// thread is free. If all of them block for longer, Mattermost ends the process, as it does with [`run`].
///
/// The runtime needs I/O and time (`enable_all`), or the plugin panics at its start.
#[must_use]
pub fn run_on<P: Plugin>(runtime: Runtime, plugin: P) -> ExitCode {
    let _ = go_plugin::hclog::install();
    go_plugin::serve_on(runtime, &HANDSHAKE, served(plugin))
}

/// The plugin as go-plugin serves it; for tests with a host of their own.
#[doc(hidden)]
pub fn served<P: Plugin>(plugin: P) -> Arc<dyn go_plugin::Dispense> {
    Arc::new(Dispenser(Arc::new(plugin)))
}

struct Dispenser<P>(Arc<P>);

impl<P: Plugin> go_plugin::Dispense for Dispenser<P> {
    fn dispense(&self, name: &str, broker: &Broker) -> Option<Arc<dyn Service>> {
        if name != "hooks" {
            return None;
        }
        let exchanges = Exchanges::new(broker.clone())
            .inspect_err(|error| tracing::error!("no request can be served: {error}"))
            .ok()?;
        Some(Arc::new(Hooks {
            plugin: Arc::clone(&self.0),
            broker: broker.clone(),
            activated: Arc::default(),
            exchanges: Arc::new(exchanges),
        }))
    }
}

/// The service that Mattermost calls.
struct Hooks<P> {
    plugin: Arc<P>,
    broker: Broker,
    activated: Arc<Mutex<Option<Activated>>>,
    exchanges: Arc<Exchanges>,
}

/// What exists after `OnActivate`.
struct Activated {
    api: Api,
    /// The stream of the database driver, which this SDK does not use. The server logs an error if it is not dialled.
    _driver: Option<Channel>,
}

/// The streams that activation opens, not yet accepted.
struct Dialled {
    client: Client,
    driver: Option<Channel>,
}

/// The argument of `OnActivate` (`Z_OnActivateArgs`).
#[derive(Debug, Default, Gob)]
pub(crate) struct OnActivateArguments {
    #[gob(name = "APIMuxId")]
    pub(crate) api: u32,
    /// Zero before Mattermost 6.
    #[gob(name = "DriverMuxId")]
    pub(crate) driver: u32,
}

impl<P: Plugin> Service for Hooks<P> {
    fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<()> {
        self.exchanges.poll_ready(cx)
    }

    fn call(&self, call: Call) {
        let method = call.method();
        let hook = method.strip_prefix("Plugin.").unwrap_or(method);
        let known = implemented::<P>()
            .iter()
            .copied()
            .find(|name| *name == hook);
        match (hook, known) {
            ("Implemented", _) => {
                let names = implemented::<P>().iter().map(|&name| name.into());
                let names: Vec<String> = names.collect();
                call.reply(&names);
            }
            ("OnActivate", _) => {
                tokio::spawn(self.clone().activate(call));
            }
            (_, None) => {
                let message = format!("hook {hook} called but not implemented");
                call.fail(&message);
            }
            ("ServeHTTP" | "ServeMetrics", _) => self.exchanges.serve(call),
            (_, Some(hook)) => {
                let plugin = Arc::clone(&self.plugin);
                let Some(api) = self.api() else {
                    return call.fail("the plugin is not active");
                };
                dispatch(plugin, api, hook, call);
            }
        }
    }
}

impl<P: Plugin> Hooks<P> {
    fn api(&self) -> Option<Api> {
        let activated = self
            .activated
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        activated.as_ref().map(|activated| activated.api.clone())
    }

    async fn activate(self, call: Call) {
        let result = match self.dial(&call).await {
            Ok(dialled) => self.activate_with(dialled).await,
            Err(error) => Err(error),
        };
        let result = result.unwrap_or_else(|error| {
            tracing::error!("no connection to Mattermost's API: {error}");
            Err(error.into())
        });
        match IntoWire::<ErrorOnly>::into_wire(result, call.method()) {
            Ok(wire) => call.reply(&wire),
            Err(failure) => call.fail(&failure),
        }
    }

    /// Dials both ids that the server offers.
    async fn dial(&self, call: &Call) -> Result<Dialled, go_plugin::Error> {
        let arguments: OnActivateArguments = call.arguments()?;
        let driver = match arguments.driver {
            0 => None,
            id => Some(self.broker.dial(id, &[]).await?),
        };
        let api = self.broker.dial(arguments.api, &[]).await?;
        let (client, run) = Client::new(api);
        let broker = self.broker.clone();
        tokio::spawn(async move {
            if let Err(source) = run.await {
                // Without the API the plugin would keep working with what it knew last. The server's health check starts
                // another process.
                broker.end(go_plugin::Error::VitalStream {
                    name: "Mattermost's API",
                    source: source.into(),
                });
            }
        });
        Ok(Dialled { client, driver })
    }

    /// Runs the plugin's code. It may call the API before the API's stream is accepted, which saves a round trip.
    async fn activate_with(&self, dialled: Dialled) -> Result<Result<(), Error>, go_plugin::Error> {
        let Dialled { client, mut driver } = dialled;
        let api = Api::new(client.clone(), self.broker.clone());
        self.set_activated(api.clone(), None);
        let router = <dyn Router>::new(Arc::clone(&self.plugin).router(api.clone()));
        self.exchanges.set_router(router);
        if const { has::<P>(hook_names::metrics_router) } {
            let router = <dyn Router>::new(Arc::clone(&self.plugin).metrics_router(api.clone()));
            self.exchanges.set_metrics_router(router);
        }
        if implemented::<P>().contains(&hook_names::on_configuration_change) {
            // As in the Go SDK, an error of this hook does not make the activation fail.
            let changed = guarded(self.plugin.on_configuration_change(api.clone())).await;
            if let Err(error) = changed {
                tracing::error!("on_configuration_change failed: {error:#}");
            }
        }
        let result: Result<(), Error> = guarded(self.plugin.on_activate(api.clone())).await;
        // If the hook returned before the server has accepted both streams, the server would log an error after five seconds.
        client.accepted().await?;
        if let Some(driver) = &mut driver {
            driver.answered().await?;
        }
        self.set_activated(api, driver);
        Ok(result)
    }

    fn set_activated(&self, api: Api, driver: Option<Channel>) {
        *self
            .activated
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(Activated {
            api,
            _driver: driver,
        });
    }
}

// `derive` would want `P: Clone`.
impl<P> Clone for Hooks<P> {
    fn clone(&self) -> Self {
        Self {
            plugin: Arc::clone(&self.plugin),
            broker: self.broker.clone(),
            activated: Arc::clone(&self.activated),
            exchanges: Arc::clone(&self.exchanges),
        }
    }
}
