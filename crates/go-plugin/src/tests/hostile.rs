//! Bytes that no host sends: the session ends in order, with one clear error, and nothing was allocated for them.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;
use tokio::time::timeout;

use super::plugin;
use super::raw::{DATA, RawHost, SYN, WINDOW_UPDATE};
use crate::Error;

async fn ends_with(bytes: &[u8], expected: &str) {
    let (mut socket, session) = plugin();
    socket.write_all(bytes).await.unwrap();
    let ended = timeout(Duration::from_secs(1), session).await;
    let error = ended
        .expect("within a second")
        .unwrap()
        .unwrap_err()
        .to_string();
    assert!(error.contains(expected), "{error}");
}

#[tokio::test]
async fn bytes_that_are_no_frame_end_the_session() {
    ends_with(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", "unknown version: 71").await;
    ends_with(&[0xff; 64], "unknown version: 255").await;
}

#[tokio::test]
async fn a_frame_of_an_unknown_kind_ends_the_session() {
    ends_with(
        &[0, 9, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0],
        "unknown frame type: 9",
    )
    .await;
}

#[tokio::test]
async fn a_frame_that_says_it_has_four_gigabytes_ends_the_session_before_it_is_waited_for() {
    ends_with(
        &[0, 0, 0, 1, 0, 0, 0, 1, 0xff, 0xff, 0xff, 0xff],
        "too large",
    )
    .await;
}

#[tokio::test]
async fn a_control_stream_that_is_no_gob_ends_the_session() {
    for garbage in [
        &[0x80; 32][..],
        b"\x03\x00\x00\x00\x00",
        &[0xf8, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff],
    ] {
        let (socket, session) = plugin();
        let mut host = RawHost(socket);
        host.open_first_three().await;
        host.data(1, garbage).await;
        let ended = timeout(Duration::from_secs(1), session).await;
        let error = ended.expect("within a second").unwrap().unwrap_err();
        assert!(matches!(error, Error::Gob(_)), "{error:?}");
    }
}

#[tokio::test]
async fn a_flood_of_streams_is_refused_and_the_session_goes_on() {
    let (socket, session) = plugin();
    let mut host = RawHost(socket);
    host.open_first_three().await;
    for stream in (7..2_000).step_by(2) {
        host.send(WINDOW_UPDATE, SYN, stream, 0, &[]).await;
    }
    let mut encoder = gob::Encoder::new();
    let ping = super::raw::request(&mut encoder, "Control.Ping", 0, &true);
    host.data(1, &ping).await;
    let answered = async {
        loop {
            let frame = host.next().await.expect("the session is alive");
            if frame.stream == 1 && frame.length > 0 {
                return;
            }
        }
    };
    timeout(Duration::from_secs(5), answered)
        .await
        .expect("an answer to the ping");
    assert!(!session.is_finished());
}

#[tokio::test]
async fn a_first_frame_larger_than_the_window_does_not_bring_the_plugin_down() {
    let (socket, session) = plugin();
    let mut host = RawHost(socket);
    let body = vec![0; 300 * 1024];
    host.send(DATA, SYN, 1, u32::try_from(body.len()).unwrap(), &body)
        .await;
    drop(host);
    timeout(Duration::from_secs(1), session)
        .await
        .expect("within a second")
        .unwrap()
        .ok();
}

/// A message that holds slices in interface values in slices, `depth` levels in all, with the definition of their type, 90.
fn nested(depth: usize) -> Vec<u8> {
    let framed = |body: &[u8]| {
        let length = u16::try_from(body.len()).unwrap().to_be_bytes();
        [&[0xfe], &length[..], body].concat()
    };
    let mut value = vec![0, 0];
    for _ in 1..depth / 2 {
        let boxed = [&b"\x0e[]interface {}\xff\xb4"[..], &framed(&value)].concat();
        value = [&[0, 1], &boxed[..]].concat();
    }
    let definition = b"\x0c\xff\xb3\x02\x01\x02\xff\xb4\x00\x01\x10\x00\x00";
    [
        &definition[..],
        &framed(&[&[0xff, 0xb4], &value[..]].concat()),
    ]
    .concat()
}

#[tokio::test]
async fn an_argument_that_lies_too_deep_is_an_error_of_its_call_and_the_next_is_answered() {
    let (socket, session) = plugin();
    let mut host = RawHost(socket);
    host.open_first_three().await;
    let mut encoder = gob::Encoder::new();
    let mut header = |method: &str, seq| {
        let header = crate::rpc::RequestHeader {
            service_method: method.to_owned(),
            seq,
        };
        let mut bytes = bytes::BytesMut::new();
        encoder.encode(&header, &mut bytes).unwrap();
        bytes.to_vec()
    };
    host.data(1, &header("Dispenser.Dispense", 0)).await;
    host.data(1, &nested(1_000)).await;
    host.data(1, &header("Control.Ping", 1)).await;
    host.data(1, &[3, 2, 0, 1]).await;
    let mut answers = String::new();
    while !answers.contains("Control.Ping") {
        let frame = host.next().await.expect("the session is alive");
        if frame.stream == 1 {
            answers.push_str(&String::from_utf8_lossy(&frame.body));
        }
    }
    assert!(answers.contains("gob: "), "{answers:?}");
    assert!(!session.is_finished());
}
