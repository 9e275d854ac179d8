//! Requests to other plugins: both bodies as streams, and what a server can do to them.

use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::extract::Request;
use go_plugin::{Broker, Call, Channel};
use gob::Gob;
use http_body_util::{BodyExt as _, Empty, Full, StreamBody};
use mattermost_plugin::{Api, Body, BodyError, Error, ErrorKind, Plugin, test};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout};

use super::fake::{Header, LIMIT, Mattermost};

/// Gives its handle away.
struct Lends(mpsc::UnboundedSender<Api>);

#[mattermost_plugin::hooks]
impl Plugin for Lends {
    async fn on_activate(&self, api: Api) -> Result<(), Error> {
        Ok(self.0.send(api)?)
    }
}

/// `Z_PluginHTTPStreamArgs`
#[derive(Debug, Default, Gob)]
struct Arguments {
    response_body_stream: u32,
    request: Option<super::fake::Request>,
    request_body_stream: u32,
}

/// `Z_PluginHTTPStreamReturns`
#[derive(Debug, Default, Gob)]
struct Returns {
    status_code: i64,
    header: Header,
}

/// `Z_PluginHTTPArgs`
#[derive(Debug, Default, Gob)]
struct WholeArguments {
    request: Option<super::fake::Request>,
    request_body: Vec<u8>,
}

/// `Z_PluginHTTPReturns`
#[derive(Debug, Default, Gob)]
struct WholeReturns {
    response: Option<Returns>,
    response_body: Vec<u8>,
}

/// A server that answers `PluginHTTPStream` by this code, and the plugin's handle.
async fn server<F>(
    answer: impl Fn(Broker, Call, Arguments) -> F + Send + Sync + 'static,
) -> (Mattermost, Api)
where
    F: Future<Output = ()> + Send + 'static,
{
    let (sender, mut apis) = mpsc::unbounded_channel();
    let mattermost = Mattermost::start(Lends(sender)).await;
    let broker = mattermost.host.broker().clone();
    let api = move |call: Call| {
        let arguments = call.arguments().unwrap();
        tokio::spawn(answer(broker.clone(), call, arguments));
        None
    };
    assert!(mattermost.activate(api).await.a.is_none());
    let api = apis.recv().await.unwrap();
    (mattermost, api)
}

fn head(status: i64, length: Option<usize>) -> Returns {
    let length = length.map(|length| ("Content-Length".into(), vec![length.to_string()]));
    Returns {
        status_code: status,
        header: length.into_iter().collect(),
    }
}

fn get(path: &str) -> http::Request<Empty<Bytes>> {
    http::Request::get(path).body(Empty::new()).unwrap()
}

fn pieces(
    pieces: mpsc::UnboundedReceiver<Result<&'static [u8], std::io::Error>>,
) -> impl http_body::Body<Data = Bytes, Error = std::io::Error> + Send {
    let frames = futures_util::stream::unfold(pieces, |mut pieces| async {
        let piece = pieces.recv().await?;
        let frame = piece.map(|piece| http_body::Frame::data(Bytes::from_static(piece)));
        Some((frame, pieces))
    });
    StreamBody::new(frames)
}

async fn piece(body: &mut Body) -> Bytes {
    let frame = timeout(LIMIT, body.frame()).await.unwrap().unwrap();
    frame.unwrap().into_data().unwrap()
}

async fn dialled(broker: &Broker, id: u32) -> Channel {
    let mut channel = broker.dial(id, &[]).await.unwrap();
    channel.answered().await.unwrap();
    channel
}

/// Asks for 65,536 bytes, as `binary.PutVarint` writes them.
const PULL: [u8; 3] = [0x80, 0x80, 0x08];

