//! A Mattermost in memory: speaks to a plugin as the server does, and records what the plugin does.
#![allow(dead_code, reason = "each test file uses a part")]
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    unreachable_pub,
    reason = "all of it is a test"
)]

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use go_plugin::host::Host;
use go_plugin::{Call, Client, Empty, Error, serve_connection};
use gob::{BString, Encode, Gob};
use mattermost_plugin::{Plugin, served};
use tokio::io::duplex;
use tokio::task::JoinHandle;

pub const LIMIT: Duration = Duration::from_secs(10);

pub type Header = BTreeMap<String, Vec<String>>;

#[derive(Debug, Default, Gob)]
pub struct ErrorString {
    pub code: i64,
    pub err: String,
}

#[derive(Debug, Default, Gob)]
pub struct AppError {
    pub id: String,
    pub message: String,
    pub detailed_error: String,
    pub status_code: i64,
    pub skip_translation: bool,
}

/// Go's `error`.
#[derive(Debug, Gob)]
#[gob(interface)]
pub enum GoError {
    #[gob(name = "*plugin.ErrorString")]
    Text(ErrorString),
    #[gob(name = "*model.AppError")]
    App(AppError),
    #[gob(name = "*pq.Error")]
    Database(ErrorString),
}

#[derive(Debug, Default, Gob)]
pub struct OnActivateArgs {
    #[gob(name = "APIMuxId")]
    pub api: u32,
    #[gob(name = "DriverMuxId")]
    pub driver: u32,
}

/// Results `A error`.
#[derive(Debug, Default, Gob)]
pub struct ErrorReturns {
    pub a: Option<GoError>,
}

/// A result `A T`.
#[derive(Debug, Default, Gob)]
pub struct Value<T> {
    pub a: T,
}

#[derive(Debug, Default, Clone, PartialEq, Gob)]
#[gob(opaque)]
pub struct Url(pub BString);

impl gob::Opaque for Url {
    const KIND: gob::OpaqueKind = gob::OpaqueKind::BinaryMarshaler;
    const NAME: &'static str = "URL";

    fn zero() -> Self {
        Self::default()
    }

    fn to_bytes(&self) -> gob::Result<std::borrow::Cow<'_, [u8]>> {
        Ok(self.0.as_slice().into())
    }

    fn from_bytes(bytes: &[u8]) -> gob::Result<Self> {
        Ok(Self(bytes.into()))
    }
}

#[derive(Debug, Default, Clone, Gob)]
pub struct Request {
    pub method: String,
    #[gob(name = "URL")]
    pub url: Option<Url>,
    pub header: Header,
    pub host: BString,
    pub remote_addr: BString,
    #[gob(name = "RequestURI")]
    pub request_uri: BString,
}

#[derive(Debug, Default, Clone, Gob)]
pub struct Context {
    pub session_id: String,
    pub request_id: String,
    pub user_agent: BString,
}

#[derive(Debug, Default, Gob)]
pub struct ServeHttpArgs {
    pub response_writer_stream: u32,
    pub request: Option<Request>,
    pub context: Option<Context>,
    pub request_body_stream: u32,
}

pub fn get(path: &str) -> Request {
    Request {
        method: "GET".into(),
        url: Some(Url(path.into())),
        ..Request::default()
    }
}

pub fn post(path: &str) -> Request {
    Request {
        method: "POST".into(),
        ..get(path)
    }
}

/// What a client of the server got, and by which calls.
#[derive(Debug, Default, Clone)]
pub struct Response {
    pub calls: Vec<String>,
    pub header: Header,
    pub status: Option<i64>,
    pub body: Vec<u8>,
    pub error: Option<String>,
}

/// How the server's response writer behaves.
#[derive(Debug, Clone, Default)]
pub struct Writer {
    /// Has no method `Flush`.
    pub old: bool,
    /// The client's connection can be taken over.
    pub hijackable: bool,
    /// The client goes away after so many bytes.
    pub leaves_after: Option<usize>,
    /// What the server's middleware has set.
    pub header: Header,
}

pub struct Mattermost {
    pub host: Host,
    pub hooks: Client,
}

/// Answers an API call; those it does not take are unknown to the server.
pub trait AnswerApi: Fn(Call) -> Option<Call> + Send + Sync + 'static {}

impl<F: Fn(Call) -> Option<Call> + Send + Sync + 'static> AnswerApi for F {}

impl Mattermost {
    pub async fn start(plugin: impl Plugin) -> Self {
        Self::start_watched(plugin).await.0
    }

    /// With how the plugin's end of the connection ends.
    pub async fn start_watched(plugin: impl Plugin) -> (Self, JoinHandle<Result<(), Error>>) {
        let (ours, theirs) = duplex(200 * 1024);
        let session = tokio::spawn(serve_connection(theirs, served(plugin)));
        let mut host = Host::connect(ours).await.unwrap();
        let hooks = host.dispense("hooks").await.unwrap();
        (Self { host, hooks }, session)
    }

    pub async fn active(plugin: impl Plugin, api: impl AnswerApi) -> Self {
        let this = Self::start(plugin).await;
        assert!(this.activate(api).await.a.is_none());
        this
    }

