//! Requests and responses, call by call.

#![allow(clippy::unwrap_used, clippy::panic, reason = "all of it is a test")]

mod fake;

use std::convert::Infallible;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, StatusCode, Uri, header};
use axum::routing::{get as route, post as route_post};
use bytes::Bytes;
use fake::{Header, Mattermost, Request, ServeHttpArgs, Writer, get, post};
use futures_util::{FutureExt as _, StreamExt as _, stream};
use go_plugin::{Call, Empty};
use gob::Gob;
use mattermost_plugin::{Api, Context, HttpService, OriginalTarget, Plugin, RemoteAddress};
use tokio::time::{Instant, timeout};

fn no_api(call: Call) -> Option<Call> {
    Some(call)
}

struct Web;

#[mattermost_plugin::hooks]
impl Plugin for Web {
    fn router(self: Arc<Self>, _: Api) -> impl HttpService {
        Router::new()
            .route(
                "/json",
                route(async || ([(header::CONTENT_TYPE, "application/json")], "{}")),
            )
            .route("/who", route(who))
            .route("/nothing", route(async || ()))
            .route(
                "/body/204",
                route(async || (StatusCode::NO_CONTENT, [("x-own", "a")], "body")),
            )
            .route(
                "/body/304",
                route(async || (StatusCode::NOT_MODIFIED, [("x-own", "a")], "body")),
            )
            .route("/panic", route(panics))
            .route(
                "/breaks",
                route(async || Body::from_stream(stream::iter([Ok("some"), Err("no more")]))),
            )
            .route(
                "/broken",
                route(async || Body::from_stream(stream::iter([Err::<Bytes, _>("nothing")]))),
            )
            .route("/events", route(events))
            .route("/endless", route(endless))
            .route("/hang", route(std::future::pending::<()>))
            .route("/count", route_post(count))
            .route("/deaf", route_post(async || "not interested"))
            .with_state(self)
    }
}

async fn who(
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    request: axum::extract::Request,
) -> String {
    let context = request.extensions().get::<Context>().unwrap();
    let address = request.extensions().get::<RemoteAddress>().unwrap();
    format!(
        "{method} {uri} {} {} {} {} {} {}",
        headers["mattermost-user-id"].to_str().unwrap(),
        headers["host"].as_bytes().escape_ascii(),
        context.request_id,
        context.user_agent,
        address.0,
        request.extensions().get::<OriginalTarget>().unwrap().0,
    )
}

async fn panics() {
    panic!("told to");
}

async fn events() -> Body {
    Body::from_stream(stream::iter(["a", "b"]).then(async |event| {
        tokio::time::sleep(Duration::from_millis(10)).await;
        Ok::<_, Infallible>(event)
    }))
}

async fn endless() -> Body {
    Body::from_stream(stream::repeat_with(|| {
        Ok::<_, Infallible>(Bytes::from(vec![b'x'; 70_000]))
    }))
}

async fn count(body: Body) -> String {
    let mut data = body.into_data_stream();
    let mut count = 0;
    while let Some(chunk) = data.next().await {
        match chunk {
            Ok(chunk) => count += chunk.len(),
            Err(error) => return error.to_string(),
        }
    }
    count.to_string()
}

async fn web() -> Mattermost {
    Mattermost::active(Web, no_api).await
}

#[tokio::test]
async fn a_handler_sees_method_target_headers_and_where_the_call_came_from() {
    let header = Header::from([("Mattermost-User-Id".into(), vec!["ada".into()])]);
    let request = Request {
        header,
        host: "chat.example.com".into(),
        remote_addr: "10.0.0.1:5000".into(),
        request_uri: "/plugins/x/who?q=1".into(),
        ..get("/who?q=1")
    };
    let response = web().await.serve_http(request).await;
    let body = String::from_utf8(response.body).unwrap();
    assert_eq!(
        body,
        "GET /who?q=1 ada chat.example.com request Agent/\u{fffd} 10.0.0.1:5000 /plugins/x/who?q=1"
    );
}

