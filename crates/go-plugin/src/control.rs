//! The control service: keepalive, dispensing of services, and the request to quit.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::Dispense;
use crate::broker::Broker;
use crate::rpc::{self, Call, Empty, Service};

/// The services `Control` and `Dispenser` of the first stream.
pub(crate) struct Control {
    plugin: Arc<dyn Dispense>,
    broker: Broker,
    farewell: Arc<Notify>,
}

impl Control {
    pub(crate) fn new(plugin: Arc<dyn Dispense>, broker: Broker) -> Self {
        Self {
            plugin,
            broker,
            farewell: Arc::default(),
        }
    }

    /// Notified when the host has called `Control.Quit`.
    pub(crate) fn farewell(&self) -> Arc<Notify> {
        Arc::clone(&self.farewell)
    }

    fn dispense(&self, call: Call) {
        let name: String = match call.arguments() {
            Ok(name) => name,
            Err(error) => return call.fail(&error.to_string()),
        };
        let Some(service) = self.plugin.dispense(&name, &self.broker) else {
            return call.fail(&format!("unknown plugin type: {name}"));
        };
        let id = self.broker.next_id();
        let broker = self.broker.clone();
        tokio::spawn(async move {
            match broker.accept(id).await {
                Ok(channel) => rpc::serve_or_end(channel, service, &broker).await,
                Err(error) => tracing::warn!("{name} was asked for and not used: {error}"),
            }
        });
        call.reply(&id);
    }
}

impl Service for Control {
    fn call(&self, call: Call) {
        match call.method() {
            "Control.Ping" => call.reply(&Empty {}),
            "Control.Quit" => {
                call.reply(&Empty {});
                self.farewell.notify_one();
            }
            "Dispenser.Dispense" => self.dispense(call),
            other => {
                let message = format!("rpc: can't find method {other}");
                call.fail(&message);
            }
        }
    }
}
