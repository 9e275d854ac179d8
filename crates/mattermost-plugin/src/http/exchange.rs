//! A request: from Mattermost's call to the response.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use futures_util::FutureExt as _;
use go_plugin::{Broker, Call, Channel, Empty, Error, FirstCall, SequentialClient};
use gob::Encoder;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};

use super::body::Body;
use super::gate::{Gate, Permit};
use super::headers::GoHeader;
use super::request::{RefusedRequest, ServeHttpArguments, StreamNumbers};
use super::response::{FlushOffer, ResponseWriter};
use super::service::{OutgoingBody, Router};

/// All of a plugin's requests.
pub(crate) struct Exchanges {
    gate: Gate,
    shared: Arc<Responder>,
}

/// Answers requests.
struct Responder {
    broker: Broker,
    router: OnceLock<Box<dyn Router>>,
    metrics_router: OnceLock<Box<dyn Router>>,
    flush: FlushOffer,
    /// What the stream of a response is opened with.
    opening: FirstCall,
}

impl Exchanges {
    /// # Errors
    /// When the first call of a response cannot be encoded.
    pub(crate) fn new(broker: Broker) -> Result<Self, Error> {
        let mut encoder = Encoder::new();
        encoder.define::<GoHeader>()?;
        let shared = Arc::new(Responder {
            broker,
            router: OnceLock::new(),
            metrics_router: OnceLock::new(),
            flush: FlushOffer::default(),
            opening: FirstCall::new(encoder, "Plugin.Header", &Empty {})?,
        });
        let for_start = Arc::clone(&shared);
        let gate = Gate::new(Box::new(move |call, permit| {
            // Boxed, because the runtime moves a future several times, which copies it.
            tokio::spawn(Box::pin(run(Arc::clone(&for_start), call, permit)));
        }));
        Ok(Self { gate, shared })
    }

    /// Sets the service that answers requests. Only the first call has an effect.
    pub(crate) fn set_router(&self, router: Box<dyn Router>) {
        drop(self.shared.router.set(router));
    }

    /// Says who answers the requests for metrics.
    pub(crate) fn set_metrics_router(&self, router: Box<dyn Router>) {
        drop(self.shared.metrics_router.set(router));
    }

    pub(crate) fn poll_ready(&self, cx: &mut Context<'_>) -> Poll<()> {
        self.gate.poll_ready(cx)
    }

    pub(crate) fn serve(&self, call: Call) {
        self.gate.push(call);
    }
}

async fn run(shared: Arc<Responder>, call: Call, permit: Permit) {
    // A request often fails because its client left or the host was killed, which is not worth a line in the log.
    match shared.serve(&call, &permit).await {
        Ok(()) => call.reply(&Empty {}),
        Err(Failure::Unanswered(error)) => call.fail(&error.to_string()),
        Err(Failure::Begun(error)) => {
            tracing::debug!("a response was cut off: {error}");
            // After an error, Mattermost would append its own text to what was sent.
            call.reply(&Empty {});
        }
    }
    drop(permit);
}

impl Responder {
    async fn serve(&self, call: &Call, permit: &Permit) -> Result<(), Failure> {
        let incoming = Incoming::of(call)?;
        let router = match call.method() {
            "Plugin.ServeMetrics" => &self.metrics_router,
            _ => &self.router,
        };
        let StreamNumbers {
            response_writer_stream,
            request_body_stream,
        } = incoming.streams();
        let (body, mut caller) = tokio::try_join!(
            self.dial_body(request_body_stream),
            SequentialClient::dial(&self.broker, response_writer_stream, &self.opening),
        )?;
        let handled = async {
            let body = accepted(body).await?;
            Ok::<_, Error>(
                self.handle(router.get().map(AsRef::as_ref), incoming, body)
                    .await,
            )
        };
        let host_headers = async {
            caller.answered().await?;
            permit.accepted();
            caller.receive().await
        };
        let (response, host_headers) = tokio::try_join!(handled, host_headers)?;
        let mut writer = ResponseWriter::new(caller, host_headers, &self.flush);
        let result = writer.respond(response).await;
        result.map_err(|error| {
            if writer.has_begun() {
                Failure::Begun(error)
            } else {
                Failure::Unanswered(error)
            }
        })
    }

