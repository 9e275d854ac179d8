//! Bodies that come from Mattermost: those of requests, fetched while the handler reads them, and those of other plugins'
//! responses.

use std::io;
use std::mem;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use go_plugin::Channel;
use http_body::{Frame, SizeHint};
use tokio::io::ReadBuf;

use crate::Error;

/// Frames read as bytes: what they brought and nobody has taken yet.
#[derive(Debug, Default)]
pub(crate) struct Unread(Bytes);

impl Unread {
    /// Sees to it that there is something to take; `false` at the end.
    pub(crate) fn poll_fill(
        &mut self,
        mut poll_frame: impl FnMut() -> Poll<Option<io::Result<Frame<Bytes>>>>,
    ) -> Poll<io::Result<bool>> {
        while self.0.is_empty() {
            let Some(frame) = ready!(poll_frame()) else {
                return Poll::Ready(Ok(false));
            };
            // Trailers find no way through the plugin protocol.
            self.0 = frame?.into_data().unwrap_or_default();
        }
        Poll::Ready(Ok(true))
    }

    pub(crate) fn take(&mut self) -> Bytes {
        mem::take(&mut self.0)
    }

    /// Takes as much as a reader has room for.
    pub(crate) fn read(&mut self, buffer: &mut ReadBuf<'_>) {
        let count = self.0.len().min(buffer.remaining());
        buffer.put_slice(&self.0.split_to(count));
    }
}

/// How many bytes are asked for at a time. Mattermost copies them in pieces of 32 KiB.
const STEP: u64 = 64 * 1024;

/// How many requested bytes may be on the way. It is half of the window of 256 KiB, so that Mattermost can send all of them
/// even if the handler drops the body early, and its goroutine ends.
const UNDER_WAY: u64 = 2 * STEP;

/// The body of a request, or of the response of [`Api::plugin_http`](crate::Api::plugin_http).
///
/// Of a request, nothing is fetched before the handler reads, and at most 128 KiB ahead of it. Of a response, at most 256 KiB
/// are received ahead of the reader. So a slow reader slows down the other end, and a large body does not fill the memory.
#[derive(Debug)]
pub struct Body(Source);

#[derive(Debug)]
enum Source {
    Whole(Bytes),
    Request(Box<Pulled>),
    Response(Box<Streamed>),
}

/// A body of which Mattermost sends as many bytes as it is asked for.
#[derive(Debug)]
struct Pulled {
    stream: Incoming,
    asked: u64,
}

/// A body that Mattermost sends without being asked, while it may still receive the request's.
struct Streamed {
    stream: Incoming,
    /// Sends the rest of the request's body. The mutex is never locked; it keeps [`Body`] `Sync`.
    sending: Option<Mutex<Sending>>,
}

/// A body's stream.
#[derive(Debug)]
struct Incoming {
    channel: Channel,
    received: u64,
    /// The `Content-Length`.
    promised: Option<u64>,
    ended: bool,
}

/// Sends a request's body to Mattermost.
pub(crate) type Sending = BoxFuture<'static, Result<(), Error>>;

/// Why a body could not be read to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BodyError {
    /// The connection to Mattermost failed.
    #[error("the body was cut off: {0}")]
    Plugin(#[from] go_plugin::Error),
    /// The other end sent less than its `Content-Length`.
    #[error("the body ended after {received} of {promised} bytes")]
    Incomplete {
        /// How many bytes arrived.
        received: u64,
        /// The value of `Content-Length`.
        promised: u64,
    },
    /// This is a response's body, and the body of its request failed before the other plugin had all of it.
    #[error("the request's body failed: {0}")]
    Request(Box<dyn std::error::Error + Send + Sync>),
}

impl Body {
    pub(crate) fn empty() -> Self {
        Self::whole(Bytes::new())
    }

    pub(crate) fn whole(bytes: Bytes) -> Self {
        Self(Source::Whole(bytes))
    }

    pub(crate) fn pulled(channel: Channel, promised: Option<u64>) -> Self {
        let stream = Incoming::new(channel, promised);
        Self(Source::Request(Box::new(Pulled { stream, asked: 0 })))
    }

    /// `sending` is polled while the body is read, and dropped when it ends.
    pub(crate) fn streamed(
        channel: Channel,
        promised: Option<u64>,
        sending: Option<Sending>,
    ) -> Self {
        let streamed = Streamed {
            stream: Incoming::new(channel, promised),
            sending: sending.map(Mutex::new),
        };
        Self(Source::Response(Box::new(streamed)))
    }

