//! A host that behaves.

use std::time::Duration;

use tokio::time::{Instant, timeout};

use super::connected;
use crate::{Client, Error};

const LIMIT: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_host_asks_for_a_service_calls_it_and_says_goodbye() {
    let (mut host, session) = connected().await;
    host.ping().await.unwrap();
    let service = host.dispense("test").await.unwrap();
    assert_eq!(
        service
            .call::<_, i64>("Plugin.Double", &21_i64, LIMIT)
            .await
            .unwrap(),
        42
    );
    host.quit().await.unwrap();
    drop((service, host));
    session.await.unwrap().unwrap();
}

#[tokio::test]
async fn the_copies_of_the_standard_streams_are_acknowledged_although_nothing_is_written_there() {
    let (host, _session) = connected().await;
    host.ping().await.unwrap();
    assert!(host.stdio_is_acknowledged());
}

#[tokio::test]
async fn an_unknown_service_is_refused_by_its_name() {
    let (mut host, _session) = connected().await;
    let error = host.dispense("gadgets").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Dispenser.Dispense: unknown plugin type: gadgets"
    );
    host.ping().await.unwrap();
}

#[tokio::test]
async fn a_call_that_hangs_holds_up_no_other() {
    let (mut host, _session) = connected().await;
    let service = host.dispense("test").await.unwrap();
    let short = Duration::from_millis(20);
    let hanging = service.call::<_, i64>("Plugin.Hang", &1_i64, short);
    let (hung, doubled) = tokio::join!(hanging, async {
        tokio::task::yield_now().await;
        service.call::<_, i64>("Plugin.Double", &4_i64, LIMIT).await
    });
    assert!(matches!(hung, Err(Error::CallTimeout { .. })), "{hung:?}");
    assert_eq!(doubled.unwrap(), 8);
}

#[tokio::test(start_paused = true)]
async fn calls_that_all_hang_are_taken_up_to_a_bound_and_the_control_stream_goes_on() {
    let (mut host, _session) = connected().await;
    let service = host.dispense("test").await.unwrap();
    let hanging = (0..5_000_i64).map(|number| {
        let service = service.clone();
        tokio::spawn(async move { service.call::<_, i64>("Plugin.Hang", &number, LIMIT).await })
    });
    let hanging: Vec<_> = hanging.collect();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let late = service.call::<_, i64>("Plugin.Double", &1_i64, Duration::from_millis(300));
    assert!(
        matches!(late.await, Err(Error::CallTimeout { .. })),
        "past the bound nothing is read"
    );
    host.ping().await.unwrap();
    hanging.into_iter().for_each(|call| call.abort());
}

#[tokio::test]
async fn every_call_is_answered_also_the_dropped_the_unknown_and_the_unreadable() {
    let (mut host, _session) = connected().await;
    let service = host.dispense("test").await.unwrap();
    let calls = [
        ("Plugin.Drop", "the plugin gave no answer"),
        ("Plugin.Nothing", "rpc: can't find method"),
    ];
    for (method, message) in calls {
        let error = service
            .call::<_, i64>(method, &1_i64, LIMIT)
            .await
            .unwrap_err();
        assert_eq!(error.to_string(), format!("{method}: {message}"));
    }
    let text = "no number".to_owned();
    let error = service
        .call::<_, i64>("Plugin.Double", &text, LIMIT)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("gob"), "{error}");
    assert_eq!(
        service
            .call::<_, i64>("Plugin.Double", &1_i64, LIMIT)
            .await
            .unwrap(),
        2
    );
}

#[tokio::test]
async fn thousands_of_calls_at_once_are_each_answered_with_their_own_result() {
    let (mut host, _session) = connected().await;
    let service = host.dispense("test").await.unwrap();
    let calls = (0..5_000_i64).map(|number| {
        let service = service.clone();
        tokio::spawn(async move {
            let double = service
                .call::<_, i64>("Plugin.Double", &number, LIMIT)
                .await;
            assert_eq!(double.unwrap(), 2 * number);
        })
    });
    for call in calls.collect::<Vec<_>>() {
        call.await.unwrap();
    }
}

#[tokio::test]
async fn a_host_that_dies_ends_the_session_at_once() {
    let (mut host, session) = connected().await;
    let service = host.dispense("test").await.unwrap();
    let hanging =
        tokio::spawn(async move { service.call::<_, i64>("Plugin.Hang", &1_i64, LIMIT).await });
    tokio::task::yield_now().await;
    drop(host);
    let ended = timeout(Duration::from_secs(1), session).await;
    ended.expect("within a second").unwrap().unwrap();
    assert!(hanging.await.unwrap().is_err());
}

#[tokio::test]
async fn a_host_that_leaves_while_answers_are_on_their_way_is_no_error() {
    for calls in 0..20 {
        let (mut host, session) = connected().await;
        let service = host.dispense("test").await.unwrap();
        for number in 0..calls * 10 {
            let service = service.clone();
            tokio::spawn(async move {
                drop(
                    service
                        .call::<_, i64>("Plugin.Double", &number, LIMIT)
                        .await,
                );
            });
        }
        tokio::task::yield_now().await;
        drop(host);
        session.await.unwrap().unwrap();
    }
}

#[tokio::test(start_paused = true)]
async fn a_host_that_says_goodbye_and_leaves_the_connection_open_is_waited_for_two_seconds() {
    let (host, session) = connected().await;
    host.quit().await.unwrap();
    let start = Instant::now();
    session.await.unwrap().unwrap();
    assert_eq!(start.elapsed().as_secs(), 2);
    drop(host);
}

#[tokio::test]
async fn a_service_that_panics_answers_with_an_error_and_takes_the_next_call() {
    let (mut host, session) = connected().await;
    let service = host.dispense("test").await.unwrap();
    let error = service
        .call::<_, i64>("Plugin.Panic", &1_i64, LIMIT)
        .await
        .unwrap_err();
    assert!(error.to_string().contains("gave no answer"), "{error}");
    let double = service.call::<_, i64>("Plugin.Double", &1_i64, LIMIT);
    assert_eq!(double.await.unwrap(), 2);
    assert!(!session.is_finished());
}

#[tokio::test]
async fn an_error_without_a_text_is_an_error_nevertheless() {
    let (mut host, _session) = connected().await;
    let service = host.dispense("test").await.unwrap();
    let failed = service.call::<_, i64>("Plugin.FailSilently", &1_i64, LIMIT);
    assert!(matches!(failed.await, Err(Error::Call { .. })));
}

#[tokio::test]
async fn a_client_that_nobody_has_any_more_closes_its_stream() {
    let (mut host, _session) = connected().await;
    let id = host.broker().next_id();
    let channel = host.broker().dial(id, &[]).await.unwrap();
    let (client, run) = Client::new(channel);
    let run = tokio::spawn(run);
    let other = client.clone();
    drop(client);
    tokio::task::yield_now().await;
    assert!(!run.is_finished());
    drop(other);
    let ended = timeout(LIMIT, run).await.expect("it ends");
    ended.unwrap().unwrap();
    host.dispense("test").await.unwrap();
}
