//! The broker: numbered streams, dialled by one side and accepted by the other (`MuxBroker` in hashicorp/go-plugin).

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::{Buf as _, BufMut as _};
use tokio::sync::oneshot;
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
}

/// Who came first to a number.
#[derive(Debug)]
enum Meeting {
    Acceptor(oneshot::Sender<Channel>),
    Dialler(Channel),
}

impl Broker {
    pub(crate) fn new(opener: Opener) -> Self {
        Self(Arc::new(Inner {
            opener,
            last_id: AtomicU32::new(0),
            rendezvous: Mutex::default(),
        }))
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
    /// [`Error::AcceptTimeout`] when the host does not come within five seconds.
    pub async fn accept(&self, id: u32) -> Result<Channel, Error> {
        let mut channel = match self.meet_dialler(id) {
            Ok(channel) => channel,
            Err(coming) => match timeout(ACCEPT_TIMEOUT, coming).await {
                Ok(Ok(channel)) => channel,
                Ok(Err(_)) | Err(_) => {
                    self.forget(id);
                    return Err(Error::AcceptTimeout(id));
                }
            },
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

    fn meet_dialler(&self, id: u32) -> Result<Channel, oneshot::Receiver<Channel>> {
        let mut rendezvous = self.lock();
        if let Some(Meeting::Dialler(channel)) = rendezvous.remove(&id) {
            return Ok(channel);
        }
        let (sender, coming) = oneshot::channel();
        rendezvous.insert(id, Meeting::Acceptor(sender));
        Err(coming)
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

    fn forget(&self, id: u32) {
        self.lock().remove(&id);
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