#[tokio::test]
async fn whatever_bytes_a_client_sends_the_handler_sees_its_request() {
    let header = Header::from([("Mattermost-User-Id".into(), vec!["ada".into()])]);
    let request = Request {
        header,
        url: Some(fake::Url(b"/who?q=\xff\x80".into())),
        host: b"chat\xff".into(),
        remote_addr: b"\xff".into(),
        request_uri: b"/plugins/x/who?q=\xff\x80".into(),
        ..get("")
    };
    let response = web().await.serve_http(request).await;
    assert_eq!(
        String::from_utf8(response.body).unwrap(),
        "GET /who?q=%FF%80 ada chat\\xff request Agent/\u{fffd} \u{fffd} /plugins/x/who?q=%FF%80"
    );
}

/// A request that no server sends.
#[derive(Debug, Default, Gob)]
struct Unreadable {
    response_writer_stream: u32,
    request: Option<Numbered>,
    request_body_stream: u32,
}

#[derive(Debug, Default, Gob)]
struct Numbered {
    method: i64,
}

#[tokio::test]
async fn a_request_that_cannot_be_read_is_a_400_on_the_streams_that_wait_for_it() {
    let mattermost = web().await;
    let arguments = |response_writer_stream, request_body_stream| Unreadable {
        response_writer_stream,
        request: Some(Numbered { method: 1 }),
        request_body_stream,
    };
    // `serve` waits until both have ended.
    let response = mattermost.serve(b"body", Writer::default(), arguments);
    let response = response.await;
    assert_eq!((response.status, response.error), (Some(400), None));
    let text = String::from_utf8(response.body).unwrap();
    assert!(text.contains("Request.Method"), "{text}");
    assert_eq!(mattermost.serve_http(get("/json")).await.body, b"{}");
}

#[tokio::test]
async fn what_is_too_large_for_a_handler_is_refused_by_its_status() {
    let mattermost = web().await;
    let mut request = get("/json");
    request.header = (0..24_577)
        .map(|number| (format!("X-{number}"), vec!["a".into()]))
        .collect();
    assert_eq!(mattermost.serve_http(request).await.status, Some(431));
    let long = format!("/json?{}", "a".repeat(65_530));
    assert_eq!(mattermost.serve_http(get(&long)).await.status, Some(414));
    assert_eq!(mattermost.serve_http(get("/json")).await.body, b"{}");
}

#[tokio::test]
async fn a_200_takes_three_calls_and_keeps_what_the_servers_middleware_has_set() {
    let writer = Writer {
        header: Header::from([("X-Request-Id".into(), vec!["7".into()])]),
        ..Writer::default()
    };
    let response = web().await.serve_http_with(get("/json"), &[], writer).await;
    assert_eq!(response.calls, ["Header", "SyncHeader", "Write"]);
    assert_eq!(response.header["X-Request-Id"], ["7"]);
    assert_eq!(response.header["Content-Type"], ["application/json"]);
    assert_eq!((&response.body[..], response.error), (&b"{}"[..], None));
}

#[tokio::test]
async fn another_status_is_said_before_the_body() {
    let response = web().await.serve_http(get("/missing")).await;
    assert_eq!(response.status, Some(404));
    assert_eq!(response.calls.last().unwrap(), "WriteHeader");
}

#[tokio::test]
async fn a_handler_that_panics_is_a_500_and_the_next_request_works() {
    let mattermost = web().await;
    let response = mattermost.serve_http(get("/panic")).await;
    assert_eq!((response.status, response.error), (Some(500), None));
    assert_eq!(mattermost.serve_http(get("/json")).await.body, b"{}");
}

#[tokio::test]
async fn a_body_that_fails_at_once_is_a_500_and_one_that_fails_later_is_cut_off() {
    let mattermost = web().await;
    assert_eq!(
        mattermost.serve_http(get("/broken")).await.status,
        Some(500)
    );
    for hijackable in [true, false] {
        let writer = Writer {
            hijackable,
            ..Writer::default()
        };
        let cut = mattermost.serve_http_with(get("/breaks"), &[], writer);
        let cut = cut.await;
        assert_eq!((&cut.body[..], cut.error), (&b"some"[..], None));
        let last = cut.calls.last().unwrap();
        let expected = if hijackable {
            "HjConnClose"
        } else {
            "HijackResponse"
        };
        assert_eq!(
            last, expected,
            "the client's connection is closed where it can be"
        );
    }
}

