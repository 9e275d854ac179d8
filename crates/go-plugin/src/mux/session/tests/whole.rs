//! What concerns the connection as a whole.

use std::io::ErrorKind;
use std::task::{Context, Poll};

use bytes::BytesMut;

use super::{control, data, nobody, open, plugin, read, refused, sent, task, with_stream};
use crate::mux::MuxError;
use crate::mux::frame::{ACK, Kind, SYN};

#[test]
fn a_ping_is_answered_with_its_number_and_an_answer_is_not() {
    let mut session = plugin();
    assert!(!session.receive(&control(Kind::Ping, SYN, 0, 77)).unwrap());
    session.receive(&control(Kind::Ping, ACK, 0, 78)).unwrap();
    let number = 77_u32.to_be_bytes().to_vec();
    assert_eq!(sent(&mut session), [(Kind::Ping, ACK, 0, number)]);
}

#[test]
fn a_host_that_leaves_takes_no_further_streams_and_those_that_are_open_go_on() {
    let mut session = with_stream();
    let (opener, waker) = task();
    session.openers.push(waker);
    assert!(session.receive(&control(Kind::GoAway, 0, 0, 0)).unwrap());
    assert_eq!(opener.woken(), 1);
    assert!(matches!(
        session.poll_open(&nobody(), &[]),
        Poll::Ready(Err(MuxError::NoMoreStreams))
    ));
    session.receive(&data(0, 1, b"asked")).unwrap();
    assert_eq!(read(&mut session, 1).unwrap(), b"asked");
    super::write(&mut session, 1, b"answered");
    assert_eq!(
        sent(&mut session),
        [(Kind::Data, 0, 1, b"answered".to_vec())]
    );
}

#[test]
fn a_host_that_gives_up_says_why() {
    let code = |code| refused(&mut plugin(), &control(Kind::GoAway, 0, 0, code));
    assert!(matches!(code(1), MuxError::GoAway(1)));
    assert!(matches!(code(2), MuxError::GoAway(2)));
}

#[test]
fn at_the_end_everybody_who_waits_is_woken_and_told() {
    let mut session = with_stream();
    open(&mut session, b"");
    let (waiting, waker) = task();
    let cx = Context::from_waker(&waker);
    let mut bytes = BytesMut::new();
    assert!(session.poll_read(&cx, 1, &mut bytes).is_pending());
    assert!(session.poll_accept(&cx).is_pending());
    session.openers.push(waker.clone());
    session.streams.get_mut(&2).unwrap().writer = Some(waker.clone());
    session.receive(&data(SYN, 3, b"last")).unwrap();
    waiting.woken();
    let _pending = session.poll_accept(&cx);
    assert!(session.poll_accept(&cx).is_pending());
    session.end();
    assert_eq!(waiting.woken(), 4);
    assert_eq!(session.poll_accept(&cx), Poll::Ready(None));
    assert!(matches!(
        session.poll_open(&cx, &[]),
        Poll::Ready(Err(MuxError::Ended))
    ));
    assert_eq!(read(&mut session, 3).unwrap(), b"last");
    assert_eq!(read(&mut session, 3).unwrap(), b"");
    bytes.extend(b"x");
    let Poll::Ready(Err(error)) = session.poll_write(&nobody(), 1, &mut bytes) else {
        panic!("it writes")
    };
    assert_eq!(error.kind(), ErrorKind::BrokenPipe);
    for id in 1..4 {
        session.close(id);
    }
    assert!(session.streams.is_empty());
    assert_eq!(sent(&mut session), []);
}

#[test]
fn the_driver_is_woken_by_the_first_frame_after_it_went_to_sleep() {
    let mut session = with_stream();
    let (driver, waker) = task();
    let cx = Context::from_waker(&waker);
    super::write(&mut session, 1, b"nobody sleeps yet");
    session.outbound.sleep(&cx);
    assert_eq!(driver.woken(), 0);
    super::write(&mut session, 1, b"first");
    super::write(&mut session, 1, b"second");
    assert_eq!(driver.woken(), 1);
    assert!(!session.outbound.awake(), "a frame has woken it");
    session.outbound.sleep(&cx);
    assert!(session.outbound.awake(), "the socket has woken it");
    super::write(&mut session, 1, b"it runs");
    assert_eq!(driver.woken(), 0);
}
