//! Numbered streams.

use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::connected;
use crate::{Client, Error, MuxError};

const LIMIT: Duration = Duration::from_secs(60);

#[tokio::test]
async fn what_is_dialled_with_first_bytes_arrives_with_them() {
    let (mut host, _session) = connected().await;
    let service = host.dispense("test").await.unwrap();
    let id = host.broker().next_id();
    let dialled = service.call::<_, bool>("Plugin.Dial", &id, LIMIT);
    let accepted = async {
        let mut channel = host.broker().accept(id).await?;
        channel.drain().await?;
        channel.fill().await?;
        Ok::<_, Error>(channel)
    };
    let (dialled, channel) = tokio::join!(dialled, accepted);
    assert!(dialled.unwrap());
    assert_eq!(&channel.unwrap().inbound[..], b"first");
}

#[tokio::test(start_paused = true)]
async fn a_number_that_nobody_dials_is_waited_for_five_seconds() {
    let (host, _session) = connected().await;
    let start = Instant::now();
    let error = host.broker().accept(7).await.unwrap_err();
    assert!(matches!(error, Error::AcceptTimeout(7)));
    assert_eq!(start.elapsed().as_secs(), 5);
}

#[tokio::test(start_paused = true)]
async fn a_number_that_nobody_accepts_is_closed_after_five_seconds_and_the_dialler_learns_it() {
    let (mut host, _session) = connected().await;
    let service = host.dispense("test").await.unwrap();
    let start = Instant::now();
    let error = service
        .call::<_, bool>("Plugin.Dial", &99_u32, LIMIT)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("end of file"), "{error}");
    assert!((5..7).contains(&start.elapsed().as_secs()));
}

#[tokio::test]
async fn a_client_learns_that_its_stream_is_accepted() {
    let (mut host, _session) = connected().await;
    let service = host.dispense("test").await.unwrap();
    service.accepted().await.unwrap();
    service.accepted().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_client_learns_that_its_stream_is_never_accepted() {
    let (host, _session) = connected().await;
    let (client, run) = Client::new(host.broker().dial(77, &[]).await.unwrap());
    tokio::spawn(run);
    let error = client.accepted().await.unwrap_err();
    assert!(matches!(error, Error::Mux(MuxError::Ended)), "{error:?}");
}

#[tokio::test]
async fn whoever_stops_waiting_for_a_number_leaves_nothing_behind() {
    let (host, _session) = connected().await;
    for _ in 0..2 {
        let waiting = timeout(Duration::from_millis(10), host.broker().accept(7)).await;
        assert!(waiting.is_err(), "nobody has dialled");
    }
    assert!(host.broker().is_idle());
}

#[tokio::test(start_paused = true)]
async fn a_number_is_accepted_by_one_alone() {
    let (host, _session) = connected().await;
    let first = tokio::spawn({
        let broker = host.broker().clone();
        async move { broker.accept(7).await }
    });
    tokio::task::yield_now().await;
    let second = host.broker().accept(7).await.unwrap_err();
    assert!(matches!(second, Error::AcceptedTwice(7)), "{second}");
    let first = first.await.unwrap().unwrap_err();
    assert!(matches!(first, Error::AcceptTimeout(7)), "{first}");
    assert!(host.broker().is_idle());
}
