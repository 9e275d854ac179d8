//! How much may be under way, and who waits for it.

use std::task::{Context, Poll};

use bytes::BytesMut;

use super::super::outbound::OUTBOUND_LIMIT;
use super::super::stream_state::INITIAL_WINDOW;
use super::super::{MAX_FRAME, Session};
use super::{
    control, data, nobody, open, plugin, read, refused, sent, task, with_own_stream, with_stream,
    write,
};
use crate::mux::MuxError;
use crate::mux::frame::{ACK, FIN, Kind, ProtocolError, RST, SYN};

const HALF: usize = INITIAL_WINDOW as usize / 2;

#[track_caller]
fn too_large(session: &mut Session, bytes: &[u8], window: u32) {
    let error = refused(session, bytes);
    let MuxError::Protocol(ProtocolError::TooLarge { window: left, .. }) = error else {
        panic!("{error:?}")
    };
    assert_eq!(left, window);
}

#[test]
fn data_beyond_the_window_end_the_session() {
    let mut session = with_stream();
    session.receive(&data(0, 1, &[0; HALF])).unwrap();
    session.receive(&data(0, 1, &[0; HALF - 1])).unwrap();
    too_large(&mut session, &control(Kind::Data, 0, 1, 2), 1);
}

#[test]
fn a_frame_larger_than_any_window_ends_the_session_also_where_nobody_waits_for_it() {
    too_large(
        &mut plugin(),
        &control(Kind::Data, 0, 99, INITIAL_WINDOW + 1),
        INITIAL_WINDOW,
    );
    too_large(
        &mut plugin(),
        &control(Kind::Data, SYN, 1, u32::MAX),
        INITIAL_WINDOW,
    );
}

#[test]
fn a_window_is_opened_again_when_half_of_it_was_read() {
    let mut session = with_stream();
    session.receive(&data(0, 1, &[0; HALF - 1])).unwrap();
    assert_eq!(read(&mut session, 1).unwrap().len(), HALF - 1);
    assert_eq!(sent(&mut session), []);
    session.receive(&data(0, 1, &[0; 2])).unwrap();
    read(&mut session, 1);
    let half = u32::try_from(HALF).unwrap();
    let opened = (half + 1).to_be_bytes().to_vec();
    assert_eq!(sent(&mut session), [(Kind::WindowUpdate, 0, 1, opened)]);
    session.receive(&data(0, 1, &[0; 2 * HALF])).unwrap();
    too_large(&mut session, &data(0, 1, &[0]), 0);
}

#[test]
fn a_window_that_the_host_has_no_more_use_for_is_not_opened() {
    let mut session = with_stream();
    session.receive(&data(FIN, 1, &[0; 2 * HALF])).unwrap();
    assert_eq!(read(&mut session, 1).unwrap().len(), 2 * HALF);
    assert_eq!(read(&mut session, 1).unwrap(), b"");
    assert_eq!(sent(&mut session), []);
}

#[test]
fn a_host_that_may_wait_for_a_window_is_told_by_a_reset_that_the_stream_is_closed() {
    for (flags, last) in [(0, RST), (FIN, FIN)] {
        let mut session = with_stream();
        session.receive(&data(flags, 1, &[0; 2 * HALF])).unwrap();
        session.close(1);
        assert_eq!(
            sent(&mut session),
            [(Kind::WindowUpdate, last, 1, vec![0; 4])]
        );
    }
}

#[test]
fn a_frame_with_data_and_fin_ends_the_stream_behind_its_data() {
    let mut session = with_stream();
    let last = data(FIN, 1, b"last");
    session.receive(&last[..14]).unwrap();
    assert_eq!(read(&mut session, 1).unwrap(), b"la");
    assert_eq!(read(&mut session, 1), None);
    session.receive(&last[14..]).unwrap();
    session.receive(&data(0, 1, b"and more")).unwrap();
    session
        .receive(&control(Kind::WindowUpdate, FIN, 1, 0))
        .unwrap();
    assert_eq!(read(&mut session, 1).unwrap(), b"st");
    assert_eq!(read(&mut session, 1).unwrap(), b"");
}

#[test]
fn a_writer_stops_at_the_hosts_window_and_goes_on_when_it_opens() {
    let mut session = with_own_stream();
    let size = INITIAL_WINDOW as usize + 10;
    let mut bytes = BytesMut::zeroed(size);
    let (writer, waker) = task();
    let cx = Context::from_waker(&waker);
    while session.poll_write(&cx, 2, &mut bytes).is_pending() && bytes.len() > 10 {
        sent(&mut session);
    }
    writer.woken();
    let frames = sent(&mut session);
    assert!(frames.iter().all(|(_, _, _, body)| body.len() == MAX_FRAME));
    assert_eq!(bytes.len(), 10);
    assert!(
        !session
            .receive(&control(Kind::WindowUpdate, 0, 2, 0))
            .unwrap()
    );
    assert!(session.poll_write(&cx, 2, &mut bytes).is_pending());
    assert_eq!(writer.woken(), 0);
    assert!(
        session
            .receive(&control(Kind::WindowUpdate, 0, 2, 7))
            .unwrap()
    );
    assert_eq!(writer.woken(), 1);
    assert!(session.poll_write(&cx, 2, &mut bytes).is_pending());
    assert_eq!(sent(&mut session), [(Kind::Data, 0, 2, vec![0; 7])]);
    assert_eq!(bytes.len(), 3);
}

