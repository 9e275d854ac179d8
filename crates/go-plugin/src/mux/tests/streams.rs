//! How streams begin and end.

use std::io::ErrorKind;
use std::task::{Context, Poll};

use bytes::BytesMut;

use super::super::frame::{ACK, FIN, Kind, ProtocolError, RST, SYN};
use super::super::table::{BACKLOG, MAX_FRAME, Table};
use super::super::{MAX_INBOUND_STREAMS, MAX_STREAMS, MuxError};
use super::{
    control, data, nobody, open, plugin, read, refused, sent, task, with_own_stream, with_stream,
    write,
};

fn fin(stream: u32) -> Vec<super::Frame> {
    vec![(Kind::WindowUpdate, FIN, stream, vec![0; 4])]
}

#[test]
fn a_stream_opens_with_its_first_bytes_in_one_frame() {
    let mut table = plugin();
    let opened = table.poll_open(&nobody(), &[b"num", b"ber"]);
    assert!(matches!(opened, Poll::Ready(Ok(2))));
    assert_eq!(sent(&mut table), [(Kind::Data, SYN, 2, b"number".to_vec())]);
    assert_eq!(open(&mut table, b""), 4);
}

#[test]
fn first_bytes_that_fit_in_no_frame_open_nothing() {
    let mut table = plugin();
    let opened = table.poll_open(&nobody(), &[&[0; MAX_FRAME], &[0]]);
    assert!(matches!(opened, Poll::Ready(Err(MuxError::FirstBytes))));
    assert_eq!(sent(&mut table), []);
    assert!(table.streams.is_empty());
}

#[test]
fn a_stream_of_the_host_is_acknowledged_once_when_it_is_accepted() {
    let mut table = plugin();
    table.receive(&data(SYN, 1, b"hello")).unwrap();
    assert_eq!(sent(&mut table), []);
    assert_eq!(table.poll_accept(&nobody()), Poll::Ready(Some(1)));
    assert_eq!(sent(&mut table), [(Kind::Data, ACK, 1, Vec::new())]);
    assert_eq!(table.poll_accept(&nobody()), Poll::Pending);
    assert_eq!(read(&mut table, 1).unwrap(), b"hello");
    write(&mut table, 1, b"back");
    assert_eq!(sent(&mut table), [(Kind::Data, 0, 1, b"back".to_vec())]);
}

#[test]
fn whoever_waits_for_a_stream_is_woken() {
    let mut table = plugin();
    let (acceptor, waker) = task();
    let _pending = table.poll_accept(&Context::from_waker(&waker));
    assert!(table.receive(&data(SYN, 1, b"")).unwrap());
    assert_eq!(acceptor.woken(), 1);
}

#[test]
fn a_stream_that_the_host_resets_before_it_is_accepted_is_forgotten() {
    let mut table = plugin();
    table.receive(&data(SYN, 1, b"hello")).unwrap();
    table
        .receive(&control(Kind::WindowUpdate, RST, 1, 0))
        .unwrap();
    assert_eq!(table.poll_accept(&nobody()), Poll::Pending);
    assert_eq!(sent(&mut table), []);
    assert!(table.streams.is_empty());
}

#[test]
fn a_closed_stream_sends_a_fin_by_itself_and_is_forgotten_at_once() {
    let mut table = with_stream();
    write(&mut table, 1, b"last words");
    table.close(1);
    table.close(1);
    assert_eq!(
        sent(&mut table),
        [vec![(Kind::Data, 0, 1, b"last words".to_vec())], fin(1)].concat()
    );
    assert!(table.streams.is_empty());
}

#[test]
fn a_stream_that_the_host_ended_first_is_ended_by_a_fin_as_well() {
    let mut table = with_own_stream();
    table
        .receive(&control(Kind::WindowUpdate, FIN, 2, 0))
        .unwrap();
    assert_eq!(read(&mut table, 2).unwrap(), b"");
    write(&mut table, 2, b"still");
    table.close(2);
    assert_eq!(
        sent(&mut table),
        [vec![(Kind::Data, 0, 2, b"still".to_vec())], fin(2)].concat()
    );
    assert!(table.streams.is_empty());
}

