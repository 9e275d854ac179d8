//! Headers, and bytes that come in pieces.

use proptest::prelude::*;

use super::{Frame, control, data, frames};
use crate::mux::frame::{FramePart, FrameReader, Header, Kind, ProtocolError};

#[test]
fn a_header_is_twelve_bytes_with_the_numbers_in_network_order() {
    assert_eq!(
        control(Kind::GoAway, 0x0102, 0x0304_0506, 0x0708_090a),
        [0, 3, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    );
}

#[test]
fn what_is_no_version_and_no_type_is_named() {
    let cut = |mut bytes: &[u8]| FrameReader::default().read_frame(&mut bytes).unwrap_err();
    assert_eq!(cut(b"GET / HTTP/1"), ProtocolError::Version(b'G'));
    assert_eq!(
        cut(&[0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
        ProtocolError::Type(4)
    );
}

#[test]
fn half_a_header_is_no_frame() {
    let mut bytes = &control(Kind::Ping, 0, 0, 0)[..11];
    let mut reader = FrameReader::default();
    assert_eq!(reader.read_frame(&mut bytes), Ok(None));
    assert_eq!(
        reader.read_frame(&mut &[7][..]).unwrap(),
        Some(FramePart::Begin(
            Header {
                kind: Kind::Ping,
                flags: 0,
                stream: 0,
                length: 7
            },
            &[]
        ))
    );
}

fn any_frame() -> impl Strategy<Value = Vec<u8>> {
    let kinds = [Kind::WindowUpdate, Kind::Ping, Kind::GoAway];
    prop_oneof![
        (
            prop::sample::select(kinds.to_vec()),
            any::<(u16, u32, u32)>()
        )
            .prop_map(|(kind, (flags, stream, length))| control(kind, flags, stream, length)),
        (
            any::<(u16, u32)>(),
            prop::collection::vec(any::<u8>(), 0..40)
        )
            .prop_map(|((flags, stream), body)| data(flags, stream, &body)),
    ]
}

proptest! {
    #[test]
    fn wherever_the_bytes_are_split_the_frames_are_the_same(
        all in prop::collection::vec(any_frame(), 0..8),
        sizes in prop::collection::vec(1_usize..30, 1..20),
    ) {
        let bytes = all.concat();
        let mut reader = FrameReader::default();
        let mut cut = Vec::<Frame>::new();
        let mut rest = &bytes[..];
        for size in sizes.iter().cycle() {
            let (mut piece, tail) = rest.split_at((*size).min(rest.len()));
            while let Some(part) = reader.read_frame(&mut piece).unwrap() {
                match part {
                    FramePart::Begin(Header { kind: Kind::Data, flags, stream, .. }, body) => {
                        cut.push((Kind::Data, flags, stream, body.to_vec()));
                    }
                    FramePart::Begin(header, _) => {
                        let Header { kind, flags, stream, length } = header;
                        cut.push((kind, flags, stream, length.to_be_bytes().to_vec()));
                    }
                    FramePart::More(body) => cut.last_mut().unwrap().3.extend(body),
                }
            }
            rest = tail;
            if rest.is_empty() {
                break;
            }
        }
        prop_assert!(reader.is_complete());
        prop_assert_eq!(cut, frames(&bytes));
    }
}
