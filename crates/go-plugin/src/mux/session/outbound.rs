//! The bytes that wait for the socket, and the driver, which sleeps until there are some.

use std::task::{Context, Waker};

use crate::mux::frame::{Header, Kind};

/// How many bytes may wait for the socket before streams must wait with theirs.
/// Large enough that one write carries what a hundred answers produce between two writes,
/// small enough that a host that stops reading costs next to nothing.
pub(super) const OUTBOUND_LIMIT: usize = 256 * 1024;

/// How many bytes may wait for the socket before reading from it stops. More than [`OUTBOUND_LIMIT`], past which only
/// replies to the host's frames are added (to a ping, to a stream that is refused): two sides with full buffers still
/// read, so they do not block each other.
const REPLIES_LIMIT: usize = 2 * OUTBOUND_LIMIT;

/// An empty buffer larger than this is given back after a burst.
const IDLE_BUFFER: usize = 64 * 1024;

#[derive(Debug, Default)]
pub(super) struct Outbound {
    bytes: Vec<u8>,
    driver: Option<Waker>,
    /// Whether no frame has been appended since the driver went to sleep.
    asleep: bool,
}

impl Outbound {
    /// Appends a frame without a body.
    pub(super) fn control(&mut self, kind: Kind, flags: u16, stream: u32, length: u32) {
        let header = Header {
            kind,
            flags,
            stream,
            length,
        };
        self.bytes.extend_from_slice(&header.encode());
        self.wake_driver();
    }

    /// Appends a frame with a body of `length` bytes in pieces.
    pub(super) fn data(&mut self, flags: u16, stream: u32, length: u32, pieces: &[&[u8]]) {
        self.control(Kind::Data, flags, stream, length);
        for piece in pieces {
            self.bytes.extend_from_slice(piece);
        }
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Whether streams must wait.
    pub(super) fn is_full(&self) -> bool {
        self.bytes.len() >= OUTBOUND_LIMIT
    }

    /// Whether the host must read something before anything more is read from it.
    pub(super) fn is_overfull(&self) -> bool {
        self.bytes.len() >= REPLIES_LIMIT
    }

    /// Notes that the socket has taken the first `count` bytes.
    pub(super) fn advance(&mut self, count: usize) {
        self.bytes.drain(..count);
        if self.bytes.is_empty() && self.bytes.capacity() > IDLE_BUFFER {
            self.bytes = Vec::new();
        }
    }

    /// From now on the next frame wakes the driver.
    pub(super) fn sleep(&mut self, cx: &Context<'_>) {
        super::super::wait(&mut self.driver, cx);
        self.asleep = true;
    }

    /// Notes that the driver runs; `true` when it slept until now, so that only the socket can have woken it.
    pub(super) fn awake(&mut self) -> bool {
        std::mem::take(&mut self.asleep)
    }

    fn wake_driver(&mut self) {
        if self.awake()
            && let Some(driver) = &self.driver
        {
            driver.wake_by_ref();
        }
    }
}
