//! Dynamic values that are made by hand.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test fails by panicking"
)]

use std::collections::BTreeMap;

use bytes::BytesMut;
use gob::{
    Encoder, ErrorKind, Gob, Interface, List, Map, OpaqueKind, OpaqueValue, Struct, Type, Value,
};

#[derive(Gob, Debug, PartialEq)]
struct Post {
    id: String,
    tags: Vec<String>,
    counts: BTreeMap<String, u32>,
    pair: [i64; 2],
    props: BTreeMap<String, Option<Interface>>,
    when: Option<gob::GobEncoded>,
    parent: Option<Parent>,
}

#[derive(Gob, Debug, PartialEq)]
struct Parent {
    id: String,
}

fn post() -> Post {
    let list = List::new(
        Type::slice(&Type::INTERFACE),
        vec![Some(Interface::from("a")).into(), Value::Interface(None)],
    );
    Post {
        id: "x".to_owned(),
        tags: vec!["a".to_owned(), "b".to_owned()],
        counts: BTreeMap::from([("n".to_owned(), 7)]),
        pair: [1, -1],
        props: BTreeMap::from([
            (
                "list".to_owned(),
                Some(Interface::new("[]interface {}", list.into())),
            ),
            ("nothing".to_owned(), None),
        ]),
        when: Some(gob::GobEncoded(vec![1, 2])),
        parent: Some(Parent { id: "y".to_owned() }),
    }
}

fn strings(texts: &[&str]) -> Vec<Value> {
    texts.iter().map(|&text| text.into()).collect()
}

/// The same value without a Rust type.
fn dynamic_post() -> Value {
    let tags = Type::slice(&Type::STRING);
    let counts = Type::map(&Type::STRING, &Type::UINT);
    let pair = Type::array(&Type::INT, 2);
    let props = Type::map(&Type::STRING, &Type::INTERFACE);
    let when = Type::opaque("Time", OpaqueKind::GobEncoder);
    let parent = Type::structure("Parent", [("Id", Type::STRING)]);
    let type_ = Type::structure(
        "Post",
        [
            ("Id", Type::STRING),
            ("Tags", tags.clone()),
            ("Counts", counts.clone()),
            ("Pair", pair.clone()),
            ("Props", props.clone()),
            ("When", when.clone()),
            ("Parent", parent.clone()),
        ],
    );
    let list = List::new(
        Type::slice(&Type::INTERFACE),
        vec![Interface::from("a").into(), Value::Interface(None)],
    );
    let entries = vec![
        (
            "list".into(),
            Interface::new("[]interface {}", list.into()).into(),
        ),
        ("nothing".into(), Value::Interface(None)),
    ];
    let fields = [
        ("Id", "x".into()),
        ("Tags", List::new(tags, strings(&["a", "b"])).into()),
        (
            "Counts",
            Map::new(counts, vec![("n".into(), Value::Uint(7))]).into(),
        ),
        (
            "Pair",
            List::new(pair, vec![Value::Int(1), Value::Int(-1)]).into(),
        ),
        ("Props", Map::new(props, entries).into()),
        ("When", OpaqueValue::new(when, vec![1, 2]).into()),
        (
            "Parent",
            Struct::new(parent, [("Id", "y".into())]).unwrap().into(),
        ),
    ];
    Struct::new(type_, fields).unwrap().into()
}

#[test]
fn a_value_made_by_hand_is_the_value_of_the_rust_type() {
    assert_eq!(Value::of(&post()).unwrap(), dynamic_post());
    assert_eq!(dynamic_post().to::<Post>().unwrap(), post());
}

#[test]
fn equal_types_are_defined_once_however_often_they_are_made() {
    let mut encoder = Encoder::new();
    let mut output = BytesMut::new();
    let mut lengths = Vec::new();
    for _ in 0..2000 {
        output.clear();
        encoder.encode_value(&dynamic_post(), &mut output).unwrap();
        lengths.push(output.len());
    }
    assert!(lengths[0] > 2 * lengths[1]);
    assert!(lengths[1..].iter().all(|&length| length == lengths[1]));
}

#[test]
fn a_type_that_contains_itself_is_defined_once_as_well() {
    #[derive(Gob)]
    struct Chain {
        next: Option<Box<Chain>>,
    }
    let chain = Chain {
        next: Some(Box::new(Chain { next: None })),
    };
    let mut encoder = Encoder::new();
    let lengths = [(); 3].map(|()| {
        let mut output = BytesMut::new();
        // Each with a type of its own, as of a stream of its own.
        let value = Value::of(&chain).unwrap();
        encoder.encode_value(&value, &mut output).unwrap();
        output.len()
    });
    assert!(lengths[0] > lengths[1]);
    assert_eq!(lengths[1], lengths[2]);
    let value = Value::of(&chain).unwrap();
    assert!(value.to::<Chain>().unwrap().next.unwrap().next.is_none());
}

#[test]
fn a_value_that_does_not_fit_its_type_is_not_written() {
    let list = |elements| Value::from(List::new(Type::slice(&Type::STRING), elements));
    let refused = |value: &Value| {
        Encoder::new()
            .encode_value(value, &mut BytesMut::new())
            .unwrap_err()
    };
    let error = refused(&list(vec!["a".into(), Value::Int(1)]));
    assert_eq!(
        error.to_string(),
        "gob: [1]: a dynamic value that does not fit its type"
    );
    refused(&Value::from(List::new(
        Type::array(&Type::INT, 2),
        vec![Value::Int(1)],
    )));
    refused(&Value::from(List::new(Type::INT, vec![])));
    refused(&Value::from(Map::new(Type::slice(&Type::INT), vec![])));
    let type_ = Type::structure("T", [("A", Type::INT)]);
    let error = Struct::new(type_, [("B", Value::Int(1))]).unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::Inconsistent(_)));
    assert_eq!(error.path(), "B");
}

#[test]
fn types_of_the_same_make_keep_their_names() {
    let stream = include_bytes!("golden/request.gob");
    let mut decoder = gob::Decoder::default();
    let message = decoder
        .next_message(&mut BytesMut::from(&stream[..]))
        .unwrap()
        .unwrap();
    let request: Value = decoder.decode(&message).unwrap();
    // Go's http.Header and url.Values are both maps from a string to strings.
    let name = |request: &Value| {
        request
            .field("Header")
            .map(|header| header.type_().name().to_owned())
    };
    assert_eq!(name(&request).as_deref(), Some("Header"));
    assert_eq!(name(&request.to().unwrap()).as_deref(), Some("Header"));
}

#[test]
fn a_value_is_shown_with_the_fields_that_were_sent_and_their_names() {
    let parents = ["y", ""].map(|id| Parent { id: id.to_owned() });
    let shown = format!("{:?}", Value::of(&parents[..]).unwrap());
    let expected = r#"List([Struct(Parent { Id: String("y") }), Struct(Parent)])"#;
    assert_eq!(shown, expected);
    let counts = Value::of(&post().counts).unwrap();
    assert_eq!(format!("{counts:?}"), r#"Map({String("n"): Uint(7)})"#);
}