#[test]
fn first_bytes_count_against_the_hosts_window() {
    let mut session = plugin();
    open(&mut session, &[0; MAX_FRAME]);
    sent(&mut session);
    let rest = write(&mut session, 2, &vec![0; INITIAL_WINDOW as usize]);
    assert_eq!(rest, MAX_FRAME);
}

#[test]
fn a_window_beyond_all_numbers_is_as_good_as_the_largest() {
    let mut session = with_own_stream();
    for _ in 0..2 {
        let update = control(Kind::WindowUpdate, 0, 2, u32::MAX);
        session.receive(&update).unwrap();
    }
    assert_eq!(session.streams[&2].send_window, u32::MAX);
}

#[test]
fn a_window_that_comes_with_the_stream_is_added() {
    let mut session = plugin();
    session
        .receive(&control(Kind::WindowUpdate, SYN, 1, 5))
        .unwrap();
    assert_eq!(session.streams[&1].send_window, INITIAL_WINDOW + 5);
}

#[test]
fn streams_wait_while_the_socket_does_not_take_what_there_is() {
    let mut session = with_stream();
    open(&mut session, b"");
    let rest = write(&mut session, 1, &vec![0; INITIAL_WINDOW as usize]);
    assert!(rest <= MAX_FRAME && session.outbound.is_full());
    let (writer, waker) = task();
    let cx = Context::from_waker(&waker);
    let mut bytes = BytesMut::from(&b"later"[..]);
    assert!(session.poll_write(&cx, 2, &mut bytes).is_pending());
    let (opener, waker) = task();
    let cx = Context::from_waker(&waker);
    assert!(session.poll_open(&cx, &[]).is_pending());
    assert!(session.outbound.bytes().len() < OUTBOUND_LIMIT + 2 * MAX_FRAME);
    // The host's end has room for what a frame takes, then for more.
    assert!(session.advance(MAX_FRAME));
    assert_eq!((writer.woken(), opener.woken()), (1, 1));
    assert!(!session.advance(1));
    assert!(session.poll_open(&cx, &[]).is_ready());
}

#[test]
fn only_answers_to_the_hosts_own_frames_go_past_that_and_they_are_bounded() {
    let mut session = with_stream();
    write(&mut session, 1, &vec![0; INITIAL_WINDOW as usize]);
    let full = session.outbound.bytes().len();
    let ping = control(Kind::Ping, SYN, 0, 1);
    while !session.outbound.is_overfull() {
        session.receive(&ping).unwrap();
    }
    assert!(session.outbound.bytes().len() - full < OUTBOUND_LIMIT + 100);
}

#[test]
fn a_slow_reader_holds_up_nobody_else() {
    let mut session = with_stream();
    session.receive(&data(SYN, 3, b"")).unwrap();
    session.receive(&data(0, 1, &[0; 2 * HALF])).unwrap();
    for _ in 0..10 {
        session.receive(&data(0, 3, &[0; HALF])).unwrap();
        assert_eq!(read(&mut session, 3).unwrap().len(), HALF);
    }
}

#[test]
fn a_reader_is_woken_once_for_all_that_comes_at_once() {
    let mut session = with_stream();
    let (reader, waker) = task();
    let cx = Context::from_waker(&waker);
    let mut bytes = BytesMut::new();
    for _ in 0..3 {
        assert!(session.poll_read(&cx, 1, &mut bytes).is_pending());
    }
    assert!(
        !session
            .receive(&control(Kind::WindowUpdate, ACK, 1, 9))
            .unwrap()
    );
    let last = control(Kind::WindowUpdate, FIN, 1, 0);
    let all = [data(0, 1, b"a"), data(0, 1, b"b"), last].concat();
    assert!(session.receive(&all).unwrap());
    assert_eq!(reader.woken(), 1);
    assert_eq!(
        session.poll_read(&cx, 1, &mut bytes).map(Result::unwrap),
        Poll::Ready(true)
    );
    assert_eq!(&bytes[..], b"ab");
    assert_eq!(
        session.poll_read(&cx, 1, &mut bytes).map(Result::unwrap),
        Poll::Ready(false)
    );
}

#[test]
fn a_reader_keeps_what_it_has_and_a_stream_no_large_buffer() {
    let mut session = with_stream();
    session.receive(&data(0, 1, &[1; HALF])).unwrap();
    let mut bytes = BytesMut::from(&b"before"[..]);
    let _read = session.poll_read(&nobody(), 1, &mut bytes);
    assert_eq!((&bytes[..6], bytes.len()), (&b"before"[..], 6 + HALF));
    assert!(session.streams[&1].recv_buf.capacity() < HALF);
    bytes.clear();
    session.receive(&data(0, 1, b"after")).unwrap();
    let _read = session.poll_read(&nobody(), 1, &mut bytes);
    assert_eq!(&bytes[..], b"after");
    assert!(session.streams[&1].recv_buf.capacity() < HALF);
}
