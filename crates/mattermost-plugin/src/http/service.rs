//! What answers requests: any `tower` service, such as an axum `Router`.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_util::future::BoxFuture;
use http::{Request, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt as _, Empty};
use tower::{Service, ServiceExt as _};

use super::Body;

/// Any error that a service or a body may have.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The body of a response, of whatever type it was.
pub(crate) type OutgoingBody = UnsyncBoxBody<Bytes, BoxError>;

/// A service that answers a plugin's HTTP requests.
///
/// It is implemented for every [`tower::Service`] of `http::Request<`[`Body`]`>` that is `Clone`, such as an axum `Router`, and
/// cannot be implemented for other types.
///
/// If a handler returns an error or panics, the response is a 500. If a response's body fails later, the response can only be
/// cut off, by closing the client's connection (HTTP/1.1). Over HTTP/2, which Mattermost uses if it has the certificate itself,
/// a client cannot tell such a response from a complete one, unless it has a `Content-Length`.
pub trait HttpService: sealed::Sealed + Clone + Send + 'static {
    #[doc(hidden)]
    fn respond(
        self,
        request: Request<Body>,
    ) -> impl Future<Output = Result<Response<OutgoingBody>, BoxError>> + Send;
}

mod sealed {
    pub trait Sealed {}
}

impl<S, B> sealed::Sealed for S where S: Service<Request<Body>, Response = Response<B>> {}

impl<S, B> HttpService for S
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    async fn respond(self, request: Request<Body>) -> Result<Response<OutgoingBody>, BoxError> {
        let response = self.oneshot(request).await.map_err(Into::into)?;
        Ok(response.map(|body| body.map_err(Into::into).boxed_unsync()))
    }
}

/// The service of a plugin without HTTP: it answers every request with 404.
#[derive(Debug, Clone, Copy)]
pub struct NotFound;

impl Service<Request<Body>> for NotFound {
    type Response = Response<Empty<Bytes>>;
    type Error = Infallible;
    type Future = Ready<Result<Self::Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<Body>) -> Self::Future {
        let mut response = Response::new(Empty::new());
        *response.status_mut() = StatusCode::NOT_FOUND;
        ready(Ok(response))
    }
}

/// A plugin's service without its type.
pub(crate) trait Router: Send + Sync {
    fn respond(
        &self,
        request: Request<Body>,
    ) -> BoxFuture<'static, Result<Response<OutgoingBody>, BoxError>>;
}

/// Makes a service `Sync`. It is cloned for each request, as tower expects.
struct SyncService<S>(Mutex<S>);

impl<S: HttpService> Router for SyncService<S> {
    fn respond(
        &self,
        request: Request<Body>,
    ) -> BoxFuture<'static, Result<Response<OutgoingBody>, BoxError>> {
        let service = self
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        Box::pin(service.respond(request))
    }
}

impl dyn Router {
    pub(crate) fn new(service: impl HttpService) -> Box<Self> {
        Box::new(SyncService(Mutex::new(service)))
    }
}
