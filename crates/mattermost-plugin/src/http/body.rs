//! The body of a request, fetched from Mattermost while the handler reads it.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use go_plugin::Channel;
use http_body::{Frame, SizeHint};

/// How many bytes are asked for at a time. Mattermost copies them in pieces of 32 KiB.
const STEP: u64 = 64 * 1024;

/// How many requested bytes may be on the way. It is half of the window of 256 KiB, so that Mattermost can send all of them
/// even if the handler drops the body early, and its goroutine ends.
const UNDER_WAY: u64 = 2 * STEP;

/// The body of a request.
///
/// Nothing is fetched before the handler reads, and at most 128 KiB ahead of it. So a slow handler slows down the client,
/// and a large body does not fill the memory.
#[derive(Debug)]
pub struct Body(Source);

#[derive(Debug)]
enum Source {
    Empty,
    Remote(Box<Remote>),
}

#[derive(Debug)]
struct Remote {
    channel: Channel,
    asked: u64,
    received: u64,
    /// The request's `Content-Length`.
    promised: Option<u64>,
    ended: bool,
}

/// Why a body could not be read to its end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BodyError {
    /// The connection to Mattermost failed.
    #[error("the request's body was cut off: {0}")]
    Plugin(#[from] go_plugin::Error),
    /// The client sent less than its `Content-Length`.
    #[error("the request's body ended after {received} of {promised} bytes")]
    Incomplete {
        /// How many bytes arrived.
        received: u64,
        /// The value of `Content-Length`.
        promised: u64,
    },
}

impl Body {
    pub(crate) fn empty() -> Self {
        Self(Source::Empty)
    }

    pub(crate) fn remote(channel: Channel, promised: Option<u64>) -> Self {
        let ended = promised == Some(0);
        Self(Source::Remote(Box::new(Remote {
            channel,
            asked: 0,
            received: 0,
            promised,
            ended,
        })))
    }
}

impl Remote {
    fn poll_chunk(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, BodyError>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        while self.asked + STEP <= self.received + UNDER_WAY {
            put_varint(&mut self.channel.outbound, STEP);
            self.asked += STEP;
        }
        if let Poll::Ready(Err(error)) = self.channel.poll_drain(cx) {
            return self.end(Err(error.into()));
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
        match &mut self.0 {
            Source::Empty => Poll::Ready(None),
            Source::Remote(remote) => remote
                .poll_chunk(cx)
                .map(|chunk| chunk.map(|result| result.map(Frame::data))),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Source::Empty => true,
            Source::Remote(remote) => remote.ended,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Source::Empty => SizeHint::with_exact(0),
            Source::Remote(remote) => match remote.promised {
                Some(promised) => SizeHint::with_exact(promised.saturating_sub(remote.received)),
                None => SizeHint::default(),
            },
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