#[tokio::test]
async fn what_a_body_gives_piece_by_piece_is_flushed_piece_by_piece() {
    let response = web().await.serve_http(get("/events")).await;
    assert_eq!(
        response.calls,
        ["Header", "WriteHeader", "Flush", "Write", "Flush", "Write",]
    );
    assert_eq!(response.body, b"ab");
}

#[tokio::test]
async fn a_server_without_flush_is_asked_once_and_served_all_the_same() {
    let mattermost = web().await;
    for expected in [1, 0] {
        let writer = Writer {
            old: true,
            ..Writer::default()
        };
        let response = mattermost
            .serve_http_with(get("/events"), &[], writer)
            .await;
        assert_eq!(response.body, b"ab");
        assert_eq!(
            response
                .calls
                .iter()
                .filter(|call| *call == "Flush")
                .count(),
            expected
        );
    }
}

#[tokio::test]
async fn a_client_that_leaves_ends_an_endless_response() {
    let writer = Writer {
        leaves_after: Some(1_000_000),
        ..Writer::default()
    };
    let response = timeout(fake::LIMIT, async {
        web()
            .await
            .serve_http_with(get("/endless"), &[], writer)
            .await
    });
    let response = response.await.unwrap();
    assert!(response.body.len() < 1_100_000);
    assert_eq!(response.error, None);
}

#[tokio::test]
async fn a_body_is_fetched_as_it_is_read() {
    let body = vec![b'x'; 3_000_000];
    let response = web()
        .await
        .serve_http_with(post("/count"), &body, Writer::default())
        .await;
    assert_eq!(response.body, b"3000000");
}

#[tokio::test]
async fn a_body_that_nobody_reads_is_dialled_and_left() {
    // `serve_http_with` waits until the server's end of the body has ended.
    let response = web()
        .await
        .serve_http_with(post("/deaf"), &[b'x'; 100_000], Writer::default())
        .await;
    assert_eq!(response.body, b"not interested");
}

#[tokio::test]
async fn a_body_shorter_than_its_content_length_is_an_error_to_the_handler() {
    let mut request = post("/count");
    request
        .header
        .insert("Content-Length".into(), vec!["10".into()]);
    let response = web()
        .await
        .serve_http_with(request, b"four", Writer::default())
        .await;
    assert_eq!(response.body, b"the body ended after 4 of 10 bytes");
}

#[tokio::test]
async fn a_malformed_request_is_a_400() {
    let request = Request {
        method: "GET IT".into(),
        ..get("/json")
    };
    let response = web().await.serve_http(request).await;
    assert_eq!(response.status, Some(400));
}

/// Sends requests whose streams nobody accepts.
fn unaccepted(mattermost: &Mattermost, count: u32) -> Vec<u32> {
    let mut ids = Vec::new();
    for _ in 0..count {
        let (response, body) = (
            mattermost.host.broker().next_id(),
            mattermost.host.broker().next_id(),
        );
        ids.extend([response, body]);
        let hooks = mattermost.hooks.clone();
        tokio::spawn(async move {
            let arguments = ServeHttpArgs {
                response_writer_stream: response,
                request: Some(get("/json")),
                context: None,
                request_body_stream: body,
            };
            let _: Result<Empty, _> = hooks
                .call("Plugin.ServeHTTP", &arguments, fake::LIMIT)
                .await;
        });
    }
    ids
}

#[tokio::test]
async fn at_most_two_hundred_streams_wait_in_the_servers_queue_of_256() {
    let mattermost = web().await;
    let ids = unaccepted(&mattermost, 1_000);
    tokio::time::sleep(Duration::from_secs(3)).await;
    let dialled = ids.into_iter().filter(|id| {
        mattermost
            .host
            .broker()
            .accept(*id)
            .now_or_never()
            .is_some()
    });
    assert_eq!(dialled.count(), 200);
}

#[tokio::test]
async fn requests_that_hang_hold_up_nobody_once_the_server_has_accepted_them() {
    let mattermost = Arc::new(web().await);
    for _ in 0..150 {
        let mattermost = Arc::clone(&mattermost);
        tokio::spawn(async move { mattermost.serve_http(get("/hang")).await });
    }
    tokio::task::yield_now().await;
    let response = timeout(Duration::from_secs(30), mattermost.serve_http(get("/json"))).await;
    assert_eq!(response.expect("an answer").body, b"{}");
}

