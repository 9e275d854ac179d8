//! A struct with a field of each kind, the twin of `everything` in `tests/gob-peer`, and values of it.

use std::collections::BTreeMap;

use gob::{BString, BinaryMarshaled, Complex, Gob, GobEncoded, Interface, Value};
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::{Just, Strategy, any, prop_oneof};

#[derive(Gob, Debug, Clone, PartialEq)]
pub(crate) struct Everything {
    pub(crate) flag: bool,
    pub(crate) small: i8,
    pub(crate) int: i64,
    pub(crate) byte: u8,
    pub(crate) wide: u64,
    pub(crate) float: f64,
    pub(crate) single: f32,
    pub(crate) complex: Complex,
    pub(crate) text: String,
    pub(crate) raw: BString,
    pub(crate) bytes: Vec<u8>,
    pub(crate) list: Vec<String>,
    pub(crate) array: [u16; 3],
    pub(crate) octets: [u8; 2],
    pub(crate) header: BTreeMap<String, Vec<String>>,
    pub(crate) numbers: BTreeMap<i32, Point>,
    #[gob(name = "URL")]
    pub(crate) url: Option<BinaryMarshaled>,
    pub(crate) big: Option<GobEncoded>,
    pub(crate) pointer: Option<String>,
    pub(crate) point: Option<Point>,
    pub(crate) points: Vec<Point>,
    pub(crate) chain: Option<Box<Chain>>,
    pub(crate) error: Option<Coded>,
    pub(crate) any: Vec<Option<Interface>>,
    pub(crate) empty: (),
}

#[derive(Gob, Debug, Clone, PartialEq)]
pub(crate) struct Point {
    pub(crate) x: i64,
    pub(crate) y: i64,
}

/// A struct that contains itself.
#[derive(Gob, Debug, Clone, PartialEq)]
pub(crate) struct Chain {
    pub(crate) value: i64,
    pub(crate) next: Option<Box<Chain>>,
}

/// Go's `error` with the one concrete type that the peer registers.
#[derive(Gob, Debug, Clone, PartialEq)]
#[gob(interface)]
pub(crate) enum Coded {
    #[gob(name = "*peer.coded")]
    Coded(CodedError),
}

#[derive(Gob, Debug, Clone, PartialEq)]
pub(crate) struct CodedError {
    pub(crate) code: i64,
    pub(crate) err: String,
}

pub(crate) fn point() -> impl Strategy<Value = Point> {
    (any::<i64>(), any::<i64>()).prop_map(|(x, y)| Point { x, y })
}

pub(crate) fn chain() -> impl Strategy<Value = Chain> {
    vec(any::<i64>(), 1..20).prop_map(|values| {
        let end = Chain {
            value: 0,
            next: None,
        };
        values.into_iter().fold(end, |next, value| Chain {
            value,
            next: Some(Box::new(next)),
        })
    })
}

fn interface() -> impl Strategy<Value = Interface> {
    prop_oneof![
        any::<bool>().prop_map(Interface::from),
        any::<i64>().prop_map(Interface::from),
        any::<u32>().prop_map(Interface::from),
        any::<String>().prop_map(Interface::from),
        vec(any::<u8>(), 0..200).prop_map(Interface::from),
        any::<i16>().prop_map(|value| Interface::new("int16", Value::Int(value.into()))),
    ]
}

/// What Go's `big.Int` writes: a version and sign byte, and the digits without leading zeros.
fn big() -> impl Strategy<Value = GobEncoded> {
    (any::<bool>(), 1..=255u8, vec(any::<u8>(), 0..20)).prop_map(|(negative, first, rest)| {
        GobEncoded(
            [2 | u8::from(negative), first]
                .into_iter()
                .chain(rest)
                .collect(),
        )
    })
}

/// Go leaves out a pointer to an empty string, so that it would not come back.
fn text() -> impl Strategy<Value = String> {
    "\\PC{1,40}"
}

pub(crate) fn everything() -> impl Strategy<Value = Everything> {
    let numbers = (
        any::<bool>(),
        any::<i8>(),
        prop_oneof![any::<i64>(), Just(0)],
        any::<u8>(),
        prop_oneof![any::<u64>(), 0..300u64],
        any::<f64>(),
        any::<f32>(),
        (any::<f64>(), any::<f64>()).prop_map(|(re, im)| Complex { re, im }),
    );
    let texts = (
        any::<String>(),
        vec(any::<u8>(), 0..20).prop_map(BString::from),
        vec(any::<u8>(), 0..300),
        vec(any::<String>(), 0..4),
        any::<[u16; 3]>(),
        any::<[u8; 2]>(),
    );
    let maps = (
        btree_map(any::<String>(), vec(any::<String>(), 0..3), 0..5),
        btree_map(any::<i32>(), point(), 0..5),
        option::of("/[a-z]{0,20}".prop_map(|path| BinaryMarshaled(path.into_bytes()))),
        option::of(big()),
    );
    let pointers = (
        option::of(text()),
        option::of(point()),
        vec(point(), 0..4),
        option::of(chain().prop_map(Box::new)),
        option::of(
            (any::<i64>(), any::<String>())
                .prop_map(|(code, err)| Coded::Coded(CodedError { code, err })),
        ),
        vec(option::of(interface()), 0..4),
    );
    (numbers, texts, maps, pointers).prop_map(|(numbers, texts, maps, pointers)| {
        let (flag, small, int, byte, wide, float, single, complex) = numbers;
        let (text, raw, bytes, list, array, octets) = texts;
        let (header, numbers, url, big) = maps;
        let (pointer, point, points, chain, error, any) = pointers;
        Everything {
            flag,
            small,
            int,
            byte,
            wide,
            float,
            single,
            complex,
            text,
            raw,
            bytes,
            list,
            array,
            octets,
            header,
            numbers,
            url,
            big,
            pointer,
            point,
            points,
            chain,
            error,
            any,
            empty: (),
        }
    })
}
