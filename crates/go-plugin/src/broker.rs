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

/// How many of the host's streams may wait for an `accept` with their number.
/// The host dials only numbers that the plugin named, one for each dispensed service.
const MAX_WAITING: usize = 256;

/// Hands out numbered streams to the host; cheap to clone.
#[derive(Debug, Clone)]
pub struct Broker(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    opener: Opener,
    last_id: AtomicU32,
    rendezvous: Mutex<HashMap<u32, Meeting>>,
    /// Errors after which nothing sensible can follow.
    fatal: mpsc::UnboundedSender<Error>,
}

/// Who came first to a number.
#[derive(Debug)]
enum Meeting {
    Acceptor(oneshot::Sender<Channel>),
    Dialler(Channel),
}

/// Whom an acceptor met.
enum Met<'a> {
    Dialler(Channel),
    Nobody(Acceptance<'a>),
}

/// The wait for a dialler. Its place is given up when it ends, whichever way.
struct Acceptance<'a> {
    broker: &'a Broker,
    id: u32,
    coming: oneshot::Receiver<Channel>,
}

impl Drop for Acceptance<'_> {
    fn drop(&mut self) {
        self.coming.close();
        let mut rendezvous = self.broker.lock();
        // Not that of another who has come after the dialler.
        if matches!(rendezvous.get(&self.id), Some(Meeting::Acceptor(sender)) if sender.is_closed())
        {
            rendezvous.remove(&self.id);
        }
    }
}

impl Broker {
    pub(crate) fn new(opener: Opener, fatal: mpsc::UnboundedSender<Error>) -> Self {
        Self(Arc::new(Inner {
            opener,
            last_id: AtomicU32::new(0),
            rendezvous: Mutex::default(),
            fatal,
        }))
    }

    /// Ends the connection to the host, for this reason, and with it a plugin's process: where a stream fails without which
    /// nothing works any more, a host that sees its plugin end can start another.
    pub fn end(&self, reason: Error) {
        // Nobody there: the connection has ended by itself.
        drop(self.0.fatal.send(reason));
    }

    /// A number for the host to dial. Each side counts for itself, from 1.
    #[must_use]
    pub fn next_id(&self) -> u32 {
        self.0
            .last_id
            .fetch_add(1, Ordering::Relaxed)
            .wrapping_add(1)
    }

    /// Dials the number that the host accepts, without waiting for its echo: that is checked when the channel is first read.
    ///
    /// `first` goes out in the frame that opens the stream, behind the number; at most 16 KiB less four bytes.
    /// Every number that the host names must be dialled, or it logs an error after five seconds.
    ///
    /// It waits while the host has not answered 256 others: one more would be reset (`AcceptBacklog`).
    ///
    /// # Errors
    /// When the connection has ended, `first` is too long, or 4096 streams are open.
    pub async fn dial(&self, id: u32, first: &[u8]) -> Result<Channel, Error> {
        let stream = self.0.opener.open(&[&id.to_le_bytes(), first]).await?;
        Ok(Channel::dialled(stream, id))
    }

    /// Waits until the host has dialled `id`, and answers with the echo.
    ///
    /// # Errors
    /// [`Error::AcceptTimeout`] when the host does not come within five seconds, [`Error::AcceptedTwice`] when somebody waits
    /// for this number already.
    pub async fn accept(&self, id: u32) -> Result<Channel, Error> {
        let mut channel = match self.meet_dialler(id)? {
            Met::Dialler(channel) => channel,
            Met::Nobody(mut acceptance) => {
                match timeout(ACCEPT_TIMEOUT, &mut acceptance.coming).await {
                    Ok(Ok(channel)) => channel,
                    Ok(Err(_)) | Err(_) => return Err(Error::AcceptTimeout(id)),
                }
            }
        };
        channel.outbound.put_u32_le(id);
        Ok(channel)
    }

    /// Takes in a stream that the host has opened: reads its number and brings it to whoever accepts it.
    pub(crate) async fn take_in(self, stream: Stream) {
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
            tracing::debug!("a stream of the host ended before it said its number");
            return;
        }
        let id = channel.inbound.get_u32_le();
        if self.meet_acceptor(id, channel) {
            return;
        }
        tokio::time::sleep(ACCEPT_TIMEOUT).await;
        self.forget_dialler(id);
    }

    /// Whether nobody waits for anybody.
    #[cfg(test)]
    pub(crate) fn is_idle(&self) -> bool {
        self.lock().is_empty()
    }

    fn meet_dialler(&self, id: u32) -> Result<Met<'_>, Error> {
        let mut rendezvous = self.lock();
        match rendezvous.remove(&id) {
            Some(Meeting::Dialler(channel)) => return Ok(Met::Dialler(channel)),
            Some(first @ Meeting::Acceptor(_)) => {
                rendezvous.insert(id, first);
                return Err(Error::AcceptedTwice(id));
            }
            None => {}
        }
        let (sender, coming) = oneshot::channel();
        rendezvous.insert(id, Meeting::Acceptor(sender));
        let broker = self;
        Ok(Met::Nobody(Acceptance { broker, id, coming }))
    }

    /// `true` when the channel needs no more care: it was accepted, or refused.
    fn meet_acceptor(&self, id: u32, channel: Channel) -> bool {
        let mut rendezvous = self.lock();
        if let Some(Meeting::Acceptor(sender)) = rendezvous.remove(&id) {
            drop(sender.send(channel));
            return true;
        }
        if rendezvous.len() >= MAX_WAITING || rendezvous.contains_key(&id) {
            let limit = MAX_WAITING;
            tracing::warn!(
                id,
                limit,
                "a stream of the host was refused: nobody waits for its number"
            );
            return true;
        }
        rendezvous.insert(id, Meeting::Dialler(channel));
        false
    }

    fn forget_dialler(&self, id: u32) {
        let mut rendezvous = self.lock();
        if matches!(rendezvous.get(&id), Some(Meeting::Dialler(_))) {
            rendezvous.remove(&id);
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<u32, Meeting>> {
        self.0
            .rendezvous
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}
