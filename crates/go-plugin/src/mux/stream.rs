//! One stream, as the rest of the process holds it.

use std::io;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::BytesMut;

use super::Shared;

/// A stream of the connection, opened by either side. Dropping it ends it.
#[derive(Debug)]
pub struct Stream {
    shared: Arc<Shared>,
    id: u32,
}

impl Stream {
    pub(super) fn new(shared: &Arc<Shared>, id: u32) -> Self {
        Self {
            shared: Arc::clone(shared),
            id,
        }
    }

    /// Appends what the host sent to `into`; `false` at the end of the stream.
    pub(crate) fn poll_read(
        &mut self,
        cx: &Context<'_>,
        into: &mut BytesMut,
    ) -> Poll<io::Result<bool>> {
        self.shared.lock().poll_read(cx, self.id, into)
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
        self.shared.lock().poll_write(cx, self.id, from)
    }

    /// Whether the peer has acknowledged a stream that this side has opened.
    #[cfg(any(test, feature = "test-util"))]
    pub(crate) fn is_acknowledged(&self) -> bool {
        let table = self.shared.lock();
        let entry = table.streams.get(&self.id);
        entry.is_some_and(|entry| entry.answered && !entry.reset)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.shared.lock().close(self.id);
    }
}
