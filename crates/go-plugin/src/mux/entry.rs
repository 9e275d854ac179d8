//! What is known of one stream.

use std::task::Waker;

use bytes::BytesMut;

/// How much either side may send on a stream before it must wait for a window update.
/// The protocol begins with this, and neither hashicorp's end nor this one ever grants more.
pub(super) const WINDOW: u32 = 256 * 1024;

/// An empty buffer larger than this is given back once a reader has had its bytes.
const IDLE_BUFFER: usize = 16 * 1024;

#[derive(Debug)]
pub(super) struct Entry {
    /// What came and nobody has read.
    pub(super) inbound: BytesMut,
    pub(super) reader: Option<Waker>,
    pub(super) writer: Option<Waker>,
    /// How much may be sent.
    pub(super) send_window: u32,
    /// How much may come.
    pub(super) receive_window: u32,
    /// What was read since the last window update.
    pub(super) taken: u32,
    /// The peer knows this stream: it has sent a frame for it.
    pub(super) answered: bool,
    /// Nothing more will come.
    pub(super) finished: bool,
    /// The peer has reset the stream.
    pub(super) reset: bool,
    /// Its owner has dropped it, and it is kept only until it is answered.
    pub(super) dropped: bool,
}

impl Entry {
    pub(super) fn new(answered: bool) -> Self {
        Self {
            inbound: BytesMut::new(),
            reader: None,
            writer: None,
            send_window: WINDOW,
            receive_window: WINDOW,
            taken: 0,
            answered,
            finished: false,
            reset: false,
            dropped: false,
        }
    }

    /// Takes in a piece of a body, which `ends` the stream or does not; `true` when a reader was woken by it.
    pub(super) fn take_in(&mut self, body: &[u8], ends: bool) -> bool {
        if !self.finished {
            self.inbound.extend_from_slice(body);
        }
        self.finished |= ends;
        (ends || !body.is_empty()) && super::wake(&mut self.reader)
    }

    /// Moves what came into `into`, and says by how much the peer's window is to be opened again; mostly not at all.
    ///
    /// A reader that has nothing left gets the buffer itself and leaves its own: most bytes are copied once, from the
    /// socket's buffer into the stream's.
    pub(super) fn hand_over(&mut self, into: &mut BytesMut) -> Option<u32> {
        // As much as the window at most.
        self.taken += u32::try_from(self.inbound.len()).unwrap_or(WINDOW);
        if into.is_empty() {
            std::mem::swap(&mut self.inbound, into);
        } else {
            into.extend_from_slice(&self.inbound);
        }
        self.inbound.clear();
        if self.inbound.capacity() > IDLE_BUFFER {
            self.inbound = BytesMut::new();
        }
        // By halves, as hashicorp does: a window update costs the peer a system call.
        if self.taken < WINDOW / 2 || self.finished {
            return None;
        }
        self.receive_window += self.taken;
        Some(std::mem::take(&mut self.taken))
    }

    /// Wakes reader and writer; `true` when there was one.
    pub(super) fn wake(&mut self) -> bool {
        super::wake(&mut self.reader) | super::wake(&mut self.writer)
    }
}
