//! Sends a request to a plugin as a server does, and collects the response.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use go_plugin::host::Host;
use go_plugin::{Broker, Call, Client, Empty};
use gob::{BString, Decode, Encode};
use http::{HeaderName, HeaderValue, Request, Response, StatusCode, header};
use http_body_util::BodyExt as _;

use super::{LIMIT, lock};
use crate::Error;
use crate::api::varint;
use crate::http::{Body, GoRequest, Router, SentHeaders, SentRequest};
use crate::model::Context;

/// `Z_ServeHTTPArgs`
#[derive(Debug, Encode)]
struct ServeHttpArguments {
    response_writer_stream: u32,
    request: SentRequest,
    context: Context,
    request_body_stream: u32,
}

/// `Z_PluginHTTPStreamArgs`
#[derive(Debug, Decode)]
struct PluginHttpArguments {
    response_body_stream: u32,
    request: Option<Box<GoRequest>>,
    request_body_stream: u32,
}

/// `Z_PluginHTTPStreamReturns`
#[derive(Debug, Encode)]
struct PluginHttpReturns {
    status_code: i64,
    header: SentHeaders,
}

type Headers = BTreeMap<String, Vec<BString>>;

/// The address of whoever sends a request.
const CLIENT: &str = "127.0.0.1:40000";

/// What the plugin has written so far.
#[derive(Debug, Default)]
struct Written {
    status: Option<i64>,
    headers: Headers,
    body: Vec<u8>,
}

/// Calls one of the two hooks that answer requests.
pub(super) async fn serve(
    host: &Host,
    hooks: &Client,
    hook: &str,
    request: Request<Bytes>,
) -> Response<Bytes> {
    let broker = host.broker();
    let (response_id, body_id) = (broker.next_id(), broker.next_id());
    let written = Arc::<Mutex<Written>>::default();
    let recorded = Arc::clone(&written);
    let responded = tokio::spawn(host.serve(response_id, move |call| {
        record(&mut lock(&recorded), call);
    }));
    let (mut parts, body) = request.into_parts();
    let headers = &mut parts.headers;
    if parts.uri.authority().is_none() && !headers.contains_key(header::HOST) {
        headers.insert(header::HOST, HeaderValue::from_static("localhost"));
    }
    let read = tokio::spawn(serve_body(broker.clone(), body_id, body));
    let arguments = ServeHttpArguments {
        response_writer_stream: response_id,
        context: parts.extensions.get().cloned().unwrap_or_default(),
        request: SentRequest::new(parts, CLIENT),
        request_body_stream: body_id,
    };
    let answer = hooks.call::<_, Empty>(hook, &arguments, LIMIT).await;
    // Both streams end with the call.
    drop(tokio::join!(responded, read));
    match answer {
        Ok(Empty {}) => std::mem::take(&mut *lock(&written)).into_response(),
        Err(error) => {
            // As a real server answers its client: the reason is only in the log.
            let mut response = Response::new(Bytes::from(error.to_string()));
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            response
        }
    }
}

/// Sends as much of the body as the plugin asks for, until the plugin closes it (`serveIOReader`).
pub(super) async fn serve_body(broker: Broker, id: u32, mut body: Bytes) -> Result<(), Error> {
    let mut channel = broker.accept(id).await?;
    loop {
        channel.drain().await?;
        let Some(wanted) = varint(&mut channel.inbound)? else {
            if channel.fill().await? {
                continue;
            }
            return Ok(());
        };
        let wanted = usize::try_from(wanted).unwrap_or(0);
        let piece = body.split_to(wanted.min(body.len()));
        channel.outbound.extend_from_slice(&piece);
        if piece.len() < wanted {
            return Ok(channel.drain().await?);
        }
    }
}

/// Answers a request of the plugin's to another plugin.
pub(super) async fn answer_plugin_http(broker: Broker, others: Arc<dyn Router>, call: Call) {
    let outcome = async {
        let arguments: PluginHttpArguments = call.arguments()?;
        let mut out = broker.dial(arguments.response_body_stream, &[]).await?;
        out.answered().await?;
        let request = arguments.request.unwrap_or_default();
        let body = match arguments.request_body_stream {
            0 => Body::empty(),
            id => Body::pulled(broker.dial(id, &[]).await?, request.content_length()),
        };
        let request = request.into_http(None, body).map_err(Error::new)?;
        let response = others.respond(request).await.map_err(Error::new)?;
        Ok::<_, Error>((out, response))
    };
    let (mut out, response) = match outcome.await {
        Ok(outcome) => outcome,
        Err(error) => return call.fail(&error.to_string()),
    };
    let (parts, mut body) = response.into_parts();
    call.reply(&PluginHttpReturns {
        status_code: parts.status.as_u16().into(),
        header: SentHeaders(parts.headers),
    });
    // A body that fails just ends, as it does on a server.
    while let Some(Ok(frame)) = body.frame().await {
        let data = frame.into_data().unwrap_or_default();
        out.outbound.extend_from_slice(&data);
        if out.drain().await.is_err() {
            return;
        }
    }
}

fn record(written: &mut Written, call: Call) {
    let outcome = match call.method() {
        "Plugin.Header" => return call.reply(&written.headers),
        "Plugin.SyncHeader" => call.arguments().map(|headers| written.headers = headers),
        "Plugin.WriteHeader" => call.arguments().map(|status| written.status = Some(status)),
        "Plugin.Write" => call
            .arguments()
            .map(|bytes: Vec<u8>| written.body.extend(bytes)),
        "Plugin.Flush" => Ok(()),
        method => {
            let message = format!("rpc: can't find method {method}");
            return call.fail(&message);
        }
    };
    match outcome {
        Ok(()) => call.reply(&Empty {}),
        Err(error) => call.fail(&error.to_string()),
    }
}

impl Written {
    fn into_response(self) -> Response<Bytes> {
        let mut response = Response::new(Bytes::from(self.body));
        let status = self.status.and_then(|status| u16::try_from(status).ok());
        if let Some(status) = status.and_then(|status| StatusCode::from_u16(status).ok()) {
            *response.status_mut() = status;
        }
        for (name, values) in self.headers {
            for value in values {
                let name = HeaderName::from_bytes(name.as_bytes());
                if let (Ok(name), Ok(value)) = (name, HeaderValue::from_bytes(&value)) {
                    response.headers_mut().append(name, value);
                }
            }
        }
        response
    }
}