    pub async fn activate(&self, api: impl AnswerApi) -> ErrorReturns {
        self.activate_slowly(api, Duration::ZERO, Duration::ZERO)
            .await
    }

    /// As a busy server does it: the streams of API and driver are accepted only after so long.
    pub async fn activate_slowly(
        &self,
        api: impl AnswerApi,
        api_after: Duration,
        driver_after: Duration,
    ) -> ErrorReturns {
        let arguments = OnActivateArgs {
            api: self.host.broker().next_id(),
            driver: self.host.broker().next_id(),
        };
        let api = self.host.serve(arguments.api, move |call| {
            if let Some(call) = api(call) {
                let method = call.method().to_owned();
                call.fail(&format!("rpc: can't find method {method}"));
            }
        });
        let driver = self.host.serve(arguments.driver, drop);
        tokio::spawn(async move {
            tokio::time::sleep(api_after).await;
            api.await
        });
        tokio::spawn(async move {
            tokio::time::sleep(driver_after).await;
            driver.await
        });
        self.call("OnActivate", &arguments).await.unwrap()
    }

    pub async fn call<A: Encode, R: gob::Decode>(
        &self,
        hook: &str,
        arguments: &A,
    ) -> Result<R, Error> {
        self.hooks
            .call(&format!("Plugin.{hook}"), arguments, LIMIT)
            .await
    }

    pub async fn serve_http(&self, request: Request) -> Response {
        self.serve_http_with(request, &[], Writer::default()).await
    }

    pub async fn serve_http_with(&self, request: Request, body: &[u8], writer: Writer) -> Response {
        self.serve(
            body,
            writer,
            |response_writer_stream, request_body_stream| ServeHttpArgs {
                response_writer_stream,
                request: Some(request),
                context: Some(Context {
                    session_id: "session".into(),
                    request_id: "request".into(),
                    user_agent: b"Agent/\xff".into(),
                }),
                request_body_stream,
            },
        )
        .await
    }

    /// Calls `ServeHTTP` with arguments made of the numbers of the response's and the body's stream.
    pub async fn serve<A: Encode>(
        &self,
        body: &[u8],
        writer: Writer,
        arguments: impl FnOnce(u32, u32) -> A,
    ) -> Response {
        let broker = self.host.broker();
        let (response_id, body_id) = (broker.next_id(), broker.next_id());
        let response = Arc::new(Mutex::new(Response {
            header: writer.header.clone(),
            ..Response::default()
        }));
        let recorded = Arc::clone(&response);
        let written = tokio::spawn(self.host.serve(response_id, move |call| {
            record(&mut recorded.lock().unwrap(), &writer, call);
        }));
        let uploaded = tokio::spawn(serve_reader(broker.clone(), body_id, body.to_vec()));
        let arguments = arguments(response_id, body_id);
        let result: Result<Empty, _> = self.call("ServeHTTP", &arguments).await;
        // Both streams end: nothing is left over.
        written.await.unwrap().unwrap();
        uploaded.await.unwrap();
        let mut response = response.lock().unwrap().clone();
        response.error = result.err().map(|error| error.to_string());
        response
    }
}

fn record(response: &mut Response, writer: &Writer, call: Call) {
    let method = call.method().trim_start_matches("Plugin.").to_owned();
    response.calls.push(method.clone());
    match method.as_str() {
        "Header" => call.reply(&response.header),
        "SyncHeader" => {
            response.header = call.arguments().unwrap();
            call.reply(&Empty {});
        }
        "WriteHeader" => {
            response.status = Some(call.arguments().unwrap());
            call.reply(&Empty {});
        }
        "Write" => {
            let bytes: Vec<u8> = call.arguments().unwrap();
            response.body.extend(bytes);
            match writer.leaves_after {
                Some(limit) if response.body.len() > limit => call.fail("write: broken pipe"),
                _ => call.reply(&Empty {}),
            }
        }
        "Flush" if !writer.old => call.reply(&Empty {}),
        "HijackResponse" | "HjConnClose" if writer.hijackable => call.reply(&Empty {}),
        _ => call.fail(&format!("rpc: can't find method Plugin.{method}")),
    }
}

/// As Mattermost's `serveIOReader`: reads how many bytes are wanted, sends them, ends with the body.
async fn serve_reader(broker: go_plugin::Broker, id: u32, body: Vec<u8>) {
    let mut channel = broker.accept(id).await.unwrap();
    channel.drain().await.unwrap();
    let mut rest = &body[..];
    loop {
        let Some(wanted) = varint(&mut channel.inbound) else {
            match channel.fill().await {
                Ok(true) => continue,
                Ok(false) | Err(_) => return,
            }
        };
        let piece;
        (piece, rest) = rest.split_at(wanted.min(rest.len()));
        channel.outbound.extend_from_slice(piece);
        if channel.drain().await.is_err() || piece.len() < wanted {
            return;
        }
    }
}

fn varint(bytes: &mut bytes::BytesMut) -> Option<usize> {
    let end = bytes.iter().position(|byte| byte & 0x80 == 0)?;
    let encoded = bytes.split_to(end + 1);
    let value = encoded
        .iter()
        .rev()
        .fold(0, |value, byte| value << 7 | usize::from(byte & 0x7f));
    Some(value >> 1)
}
