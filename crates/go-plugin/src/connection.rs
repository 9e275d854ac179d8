//! One connection of a host: the three streams it begins with, the control service, and everything that follows.

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

/// How long the connection may outlive the host's goodbye. The host closes it at once and kills what is left after 2 s
/// (`Client.Kill`, go-plugin 1.8).
const QUIT_GRACE: Duration = Duration::from_secs(2);

/// Serves one host over `socket` until the connection ends.
///
/// # Errors
/// When the host breaks a protocol. That it leaves or dies is no error.
pub async fn serve_connection<S>(socket: S, plugin: Arc<dyn Dispense>) -> Result<(), Error>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let (mut driver, opener, accepted) = mux::plugin(socket);
    // When this future ends, for whatever reason, so do its tasks.
    let mut tasks = JoinSet::new();
    let (ended_sender, ended) = oneshot::channel();
    tasks.spawn(async move {
        // Before the driver goes, and the streams fail with it: their errors are only the consequence.
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
            tracing::debug!("the host said goodbye and left the connection open");
            Ok(())
        }
    }
}

async fn serve_streams(mut accepted: Acceptor, broker: Broker, control: Control) -> Option<()> {
    let control_stream = accepted.accept().await?;
    // The copies of stdout and stderr. They stay open and silent: what is logged goes to the real standard error,
    // where levels are kept, while all that comes through these becomes an info message.
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
