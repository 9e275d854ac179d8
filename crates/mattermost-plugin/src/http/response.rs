//! A response on its way through Mattermost's `http.ResponseWriter`, called by net/rpc.

use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use go_plugin::{Caller, Empty, Error};
use http::{HeaderMap, Response, StatusCode, header};

use super::host_headers::{HostHeaders, LaidOver};
use super::pieces::{Piece, Pieces};
use super::service::{BoxError, OutgoingBody};

/// Whether the server has the method `Flush` (11.x has, 9.x has not). Asked once.
#[derive(Debug, Default)]
pub(crate) struct FlushOffer {
    missing: AtomicBool,
}

/// Writes one response. The calls wait for each other: net/rpc serves each in a goroutine of its own,
/// and two under way might change places.
pub(crate) struct ResponseWriter<'a> {
    caller: Caller,
    host_headers: HostHeaders,
    flush: &'a FlushOffer,
    begun: bool,
}

impl<'a> ResponseWriter<'a> {
    pub(crate) fn new(caller: Caller, host_headers: HostHeaders, flush: &'a FlushOffer) -> Self {
        Self {
            caller,
            host_headers,
            flush,
            begun: false,
        }
    }

    /// Whether the client has got, or may have got, a part of the response.
    pub(crate) fn has_begun(&self) -> bool {
        self.begun
    }

    pub(crate) async fn respond(&mut self, response: Response<OutgoingBody>) -> Result<(), Error> {
        let (mut parts, body) = response.into_parts();
        if matches!(
            parts.status,
            StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED
        ) {
            // HTTP allows no body here. Go's server would refuse it, and over HTTP/2 announce its length all the same.
            parts.headers.remove(header::CONTENT_LENGTH);
            return self
                .write_head(parts.status, &parts.headers, &Ok(Piece::End))
                .await;
        }
        let mut pieces = Pieces::new(body);
        let mut piece = pieces.next().await;
        if let Err(error) = &piece {
            // A body that fails before its first byte can still become a proper error.
            tracing::error!("a response's body failed: {error}");
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            return self.write_head(status, &HeaderMap::new(), &piece).await;
        }
        self.write_head(parts.status, &parts.headers, &piece)
            .await?;
        loop {
            match piece {
                Ok(Piece::Data(data)) => self.write(&data).await?,
                Ok(Piece::Pause) => self.flush().await?,
                Ok(Piece::End) => return Ok(()),
                Err(error) => {
                    tracing::error!("a response's body failed: {error}");
                    return self.abort().await;
                }
            }
            piece = pieces.next().await;
        }
    }

    async fn write_head(
        &mut self,
        status: StatusCode,
        headers: &HeaderMap,
        first: &Result<Piece, BoxError>,
    ) -> Result<(), Error> {
        if !headers.is_empty() {
            let all = LaidOver {
                host: &self.host_headers,
                plugin: headers,
            };
            self.caller.order("Plugin.SyncHeader", &all).await?;
        }
        self.begun = true;
        // 200 is what the first Write, or the end, means by itself.
        if status != StatusCode::OK || matches!(first, Ok(Piece::Pause)) {
            let code = i64::from(status.as_u16());
            self.caller.order("Plugin.WriteHeader", &code).await?;
        }
        Ok(())
    }

    async fn write(&mut self, data: &Bytes) -> Result<(), Error> {
        self.caller.order("Plugin.Write", data).await
    }

    /// Cuts the client's connection, so that it does not take the part that it got for the whole.
    async fn abort(&mut self) -> Result<(), Error> {
        // A connection of HTTP/2 cannot be taken over, it carries others' responses too.
        match self.caller.order("Plugin.HijackResponse", &Empty {}).await {
            Ok(()) => self.caller.order("Plugin.HjConnClose", &Empty {}).await,
            Err(Error::Call { message, .. }) => {
                tracing::debug!("the client takes it for a whole one: {message}");
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    async fn flush(&mut self) -> Result<(), Error> {
        if self.flush.missing.load(Ordering::Relaxed) {
            return Ok(());
        }
        match self.caller.order("Plugin.Flush", &Empty {}).await {
            Ok(()) => Ok(()),
            Err(Error::Call { .. }) => {
                self.flush.missing.store(true, Ordering::Relaxed);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}
