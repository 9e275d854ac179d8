//! How much may be under way, and who waits for it.

use std::task::{Context, Poll};

use bytes::BytesMut;

use super::super::MuxError;
use super::super::entry::WINDOW;
use super::super::frame::{ACK, FIN, Kind, ProtocolError, RST, SYN};
use super::super::outbound::OUTBOUND_LIMIT;
use super::super::table::{MAX_FRAME, Table};
use super::{
    control, data, nobody, open, plugin, read, refused, sent, task, with_own_stream, with_stream,
    write,
};

const HALF: usize = WINDOW as usize / 2;

#[track_caller]
fn too_large(table: &mut Table, bytes: &[u8], window: u32) {
    let error = refused(table, bytes);
    let MuxError::Protocol(ProtocolError::TooLarge { window: left, .. }) = error else {
        panic!("{error:?}")
    };
    assert_eq!(left, window);
}

#[test]
fn data_beyond_the_window_end_the_session() {
    let mut table = with_stream();
    table.receive(&data(0, 1, &[0; HALF])).unwrap();
    table.receive(&data(0, 1, &[0; HALF - 1])).unwrap();
    too_large(&mut table, &control(Kind::Data, 0, 1, 2), 1);
}

#[test]
fn a_frame_larger_than_any_window_ends_the_session_also_where_nobody_waits_for_it() {
    too_large(
        &mut plugin(),
        &control(Kind::Data, 0, 99, WINDOW + 1),
        WINDOW,
    );
    too_large(
        &mut plugin(),
        &control(Kind::Data, SYN, 1, u32::MAX),
        WINDOW,
    );
}

#[test]
fn a_window_is_opened_again_when_half_of_it_was_read() {
    let mut table = with_stream();
    table.receive(&data(0, 1, &[0; HALF - 1])).unwrap();
    assert_eq!(read(&mut table, 1).unwrap().len(), HALF - 1);
    assert_eq!(sent(&mut table), []);
    table.receive(&data(0, 1, &[0; 2])).unwrap();
    read(&mut table, 1);
    let half = u32::try_from(HALF).unwrap();
    let opened = (half + 1).to_be_bytes().to_vec();
    assert_eq!(sent(&mut table), [(Kind::WindowUpdate, 0, 1, opened)]);
    table.receive(&data(0, 1, &[0; 2 * HALF])).unwrap();
    too_large(&mut table, &data(0, 1, &[0]), 0);
}

#[test]
fn a_window_that_the_host_has_no_more_use_for_is_not_opened() {
    let mut table = with_stream();
    table.receive(&data(FIN, 1, &[0; 2 * HALF])).unwrap();
    assert_eq!(read(&mut table, 1).unwrap().len(), 2 * HALF);
    assert_eq!(read(&mut table, 1).unwrap(), b"");
    assert_eq!(sent(&mut table), []);
}

#[test]
fn a_host_that_may_wait_for_a_window_is_told_by_a_reset_that_the_stream_is_closed() {
    for (flags, last) in [(0, RST), (FIN, FIN)] {
        let mut table = with_stream();
        table.receive(&data(flags, 1, &[0; 2 * HALF])).unwrap();
        table.close(1);
        assert_eq!(
            sent(&mut table),
            [(Kind::WindowUpdate, last, 1, vec![0; 4])]
        );
    }
}

#[test]
fn a_frame_with_data_and_fin_ends_the_stream_behind_its_data() {
    let mut table = with_stream();
    let last = data(FIN, 1, b"last");
    table.receive(&last[..14]).unwrap();
    assert_eq!(read(&mut table, 1).unwrap(), b"la");
    assert_eq!(read(&mut table, 1), None);
    table.receive(&last[14..]).unwrap();
    table.receive(&data(0, 1, b"and more")).unwrap();
    table
        .receive(&control(Kind::WindowUpdate, FIN, 1, 0))
        .unwrap();
    assert_eq!(read(&mut table, 1).unwrap(), b"st");
    assert_eq!(read(&mut table, 1).unwrap(), b"");
}

#[test]
fn a_writer_stops_at_the_hosts_window_and_goes_on_when_it_opens() {
    let mut table = with_own_stream();
    let size = WINDOW as usize + 10;
    let mut bytes = BytesMut::zeroed(size);
    let (writer, waker) = task();
    let cx = Context::from_waker(&waker);
    while table.poll_write(&cx, 2, &mut bytes).is_pending() && bytes.len() > 10 {
        sent(&mut table);
    }
    writer.woken();
    let frames = sent(&mut table);
    assert!(frames.iter().all(|(_, _, _, body)| body.len() == MAX_FRAME));
    assert_eq!(bytes.len(), 10);
    assert!(
        !table
            .receive(&control(Kind::WindowUpdate, 0, 2, 0))
            .unwrap()
    );
    assert!(table.poll_write(&cx, 2, &mut bytes).is_pending());
    assert_eq!(writer.woken(), 0);
    assert!(
        table
            .receive(&control(Kind::WindowUpdate, 0, 2, 7))
            .unwrap()
    );
    assert_eq!(writer.woken(), 1);
    assert!(table.poll_write(&cx, 2, &mut bytes).is_pending());
    assert_eq!(sent(&mut table), [(Kind::Data, 0, 2, vec![0; 7])]);
    assert_eq!(bytes.len(), 3);
}