#[tokio::test]
async fn a_request_to_another_plugin_is_still_sent_while_its_response_is_read() {
    let (sender, mut apis) = mpsc::unbounded_channel();
    let mattermost = test::Mattermost::start(Lends(sender)).await;
    let echo = async |request: Request| {
        let said = format!(
            "{} {}",
            request.method(),
            request.headers()["x-asked"].to_str().unwrap()
        );
        ([("x-said", said)], request.into_body())
    };
    mattermost.answer_plugin_http(Router::new().route("/other/echo", axum::routing::any(echo)));
    mattermost.activate().await.unwrap();
    let api = apis.recv().await.unwrap();
    let (sender, body) = mpsc::unbounded_channel();
    sender.send(Ok(&b"one"[..])).unwrap();
    let request = http::Request::post("/other/echo").header("x-asked", "yes");
    let response = api.plugin_http(request.body(pieces(body)).unwrap()).await;
    let response = response.unwrap();
    assert_eq!(
        (response.status().as_u16(), &response.headers()["x-said"]),
        (200, &"POST yes".parse().unwrap())
    );
    let mut body = response.into_body();
    assert_eq!(piece(&mut body).await, "one");
    sender.send(Ok(b"two")).unwrap();
    assert_eq!(piece(&mut body).await, "two");
    drop(sender);
    assert!(timeout(LIMIT, body.frame()).await.unwrap().is_none());
    // More than a window, in both directions.
    let large = Bytes::from(vec![7; 1_000_000]);
    let request = http::Request::put("/other/echo").header("x-asked", "yes");
    let request = request.body(Full::from(large.clone())).unwrap();
    let response = api.plugin_http(request).await.unwrap();
    let back = timeout(LIMIT, response.into_body().collect()).await;
    let back = back.unwrap().unwrap().to_bytes();
    assert!(back == large, "{} bytes", back.len());
    let missing = api.plugin_http(get("/nobody/echo")).await.unwrap();
    assert_eq!(missing.status().as_u16(), 404);
}

#[tokio::test]
async fn an_older_server_is_sent_the_body_as_a_whole_unless_it_is_too_long() {
    let (sender, mut apis) = mpsc::unbounded_channel();
    let api = |call: Call| {
        if call.method() != "Plugin.PluginHTTP" {
            return Some(call);
        }
        let arguments: WholeArguments = call.arguments().unwrap();
        let request = arguments.request.unwrap();
        let said = format!(
            "{} {} ",
            request.method, request.header["Content-Length"][0]
        );
        let response_body = [said.as_bytes(), &arguments.request_body].concat();
        let response = Some(head(201, Some(response_body.len())));
        call.reply(&WholeReturns {
            response,
            response_body,
        });
        None
    };
    let _mattermost = Mattermost::active(Lends(sender), api).await;
    let api = apis.recv().await.unwrap();
    let request = http::Request::post("/other/x")
        .body(Full::from("vote"))
        .unwrap();
    let response = api.plugin_http(request).await.unwrap();
    assert_eq!(response.status().as_u16(), 201);
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, "POST 4 vote");
    let large = Full::from(vec![0; 33 * 1024 * 1024]);
    let request = http::Request::post("/other/x").body(large).unwrap();
    let error = api.plugin_http(request).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "a Mattermost before 11 takes no body of more than 33554432 bytes"
    );
}

#[tokio::test(start_paused = true)]
async fn a_response_that_the_server_never_sends_is_waited_for_as_long_as_was_said() {
    let (_mattermost, api) = server(async |_, call, arguments: Arguments| {
        if arguments.request.unwrap().method == "PUT" {
            std::mem::forget(call);
        } else {
            call.reply(&head(200, None));
        }
    })
    .await;
    let start = Instant::now();
    let error = api.plugin_http(get("/other/x")).await.unwrap_err();
    assert!(
        matches!(
            error.kind(),
            ErrorKind::Plugin(go_plugin::Error::AcceptTimeout(_))
        ),
        "{error}"
    );
    assert_eq!(start.elapsed().as_secs(), 5);
    let start = Instant::now();
    let api = api.with_timeout(Duration::from_secs(2));
    let request = http::Request::put("/other/x").body(Empty::<Bytes>::new());
    let error = api.plugin_http(request.unwrap()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "Plugin.PluginHTTPStream: no answer within 2s"
    );
    assert_eq!(start.elapsed().as_secs(), 2);
}

#[tokio::test]
async fn a_response_whose_stream_is_dialled_twice_is_the_first() {
    let (_mattermost, api) = server(async |broker, call, arguments: Arguments| {
        let mut first = dialled(&broker, arguments.response_body_stream).await;
        let mut second = broker
            .dial(arguments.response_body_stream, b"2")
            .await
            .unwrap();
        second.drain().await.unwrap();
        call.reply(&head(200, Some(1)));
        first.outbound.extend_from_slice(b"1");
        first.drain().await.unwrap();
    })
    .await;
    let response = api.plugin_http(get("/other/x")).await.unwrap();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    assert_eq!(body, "1");
}

