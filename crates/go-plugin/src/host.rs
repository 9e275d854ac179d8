//! A host for tests, which connects to a plugin over a pipe in memory.

use std::future::Future;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};

use crate::broker::Broker;
use crate::channel::Channel;
use crate::mux::{self, MuxError, Stream};
use crate::rpc::{Client, Empty};
use crate::{Call, Error, Service, rpc};

/// How long a test's call may take.
const LIMIT: Duration = Duration::from_secs(20);

/// A host that is connected to a plugin. To drop it is as if the host's process died.
#[derive(Debug)]
pub struct Host {
    control: Client,
    broker: Broker,
    stdio: [Stream; 2],
    tasks: tokio::task::JoinSet<()>,
}

impl Host {
    /// Opens the streams that every host opens first: control, stdout, stderr.
    ///
    /// # Errors
    /// When the plugin ends.
    pub async fn connect<S>(socket: S) -> Result<Self, Error>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let (driver, opener, mut accepted) = mux::host(socket);
        let mut tasks = tokio::task::JoinSet::new();
        tasks.spawn(async {
            driver.await;
        });
        let control = Channel::new(opener.open(&[]).await?);
        let stdio = [opener.open(&[]).await?, opener.open(&[]).await?];
        let (fatal, _) = tokio::sync::mpsc::unbounded_channel();
        let broker = Broker::new(opener, fatal);
        let incoming = broker.clone();
        tasks.spawn(async move {
            while let Some(stream) = accepted.accept().await {
                tokio::spawn(incoming.clone().deliver(stream));
            }
        });
        let (control, run) = Client::new(control);
        tasks.spawn(async {
            drop(run.await);
        });
        Ok(Self {
            control,
            broker,
            stdio,
            tasks,
        })
    }

    /// Numbered streams to and from the plugin.
    #[must_use]
    pub fn broker(&self) -> &Broker {
        &self.broker
    }

    /// Whether the plugin has acknowledged the copies of its standard streams. A real host ends the session if that takes
    /// 75 seconds.
    #[must_use]
    pub fn stdio_is_acknowledged(&self) -> bool {
        self.stdio.iter().all(Stream::is_acknowledged)
    }

    /// `Control.Ping`.
    ///
    /// # Errors
    /// When the plugin does not answer.
    pub async fn ping(&self) -> Result<(), Error> {
        let Empty {} = self.control.call("Control.Ping", &true, LIMIT).await?;
        Ok(())
    }

    /// `Control.Quit`.
    ///
    /// # Errors
    /// When the plugin does not answer.
    pub async fn quit(&self) -> Result<(), Error> {
        let Empty {} = self.control.call("Control.Quit", &true, LIMIT).await?;
        Ok(())
    }

    /// Asks for a service and connects to it.
    ///
    /// # Errors
    /// When the plugin has no service with this name.
    pub async fn dispense(&mut self, name: &str) -> Result<Client, Error> {
        let name = name.to_owned();
        let id: u32 = self
            .control
            .call("Dispenser.Dispense", &name, LIMIT)
            .await?;
        let channel = self.broker.dial(id, &[]).await?;
        let (client, run) = Client::new(channel);
        self.tasks.spawn(async {
            drop(run.await);
        });
        Ok(client)
    }

    /// Serves the plugin's calls on a number of the broker, one after the other.
    pub fn serve<F>(&self, id: u32, answer: F) -> impl Future<Output = Result<(), Error>> + use<F>
    where
        F: Fn(Call) + Send + Sync + 'static,
    {
        let broker = self.broker.clone();
        async move {
            let channel = broker.accept(id).await?;
            match rpc::serve(channel, std::sync::Arc::new(Answerer(answer))).await {
                Err(Error::Mux(MuxError::Ended)) | Ok(()) => Ok(()),
                Err(error) => Err(error),
            }
        }
    }
}

/// A function as a service.
struct Answerer<F>(F);

impl<F: Fn(Call) + Send + Sync + 'static> Service for Answerer<F> {
    fn call(&self, call: Call) {
        (self.0)(call);
    }
}
