//! A session without a socket: frames in, frames out.

mod frames;
#[cfg(unix)]
mod hashicorp;
mod pair;
mod socket;
mod streams;
mod whole;
mod windows;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use bytes::BytesMut;

use super::Session;
use crate::mux::frame::{FramePart, FrameReader, Header, Kind, SYN};
use crate::mux::{MAX_INBOUND_STREAMS, MuxError};

/// A frame with its body.
type Frame = (Kind, u16, u32, Vec<u8>);

/// A task that counts how often it was woken.
#[derive(Default)]
struct Task(AtomicUsize);

impl Wake for Task {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

impl Task {
    fn woken(&self) -> usize {
        self.0.swap(0, Ordering::Relaxed)
    }
}

fn task() -> (Arc<Task>, Waker) {
    let task = Arc::<Task>::default();
    (Arc::clone(&task), Waker::from(task))
}

fn nobody() -> Context<'static> {
    Context::from_waker(Waker::noop())
}

fn plugin() -> Session {
    Session::new(2, MAX_INBOUND_STREAMS)
}

/// A plugin's end with the host's stream 1 accepted, and nothing to send.
fn with_stream() -> Session {
    let mut session = plugin();
    session
        .receive(&control(Kind::WindowUpdate, SYN, 1, 0))
        .unwrap();
    assert_eq!(session.poll_accept(&nobody()), Poll::Ready(Some(1)));
    sent(&mut session);
    session
}

/// A plugin's end with its own stream 2 open and answered, and nothing to send.
fn with_own_stream() -> Session {
    let mut session = plugin();
    open(&mut session, b"");
    let answer = control(Kind::WindowUpdate, crate::mux::frame::ACK, 2, 0);
    session.receive(&answer).unwrap();
    sent(&mut session);
    session
}

fn open(session: &mut Session, first: &[u8]) -> u32 {
    match session.poll_open(&nobody(), &[first]) {
        Poll::Ready(id) => id.unwrap(),
        Poll::Pending => panic!("opening waits"),
    }
}

fn control(kind: Kind, flags: u16, stream: u32, length: u32) -> Vec<u8> {
    let header = Header {
        kind,
        flags,
        stream,
        length,
    };
    header.encode().to_vec()
}

fn data(flags: u16, stream: u32, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap();
    [control(Kind::Data, flags, stream, length), body.to_vec()].concat()
}

/// What there is for the socket, which takes it. What is no data has its length for a body.
fn sent(session: &mut Session) -> Vec<Frame> {
    let frames = frames(session.outbound.bytes());
    session.advance(session.outbound.bytes().len());
    frames
}

fn frames(mut bytes: &[u8]) -> Vec<Frame> {
    let mut reader = FrameReader::default();
    let mut frames = Vec::new();
    while let Some(part) = reader.read_frame(&mut bytes).unwrap() {
        let FramePart::Begin(header, body) = part else {
            panic!("half a frame")
        };
        let body = match header.kind {
            Kind::Data => body.to_vec(),
            _ => header.length.to_be_bytes().to_vec(),
        };
        frames.push((header.kind, header.flags, header.stream, body));
    }
    assert!(reader.is_complete());
    frames
}

fn read(session: &mut Session, id: u32) -> Option<Vec<u8>> {
    let mut bytes = BytesMut::new();
    match session.poll_read(&nobody(), id, &mut bytes) {
        Poll::Pending => None,
        Poll::Ready(more) => {
            assert_eq!(more.unwrap(), !bytes.is_empty());
            Some(bytes.to_vec())
        }
    }
}

/// Writes and says how much was left over.
fn write(session: &mut Session, id: u32, bytes: &[u8]) -> usize {
    let mut bytes = BytesMut::from(bytes);
    match session.poll_write(&nobody(), id, &mut bytes) {
        Poll::Ready(result) => result.unwrap(),
        Poll::Pending => assert!(!bytes.is_empty()),
    }
    bytes.len()
}

fn refused(session: &mut Session, bytes: &[u8]) -> MuxError {
    session.receive(bytes).unwrap_err()
}