    async fn dial_body(&self, id: u32) -> Result<Option<Channel>, Error> {
        if id == 0 {
            return Ok(None);
        }
        // Even if the handler does not read it: Mattermost logs an error for every number that is not dialled.
        self.broker.dial(id, &[]).await.map(Some)
    }

    async fn handle(
        &self,
        router: Option<&dyn Router>,
        incoming: Incoming,
        body: Option<Channel>,
    ) -> Response<OutgoingBody> {
        let Some(router) = router else {
            return plain(
                StatusCode::SERVICE_UNAVAILABLE,
                "the plugin is not active yet".into(),
            );
        };
        let arguments = match incoming {
            Incoming::Request(arguments) => arguments,
            Incoming::Unreadable { error, .. } => {
                // Not an error in the log: anybody can send such requests, and any number of them.
                tracing::debug!("a request cannot be read: {error}");
                let text = format!("the request cannot be read: {error}");
                return plain(StatusCode::BAD_REQUEST, text);
            }
        };
        let request = match http_request(*arguments, body) {
            Ok(request) => request,
            Err(refused) => return plain(refused.status(), refused.to_string()),
        };
        let (method, path) = (request.method().clone(), request.uri().path().to_owned());
        let answer = async { router.respond(request).await };
        match AssertUnwindSafe(answer).catch_unwind().await {
            Ok(Ok(response)) => response,
            Ok(Err(error)) => internal_error(&method, &path, &error.to_string()),
            // The panic hook that `run` installs has logged it.
            Err(_) => internal_error(&method, &path, "the handler panicked"),
        }
    }
}

/// The request of a call.
enum Incoming {
    // Boxed, because the futures that hold it are moved, which copies them.
    Request(Box<ServeHttpArguments>),
    /// Its streams must be dialled all the same: Mattermost logs an error for those that are not.
    Unreadable {
        streams: StreamNumbers,
        error: Error,
    },
}

impl Incoming {
    fn of(call: &Call) -> Result<Self, Error> {
        call.arguments().map(Self::Request).or_else(|error| {
            let streams = call.arguments()?;
            Ok(Self::Unreadable { streams, error })
        })
    }

    fn streams(&self) -> StreamNumbers {
        match self {
            Self::Request(arguments) => StreamNumbers {
                response_writer_stream: arguments.response_writer_stream,
                request_body_stream: arguments.request_body_stream,
            },
            Self::Unreadable { streams, .. } => *streams,
        }
    }
}

fn http_request(
    arguments: ServeHttpArguments,
    body: Option<Channel>,
) -> Result<Request<Body>, RefusedRequest> {
    let request = arguments.request.unwrap_or_default();
    let promised = request.content_length();
    let body = body.map_or_else(Body::empty, |channel| Body::pulled(channel, promised));
    request.into_http(arguments.context, body)
}

/// Waits until Mattermost has accepted the body's stream, as the Go SDK does before it calls a handler. If the request ended
/// and Mattermost stopped the plugin before that, Mattermost would log an error about the stream.
///
/// It takes no extra time: the response's stream is opened after this one, and must be waited for anyway.
async fn accepted(body: Option<Channel>) -> Result<Option<Channel>, Error> {
    let Some(mut channel) = body else {
        return Ok(None);
    };
    channel.answered().await?;
    Ok(Some(channel))
}

fn internal_error(method: &Method, path: &str, error: &str) -> Response<OutgoingBody> {
    tracing::error!(%method, path, "a request was answered with 500: {error}");
    plain(
        StatusCode::INTERNAL_SERVER_ERROR,
        "Internal Server Error".into(),
    )
}

fn plain(status: StatusCode, text: String) -> Response<OutgoingBody> {
    let body = Full::from(text + "\n")
        .map_err(|never| match never {})
        .boxed_unsync();
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let plain = header::HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, plain);
    response
}

/// How far a response had come when it failed.
enum Failure {
    /// Nothing was sent to the client, and Mattermost answers with 500.
    Unanswered(Error),
    /// A part of the response was sent.
    Begun(Error),
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Unanswered(error)
    }
}
