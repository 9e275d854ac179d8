//! A client that many tasks share.

use std::collections::HashMap;
use std::future::poll_fn;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::BytesMut;
use futures_util::task::AtomicWaker;
use gob::{Decode, Decoder, Encode, Encoder, Message};
use tokio::sync::oneshot;
use tokio::time::timeout;

use super::ReceivedResponseHeader;
use crate::Error;
use crate::channel::Channel;
use crate::mux::MuxError;

/// Makes calls on one stream; cheap to clone. The stream is closed when the last clone and the last call are gone.
#[derive(Debug, Clone)]
pub struct Client(Arc<Handle>);

/// Ends the connection when the last clone is dropped. A call under way borrows it.
#[derive(Debug)]
struct Handle(Arc<ClientCodec>);

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.state().abandoned = true;
        self.0.waker.wake();
    }
}

/// The requests to be sent and the calls that wait for their responses.
#[derive(Debug, Default)]
struct ClientCodec {
    state: Mutex<State>,
    decoder: Mutex<Decoder>,
    waker: AtomicWaker,
    /// Of the task that waits until the host has accepted the stream.
    acceptance: AtomicWaker,
}

#[derive(Debug, Default)]
struct State {
    encoder: Encoder,
    bytes: BytesMut,
    next: u64,
    pending: HashMap<u64, oneshot::Sender<Result<Message, String>>>,
    /// The host has accepted the stream.
    accepted: bool,
    /// No more responses will come.
    ended: bool,
    /// No more calls will be made.
    abandoned: bool,
}

impl Client {
    /// A client on `channel`, and the future that moves its bytes, which must be spawned. The future ends with `Ok` when all
    /// clones are dropped, and with an error when the host has ended the stream or broken the protocol.
    pub fn new(channel: Channel) -> (Self, impl Future<Output = Result<(), Error>> + Send) {
        let codec = Arc::<ClientCodec>::default();
        let mut connection = Connection {
            channel,
            codec: Arc::clone(&codec),
            header: None,
        };
        let run = async move { poll_fn(|cx| connection.poll(cx)).await };
        (Self(Arc::new(Handle(codec))), run)
    }

    /// Calls `method` (service, dot, method) and waits for its result, for at most `limit`.
    ///
    /// Dropping the future abandons the call; the host carries it out all the same.
    ///
    /// # Errors
    /// [`Error::Call`] when the host answers with an error, [`Error::CallTimeout`] when it does not answer.
    pub async fn call<A, R>(&self, method: &str, argument: &A, limit: Duration) -> Result<R, Error>
    where
        A: Encode,
        R: Decode,
    {
        let pending = self.send(method, argument)?;
        match timeout(limit, pending.answer()).await {
            Ok(Ok(Ok(message))) => Ok(self.codec().decoder().decode(&message)?),
            Ok(Ok(Err(message))) => Err(Error::Call {
                method: method.to_owned(),
                message,
            }),
            Ok(Err(_)) => Err(MuxError::Ended.into()),
            Err(_) => Err(Error::CallTimeout {
                method: method.to_owned(),
                limit,
            }),
        }
    }

    /// Waits until the host has accepted the stream; for one task at a time.
    ///
    /// # Errors
    /// When it answers with another number, or the stream ends.
    pub async fn accepted(&self) -> Result<(), Error> {
        poll_fn(|cx| {
            self.codec().acceptance.register(cx.waker());
            let state = self.codec().state();
            if state.accepted {
                Poll::Ready(Ok(()))
            } else if state.ended {
                Poll::Ready(Err(MuxError::Ended.into()))
            } else {
                Poll::Pending
            }
        })
        .await
    }

    fn send<A: Encode>(&self, method: &str, argument: &A) -> Result<PendingCall<'_>, Error> {
        let mut state = self.codec().state();
        if state.ended {
            return Err(MuxError::Ended.into());
        }
        let seq = state.next;
        let State { encoder, bytes, .. } = &mut *state;
        super::encode_request(encoder, method, seq, argument, bytes)?;
        state.next += 1;
        let (sender, answer) = oneshot::channel();
        state.pending.insert(seq, sender);
        drop(state);
        self.codec().waker.wake();
        Ok(PendingCall {
            codec: self.codec(),
            seq,
            answer,
        })
    }

    fn codec(&self) -> &ClientCodec {
        &self.0.0
    }
}

/// A call under way; it is abandoned when this is dropped.
struct PendingCall<'a> {
    codec: &'a ClientCodec,
    seq: u64,
    answer: oneshot::Receiver<Result<Message, String>>,
}

impl PendingCall<'_> {
    async fn answer(mut self) -> Result<Result<Message, String>, oneshot::error::RecvError> {
        (&mut self.answer).await
    }
}

impl Drop for PendingCall<'_> {
    fn drop(&mut self) {
        self.codec.state().pending.remove(&self.seq);
    }
}

impl ClientCodec {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn decoder(&self) -> MutexGuard<'_, Decoder> {
        self.decoder.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Connection {
    channel: Channel,
    codec: Arc<ClientCodec>,
    /// The header of a response whose body has not arrived.
    header: Option<ReceivedResponseHeader>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut state = self.codec.state();
        state.ended = true;
        // Dropping the senders wakes the calls that still wait.
        state.pending.clear();
        drop(state);
        self.codec.acceptance.wake();
    }
}

impl Connection {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.codec.waker.register(cx.waker());
        loop {
            let mut state = self.codec.state();
            let (bytes, abandoned) = (state.bytes.split(), state.abandoned);
            drop(state);
            self.channel.outbound.extend_from_slice(&bytes);
            let drained = self.channel.poll_drain(cx)?;
            if drained.is_ready() && abandoned {
                return Poll::Ready(Ok(()));
            }
            self.handle_responses()?;
            match self.channel.poll_fill(cx)? {
                Poll::Ready(true) => self.note_acceptance(),
                Poll::Ready(false) => {
                    return Poll::Ready(Err(io::Error::from(io::ErrorKind::UnexpectedEof).into()));
                }
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    fn note_acceptance(&mut self) {
        if self.channel.is_unanswered() {
            return;
        }
        let mut state = self.codec.state();
        if !state.accepted {
            state.accepted = true;
            drop(state);
            self.codec.acceptance.wake();
        }
    }

    fn handle_responses(&mut self) -> Result<(), Error> {
        loop {
            let mut decoder = self.codec.decoder();
            let inbound = &mut self.channel.inbound;
            let Some((header, message)) = super::next(&mut decoder, inbound, &mut self.header)?
            else {
                return Ok(());
            };
            drop(decoder);
            let mut state = self.codec.state();
            if header.seq >= state.next {
                return Err(Error::UnknownCall(header.seq));
            }
            // Without a sender, the response came too late.
            if let Some(sender) = state.pending.remove(&header.seq) {
                let result = if header.error.is_empty() {
                    Ok(message)
                } else {
                    Err(header.error)
                };
                drop(sender.send(result));
            }
        }
    }
}
