//! One connection of a host: the three streams that it opens first, and those that it opens later.

use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::broker::Broker;
use crate::channel::Channel;
use crate::control::Control;
use crate::mux::{self, Acceptor, MuxError};
use crate::{Dispense, Error, rpc};

/// How long the connection may last after `Control.Quit`. The host closes it at once, and kills the process after 2 s
/// (`Client.Kill`, go-plugin 1.8).
const QUIT_GRACE: Duration = Duration::from_secs(2);

/// Serves one host over `socket` until the connection ends.
///
/// # Errors
/// When the host breaks a protocol. It is not an error if the host ends the connection or dies.
pub async fn serve_connection<S>(socket: S, plugin: Arc<dyn Dispense>) -> Result<(), Error>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut driver, opener, accepted) = mux::plugin(socket);
    // Its tasks end with this future.
    let mut tasks = JoinSet::new();
    let (ended_sender, ended) = oneshot::channel();
    tasks.spawn(async move {
        // Sent before the driver is dropped: the streams fail then, and their errors must not hide this one.
        drop(ended_sender.send((&mut driver).await));
    });
    let (fatal_sender, mut fatal) = mpsc::unbounded_channel();
    let broker = Broker::new(opener, fatal_sender);
    let control = Control::new(plugin, broker.clone());
    let farewell = control.farewell();
    tasks.spawn(async move {
        let _ended = serve_streams(accepted, broker, control).await;
    });
    tokio::select! {
        biased;
        error = ended => match error {
            Ok(MuxError::Ended) => Ok(()),
            Ok(error) => Err(error.into()),
            Err(_) => Err(Error::Panicked),
        },
        Some(error) = fatal.recv() => Err(error),
        () = async {
            farewell.notified().await;
            sleep(QUIT_GRACE).await;
        } => {
            tracing::debug!("the host has told the plugin to quit and left the connection open");
            Ok(())
        }
    }
}

async fn serve_streams(mut accepted: Acceptor, broker: Broker, control: Control) -> Option<()> {
    let control_stream = accepted.accept().await?;
    // The copies of stdout and stderr stay open and unused. Logs are written to the real standard error, of which the
    // host keeps the levels; what comes through these streams it logs as info.
    let _stdout = accepted.accept().await?;
    let _stderr = accepted.accept().await?;
    let mut tasks = JoinSet::new();
    let for_control = broker.clone();
    tasks.spawn(async move {
        let channel = Channel::new(control_stream);
        rpc::serve_or_end(channel, Arc::new(control), &for_control).await;
    });
    loop {
        let stream = accepted.accept().await?;
        while tasks.try_join_next().is_some() {}
        tasks.spawn(broker.clone().deliver(stream));
    }
}