#[test]
fn frames_for_a_closed_stream_are_passed_over() {
    let mut table = with_own_stream();
    table.close(2);
    sent(&mut table);
    // A body that comes in two reads; the second looks like something else.
    let late = data(0, 2, &control(Kind::GoAway, 0, 0, 2));
    let (head, tail) = late.split_at(14);
    assert!(!table.receive(head).unwrap());
    assert!(!table.receive(tail).unwrap());
    for flags in [0, ACK, FIN, RST] {
        table
            .receive(&control(Kind::WindowUpdate, flags, 2, 9))
            .unwrap();
        table.receive(&data(flags, 2, b"late")).unwrap();
    }
    assert_eq!(sent(&mut table), []);
    assert!(table.streams.is_empty());
}

#[test]
fn a_body_for_nobody_that_comes_in_pieces_reaches_nobody() {
    let mut table = with_stream();
    table.receive(&data(0, 1, b"mine")).unwrap();
    let other = data(FIN, 99, b"not mine");
    table.receive(&other[..14]).unwrap();
    table.receive(&other[14..]).unwrap();
    assert_eq!(read(&mut table, 1).unwrap(), b"mine");
    assert_eq!(read(&mut table, 1), None);
}

#[test]
fn a_stream_that_is_closed_in_the_middle_of_a_frame_takes_no_other_with_it() {
    let mut table = with_stream();
    let long = data(0, 1, &[7; 100]);
    table.receive(&long[..50]).unwrap();
    table.close(1);
    table.receive(&long[50..]).unwrap();
    table.receive(&data(SYN, 3, b"next")).unwrap();
    assert_eq!(read(&mut table, 3).unwrap(), b"next");
    assert_eq!(table.streams.len(), 1);
}

#[test]
fn a_reset_stream_fails_at_once_and_is_closed_without_a_word() {
    let mut table = with_own_stream();
    table.receive(&data(0, 2, b"unread")).unwrap();
    let (reader, waker) = task();
    table.streams.get_mut(&2).unwrap().writer = Some(waker);
    table
        .receive(&control(Kind::WindowUpdate, RST, 2, 0))
        .unwrap();
    assert_eq!(reader.woken(), 1);
    let mut bytes = BytesMut::from(&b"x"[..]);
    let Poll::Ready(Err(error)) = table.poll_read(&nobody(), 2, &mut bytes) else {
        panic!("it reads")
    };
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    let Poll::Ready(Err(error)) = table.poll_write(&nobody(), 2, &mut bytes) else {
        panic!("it writes")
    };
    assert_eq!(error.kind(), ErrorKind::ConnectionReset);
    table.close(2);
    assert_eq!(sent(&mut table), []);
    assert!(table.streams.is_empty());
}

#[test]
fn a_closed_stream_that_the_host_has_not_answered_is_kept_until_it_does() {
    let answers = [
        control(Kind::WindowUpdate, ACK, 2, 0),
        control(Kind::WindowUpdate, RST, 2, 0),
        // hashicorp's end leaves the ACK out where it learns of the FIN before it accepts.
        control(Kind::WindowUpdate, FIN, 2, 0),
        data(0, 2, b"echo"),
    ];
    for answer in answers {
        let mut table = plugin();
        open(&mut table, b"first");
        table.close(2);
        assert_eq!(sent(&mut table)[1..], fin(2));
        assert_eq!((table.streams.len(), table.unanswered), (1, 1));
        table.receive(&answer).unwrap();
        assert_eq!((table.streams.len(), table.unanswered), (0, 0));
        assert_eq!(sent(&mut table), []);
    }
}

