//! The bytes between the yamux state machine and the socket, held in memory so that the driver alone does I/O.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::{Buf, BytesMut};
use futures_util::io::{AsyncRead, AsyncWrite};

/// How many bytes may wait for the socket before yamux is told to hold its frames back.
/// Large enough that one write carries what a hundred answers produce in a round,
/// small enough that a host which stops reading costs next to nothing.
const OUTBOUND_LIMIT: usize = 256 * 1024;

/// What was read from the socket and not yet parsed, and what is to be written.
#[derive(Debug, Default)]
pub(crate) struct Buffers {
    pub(crate) inbound: BytesMut,
    pub(crate) outbound: BytesMut,
    /// The socket has ended: once `inbound` is empty, yamux sees the end too.
    pub(crate) ended: bool,
}

/// The side of the buffers that the yamux crate reads and writes.
///
/// It never registers a waker: the driver polls yamux again whenever it has moved bytes.
/// It never flushes either: yamux asks for a flush after each frame, and one write a round is the point of it all.
#[derive(Debug, Clone, Default)]
pub(crate) struct Wire(Arc<Mutex<Buffers>>);

impl Wire {
    /// Runs `f` on the buffers; the lock is only ever held for the length of such a call.
    pub(crate) fn with<R>(&self, f: impl FnOnce(&mut Buffers) -> R) -> R {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether yamux is being held back until the socket has taken something.
    pub(crate) fn is_full(&self) -> bool {
        self.with(|buffers| buffers.outbound.len() >= OUTBOUND_LIMIT)
    }
}

impl AsyncRead for Wire {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        into: &mut [u8],
    ) -> Poll<io::Result<usize>> {
        self.with(|buffers| {
            if buffers.inbound.is_empty() {
                return if buffers.ended {
                    Poll::Ready(Ok(0))
                } else {
                    Poll::Pending
                };
            }
            let count = into.len().min(buffers.inbound.len());
            buffers.inbound.copy_to_slice(&mut into[..count]);
            Poll::Ready(Ok(count))
        })
    }
}

impl AsyncWrite for Wire {
    fn poll_write(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.with(|buffers| {
            if buffers.outbound.len() >= OUTBOUND_LIMIT {
                return Poll::Pending;
            }
            buffers.outbound.extend_from_slice(bytes);
            Poll::Ready(Ok(bytes.len()))
        })
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_close(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }
}
