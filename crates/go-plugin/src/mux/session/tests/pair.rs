//! Two ends that talk in every order: what is written arrives, and nothing is left over.

use std::collections::BTreeMap;
use std::task::Poll;

use bytes::BytesMut;
use proptest::prelude::*;

use super::super::stream_state::StreamState;
use super::super::{ACCEPT_BACKLOG, Session};
use super::{nobody, plugin};
use crate::mux::frame::Kind;

#[derive(Debug, Clone)]
enum Step {
    Open,
    Accept,
    Write(u8, usize),
    Read(u8),
    Close(u8),
    /// That many bytes reach the other end.
    Carry(usize),
}

fn step() -> impl Strategy<Value = (bool, Step)> {
    let step = prop_oneof![
        Just(Step::Open),
        Just(Step::Accept),
        (any::<u8>(), 0_usize..200_000).prop_map(|(stream, size)| Step::Write(stream, size)),
        any::<u8>().prop_map(Step::Read),
        any::<u8>().prop_map(Step::Close),
        (0_usize..300_000).prop_map(Step::Carry),
        Just(Step::Carry(usize::MAX)),
    ];
    (any::<bool>(), step)
}

/// One end, and what it has said and heard on each stream.
struct End {
    session: Session,
    held: Vec<u32>,
    said: BTreeMap<u32, Vec<u8>>,
    heard: BTreeMap<u32, Vec<u8>>,
    counter: u8,
}

impl End {
    fn new(session: Session) -> Self {
        Self {
            session,
            held: Vec::new(),
            said: BTreeMap::new(),
            heard: BTreeMap::new(),
            counter: 0,
        }
    }

    fn pick(&self, stream: u8) -> Option<u32> {
        self.held
            .get(usize::from(stream) % self.held.len().max(1))
            .copied()
    }

    fn bytes(&mut self, size: usize) -> BytesMut {
        (0..size)
            .map(|_| {
                self.counter = self.counter.wrapping_add(1);
                self.counter
            })
            .collect()
    }

    fn step(&mut self, step: &Step, other: &mut Self) {
        match *step {
            Step::Open => {
                let first = self.bytes(5);
                if let Poll::Ready(id) = self.session.poll_open(&nobody(), &[&first[..]]) {
                    let id = id.unwrap();
                    self.said.insert(id, first.to_vec());
                    self.held.push(id);
                }
            }
            Step::Accept => {
                if let Poll::Ready(id) = self.session.poll_accept(&nobody()) {
                    self.held.extend(id);
                }
            }
            Step::Write(stream, size) => {
                let Some(id) = self.pick(stream) else { return };
                let all = self.bytes(size);
                let mut rest = all.clone();
                // A reset stream takes nothing.
                let _maybe = self.session.poll_write(&nobody(), id, &mut rest);
                let taken = all.len() - rest.len();
                self.said.entry(id).or_default().extend(&all[..taken]);
            }
            Step::Read(stream) => {
                let Some(id) = self.pick(stream) else { return };
                let mut bytes = BytesMut::new();
                let _maybe = self.session.poll_read(&nobody(), id, &mut bytes);
                self.heard.entry(id).or_default().extend(&bytes);
            }
            Step::Close(stream) => {
                let Some(id) = self.pick(stream) else { return };
                self.held.retain(|held| *held != id);
                self.session.close(id);
            }
            Step::Carry(count) => {
                let bytes = self.session.outbound.bytes();
                let bytes = bytes[..count.min(bytes.len())].to_vec();
                self.session.advance(bytes.len());
                other.session.receive(&bytes).unwrap();
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_is_heard_is_what_was_said_and_closed_streams_leave_nothing(
        steps in prop::collection::vec(step(), 0..120),
    ) {
        let mut plugin = End::new(plugin());
        let mut host = End::new(Session::new(1, ACCEPT_BACKLOG));
        for (of_plugin, step) in &steps {
            if *of_plugin {
                plugin.step(step, &mut host);
            } else {
                host.step(step, &mut plugin);
            }
        }
        for (one, other) in [(&plugin, &host), (&host, &plugin)] {
            for (id, heard) in &one.heard {
                let said = other.said.get(id).map_or(&[][..], |said| said);
                prop_assert!(said.starts_with(heard), "stream {id}");
            }
        }
        for _ in 0..4 {
            for step in [Step::Carry(usize::MAX), Step::Accept] {
                for _ in 0..ACCEPT_BACKLOG {
                    plugin.step(&step, &mut host);
                    host.step(&step, &mut plugin);
                }
            }
            while !plugin.held.is_empty() || !host.held.is_empty() {
                plugin.step(&Step::Close(0), &mut host);
                host.step(&Step::Close(0), &mut plugin);
            }
        }
        for end in [&plugin, &host] {
            prop_assert!(end.session.streams.is_empty(), "{:?}", end.session.streams);
            prop_assert_eq!(end.session.inflight, 0);
            prop_assert!(end.session.outbound.bytes().is_empty());
        }
    }

    #[test]
    fn no_bytes_bring_the_table_down_and_splits_make_no_difference(
        bytes in prop::collection::vec(prop_oneof![
            any::<[u8; 12]>().prop_map(|bytes| bytes.to_vec()),
            (0_u8..4, 0_u16..16, 0_u32..8, prop_oneof![0_u32..40, 0_u32..400_000]).prop_map(
                |(kind, flags, stream, length)| {
                    let kinds = [Kind::Data, Kind::WindowUpdate, Kind::Ping, Kind::GoAway];
                    super::control(kinds[usize::from(kind)], flags, stream, length)
                }
            ),
            (0_u16..16, 0_u32..8, prop::collection::vec(any::<u8>(), 0..40))
                .prop_map(|(flags, stream, body)| super::data(flags, stream, &body)),
        ], 0..30).prop_map(|frames| frames.concat()),
        size in 1_usize..40,
    ) {
        let end_of = |size: usize| {
            let mut session = plugin();
            let first = session.poll_open(&nobody(), &[]).map(Result::unwrap);
            let result = bytes.chunks(size).try_for_each(|piece| session.receive(piece).map(drop));
            let streams: BTreeMap<_, _> = session
                .streams
                .iter()
                .map(|(id, stream)| {
                    let StreamState { recv_buf, send_window, recv_window, remote_closed, reset, .. } = stream;
                    (*id, (recv_buf.clone(), *send_window, *recv_window, *remote_closed, *reset))
                })
                .collect();
            (first, format!("{result:?}"), streams, session.outbound.bytes().to_vec())
        };
        let whole = end_of(bytes.len().max(1));
        let split = end_of(size);
        prop_assert_eq!(whole, split);
    }
}
