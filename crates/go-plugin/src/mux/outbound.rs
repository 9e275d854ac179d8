//! The bytes that wait for the socket, and the driver that sleeps until there are some.

use std::task::{Context, Waker};

use super::frame::{Header, Kind};

/// How many bytes may wait for the socket before streams must wait with theirs.
/// Large enough that one write carries what a hundred answers produce in a round,
/// small enough that a host which stops reading costs next to nothing.
pub(super) const OUTBOUND_LIMIT: usize = 256 * 1024;

/// From how many waiting bytes on nothing more is read. Beyond [`OUTBOUND_LIMIT`], because what goes past that one
/// answers a frame of the host's (a ping, a refused stream): two ends that wait only for each other's data never block.
const REPLIES_LIMIT: usize = 2 * OUTBOUND_LIMIT;

/// An empty buffer larger than this is given back after a burst.
const IDLE_BUFFER: usize = 64 * 1024;

#[derive(Debug, Default)]
pub(super) struct Outbound {
    bytes: Vec<u8>,
    driver: Option<Waker>,
    /// Nobody has woken the driver since it went to sleep.
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
        self.rouse();
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

    /// Whether the host must take something before it may say something.
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
        super::wait(&mut self.driver, cx);
        self.asleep = true;
    }

    /// Notes that the driver runs; `true` when it had been asleep until now, and so nobody but the socket has woken it.
    pub(super) fn awake(&mut self) -> bool {
        std::mem::take(&mut self.asleep)
    }

    fn rouse(&mut self) {
        if self.awake()
            && let Some(driver) = &self.driver
        {
            driver.wake_by_ref();
        }
    }
}
