//! One stream, as its owner holds it.

use std::io;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::BytesMut;

use super::SharedSession;

/// A stream of the connection, opened by either side. Dropping it closes it.
#[derive(Debug)]
pub struct Stream {
    session: Arc<SharedSession>,
    id: u32,
}

impl Stream {
    pub(super) fn new(session: &Arc<SharedSession>, id: u32) -> Self {
        Self {
            session: Arc::clone(session),
            id,
        }
    }

    /// Appends what the host sent to `into`; `false` at the end of the stream.
    pub(crate) fn poll_read(
        &mut self,
        cx: &Context<'_>,
        into: &mut BytesMut,
    ) -> Poll<io::Result<bool>> {
        self.session.lock().poll_read(cx, self.id, into)
    }

    /// Sends all of `from`, as far as the host's window reaches.
    pub(crate) fn poll_write(
        &mut self,
        cx: &Context<'_>,
        from: &mut BytesMut,
    ) -> Poll<io::Result<()>> {
        if from.is_empty() {
            return Poll::Ready(Ok(()));
        }
        self.session.lock().poll_write(cx, self.id, from)
    }

    /// Resets the stream. From now on reading and writing fail.
    pub(crate) fn abort(&mut self) {
        self.session.lock().reset(self.id);
    }

    /// Whether the peer has acknowledged a stream that this side has opened.
    #[cfg(any(test, feature = "test-util"))]
    pub(crate) fn is_acknowledged(&self) -> bool {
        self.session.lock().is_acknowledged(self.id)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.session.lock().close(self.id);
    }
}
