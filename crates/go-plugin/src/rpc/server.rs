//! The answering end: one stream's requests in, each exactly one answer out.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use bytes::BytesMut;
use futures_util::FutureExt as _;
use futures_util::task::AtomicWaker;
use gob::{Decode, Decoder, Encode, Encoder, Message};
use tokio::time::Instant;

use super::{Empty, RequestHeader, ResponseHeader};
use crate::channel::Channel;
use crate::mux::MuxError;
use crate::{Broker, Error};

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
    /// Where it panics the host gets an error, and the next call is taken.
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
        // Whoever took the stream in may have read the first request with its number.
        behind_since: Some(Instant::now()),
        begun_since: None,
        ended: false,
    };
    poll_fn(|cx| connection.poll(cx)).await
}

/// The same for a stream that the whole connection needs: when it fails, the connection ends.
pub(crate) async fn serve_or_end(channel: Channel, service: Arc<dyn Service>, broker: &Broker) {
    let served = AssertUnwindSafe(serve(channel, service)).catch_unwind();
    match served.await.unwrap_or(Err(Error::Panicked)) {
        Ok(()) | Err(Error::Mux(MuxError::Ended)) => {}
        Err(error) => broker.end(error),
    }
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
    /// Since when there has always been something to read.
    behind_since: Option<Instant>,
    /// The same for a request of which only a part has come, when there was nothing to read any more.
    begun_since: Option<Instant>,
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
                Poll::Ready(true) => {
                    self.behind_since.get_or_insert_with(Instant::now);
                }
                Poll::Ready(false) => self.ended = true,
                Poll::Pending => {
                    let since = self.behind_since.take();
                    if self.header.is_some() || !self.channel.inbound.is_empty() {
                        self.begun_since = self.begun_since.or(since);
                    }
                    return Poll::Pending;
                }
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
        // Nothing is there before it was read.
        let Some(behind_since) = self.behind_since else {
            return Ok(Poll::Ready(()));
        };
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
            let call = Call {
                header,
                arguments: message,
                not_before: self.begun_since.take().unwrap_or(behind_since),
                shared: Arc::clone(&self.shared),
                answered: false,
            };
            // The call is dropped, and so answered. What it panicked with was for the panic hook to log.
            let _ = catch_unwind(AssertUnwindSafe(|| self.service.call(call)));
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
    not_before: Instant,
    shared: Arc<Shared>,
    answered: bool,
}

impl Call {
    /// The method as the host names it: service, dot, method.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.header.service_method
    }

    /// The host has not made this call before. It may have waited since then, in the host's process or on the way here:
    /// from that moment on there has always been something to read.
    #[must_use]
    pub fn not_before(&self) -> Instant {
        self.not_before
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

    /// Answers with an error, which net/rpc carries as text. An empty one would be none, and is replaced.
    pub fn fail(mut self, message: &str) {
        let message = if message.is_empty() {
            "an error without a text"
        } else {
            message
        };
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Host;
    use crate::{Plugin, serve_connection};
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;
    use tokio::time::sleep;

    /// Takes no call for as long as it is told to wait, and answers with how old each may be, in milliseconds.
    #[derive(Default)]
    struct Patient {
        waits: AtomicBool,
        waker: AtomicWaker,
    }

    impl Service for Arc<Patient> {
        fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<()> {
            self.waker.register(cx.waker());
            match self.waits.load(Ordering::Relaxed) {
                true => Poll::Pending,
                false => Poll::Ready(()),
            }
        }

        fn call(&self, call: Call) {
            let age = call.not_before().elapsed().as_millis() as u64;
            call.reply(&age);
        }
    }

    struct Offer(Arc<Patient>);

    impl Plugin for Offer {
        fn dispense(&self, _: &str, _: &Broker) -> Option<Arc<dyn Service>> {
            Some(Arc::new(Arc::clone(&self.0)))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_is_as_old_as_the_oldest_that_was_unread_with_it() {
        let patient = Arc::<Patient>::default();
        let (ours, theirs) = tokio::io::duplex(1 << 16);
        tokio::spawn(serve_connection(
            theirs,
            Arc::new(Offer(Arc::clone(&patient))),
        ));
        let mut host = Host::connect(ours).await.unwrap();
        let client = host.dispense("patient").await.unwrap();
        let age = async |client: crate::Client| {
            let limit = Duration::from_secs(60);
            client
                .call::<_, u64>("Plugin.Age", &true, limit)
                .await
                .unwrap()
        };
        sleep(Duration::from_secs(5)).await;
        assert_eq!(age(client.clone()).await, 0, "nothing was unread");
        patient.waits.store(true, Ordering::Relaxed);
        let first = tokio::spawn(age(client.clone()));
        sleep(Duration::from_secs(3)).await;
        let second = tokio::spawn(age(client.clone()));
        sleep(Duration::from_secs(1)).await;
        patient.waits.store(false, Ordering::Relaxed);
        patient.waker.wake();
        assert_eq!(
            (first.await.unwrap(), second.await.unwrap()),
            (4_000, 4_000)
        );
        assert_eq!(age(client).await, 0);
    }
}
