//! `PluginHTTP`: a request to another plugin.

use std::future::{pending, poll_fn};
use std::io;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use gob::{Decode, Encode};
use http::header::CONTENT_LENGTH;
use http::request::Parts;
use http::{Method, Request, Response, StatusCode};
use http_body::Body as _;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::timeout;

use super::Api;
use super::streams::serve;
use crate::http::{Body, MAX_HEADERS, ReceivedHeaders, Sending, SentRequest, Unread};
use crate::{Error, ErrorKind};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The longest body for a server that takes it as a whole only: both processes hold it in memory, more than once.
const MAX_WHOLE: usize = 32 * 1024 * 1024;

const STREAMED: &str = "Plugin.PluginHTTPStream";

/// `Z_PluginHTTPStreamArgs`
#[derive(Debug, Encode)]
struct StreamedArguments<'a> {
    response_body_stream: u32,
    request: &'a SentRequest,
    request_body_stream: u32,
}

/// `Z_PluginHTTPArgs`
#[derive(Debug, Encode)]
struct WholeArguments<'a> {
    request: &'a SentRequest,
    request_body: &'a [u8],
}

/// `Z_PluginHTTPReturns`
#[derive(Debug, Decode)]
struct WholeReturns {
    response: Option<Head>,
    response_body: Vec<u8>,
}

/// `Z_PluginHTTPStreamReturns`, and the same of Go's `http.Response`.
#[derive(Debug, Default, Decode)]
struct Head {
    status_code: i64,
    header: ReceivedHeaders,
}

impl Api {
    /// Sends a request to another plugin, by way of the server: `/<plugin id>/<path>`.
    ///
    /// The other plugin gets it as it gets any request, with the header `Mattermost-Plugin-ID` and without a user. Go:
    /// `PluginHTTP`, since Mattermost 5.18.
    ///
    /// Both bodies are streams. The request's is fetched as the other plugin reads it, until the response's head is there,
    /// and then while the response's body is read; dropping that one ends both. Its length is announced where it is known.
    /// The time limit is for each wait for the server before the head; the response's body may take any time.
    ///
    /// Before Mattermost 11 there are no streams: a request's body of at most 32 MiB is sent as a whole, and so is the
    /// response's, of at most 64 MiB with its head.
    ///
    /// ```
    /// # use mattermost_plugin::{Api, Error};
    /// # async fn example(api: &Api) -> Result<(), Error> {
    /// use http_body_util::{BodyExt, Full};
    ///
    /// let vote = Full::from(r#"{"option": 2}"#);
    /// let request = http::Request::post("/com.example.poll/api/v1/vote").body(vote)?;
    /// let response = api.plugin_http(request).await?;
    /// if response.status().is_success() {
    ///     let body = response.into_body().collect().await?.to_bytes();
    ///     tracing::info!("the poll says {body:?}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// When the server does not answer, or the request's body fails; the other plugin's reading fails then, too. What the other
    /// plugin answers is a response whatever its status, and so is a plugin that is not there (404), or a path without one (400).
    #[doc(alias = "PluginHTTP")]
    pub async fn plugin_http<B>(&self, request: Request<B>) -> Result<Response<Body>, Error>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let (mut parts, body) = request.into_parts();
        announce(&mut parts, &body);
        let is_head = parts.method == Method::HEAD;
        let request = SentRequest::new(parts, "");
        let body = RequestBody::new(body);
        match self.plugin_http_streamed(&request, &body, is_head).await {
            // The body was not asked for, and is still whole.
            Err(error) if error.is_unknown_method() => {
                self.plugin_http_whole(&request, &body, is_head).await
            }
            outcome => outcome,
        }
    }

    async fn plugin_http_streamed<B>(
        &self,
        request: &SentRequest,
        body: &RequestBody<B>,
        is_head: bool,
    ) -> Result<Response<Body>, Error>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let arguments = StreamedArguments {
            response_body_stream: self.broker.next_id(),
            request,
            request_body_stream: if body.is_empty() {
                0
            } else {
                self.broker.next_id()
            },
        };
        let mut sending = match arguments.request_body_stream {
            0 => None,
            id => Some(self.send(id, body.clone())),
        };
        let head = self
            .client
            .call::<_, Head>(STREAMED, &arguments, Duration::MAX);
        let accepted = async {
            let mut channel = self.broker.accept(arguments.response_body_stream).await?;
            // The server waits for the echo before it does anything else.
            channel.drain().await?;
            Ok(channel)
        };
        let mut answer = pin!(async { tokio::try_join!(head, accepted) });
        let (head, channel) = loop {
            let before = body.reads();
            let step = timeout(self.timeout, async {
                tokio::select! {
                    biased;
                    answer = &mut answer => Step::Answered(answer),
                    sent = sent(&mut sending) => Step::Sent(sent),
                }
            });
            match step.await {
                Ok(Step::Answered(answer)) => break answer?,
                Ok(Step::Sent(sent)) => {
                    sending = None;
                    sent?;
                }
                Err(_) if body.reads() != before => {}
                Err(_) => {
                    let (method, limit) = (STREAMED.to_owned(), self.timeout);
                    return Err(go_plugin::Error::CallTimeout { method, limit }.into());
                }
            }
        };
        head.into_response(is_head, |promised| {
            Body::streamed(channel, promised, sending)
        })
    }

    /// Sends the request's body as the server asks for it, until either ends it.
    fn send<B>(&self, id: u32, mut body: RequestBody<B>) -> Sending
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let broker = self.broker.clone();
        Box::pin(async move {
            let served = serve(&broker, id, Pin::new(&mut body), Duration::MAX).await;
            match served {
                // The other plugin wants no more of it, and may answer all the same.
                Err(error) if is_reset(&error) => Ok(()),
                served => served,
            }
        })
    }

    async fn plugin_http_whole<B>(
        &self,
        request: &SentRequest,
        body: &RequestBody<B>,
        is_head: bool,
    ) -> Result<Response<Body>, Error>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<BoxError>,
    {
        let body = body.whole().await?;
        let arguments = WholeArguments {
            request,
            request_body: &body,
        };
        let returns: WholeReturns = self
            .client
            .call("Plugin.PluginHTTP", &arguments, self.timeout)
            .await?;
        let head = returns.response.unwrap_or_default();
        head.into_response(is_head, |_| Body::whole(returns.response_body.into()))
    }
}

