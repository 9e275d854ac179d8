//! The asking end of a stream that many tasks share.

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

/// Makes calls on one stream; cheap to clone. The stream closes when the last clone and the last call are gone.
#[derive(Debug, Clone)]
pub struct Client(Arc<Handle>);

/// What all clones have in common. A call under way borrows one of them.
#[derive(Debug)]
struct Handle(Arc<Shared>);

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.state().abandoned = true;
        self.0.waker.wake();
    }
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    decoder: Mutex<Decoder>,
    waker: AtomicWaker,
    /// Of who waits until the host has accepted the stream.
    acceptance: AtomicWaker,
}

#[derive(Debug, Default)]
struct State {
    encoder: Encoder,
    bytes: BytesMut,
    next: u64,
    waiting: HashMap<u64, oneshot::Sender<Result<Message, String>>>,
    /// The host has accepted the stream.
    accepted: bool,
    /// No answer will come any more.
    ended: bool,
    /// No call will be made any more.
    abandoned: bool,
}

impl Client {
    /// A client on `channel`, and the future that moves its bytes, to be spawned. The future is `Ok` when nobody calls any
    /// more, and an error when the host has ended the stream or broken the protocol.
    pub fn new(channel: Channel) -> (Self, impl Future<Output = Result<(), Error>> + Send) {
        let shared = Arc::<Shared>::default();
        let mut connection = Connection {
            channel,
            shared: Arc::clone(&shared),
            header: None,
        };
        let run = async move { poll_fn(|cx| connection.poll(cx)).await };
        (Self(Arc::new(Handle(shared))), run)
    }

    /// Calls `method` (service, dot, method) and waits for its answer at most `limit`.
    ///
    /// Dropping the future forgets the call; the host carries it out nevertheless.
    ///
    /// # Errors
    /// [`Error::Call`] when the host answers with an error, [`Error::CallTimeout`] when it does not answer.
    pub async fn call<A, R>(&self, method: &str, argument: &A, limit: Duration) -> Result<R, Error>
    where
        A: Encode,
        R: Decode,
    {
        let waiting = self.send(method, argument)?;
        match timeout(limit, waiting.answer()).await {
            Ok(Ok(Ok(message))) => Ok(self.shared().decoder().decode(&message)?),
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
            self.shared().acceptance.register(cx.waker());
            let state = self.shared().state();
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

    fn send<A: Encode>(&self, method: &str, argument: &A) -> Result<Waiting<'_>, Error> {
        let mut state = self.shared().state();
        if state.ended {
            return Err(MuxError::Ended.into());
        }
        let seq = state.next;
        let State { encoder, bytes, .. } = &mut *state;
        super::request(encoder, method, seq, argument, bytes)?;
        state.next += 1;
        let (sender, answer) = oneshot::channel();
        state.waiting.insert(seq, sender);
        drop(state);
        self.shared().waker.wake();
        Ok(Waiting {
            shared: self.shared(),
            seq,
            answer,
        })
    }

    fn shared(&self) -> &Shared {
        &self.0.0
    }
}

/// A call under way; forgotten when dropped.
struct Waiting<'a> {
    shared: &'a Shared,
    seq: u64,
    answer: oneshot::Receiver<Result<Message, String>>,
}

impl Waiting<'_> {
    async fn answer(mut self) -> Result<Result<Message, String>, oneshot::error::RecvError> {
        (&mut self.answer).await
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.shared.state().waiting.remove(&self.seq);
    }
}

impl Shared {
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn decoder(&self) -> MutexGuard<'_, Decoder> {
        self.decoder.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Connection {
    channel: Channel,
    shared: Arc<Shared>,
    /// An answer of which only the header has come.
    header: Option<ReceivedResponseHeader>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        let mut state = self.shared.state();
        state.ended = true;
        // Whoever still waits learns it by the dropped sender.
        state.waiting.clear();
        drop(state);
        self.shared.acceptance.wake();
    }
}

impl Connection {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.shared.waker.register(cx.waker());
        loop {
            let mut state = self.shared.state();
            let (bytes, abandoned) = (state.bytes.split(), state.abandoned);
            drop(state);
            self.channel.outbound.extend_from_slice(&bytes);
            let drained = self.channel.poll_drain(cx)?;
            if drained.is_ready() && abandoned {
                return Poll::Ready(Ok(()));
            }
            self.handle_answers()?;
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
        let mut state = self.shared.state();
        if !state.accepted {
            state.accepted = true;
            drop(state);
            self.shared.acceptance.wake();
        }
    }

    fn handle_answers(&mut self) -> Result<(), Error> {
        loop {
            let mut decoder = self.shared.decoder();
            let inbound = &mut self.channel.inbound;
            let Some((header, message)) = super::next(&mut decoder, inbound, &mut self.header)?
            else {
                return Ok(());
            };
            drop(decoder);
            let mut state = self.shared.state();
            if header.seq >= state.next {
                return Err(Error::UnknownCall(header.seq));
            }
            // Nobody there: the answer came after its time.
            if let Some(sender) = state.waiting.remove(&header.seq) {
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
