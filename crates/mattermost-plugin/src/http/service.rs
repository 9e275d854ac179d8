//! What answers requests: any `tower` service, an axum `Router` among them.

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

/// A body on its way out, whatever it was.
pub(crate) type OutgoingBody = UnsyncBoxBody<Bytes, BoxError>;

/// What a plugin may hand over to answer HTTP requests.
///
/// Implemented for every [`tower::Service`] of `http::Request<`[`Body`]`>` that can be cloned; nobody else implements it.
/// An axum `Router` is one as it is.
///
/// A handler's error, or its panic, is a 500. A response's body that fails later can only be cut off: the client's connection
/// is closed where Mattermost has it to itself (HTTP/1.1). Over HTTP/2, which Mattermost speaks where it has the certificate
/// itself, a client cannot tell such a response from a whole one, unless it has a `Content-Length`.
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

/// The service of a plugin that serves nothing: 404 for all.
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

/// A service need not be `Sync`: it is cloned for each request, as tower asks.
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
