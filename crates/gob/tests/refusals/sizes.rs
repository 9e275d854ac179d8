//! Lengths, counts and memory.

use super::*;

#[test]
fn a_message_that_is_too_long_is_refused_when_its_length_is_known() {
    let limits = Limits {
        message_bytes: 1000,
        ..Limits::default()
    };
    let mut decoder = Decoder::new(limits);
    let error = decoder
        .next_message(&mut BytesMut::from(&b"\xfe\x03\xe9"[..]))
        .unwrap_err();
    assert_eq!(
        *error.kind(),
        ErrorKind::MessageTooLong {
            length: 1001,
            limit: 1000
        }
    );
    assert_eq!(
        error.to_string(),
        "gob: a message of 1001 bytes; the limit is 1000"
    );
}

#[test]
fn a_message_that_is_not_there_yet_takes_no_memory() {
    let mut buffer = BytesMut::from(&b"\xfc\x03\xff\xff\xff"[..]);
    let before = buffer.capacity();
    assert!(
        Decoder::default()
            .next_message(&mut buffer)
            .unwrap()
            .is_none()
    );
    assert_eq!(buffer.capacity(), before);
}

#[test]
fn parts_of_one_message_are_limited_together() {
    // The definition of a type as a slice of another.
    let slice = |id: i64, element: i64| {
        [
            int(-id),
            b"\x02\x01\x02".to_vec(),
            int(id),
            b"\x00\x01".to_vec(),
            int(element),
            vec![0, 0],
        ]
        .concat()
    };
    // Three interface values named `a`, `a` and `b`; the first and the last bring the definitions of their types.
    let parts = [
        [&int(65)[..], b"\x00\x03\x01a", &slice(66, 2)].concat(),
        [
            &int(66)[..],
            b"\x02\x00\x00\x01a",
            &int(66),
            b"\x02\x00\x00\x01b",
            &slice(67, 3),
        ]
        .concat(),
        [&int(67)[..], b"\x02\x00\x00"].concat(),
    ];
    let whole = parts.iter().map(Vec::len).sum::<usize>() + parts.len() - 1;
    let stream = [vec![slice(65, 8)], parts.to_vec()]
        .concat()
        .iter()
        .flat_map(|part| message(part))
        .collect::<Vec<_>>();

    let within = |message_bytes| {
        decoded_within::<Vec<Interface>>(
            Limits {
                message_bytes,
                ..Limits::default()
            },
            &stream,
        )
    };
    let names: Vec<_> = within(whole)
        .unwrap()
        .into_iter()
        .map(|interface| interface.name)
        .collect();
    assert_eq!(names, ["a", "a", "b"]);
    // The type number that the message begins with is not counted with its parts.
    let limit = whole - int(65).len() - 1;
    let error = within(limit).unwrap_err();
    assert_eq!(
        *error.kind(),
        ErrorKind::MessageTooLong {
            length: limit as u64 + 1,
            limit
        }
    );
}

#[test]
fn a_count_beyond_the_message_allocates_nothing() {
    let huge = b"\xf8\x7f\xff\xff\xff\xff\xff\xff\xff";
    let list = encoded(&vec![String::from("a")]);
    let definition = &list[..=usize::from(list[0])];
    for stream in [
        // A string, bytes, and a slice of strings of that length.
        message(&[&b"\x0c\x00"[..], huge].concat()),
        message(&[&b"\x0a\x00"[..], huge].concat()),
        [definition, &message(&[&b"\xff\x82\x00"[..], huge].concat())].concat(),
    ] {
        let kind = refused::<Value>(&stream);
        assert!(
            matches!(
                kind,
                ErrorKind::LengthTooLong {
                    length: 0x7fff_ffff_ffff_ffff,
                    ..
                }
            ),
            "{kind:?}"
        );
    }
}

#[test]
fn a_slice_whose_elements_grow_in_memory_is_limited() {
    #[derive(Gob, Debug)]
    struct Wide {
        a: [u64; 64],
    }
    #[derive(Gob, Debug)]
    struct Narrow {}
    let stream = encoded(&(0..10_000).map(|_| Narrow {}).collect::<Vec<_>>());
    let limits = Limits {
        value_bytes: 1 << 20,
        ..Limits::default()
    };
    let error = decoded_within::<Vec<Wide>>(limits.clone(), &stream).unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::ValueTooLarge { limit: 1 << 20 });
    assert!(decoded_within::<Vec<Narrow>>(limits, &stream).is_ok());
}