#[tokio::test]
async fn who_finds_every_place_taken_is_refused_before_the_server_gives_up() {
    let mattermost = Arc::new(web().await);
    for _ in 0..1_000 {
        let mattermost = Arc::clone(&mattermost);
        tokio::spawn(async move { mattermost.serve_http(get("/hang")).await });
    }
    // On a busy machine it takes a while until they are all there.
    let refused = async {
        loop {
            let arguments = ServeHttpArgs {
                response_writer_stream: mattermost.host.broker().next_id(),
                request: Some(get("/json")),
                context: None,
                request_body_stream: 0,
            };
            let answer: Result<Empty, _> = mattermost.call("ServeHTTP", &arguments).await;
            if answer.is_err_and(|error| error.to_string().contains("overloaded")) {
                break;
            }
        }
    };
    timeout(Duration::from_secs(60), refused).await.unwrap();
    mattermost.host.ping().await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn who_waited_unread_is_refused_as_early_as_who_waited_here() {
    let mattermost = Arc::new(web().await);
    for _ in 0..1_000 {
        let mattermost = Arc::clone(&mattermost);
        tokio::spawn(async move { mattermost.serve_http(get("/hang")).await });
    }
    tokio::time::sleep(Duration::from_secs(5)).await;
    let start = Instant::now();
    // Two of them are as much as may wait here.
    let calls = (0..3).map(|_| {
        let mut request = get("/json");
        let large = vec!["a".repeat(600_000)];
        request.header.insert("X-Large".into(), large);
        let arguments = ServeHttpArgs {
            response_writer_stream: mattermost.host.broker().next_id(),
            request: Some(request),
            ..ServeHttpArgs::default()
        };
        let mattermost = Arc::clone(&mattermost);
        tokio::spawn(async move {
            let refused: Result<Empty, _> = mattermost.call("ServeHTTP", &arguments).await;
            assert!(refused.unwrap_err().to_string().contains("overloaded"));
            start.elapsed()
        })
    });
    for call in calls.collect::<Vec<_>>() {
        let waited = call.await.unwrap();
        assert!(waited < Duration::from_secs(5), "{waited:?}");
    }
}

#[tokio::test]
async fn a_body_where_http_allows_none_is_not_sent() {
    let mattermost = web().await;
    for status in [204, 304] {
        let response = mattermost.serve_http(get(&format!("/body/{status}"))).await;
        assert_eq!(
            (response.status, &response.body[..]),
            (Some(status), &b""[..])
        );
        assert!(
            !response.header.contains_key("Content-Length"),
            "{response:?}"
        );
        assert_eq!(response.header["X-Own"], ["a"]);
    }
}

#[tokio::test]
async fn a_burst_of_requests_is_answered_whole() {
    let mattermost = Arc::new(web().await);
    // More than a queue of the server's holds; the thousands are tried on a real one.
    let requests = (0..500).map(|_| {
        let mattermost = Arc::clone(&mattermost);
        tokio::spawn(async move { mattermost.serve_http(get("/json")).await })
    });
    for request in requests.collect::<Vec<_>>() {
        assert_eq!(request.await.unwrap().body, b"{}");
    }
}

struct NotSync;

#[mattermost_plugin::hooks]
impl Plugin for NotSync {
    fn router(self: Arc<Self>, _: Api) -> impl HttpService {
        let cell = std::cell::Cell::new(0);
        tower::service_fn(move |_: http::Request<mattermost_plugin::Body>| {
            cell.set(cell.get() + 1);
            let body = http_body_util::StreamBody::new(stream::poll_fn(|_| {
                Poll::Ready(None::<Result<http_body::Frame<Bytes>, Infallible>>)
            }));
            let response = http::Response::builder()
                .status(StatusCode::NO_CONTENT)
                .body(body);
            async { response }
        })
    }
}

#[tokio::test]
async fn any_tower_service_will_do() {
    let mattermost = Mattermost::active(NotSync, no_api).await;
    assert_eq!(mattermost.serve_http(get("/")).await.status, Some(204));
}
