//! The state of one stream.

use std::task::Waker;

use bytes::BytesMut;

/// How many bytes either side may send on a stream before it must wait for a window update.
/// The protocol begins with this, and neither hashicorp's side nor this one ever grants more.
pub(in crate::mux) const INITIAL_WINDOW: u32 = 256 * 1024;

/// An empty buffer larger than this is given back once its bytes were read.
const IDLE_BUFFER: usize = 16 * 1024;

#[derive(Debug)]
pub(super) struct StreamState {
    /// What the peer sent and this side has not read.
    pub(super) recv_buf: BytesMut,
    pub(super) reader: Option<Waker>,
    pub(super) writer: Option<Waker>,
    /// How many bytes this side may send.
    pub(super) send_window: u32,
    /// How many bytes the peer may send.
    pub(super) recv_window: u32,
    /// How many bytes were read since the last window update.
    pub(super) read_since_update: u32,
    /// The peer knows this stream: it has sent a frame for it.
    pub(super) acknowledged: bool,
    /// The peer will send nothing more.
    pub(super) remote_closed: bool,
    /// The peer has reset the stream.
    pub(super) reset: bool,
    /// This side has closed the stream, and keeps it only until it is acknowledged.
    pub(super) local_closed: bool,
}

impl StreamState {
    pub(super) fn new(acknowledged: bool) -> Self {
        Self {
            recv_buf: BytesMut::new(),
            reader: None,
            writer: None,
            send_window: INITIAL_WINDOW,
            recv_window: INITIAL_WINDOW,
            read_since_update: 0,
            acknowledged,
            remote_closed: false,
            reset: false,
            local_closed: false,
        }
    }

    /// Receives a part of a frame's body; `fin` says that nothing follows it on this stream. `true` when a reader was
    /// woken.
    pub(super) fn receive(&mut self, body: &[u8], fin: bool) -> bool {
        if !self.remote_closed {
            self.recv_buf.extend_from_slice(body);
        }
        self.remote_closed |= fin;
        (fin || !body.is_empty()) && super::super::wake(&mut self.reader)
    }

    /// Appends what was received to `into`, and says by how much the peer's window is to grow, if at all.
    ///
    /// A reader with an empty buffer gets the stream's buffer in exchange for its own, so that most bytes are copied
    /// only once, from the socket's buffer into the stream's.
    pub(super) fn read(&mut self, into: &mut BytesMut) -> Option<u32> {
        // It is never longer than the window.
        self.read_since_update += u32::try_from(self.recv_buf.len()).unwrap_or(INITIAL_WINDOW);
        if into.is_empty() {
            std::mem::swap(&mut self.recv_buf, into);
        } else {
            into.extend_from_slice(&self.recv_buf);
        }
        self.recv_buf.clear();
        if self.recv_buf.capacity() > IDLE_BUFFER {
            self.recv_buf = BytesMut::new();
        }
        // Only from half a window on, as hashicorp's yamux does: a window update costs the peer a system call.
        if self.read_since_update < INITIAL_WINDOW / 2 || self.remote_closed {
            return None;
        }
        self.recv_window += self.read_since_update;
        Some(std::mem::take(&mut self.read_since_update))
    }

    /// Wakes reader and writer; `true` when there was one.
    pub(super) fn wake(&mut self) -> bool {
        super::super::wake(&mut self.reader) | super::super::wake(&mut self.writer)
    }
}
