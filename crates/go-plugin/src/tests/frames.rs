//! What the plugin puts on the wire, frame by frame: hashicorp's yamux is particular about it.

use super::plugin;
use super::raw::{ACK, DATA, FIN, Frame, RST, RawHost, SYN, WINDOW_UPDATE, request};

async fn first_three() -> (RawHost, Vec<Frame>) {
    let (socket, session) = plugin();
    drop(session);
    let mut host = RawHost(socket);
    host.open_first_three().await;
    let mut frames = Vec::new();
    for _ in 0..3 {
        frames.push(host.next().await.unwrap());
    }
    (host, frames)
}

/// Activates the service `test`, whose stream is number 7, and returns the gob state of its calls.
async fn with_service() -> (RawHost, gob::Encoder) {
    let (mut host, _) = first_three().await;
    let mut control = gob::Encoder::new();
    let dispense = request(&mut control, "Dispenser.Dispense", 0, &"test".to_owned());
    host.data(1, &dispense).await;
    // The plugin's first number is 1; its answer need not be read for that.
    assert_eq!(host.next().await.unwrap().stream, 1);
    host.send(DATA, SYN, 7, 4, &1_u32.to_le_bytes()).await;
    let acknowledgement = host.next().await.unwrap();
    assert_eq!((acknowledgement.flags, acknowledgement.length), (ACK, 0));
    let echo = host.next().await.unwrap();
    assert_eq!((echo.stream, &echo.body[..]), (7, &1_u32.to_le_bytes()[..]));
    (host, gob::Encoder::new())
}

#[tokio::test]
async fn silent_streams_are_acknowledged_by_an_empty_frame_at_once() {
    let (_, frames) = first_three().await;
    let expected = |stream| Frame {
        kind: DATA,
        flags: ACK,
        stream,
        length: 0,
        body: Vec::new(),
    };
    assert_eq!(frames, [expected(1), expected(3), expected(5)]);
}

#[tokio::test]
async fn a_dialled_stream_opens_with_its_number_and_the_first_bytes_in_one_frame() {
    let (mut host, mut encoder) = with_service().await;
    host.data(7, &request(&mut encoder, "Plugin.Dial", 0, &513_u32))
        .await;
    let opened = host.next().await.unwrap();
    assert_eq!((opened.kind, opened.flags, opened.stream), (DATA, SYN, 2));
    assert_eq!(opened.body, [&513_u32.to_le_bytes()[..], b"first"].concat());
}

#[tokio::test]
async fn a_stream_ends_with_a_fin_in_a_frame_without_data_and_only_one_and_no_reset() {
    let (mut host, mut encoder) = with_service().await;
    host.data(7, &request(&mut encoder, "Plugin.Dial", 0, &513_u32))
        .await;
    let opened = host.next().await.unwrap();
    host.send(DATA, ACK, opened.stream, 4, &513_u32.to_le_bytes())
        .await;
    let mut fins = 0;
    // The answer on 7 and the end of 2, in any order; then a round trip that shows that nothing more comes.
    for _ in 0..2 {
        let frame = host.next().await.unwrap();
        assert_eq!(frame.flags & RST, 0, "{frame:?}");
        if frame.flags & FIN != 0 {
            assert_eq!(
                (frame.stream, frame.length),
                (opened.stream, 0),
                "{frame:?}"
            );
            fins += 1;
        }
    }
    assert_eq!(fins, 1);
    host.send(WINDOW_UPDATE, FIN, opened.stream, 0, &[]).await;
    host.data(7, &request(&mut encoder, "Plugin.Double", 1, &1_i64))
        .await;
    assert_eq!(host.next().await.unwrap().stream, 7);
}

#[tokio::test]
async fn an_echo_of_another_number_fails_that_stream_alone() {
    let (mut host, mut encoder) = with_service().await;
    host.data(7, &request(&mut encoder, "Plugin.Dial", 0, &513_u32))
        .await;
    let opened = host.next().await.unwrap();
    host.send(DATA, ACK, opened.stream, 4, &514_u32.to_le_bytes())
        .await;
    let mut answer = host.next().await.unwrap();
    if answer.stream != 7 {
        answer = host.next().await.unwrap();
    }
    assert!(
        String::from_utf8_lossy(&answer.body).contains("answered stream 513 with the number 514")
    );
    host.data(7, &request(&mut encoder, "Plugin.Double", 1, &1_i64))
        .await;
    let answered = async { while host.next().await.unwrap().stream != 7 {} };
    answered.await;
}