#[tokio::test]
async fn a_response_that_breaks_off_is_an_error_and_one_that_must_be_empty_is_none() {
    let (_mattermost, api) = server(async |broker, call, arguments: Arguments| {
        let request = arguments.request.unwrap();
        let mut channel = dialled(&broker, arguments.response_body_stream).await;
        call.reply(&head(200, Some(10)));
        if request.method == "GET" {
            channel.outbound.extend_from_slice(b"four");
            channel.drain().await.unwrap();
        }
        if request.request_uri == "/other/reset" {
            channel.abort();
        }
    })
    .await;
    let body = async |request| {
        let response = api.plugin_http(request).await.unwrap();
        timeout(LIMIT, response.into_body().collect())
            .await
            .unwrap()
    };
    let error = body(get("/other/x")).await.unwrap_err();
    assert_eq!(error.to_string(), "the body ended after 4 of 10 bytes");
    let error = body(get("/other/reset")).await.unwrap_err();
    assert!(matches!(error, BodyError::Plugin(_)), "{error}");
    let request = http::Request::head("/other/x").body(Empty::new()).unwrap();
    assert!(body(request).await.unwrap().to_bytes().is_empty());
}

#[tokio::test]
async fn no_response_and_one_with_an_impossible_status_are_errors() {
    let (_mattermost, api) = server(async |broker, call, arguments: Arguments| {
        let _channel = dialled(&broker, arguments.response_body_stream).await;
        let status = match arguments.request.unwrap().method.as_str() {
            "GET" => 0,
            _ => 70_000,
        };
        call.reply(&head(status, None));
    })
    .await;
    let error = api.plugin_http(get("/other/x")).await.unwrap_err();
    assert!(matches!(error.kind(), ErrorKind::NoValue), "{error}");
    let request = http::Request::post("/other/x").body(Empty::<Bytes>::new());
    let error = api.plugin_http(request.unwrap()).await.unwrap_err();
    assert_eq!(error.to_string(), "HTTP has no status 70000");
}

#[tokio::test]
async fn a_request_that_fails_or_is_given_up_is_never_taken_for_a_whole_one() {
    let (told, mut ends) = mpsc::unbounded_channel();
    let (_mattermost, api) = server(move |broker, call, arguments: Arguments| {
        let told = told.clone();
        async move {
            let _out = dialled(&broker, arguments.response_body_stream).await;
            let mut body = dialled(&broker, arguments.request_body_stream).await;
            body.outbound.extend_from_slice(&PULL);
            body.drain().await.unwrap();
            let mut end = body.fill().await;
            if arguments.request.unwrap().method == "PUT" {
                call.reply(&head(200, None));
            } else {
                std::mem::forget(call);
            }
            while let Ok(true) = end {
                end = body.fill().await;
            }
            told.send(end.map_err(|error| error.to_string())).unwrap();
        }
    })
    .await;
    let mut end = async || timeout(LIMIT, ends.recv()).await.unwrap().unwrap();
    let (sender, body) = mpsc::unbounded_channel();
    sender.send(Ok(&b"one"[..])).unwrap();
    sender
        .send(Err(std::io::Error::other("the disk is full")))
        .unwrap();
    let request = http::Request::post("/other/x").body(pieces(body)).unwrap();
    let error = timeout(LIMIT, api.plugin_http(request)).await.unwrap();
    assert_eq!(error.unwrap_err().to_string(), "the disk is full");
    assert!(end().await.is_err());
    // With its response's head there, a request fails the response's body, and ends with it.
    for drops in [false, true] {
        let (sender, body) = mpsc::unbounded_channel();
        sender.send(Ok(&b"one"[..])).unwrap();
        let request = http::Request::put("/other/x").body(pieces(body)).unwrap();
        let response = timeout(LIMIT, api.plugin_http(request)).await.unwrap();
        let mut body = response.unwrap().into_body();
        if drops {
            drop(body);
        } else {
            sender
                .send(Err(std::io::Error::other("the disk is full")))
                .unwrap();
            let error = timeout(LIMIT, body.frame()).await.unwrap().unwrap();
            let error = error.unwrap_err().to_string();
            assert_eq!(error, "the request's body failed: the disk is full");
        }
        assert!(end().await.is_err());
    }
}
