//! The broker: numbered streams, dialled by one side and accepted by the other (`MuxBroker` in hashicorp/go-plugin).

use std::collections::HashMap;
use std::future::poll_fn;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;

use crate::Error;
use crate::channel::Channel;
use crate::mux::{Opener, Stream};

/// How long either side waits for the other, as hashicorp/go-plugin 1.8 does (`MuxBroker.Accept`).
pub const ACCEPT_TIMEOUT: Duration = Duration::from_secs(5);

/// How many of the host's streams may wait for an `accept` with their number.
/// The host dials only numbers that the plugin named, one for each dispensed service.
const MAX_WAITING: usize = 64;

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
    Acceptor(oneshot::Sender<Stream>),
    Dialler(Stream),
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
    /// The host resets a stream that is opened while 256 others wait in its queue (`AcceptBacklog`), and the yamux crate
    /// does not prevent it. Who dials often must therefore see an echo before the next hundred.
    ///
    /// # Errors
    /// When the connection has ended or `first` is too long.
    pub async fn dial(&self, id: u32, first: &[u8]) -> Result<Channel, Error> {
        let mut bytes = Vec::with_capacity(4 + first.len());
        bytes.extend_from_slice(&id.to_le_bytes());
        bytes.extend_from_slice(first);
        let stream = self.0.opener.open(bytes).await?;
        Ok(Channel::dialled(stream, id))
    }

    /// Waits until the host has dialled `id`, and answers with the echo.
    ///
    /// # Errors
    /// [`Error::AcceptTimeout`] when the host does not come within five seconds.
    pub async fn accept(&self, id: u32) -> Result<Channel, Error> {
        let stream = match self.meet_dialler(id) {
            Ok(stream) => stream,
            Err(coming) => match timeout(ACCEPT_TIMEOUT, coming).await {
                Ok(Ok(stream)) => stream,
                Ok(Err(_)) | Err(_) => {
                    self.forget(id);
                    return Err(Error::AcceptTimeout(id));
                }
            },
        };
        Ok(Channel::accepted(stream, id))
    }

    /// Takes in a stream that the host has opened: reads its number and brings it to whoever accepts it.
    pub(crate) async fn take_in(self, mut stream: Stream) {
        let mut number = bytes::BytesMut::with_capacity(4);
        let read = timeout(ACCEPT_TIMEOUT, async {
            while number.len() < 4 {
                if !poll_fn(|cx| stream.poll_read(cx, &mut number)).await? {
                    return Err(std::io::ErrorKind::UnexpectedEof.into());
                }
            }
            Ok::<_, std::io::Error>(())
        });
        if !matches!(read.await, Ok(Ok(()))) {
            tracing::debug!("a stream of the host ended before it said its number");
            return;
        }
        let id = u32::from_le_bytes([number[0], number[1], number[2], number[3]]);
        if number.len() > 4 {
            // A dialler waits for the echo before it sends anything.
            tracing::warn!(
                id,
                "the host sent data before the echo; the stream is closed"
            );
            return;
        }
        if self.meet_acceptor(id, stream) {
            return;
        }
        tokio::time::sleep(ACCEPT_TIMEOUT).await;
        self.forget_dialler(id);
    }

    fn meet_dialler(&self, id: u32) -> Result<Stream, oneshot::Receiver<Stream>> {
        let mut rendezvous = self.lock();
        if let Some(Meeting::Dialler(stream)) = rendezvous.remove(&id) {
            return Ok(stream);
        }
        let (sender, coming) = oneshot::channel();
        rendezvous.insert(id, Meeting::Acceptor(sender));
        Err(coming)
    }

    /// `true` when the stream needs no more care: it was accepted, or refused.
    fn meet_acceptor(&self, id: u32, stream: Stream) -> bool {
        let mut rendezvous = self.lock();
        if let Some(Meeting::Acceptor(sender)) = rendezvous.remove(&id) {
            drop(sender.send(stream));
            return true;
        }
        if rendezvous.len() >= MAX_WAITING || rendezvous.contains_key(&id) {
            tracing::warn!(
                id,
                limit = MAX_WAITING,
                "a stream of the host was refused: nobody waits for its number"
            );
            return true;
        }
        rendezvous.insert(id, Meeting::Dialler(stream));
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
