//! Two ends over a pipe in memory, each with its driver.

use std::future::poll_fn;
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};
use tokio::time::timeout;

use super::{Kind, control};
use crate::mux::frame::PROTOCOL_ERROR;
use crate::mux::{Acceptor, MuxError, Opener, ProtocolError, Stream};

/// Less than a frame.
const PIPE: usize = 5_000;

const SIZE: usize = 3_000_000;

type End = (Opener, Acceptor);

fn pair() -> (End, End) {
    let (one, other) = duplex(PIPE);
    let (driver, opener, acceptor) = crate::mux::plugin(one);
    tokio::spawn(driver);
    let plugin = (opener, acceptor);
    let (driver, opener, acceptor) = crate::mux::host(other);
    tokio::spawn(driver);
    (plugin, (opener, acceptor))
}

async fn write(stream: &mut Stream, size: usize) {
    let mut bytes = BytesMut::zeroed(size);
    poll_fn(|cx| stream.poll_write(cx, &mut bytes))
        .await
        .unwrap();
}

async fn read_all(mut stream: Stream) -> usize {
    let mut size = 0;
    let mut bytes = BytesMut::new();
    while poll_fn(|cx| stream.poll_read(cx, &mut bytes))
        .await
        .unwrap()
    {
        size += bytes.len();
        bytes.clear();
    }
    size
}

#[tokio::test]
async fn megabytes_in_both_directions_at_once_block_neither_end() {
    let (plugin, host) = pair();
    let talk = |(opener, mut acceptor): End| async move {
        let said = async {
            let mut stream = opener.open(&[]).await.unwrap();
            write(&mut stream, SIZE).await;
        };
        let heard = async { read_all(acceptor.accept().await.unwrap()).await };
        let ((), heard) = tokio::join!(said, heard);
        heard
    };
    let both = async { tokio::join!(talk(plugin), talk(host)) };
    let heard = timeout(Duration::from_secs(20), both).await;
    assert_eq!(heard.expect("nobody waits for ever"), (SIZE, SIZE));
}

#[tokio::test]
async fn a_stream_that_nobody_reads_holds_up_itself_alone() {
    let ((opener, _), (_host, mut acceptor)) = pair();
    let mut stuck = opener.open(&[]).await.unwrap();
    let unread = acceptor.accept().await.unwrap();
    let writing = tokio::spawn(async move { write(&mut stuck, SIZE).await });
    let mut stream = opener.open(&[]).await.unwrap();
    let reading = tokio::spawn(read_all(acceptor.accept().await.unwrap()));
    write(&mut stream, SIZE).await;
    drop(stream);
    assert_eq!(reading.await.unwrap(), SIZE);
    assert!(!writing.is_finished());
    assert_eq!(read_all(unread).await, SIZE);
    writing.await.unwrap();
}

#[tokio::test]
async fn a_thousand_streams_opened_at_once_are_all_accepted() {
    let ((opener, _), (_host, mut acceptor)) = pair();
    for _ in 0..1_000 {
        let opener = opener.clone();
        tokio::spawn(async move {
            let mut stream = opener.open(&[b"a"]).await.unwrap();
            write(&mut stream, 1).await;
        });
    }
    for _ in 0..1_000 {
        assert_eq!(read_all(acceptor.accept().await.unwrap()).await, 2);
    }
}

#[tokio::test]
async fn when_the_driver_is_dropped_whoever_waits_learns_it() {
    let (_host, socket) = duplex(PIPE);
    let (driver, opener, mut acceptor) = crate::mux::plugin(socket);
    let stream = opener.open(&[]).await.unwrap();
    let reading = tokio::spawn(read_all(stream));
    let accepting = tokio::spawn(async move { acceptor.accept().await });
    tokio::task::yield_now().await;
    drop(driver);
    let told = timeout(Duration::from_secs(1), async {
        assert_eq!(reading.await.unwrap(), 0);
        assert!(accepting.await.unwrap().is_none());
        assert!(matches!(opener.open(&[]).await, Err(MuxError::Ended)));
    });
    told.await.expect("within a second");
}

#[tokio::test]
async fn a_host_that_breaks_the_protocol_is_told_so() {
    let (mut host, socket) = duplex(PIPE);
    let (driver, ..) = crate::mux::plugin(socket);
    host.write_all(&[1; 12]).await.unwrap();
    let error = driver.await;
    assert!(matches!(
        error,
        MuxError::Protocol(ProtocolError::Version(1))
    ));
    let mut bytes = Vec::new();
    host.read_to_end(&mut bytes).await.unwrap();
    assert_eq!(bytes, control(Kind::GoAway, 0, 0, PROTOCOL_ERROR));
}

#[tokio::test]
async fn a_host_that_asks_and_does_not_listen_is_not_read_on_for_ever() {
    let (mut host, socket) = duplex(PIPE);
    let (driver, ..) = crate::mux::plugin(socket);
    tokio::spawn(driver);
    let pings = control(Kind::Ping, super::SYN, 0, 1).repeat(1_000);
    let mut said = 0;
    let patience = Duration::from_millis(300);
    while let Ok(count) = timeout(patience, host.write(&pings[said % 12..])).await {
        said += count.unwrap();
    }
    assert!(said < 1_000_000, "{said} bytes were taken");
    // Then it listens, and the session goes on.
    let mut answers = vec![0; said - said % 12 - PIPE / 12 * 12];
    host.read_exact(&mut answers).await.unwrap();
    let more = host.write_all(&pings[said % 12..]);
    let more = timeout(Duration::from_secs(1), more).await;
    more.expect("it is read again").unwrap();
}