#[test]
fn no_more_streams_are_opened_than_fit_into_the_hosts_queue() {
    let mut table = plugin();
    for _ in 0..BACKLOG {
        let id = open(&mut table, b"");
        if id.is_multiple_of(4) {
            table.close(id);
        }
    }
    let (opener, waker) = task();
    let cx = Context::from_waker(&waker);
    for _ in 0..3 {
        assert!(table.poll_open(&cx, &[]).is_pending());
    }
    assert_eq!(table.openers.len(), 1);
    // The first answer makes room, a second for the same stream does not.
    for woken in [1, 0] {
        table
            .receive(&control(Kind::WindowUpdate, ACK, 2, 0))
            .unwrap();
        assert_eq!(opener.woken(), woken);
    }
    assert!(table.poll_open(&cx, &[]).is_ready());
    assert!(table.poll_open(&cx, &[]).is_pending());
}

#[test]
fn a_stream_too_many_is_not_opened_and_the_others_go_on() {
    let mut table = plugin();
    for _ in 0..MAX_STREAMS {
        let id = open(&mut table, b"");
        table
            .receive(&control(Kind::WindowUpdate, ACK, id, 0))
            .unwrap();
        sent(&mut table);
    }
    let one_more = table.poll_open(&nobody(), &[]);
    assert!(matches!(
        one_more,
        Poll::Ready(Err(MuxError::TooManyStreams))
    ));
    table.receive(&data(SYN, 1, b"")).unwrap();
    assert_eq!(sent(&mut table), [(Kind::WindowUpdate, RST, 1, vec![0; 4])]);
    table.close(2);
    assert!(table.poll_open(&nobody(), &[]).is_ready());
}

#[test]
fn a_table_that_was_large_gives_its_room_back() {
    let mut table = plugin();
    let mut ids = Vec::new();
    for _ in 0..2_000 {
        let id = open(&mut table, b"");
        table
            .receive(&control(Kind::WindowUpdate, ACK, id, 0))
            .unwrap();
        sent(&mut table);
        ids.push(id);
    }
    assert!(table.streams.capacity() >= 2_000);
    for id in ids.split_off(5) {
        table.close(id);
        sent(&mut table);
    }
    assert!(table.streams.capacity() < 500);
    assert_eq!(table.streams.len(), 5);
}

#[test]
fn past_the_bound_streams_that_nobody_accepts_are_reset() {
    let mut table = plugin();
    let bound = u32::try_from(MAX_INBOUND_STREAMS).unwrap();
    for number in 0..=bound {
        table.receive(&data(SYN, 2 * number + 1, b"first")).unwrap();
    }
    let refused = 2 * bound + 1;
    assert_eq!(
        sent(&mut table),
        [(Kind::WindowUpdate, RST, refused, vec![0; 4])]
    );
    assert_eq!(table.streams.len(), MAX_INBOUND_STREAMS);
    table.receive(&data(0, refused, b"more")).unwrap();
    let _accepted = table.poll_accept(&nobody());
    table.receive(&data(SYN, refused + 2, b"")).unwrap();
    assert_eq!(sent(&mut table), [(Kind::Data, ACK, 1, Vec::new())]);
}

#[test]
fn the_host_opens_odd_numbers_each_once() {
    let wrong = |table: &mut Table, id| match refused(table, &data(SYN, id, b"")) {
        MuxError::Protocol(error) => error,
        error => panic!("{error:?}"),
    };
    assert_eq!(wrong(&mut plugin(), 2), ProtocolError::WrongStream(2));
    assert_eq!(wrong(&mut plugin(), 0), ProtocolError::WrongStream(0));
    let mut host = Table::new(1, 1);
    assert_eq!(wrong(&mut host, 0), ProtocolError::WrongStream(0));
    assert_eq!(wrong(&mut with_stream(), 1), ProtocolError::Duplicate(1));
}

#[test]
fn after_the_last_number_the_first_that_is_free_is_given() {
    let mut table = with_own_stream();
    table.next = u32::MAX - 1;
    assert_eq!(open(&mut table, b""), u32::MAX - 1);
    assert_eq!(open(&mut table, b""), 4);
}
