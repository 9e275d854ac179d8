//! The answering end: one stream's requests in, each exactly one answer out.

use std::future::poll_fn;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::BytesMut;
use futures_util::task::AtomicWaker;
use gob::{Decode, Decoder, Encode, Encoder, Message};

use super::{Empty, RequestHeader, ResponseHeader};
use crate::Error;
use crate::channel::Channel;

/// Past this many bytes of answers that the host does not take, no further request is read.
const MAX_UNSENT: usize = 1024 * 1024;

/// How many calls of one stream may be without an answer. Past it none is read until another is answered:
/// a plugin whose hooks all hang is of no use any more, but it must not grow. Each holds a few kilobytes.
const MAX_OPEN_CALLS: usize = 4096;

/// Something that answers calls.
pub trait Service: Send + Sync + 'static {
    /// Whether the service takes another call now. While it does not, the host's requests wait in its own process.
    fn poll_ready(&self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }

    /// Takes a call. It must not block: what takes time is spawned, with the call in it.
    fn call(&self, call: Call);
}

/// Answers the requests of one stream until the host ends it.
///
/// # Errors
/// When what comes is no net/rpc over gob, or the stream is reset.
pub(crate) async fn serve(channel: Channel, service: Arc<dyn Service>) -> Result<(), Error> {
    let mut connection = Connection {
        channel,
        service,
        shared: Arc::default(),
        header: None,
        ended: false,
    };
    poll_fn(|cx| connection.poll(cx)).await
}

/// What the calls of one stream have in common.
#[derive(Debug, Default)]
struct Shared {
    decoder: Mutex<Decoder>,
    answers: Mutex<Answers>,
    waker: AtomicWaker,
}

#[derive(Debug, Default)]
struct Answers {
    encoder: Encoder,
    bytes: BytesMut,
    /// Calls that were handed out and not answered yet.
    open: usize,
}

struct Connection {
    channel: Channel,
    service: Arc<dyn Service>,
    shared: Arc<Shared>,
    /// A request of which only the header has come.
    header: Option<RequestHeader>,
    /// The host will ask no more.
    ended: bool,
}

impl Connection {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.shared.waker.register(cx.waker());
        loop {
            let (unsent, open) = self.take_answers();
            if let Poll::Ready(Err(error)) = self.channel.poll_drain(cx) {
                return Poll::Ready(Err(error));
            }
            if self.ended {
                let done = open == 0 && self.channel.outbound.is_empty();
                return if done {
                    Poll::Ready(Ok(()))
                } else {
                    Poll::Pending
                };
            }
            let choked = unsent > MAX_UNSENT && !self.channel.outbound.is_empty();
            if choked || open >= MAX_OPEN_CALLS {
                return Poll::Pending;
            }
            if self.handle_requests(cx)?.is_pending() {
                return Poll::Pending;
            }
            match self.channel.poll_fill(cx)? {
                Poll::Ready(true) => {}
                Poll::Ready(false) => self.ended = true,
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    fn take_answers(&mut self) -> (usize, usize) {
        let mut answers = self.shared.answers();
        if self.channel.outbound.is_empty() {
            std::mem::swap(&mut self.channel.outbound, &mut answers.bytes);
        } else {
            let bytes = answers.bytes.split();
            self.channel.outbound.extend_from_slice(&bytes);
        }
        (self.channel.outbound.len(), answers.open)
    }

    /// Hands out all requests that are there whole.
    fn handle_requests(&mut self, cx: &mut Context<'_>) -> Result<Poll<()>, Error> {
        loop {
            let open = self.shared.answers().open;
            if open >= MAX_OPEN_CALLS || self.service.poll_ready(cx).is_pending() {
                return Ok(Poll::Pending);
            }
            let mut decoder = self.shared.decoder();
            let inbound = &mut self.channel.inbound;
            let Some((header, message)) = super::next(&mut decoder, inbound, &mut self.header)?
            else {
                return Ok(Poll::Ready(()));
            };
            drop(decoder);
            self.shared.answers().open += 1;
            self.service.call(Call {
                header,
                arguments: message,
                shared: Arc::clone(&self.shared),
                answered: false,
            });
        }
    }
}

impl Shared {
    fn decoder(&self) -> MutexGuard<'_, Decoder> {
        self.decoder.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn answers(&self) -> MutexGuard<'_, Answers> {
        self.answers.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request, and the duty to answer it: one that is dropped is answered with an error.
#[derive(Debug)]
pub struct Call {
    header: RequestHeader,
    arguments: Message,
    shared: Arc<Shared>,
    answered: bool,
}

impl Call {
    /// The method as the host names it: service, dot, method.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.header.service_method
    }

    /// How many bytes this call keeps in memory while it waits.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.arguments.encoded_len() + size_of::<Self>()
    }

    /// The argument.
    ///
    /// # Errors
    /// When it does not fit `T`. The stream goes on.
    pub fn arguments<T: Decode>(&self) -> Result<T, Error> {
        Ok(self.shared.decoder().decode(&self.arguments)?)
    }

    /// Answers with a result.
    pub fn reply<T: Encode>(mut self, result: &T) {
        if let Err(error) = self.answer("", result) {
            self.fail(&format!("the answer cannot be sent: {error}"));
        }
    }

    /// Answers with an error, which net/rpc carries as text. It must not be empty: that would be no error.
    pub fn fail(mut self, message: &str) {
        drop(self.answer(message, &Empty {}));
    }

    fn answer<T: Encode>(&mut self, error: &str, result: &T) -> Result<(), gob::Error> {
        let header = ResponseHeader {
            service_method: std::mem::take(&mut self.header.service_method),
            seq: self.header.seq,
            error: error.to_owned(),
        };
        let mut answers = self.shared.answers();
        let Answers { encoder, bytes, .. } = &mut *answers;
        if let Err(error) = encoder.encode_both(&header, result, bytes) {
            self.header.service_method = header.service_method;
            return Err(error);
        }
        answers.open -= 1;
        drop(answers);
        self.answered = true;
        self.shared.waker.wake();
        Ok(())
    }
}

impl Drop for Call {
    fn drop(&mut self) {
        if !self.answered {
            drop(self.answer("the plugin gave no answer", &Empty {}));
        }
    }
}