#[test]
fn first_bytes_count_against_the_hosts_window() {
    let mut table = plugin();
    open(&mut table, &[0; MAX_FRAME]);
    sent(&mut table);
    let rest = write(&mut table, 2, &vec![0; WINDOW as usize]);
    assert_eq!(rest, MAX_FRAME);
}

#[test]
fn a_window_beyond_all_numbers_is_as_good_as_the_largest() {
    let mut table = with_own_stream();
    for _ in 0..2 {
        let update = control(Kind::WindowUpdate, 0, 2, u32::MAX);
        table.receive(&update).unwrap();
    }
    assert_eq!(table.streams[&2].send_window, u32::MAX);
}

#[test]
fn a_window_that_comes_with_the_stream_is_added() {
    let mut table = plugin();
    table
        .receive(&control(Kind::WindowUpdate, SYN, 1, 5))
        .unwrap();
    assert_eq!(table.streams[&1].send_window, WINDOW + 5);
}

#[test]
fn streams_wait_while_the_socket_does_not_take_what_there_is() {
    let mut table = with_stream();
    open(&mut table, b"");
    let rest = write(&mut table, 1, &vec![0; WINDOW as usize]);
    assert!(rest <= MAX_FRAME && table.outbound.is_full());
    let (writer, waker) = task();
    let cx = Context::from_waker(&waker);
    let mut bytes = BytesMut::from(&b"later"[..]);
    assert!(table.poll_write(&cx, 2, &mut bytes).is_pending());
    let (opener, waker) = task();
    let cx = Context::from_waker(&waker);
    assert!(table.poll_open(&cx, &[]).is_pending());
    assert!(table.outbound.bytes().len() < OUTBOUND_LIMIT + 2 * MAX_FRAME);
    // The host's end has room for what a frame takes, then for more.
    assert!(table.advance(MAX_FRAME));
    assert_eq!((writer.woken(), opener.woken()), (1, 1));
    assert!(!table.advance(1));
    assert!(table.poll_open(&cx, &[]).is_ready());
}

#[test]
fn only_answers_to_the_hosts_own_frames_go_past_that_and_they_are_bounded() {
    let mut table = with_stream();
    write(&mut table, 1, &vec![0; WINDOW as usize]);
    let full = table.outbound.bytes().len();
    let ping = control(Kind::Ping, SYN, 0, 1);
    while !table.outbound.is_overfull() {
        table.receive(&ping).unwrap();
    }
    assert!(table.outbound.bytes().len() - full < OUTBOUND_LIMIT + 100);
}

#[test]
fn a_slow_reader_holds_up_nobody_else() {
    let mut table = with_stream();
    table.receive(&data(SYN, 3, b"")).unwrap();
    table.receive(&data(0, 1, &[0; 2 * HALF])).unwrap();
    for _ in 0..10 {
        table.receive(&data(0, 3, &[0; HALF])).unwrap();
        assert_eq!(read(&mut table, 3).unwrap().len(), HALF);
    }
}

#[test]
fn a_reader_is_woken_once_for_all_that_comes_at_once() {
    let mut table = with_stream();
    let (reader, waker) = task();
    let cx = Context::from_waker(&waker);
    let mut bytes = BytesMut::new();
    for _ in 0..3 {
        assert!(table.poll_read(&cx, 1, &mut bytes).is_pending());
    }
    assert!(
        !table
            .receive(&control(Kind::WindowUpdate, ACK, 1, 9))
            .unwrap()
    );
    let last = control(Kind::WindowUpdate, FIN, 1, 0);
    let all = [data(0, 1, b"a"), data(0, 1, b"b"), last].concat();
    assert!(table.receive(&all).unwrap());
    assert_eq!(reader.woken(), 1);
    assert_eq!(
        table.poll_read(&cx, 1, &mut bytes).map(Result::unwrap),
        Poll::Ready(true)
    );
    assert_eq!(&bytes[..], b"ab");
    assert_eq!(
        table.poll_read(&cx, 1, &mut bytes).map(Result::unwrap),
        Poll::Ready(false)
    );
}

#[test]
fn a_reader_keeps_what_it_has_and_a_stream_no_large_buffer() {
    let mut table = with_stream();
    table.receive(&data(0, 1, &[1; HALF])).unwrap();
    let mut bytes = BytesMut::from(&b"before"[..]);
    let _read = table.poll_read(&nobody(), 1, &mut bytes);
    assert_eq!((&bytes[..6], bytes.len()), (&b"before"[..], 6 + HALF));
    assert!(table.streams[&1].inbound.capacity() < HALF);
    bytes.clear();
    table.receive(&data(0, 1, b"after")).unwrap();
    let _read = table.poll_read(&nobody(), 1, &mut bytes);
    assert_eq!(&bytes[..], b"after");
    assert!(table.streams[&1].inbound.capacity() < HALF);
}
