//! A stream of the broker with its buffers. It checks that the host echoes the stream's number.

use std::future::poll_fn;
use std::io;
use std::task::{Context, Poll};

use bytes::BytesMut;

use crate::Error;
use crate::mux::Stream;

/// A stream between plugin and host with a buffer on each side.
///
/// Idle streams take no memory for buffers.
#[derive(Debug)]
pub struct Channel {
    stream: Stream,
    /// The number that the host must echo before its first byte.
    echo: Option<u32>,
    /// What the host has sent and the owner of the channel has not taken.
    pub inbound: BytesMut,
    /// What is to be sent.
    pub outbound: BytesMut,
}

impl Channel {
    pub(crate) fn new(stream: Stream) -> Self {
        Self {
            stream,
            echo: None,
            inbound: BytesMut::new(),
            outbound: BytesMut::new(),
        }
    }

    pub(crate) fn dialled(stream: Stream, id: u32) -> Self {
        Self {
            echo: Some(id),
            ..Self::new(stream)
        }
    }

    /// Whether the host has not yet accepted this stream, so that it still counts towards the host's limit of 256.
    #[must_use]
    pub fn is_unanswered(&self) -> bool {
        self.echo.is_some()
    }

    /// Reads more into `inbound`; `false` at the end of the stream.
    ///
    /// # Errors
    /// When the host echoes another number, or the stream was reset.
    pub fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<Result<bool, Error>> {
        loop {
            match self.stream.poll_read(cx, &mut self.inbound) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Ok(true)) => {}
                Poll::Ready(Ok(false)) => return Poll::Ready(Ok(false)),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error.into())),
            }
            let Some(id) = self.echo else {
                return Poll::Ready(Ok(true));
            };
            if self.inbound.len() < 4 {
                continue;
            }
            let number = self.inbound.split_to(4);
            let number = u32::from_le_bytes([number[0], number[1], number[2], number[3]]);
            if number != id {
                return Poll::Ready(Err(Error::WrongEcho { id, number }));
            }
            self.echo = None;
            // Even if nothing follows the echo, because the caller may wait for the echo alone.
            return Poll::Ready(Ok(true));
        }
    }

    /// Reads more into `inbound`; see [`poll_fill`](Self::poll_fill).
    ///
    /// # Errors
    /// When the host echoes another number, or the stream was reset.
    pub async fn fill(&mut self) -> Result<bool, Error> {
        poll_fn(|cx| self.poll_fill(cx)).await
    }

    /// Waits until the host has accepted this stream.
    ///
    /// # Errors
    /// When it echoes another number, or the stream ends.
    pub async fn answered(&mut self) -> Result<(), Error> {
        while self.is_unanswered() {
            if !self.fill().await? {
                return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
            }
        }
        Ok(())
    }

    /// Sends `outbound`, as far as the host's window reaches.
    ///
    /// # Errors
    /// When the stream was reset or the connection has ended.
    pub fn poll_drain(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Error>> {
        self.stream
            .poll_write(cx, &mut self.outbound)
            .map_err(Error::from)
    }

    /// Ends the stream as one that failed: the host reads an error from it, and not its end.
    pub fn abort(&mut self) {
        self.stream.abort();
    }

    /// Sends `outbound`.
    ///
    /// # Errors
    /// When the stream was reset or the connection has ended.
    pub async fn drain(&mut self) -> Result<(), Error> {
        poll_fn(|cx| self.poll_drain(cx)).await
    }
}
