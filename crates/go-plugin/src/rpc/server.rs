//! The server: each request of a stream gets exactly one response.

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

/// While more bytes of responses than this wait for the host, no further request is read.
const MAX_UNSENT: usize = 1024 * 1024;

/// How many calls of one stream may be unanswered. No further request is read until one of them is answered, so that a
/// plugin whose hooks all hang does not fill the memory. Each takes a few kilobytes.
const MAX_OPEN_CALLS: usize = 4096;

/// Something that answers calls.
pub trait Service: Send + Sync + 'static {
    /// Whether the service can take another call. While it cannot, the host's requests wait in the host's process.
    fn poll_ready(&self, _: &mut Context<'_>) -> Poll<()> {
        Poll::Ready(())
    }

    /// Handles a call. It must not block: a call that takes time is moved into a task.
    /// If it panics, the host gets an error, and the next call is handled.
    fn call(&self, call: Call);
}

/// Answers the requests of one stream until the host ends it.
///
/// # Errors
/// When the host sends something other than net/rpc over gob, or resets the stream.
pub(crate) async fn serve(channel: Channel, service: Arc<dyn Service>) -> Result<(), Error> {
    let mut connection = Connection {
        channel,
        service,
        codec: Arc::default(),
        header: None,
        // The first request may have been read together with the broker's number.
        behind_since: Some(Instant::now()),
        begun_since: None,
        ended: false,
    };
    poll_fn(|cx| connection.poll(cx)).await
}

/// The same for a stream without which the connection is useless: when it fails, the connection ends.
pub(crate) async fn serve_or_end(channel: Channel, service: Arc<dyn Service>, broker: &Broker) {
    let served = AssertUnwindSafe(serve(channel, service)).catch_unwind();
    match served.await.unwrap_or(Err(Error::Panicked)) {
        Ok(()) | Err(Error::Mux(MuxError::Ended)) => {}
        Err(error) => broker.end(error),
    }
}

/// Decodes the requests of a stream and encodes the responses.
#[derive(Debug, Default)]
struct ServerCodec {
    decoder: Mutex<Decoder>,
    responses: Mutex<Responses>,
    waker: AtomicWaker,
}

#[derive(Debug, Default)]
struct Responses {
    encoder: Encoder,
    bytes: BytesMut,
    /// The number of calls that were not answered yet.
    open: usize,
}

struct Connection {
    channel: Channel,
    service: Arc<dyn Service>,
    codec: Arc<ServerCodec>,
    /// The header of a request whose argument has not arrived.
    header: Option<RequestHeader>,
    /// Since when there has been something to read at every moment.
    behind_since: Option<Instant>,
    /// The same for a request of which only a part has arrived, after everything was read.
    begun_since: Option<Instant>,
    /// The host will send no more requests.
    ended: bool,
}

impl Connection {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.codec.waker.register(cx.waker());
        loop {
            let (unsent, open) = self.take_responses();
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

    fn take_responses(&mut self) -> (usize, usize) {
        let mut responses = self.codec.responses();
        if self.channel.outbound.is_empty() {
            std::mem::swap(&mut self.channel.outbound, &mut responses.bytes);
        } else {
            let bytes = responses.bytes.split();
            self.channel.outbound.extend_from_slice(&bytes);
        }
        (self.channel.outbound.len(), responses.open)
    }

    /// Calls the service for each request that is complete.
    fn handle_requests(&mut self, cx: &mut Context<'_>) -> Result<Poll<()>, Error> {
        // Nothing was read since the last time.
        let Some(behind_since) = self.behind_since else {
            return Ok(Poll::Ready(()));
        };
        loop {
            let open = self.codec.responses().open;
            if open >= MAX_OPEN_CALLS || self.service.poll_ready(cx).is_pending() {
                return Ok(Poll::Pending);
            }
            let mut decoder = self.codec.decoder();
            let inbound = &mut self.channel.inbound;
            let Some((header, message)) = super::next(&mut decoder, inbound, &mut self.header)?
            else {
                return Ok(Poll::Ready(()));
            };
            drop(decoder);
            self.codec.responses().open += 1;
            let call = Call {
                header,
                arguments: message,
                not_before: self.begun_since.take().unwrap_or(behind_since),
                codec: Arc::clone(&self.codec),
                answered: false,
            };
            // After a panic the call is dropped, and answered thereby. The panic hook has logged it.
            let _ = catch_unwind(AssertUnwindSafe(|| self.service.call(call)));
        }
    }
}

impl ServerCodec {
    fn decoder(&self) -> MutexGuard<'_, Decoder> {
        self.decoder.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn responses(&self) -> MutexGuard<'_, Responses> {
        self.responses
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

/// A request, which must be answered: if it is dropped, it is answered with an error.
#[derive(Debug)]
pub struct Call {
    header: RequestHeader,
    arguments: Message,
    not_before: Instant,
    codec: Arc<ServerCodec>,
    answered: bool,
}

impl Call {
    /// The method as the host names it: service, dot, method.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.header.service_method
    }

    /// The earliest moment at which the host can have made this call. Since then there has been something to read at every
    /// moment, so the call may have waited, in the host's process or on its way here.
    #[must_use]
    pub fn not_before(&self) -> Instant {
        self.not_before
    }

    /// How many bytes of memory this call takes while it waits.
    #[must_use]
    pub fn weight(&self) -> usize {
        self.arguments.encoded_len() + size_of::<Self>()
    }

    /// The argument.
    ///
    /// # Errors
    /// When it does not fit `T`. Other calls are not affected.
    pub fn arguments<T: Decode>(&self) -> Result<T, Error> {
        Ok(self.codec.decoder().decode(&self.arguments)?)
    }

    /// Answers with a result.
    pub fn reply<T: Encode>(mut self, result: &T) {
        if let Err(error) = self.answer("", result) {
            self.fail(&format!("the answer cannot be sent: {error}"));
        }
    }

    /// Answers with an error, which net/rpc sends as text. An empty text would mean success, and is replaced.
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
        let mut responses = self.codec.responses();
        let Responses { encoder, bytes, .. } = &mut *responses;
        if let Err(error) = encoder.encode_both(&header, result, bytes) {
            self.header.service_method = header.service_method;
            return Err(error);
        }
        responses.open -= 1;
        drop(responses);
        self.answered = true;
        self.codec.waker.wake();
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
    use crate::{Dispense, serve_connection};
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::time::Duration;
    use tokio::time::sleep;

    /// Takes no calls while it is told to wait, and answers each with how old it may be, in milliseconds.
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

    impl Dispense for Offer {
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
