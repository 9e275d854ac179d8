//! Sends a request to a plugin as a server does, and collects the response.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use bytes::Bytes;
use go_plugin::host::Host;
use go_plugin::{Broker, Call, Client, Empty};
use gob::{BString, Encode};
use http::{HeaderName, HeaderValue, Request, Response, StatusCode};

use super::{LIMIT, lock};
use crate::Error;
use crate::api::varint;
use crate::http::GoUrl;
use crate::model::Context;

/// `Z_ServeHTTPArgs`
#[derive(Debug, Encode)]
struct ServeHttpArguments {
    response_writer_stream: u32,
    request: Option<GoRequest>,
    context: Option<Context>,
    request_body_stream: u32,
}

#[derive(Debug, Encode)]
#[gob(name = "HTTPRequestSubset")]
struct GoRequest {
    method: String,
    #[gob(name = "URL")]
    url: Option<GoUrl>,
    proto_major: i64,
    proto_minor: i64,
    header: Headers,
    host: String,
    remote_addr: String,
    #[gob(name = "RequestURI")]
    request_uri: String,
}

type Headers = BTreeMap<String, Vec<BString>>;

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
    let (parts, body) = request.into_parts();
    let read = tokio::spawn(serve_body(broker.clone(), body_id, body));
    let arguments = ServeHttpArguments {
        response_writer_stream: response_id,
        request: Some(go_request(&parts)),
        context: Some(parts.extensions.get().cloned().unwrap_or_default()),
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

fn go_request(parts: &http::request::Parts) -> GoRequest {
    let mut header = Headers::new();
    for (name, value) in &parts.headers {
        let values = header.entry(name.to_string()).or_default();
        values.push(value.as_bytes().into());
    }
    let target = parts
        .uri
        .path_and_query()
        .map_or("/", |target| target.as_str());
    GoRequest {
        method: parts.method.to_string(),
        url: Some(GoUrl::new(target)),
        proto_major: 1,
        proto_minor: 1,
        header,
        host: parts.uri.host().unwrap_or("localhost").to_owned(),
        remote_addr: "127.0.0.1:40000".to_owned(),
        request_uri: target.to_owned(),
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