/// What the wait for a response's head brought.
enum Step<T> {
    Answered(T),
    Sent(Result<(), Error>),
}

async fn sent(sending: &mut Option<Sending>) -> Result<(), Error> {
    match sending {
        Some(sending) => sending.await,
        None => pending().await,
    }
}

fn is_reset(error: &Error) -> bool {
    matches!(error.kind(), ErrorKind::Plugin(go_plugin::Error::Io(_)))
}

/// Says how long a body is, so that the other plugin can tell a part of it from the whole.
fn announce(parts: &mut Parts, body: &impl http_body::Body) {
    let length = body.size_hint().exact().filter(|length| *length > 0);
    if let Some(length) = length
        && !parts.headers.contains_key(CONTENT_LENGTH)
    {
        parts.headers.insert(CONTENT_LENGTH, length.into());
    }
}

impl Head {
    fn into_response(
        self,
        is_head: bool,
        body: impl FnOnce(Option<u64>) -> Body,
    ) -> Result<Response<Body>, Error> {
        // Go's nil.
        if self.status_code == 0 {
            return Err(ErrorKind::NoValue.into());
        }
        let status = u16::try_from(self.status_code).ok();
        let status = status.and_then(|status| StatusCode::from_u16(status).ok());
        let Some(status) = status else {
            let text = format!("HTTP has no status {}", self.status_code);
            return Err(Error::new(text));
        };
        if self.header.too_many {
            let text = format!("the response has more than {MAX_HEADERS} headers");
            return Err(Error::new(text));
        }
        let has_none = [StatusCode::NO_CONTENT, StatusCode::NOT_MODIFIED].contains(&status);
        let promised = self.header.map.get(CONTENT_LENGTH);
        let promised = promised.and_then(|length| length.to_str().ok()?.parse().ok());
        let mut response = Response::new(body(promised.filter(|_| !is_head && !has_none)));
        *response.status_mut() = status;
        *response.headers_mut() = self.header.map;
        Ok(response)
    }
}

/// A request's body, read as bytes.
struct RequestBody<B>(Arc<Mutex<Reading<B>>>);

struct Reading<B> {
    body: Pin<Box<B>>,
    rest: Unread,
    /// How often some of it was read.
    reads: u64,
}

impl<B: http_body::Body<Data = Bytes, Error: Into<BoxError>>> RequestBody<B> {
    fn new(body: B) -> Self {
        Self(Arc::new(Mutex::new(Reading {
            body: Box::pin(body),
            rest: Unread::default(),
            reads: 0,
        })))
    }

    fn reading(&self) -> MutexGuard<'_, Reading<B>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_empty(&self) -> bool {
        self.reading().body.is_end_stream()
    }

    fn reads(&self) -> u64 {
        self.reading().reads
    }

    /// # Errors
    /// When the body fails, or is longer than [`MAX_WHOLE`].
    async fn whole(&self) -> Result<Vec<u8>, Error> {
        let mut whole = Vec::new();
        while poll_fn(|cx| self.reading().poll_fill(cx)).await? {
            whole.extend_from_slice(&self.reading().rest.take());
            if whole.len() > MAX_WHOLE {
                let text =
                    format!("a Mattermost before 11 takes no body of more than {MAX_WHOLE} bytes");
                return Err(Error::new(text));
            }
        }
        Ok(whole)
    }
}

impl<B: http_body::Body<Data = Bytes, Error: Into<BoxError>>> Reading<B> {
    /// Sees to it that there is something to read; `false` at the end.
    fn poll_fill(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<bool>> {
        let Self { body, rest, .. } = self;
        rest.poll_fill(|| {
            let frame = body.as_mut().poll_frame(cx);
            frame.map(|frame| frame.map(|frame| frame.map_err(io::Error::other)))
        })
    }
}

impl<B: http_body::Body<Data = Bytes, Error: Into<BoxError>>> AsyncRead for RequestBody<B> {
    fn poll_read(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let mut reading = self.reading();
        if ready!(reading.poll_fill(cx))? {
            reading.rest.read(buffer);
            reading.reads += 1;
        }
        Poll::Ready(Ok(()))
    }
}

// `derive` would want `B: Clone`.
impl<B> Clone for RequestBody<B> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}
