//! One yamux stream, as the rest of the process holds it: chunks in, bytes out, closed properly when dropped.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use bytes::{Buf, BytesMut};
use futures_util::io::AsyncWrite as _;
use futures_util::stream::Stream as _;
use tokio::sync::mpsc;

/// A stream of the connection, opened by either side.
///
/// Dropping it ends it with a FIN in a frame of its own. (Two traps lie here: the yamux crate resets a stream
/// that is dropped unclosed, and hashicorp's yamux loses the data of a frame that carries a FIN.)
#[derive(Debug)]
pub struct Stream {
    /// `None` only while being dropped.
    inner: Option<yamux::Stream>,
    closing: mpsc::UnboundedSender<yamux::Stream>,
}

impl Stream {
    pub(super) fn new(inner: yamux::Stream, closing: mpsc::UnboundedSender<yamux::Stream>) -> Self {
        Self {
            inner: Some(inner),
            closing,
        }
    }

    /// Appends the next chunk that the host sent to `into`; `false` at the end of the stream.
    pub(crate) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        into: &mut BytesMut,
    ) -> Poll<io::Result<bool>> {
        match Pin::new(self.inner()?).poll_next(cx) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(None) => Poll::Ready(Ok(false)),
            Poll::Ready(Some(chunk)) => {
                into.extend_from_slice(chunk?.as_ref());
                Poll::Ready(Ok(true))
            }
        }
    }

    /// Hands all of `from` to yamux, as far as the host's window reaches.
    pub(crate) fn poll_write(
        &mut self,
        cx: &mut Context<'_>,
        from: &mut BytesMut,
    ) -> Poll<io::Result<()>> {
        let inner = self.inner()?;
        while !from.is_empty() {
            match Pin::new(&mut *inner).poll_write(cx, from) {
                Poll::Pending => return Poll::Pending,
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Ready(Ok(count)) => from.advance(count),
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Acknowledges a stream of the host's by writing nothing.
    ///
    /// yamux carries the acknowledgement in a stream's first frame. Where the plugin never writes (the copies of
    /// stdout and stderr) it would never come, and hashicorp's yamux ends the whole session after 75 seconds
    /// (`StreamOpenTimeout`, yamux 0.1.2).
    pub(crate) fn acknowledge(&mut self) -> io::Result<()> {
        // The frame queue of a stream that was never written to has room: this cannot be pending.
        let mut cx = Context::from_waker(Waker::noop());
        match Pin::new(self.inner()?).poll_write(&mut cx, &[]) {
            Poll::Ready(result) => result.map(drop),
            Poll::Pending => Err(io::ErrorKind::WouldBlock.into()),
        }
    }

    /// Whether the peer has acknowledged a stream that this side has opened.
    #[cfg(any(test, feature = "host"))]
    pub(crate) fn is_acknowledged(&self) -> bool {
        self.inner
            .as_ref()
            .is_some_and(|inner| !inner.is_pending_ack())
    }

    fn inner(&mut self) -> io::Result<&mut yamux::Stream> {
        self.inner
            .as_mut()
            .ok_or_else(|| io::ErrorKind::NotConnected.into())
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let Some(mut inner) = self.inner.take() else {
            return;
        };
        let mut cx = Context::from_waker(Waker::noop());
        if Pin::new(&mut inner).poll_close(&mut cx).is_pending() {
            // Its frame queue is full: the driver closes it when there is room again.
            drop(self.closing.send(inner));
        }
    }
}
