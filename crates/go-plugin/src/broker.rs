//! The broker: numbered streams, dialled by one side and accepted by the other (`MuxBroker` in hashicorp/go-plugin).

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::{Buf as _, BufMut as _};
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;

use crate::Error;
use crate::channel::Channel;
use crate::mux::{Opener, Stream};

/// How long either side waits for the other, as hashicorp/go-plugin 1.8 does (`MuxBroker.Accept`).
pub const ACCEPT_TIMEOUT: Duration = Duration::from_secs(5);

/// How many of the host's streams may wait until their number is accepted.
/// The host dials only numbers that the plugin has named, one for each dispensed service.
const MAX_WAITING: usize = 256;

/// Dials and accepts numbered streams; cheap to clone.
#[derive(Debug, Clone)]
pub struct Broker(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    opener: Opener,
    last_id: AtomicU32,
    pending: Mutex<HashMap<u32, Pending>>,
    /// Errors that end the connection.
    fatal: mpsc::UnboundedSender<Error>,
}

/// One side of a stream, waiting for the other.
#[derive(Debug)]
enum Pending {
    Accept(oneshot::Sender<Channel>),
    Dialled(Channel),
}

/// A stream that was accepted: it is there, or has yet to be dialled.
enum Accepting<'a> {
    Dialled(Channel),
    Pending(Acceptance<'a>),
}

/// The wait until a number is dialled. It is no longer accepted when the wait ends, in whatever way.
struct Acceptance<'a> {
    broker: &'a Broker,
    id: u32,
    coming: oneshot::Receiver<Channel>,
}

impl Drop for Acceptance<'_> {
    fn drop(&mut self) {
        self.coming.close();
        let mut pending = self.broker.lock();
        // The number may have been accepted again since.
        if matches!(pending.get(&self.id), Some(Pending::Accept(sender)) if sender.is_closed()) {
            pending.remove(&self.id);
        }
    }
}

impl Broker {
    pub(crate) fn new(opener: Opener, fatal: mpsc::UnboundedSender<Error>) -> Self {
        Self(Arc::new(Inner {
            opener,
            last_id: AtomicU32::new(0),
            pending: Mutex::default(),
            fatal,
        }))
    }

    /// Ends the connection to the host for this reason, and with it the plugin's process. It is for the failure of a stream
    /// without which the plugin is useless: a host can restart a plugin that has ended.
    pub fn end(&self, reason: Error) {
        // If nobody receives it, the connection has ended already.
        drop(self.0.fatal.send(reason));
    }

    /// A new number for the host to dial. Each side has numbers of its own, from 1.
    #[must_use]
    pub fn next_id(&self) -> u32 {
        self.0
            .last_id
            .fetch_add(1, Ordering::Relaxed)
            .wrapping_add(1)
    }

    /// Dials a number that the host accepts. It does not wait until the host echoes the number: that is checked when the
    /// channel is first read.
    ///
    /// `first` is sent in the frame that opens the stream, after the number; it has at most 16 KiB less four bytes.
    /// Every number that the host names must be dialled, or the host logs an error after five seconds.
    ///
    /// It waits while the host has not acknowledged 256 others, because the host would reset one more (`AcceptBacklog`).
    ///
    /// # Errors
    /// When the connection has ended, `first` is too long, or 4096 streams are open.
    pub async fn dial(&self, id: u32, first: &[u8]) -> Result<Channel, Error> {
        let stream = self.0.opener.open(&[&id.to_le_bytes(), first]).await?;
        Ok(Channel::dialled(stream, id))
    }

    /// Waits until the host has dialled `id`, and echoes the number.
    ///
    /// # Errors
    /// [`Error::AcceptTimeout`] when the host does not dial it within five seconds, [`Error::AcceptedTwice`] when this number
    /// is being accepted already.
    pub async fn accept(&self, id: u32) -> Result<Channel, Error> {
        let mut channel = match self.begin_accept(id)? {
            Accepting::Dialled(channel) => channel,
            Accepting::Pending(mut acceptance) => {
                match timeout(ACCEPT_TIMEOUT, &mut acceptance.coming).await {
                    Ok(Ok(channel)) => channel,
                    Ok(Err(_)) | Err(_) => return Err(Error::AcceptTimeout(id)),
                }
            }
        };
        channel.outbound.put_u32_le(id);
        Ok(channel)
    }

    /// Reads the number of a stream that the host has opened, and delivers the stream to the task that accepts the number.
    pub(crate) async fn deliver(self, stream: Stream) {
        let mut channel = Channel::new(stream);
        let read = timeout(ACCEPT_TIMEOUT, async {
            while channel.inbound.len() < 4 {
                if !channel.fill().await? {
                    return Err(std::io::Error::from(std::io::ErrorKind::UnexpectedEof).into());
                }
            }
            Ok::<_, Error>(())
        });
        if !matches!(read.await, Ok(Ok(()))) {
            tracing::debug!("a stream of the host ended before its number was read");
            return;
        }
        let id = channel.inbound.get_u32_le();
        if self.hand_to_acceptor(id, channel) {
            return;
        }
        tokio::time::sleep(ACCEPT_TIMEOUT).await;
        self.drop_dialled(id);
    }

    /// Whether nothing waits.
    #[cfg(test)]
    pub(crate) fn is_idle(&self) -> bool {
        self.lock().is_empty()
    }

    fn begin_accept(&self, id: u32) -> Result<Accepting<'_>, Error> {
        let mut pending = self.lock();
        match pending.remove(&id) {
            Some(Pending::Dialled(channel)) => return Ok(Accepting::Dialled(channel)),
            Some(first @ Pending::Accept(_)) => {
                pending.insert(id, first);
                return Err(Error::AcceptedTwice(id));
            }
            None => {}
        }
        let (sender, coming) = oneshot::channel();
        pending.insert(id, Pending::Accept(sender));
        let broker = self;
        Ok(Accepting::Pending(Acceptance { broker, id, coming }))
    }

    /// `true` if the channel was accepted or refused, `false` if it waits.
    fn hand_to_acceptor(&self, id: u32, channel: Channel) -> bool {
        let mut pending = self.lock();
        if let Some(Pending::Accept(sender)) = pending.remove(&id) {
            drop(sender.send(channel));
            return true;
        }
        if pending.len() >= MAX_WAITING || pending.contains_key(&id) {
            let limit = MAX_WAITING;
            tracing::warn!(
                id,
                limit,
                "a stream of the host was refused: its number is not accepted"
            );
            return true;
        }
        pending.insert(id, Pending::Dialled(channel));
        false
    }

    fn drop_dialled(&self, id: u32) {
        let mut pending = self.lock();
        if matches!(pending.get(&id), Some(Pending::Dialled(_))) {
            pending.remove(&id);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u32, Pending>> {
        self.0
            .pending
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