    fn incoming(&self) -> Option<&Incoming> {
        match &self.0 {
            Source::Whole(_) => None,
            Source::Request(pulled) => Some(&pulled.stream),
            Source::Response(streamed) => Some(&streamed.stream),
        }
    }
}

impl Pulled {
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, BodyError>>> {
        let stream = &mut self.stream;
        if stream.ended {
            return Poll::Ready(None);
        }
        while self.asked + STEP <= stream.received + UNDER_WAY {
            put_varint(&mut stream.channel.outbound, STEP);
            self.asked += STEP;
        }
        if let Poll::Ready(Err(error)) = stream.channel.poll_drain(cx) {
            return stream.end(Err(error.into()));
        }
        stream.poll_chunk(cx)
    }
}

impl Streamed {
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, BodyError>>> {
        if let Poll::Ready(Err(error)) = self.poll_sending(cx) {
            self.sending = None;
            return self.stream.end(Err(BodyError::Request(error.into())));
        }
        let chunk = ready!(self.stream.poll_chunk(cx));
        if !matches!(chunk, Some(Ok(_))) {
            self.sending = None;
        }
        Poll::Ready(chunk)
    }

    fn poll_sending(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        let Some(sending) = &mut self.sending else {
            return Poll::Pending;
        };
        let sending = sending.get_mut().unwrap_or_else(PoisonError::into_inner);
        let sent = ready!(sending.as_mut().poll(cx));
        self.sending = None;
        Poll::Ready(sent)
    }
}

impl std::fmt::Debug for Streamed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Streamed").field(&self.stream).finish()
    }
}

impl Incoming {
    fn new(channel: Channel, promised: Option<u64>) -> Self {
        Self {
            channel,
            received: 0,
            promised,
            ended: promised == Some(0),
        }
    }

    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, BodyError>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        while self.channel.inbound.is_empty() {
            match ready!(self.channel.poll_fill(cx)) {
                Ok(true) => {}
                Ok(false) => return self.end(self.check_length()),
                Err(error) => return self.end(Err(error.into())),
            }
        }
        let chunk = self.channel.inbound.split().freeze();
        self.received += chunk.len() as u64;
        Poll::Ready(Some(Ok(chunk)))
    }

    fn check_length(&self) -> Result<(), BodyError> {
        match self.promised {
            Some(promised) if promised > self.received => Err(BodyError::Incomplete {
                received: self.received,
                promised,
            }),
            _ => Ok(()),
        }
    }

    fn end(&mut self, result: Result<(), BodyError>) -> Poll<Option<Result<Bytes, BodyError>>> {
        self.ended = true;
        Poll::Ready(result.err().map(Err))
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let chunk = match &mut self.0 {
            Source::Whole(bytes) if bytes.is_empty() => Poll::Ready(None),
            Source::Whole(bytes) => Poll::Ready(Some(Ok(mem::take(bytes)))),
            Source::Request(pulled) => pulled.poll_chunk(cx),
            Source::Response(streamed) => streamed.poll_chunk(cx),
        };
        chunk.map(|chunk| chunk.map(|result| result.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        match (&self.0, self.incoming()) {
            (Source::Whole(bytes), _) => bytes.is_empty(),
            (_, incoming) => incoming.is_none_or(|incoming| incoming.ended),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match (&self.0, self.incoming()) {
            (Source::Whole(bytes), _) => SizeHint::with_exact(bytes.len() as u64),
            (
                _,
                Some(Incoming {
                    promised: Some(promised),
                    received,
                    ..
                }),
            ) => SizeHint::with_exact(promised.saturating_sub(*received)),
            _ => SizeHint::default(),
        }
    }
}

/// Go's `binary.PutVarint`: zig-zag, seven bits a byte, the least first.
fn put_varint(into: &mut bytes::BytesMut, value: u64) {
    use bytes::BufMut as _;
    let mut rest = value << 1;
    while rest >= 0x80 {
        into.put_u8(rest as u8 | 0x80);
        rest >>= 7;
    }
    into.put_u8(rest as u8);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wanted_bytes_are_written_as_go_writes_varints() {
        let mut bytes = bytes::BytesMut::new();
        for value in [0, 1, 63, 64, 65_536] {
            put_varint(&mut bytes, value);
        }
        // binary.PutVarint of the same numbers.
        assert_eq!(&bytes[..], [0x00, 0x02, 0x7e, 0x80, 0x01, 0x80, 0x80, 0x08]);
    }
}
