//! A response, written to Mattermost's `http.ResponseWriter` by net/rpc.

use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use go_plugin::{Empty, Error, SequentialClient};
use http::{HeaderMap, Response, StatusCode, header};

use super::host_headers::{HostHeaders, LaidOver};
use super::pieces::{Piece, Pieces};
use super::service::{BoxError, OutgoingBody};

/// Whether the server has the method `Flush` (11.x has it, 9.x does not). It is tried once.
#[derive(Debug, Default)]
pub(crate) struct FlushOffer {
    missing: AtomicBool,
}

/// Writes one response. Each call waits for the one before: Go's net/rpc serves each in a goroutine of its own, so two
/// that are under way could be carried out in the wrong order.
pub(crate) struct ResponseWriter<'a> {
    client: SequentialClient,
    host_headers: HostHeaders,
    flush: &'a FlushOffer,
    begun: bool,
}

impl<'a> ResponseWriter<'a> {
    pub(crate) fn new(
        client: SequentialClient,
        host_headers: HostHeaders,
        flush: &'a FlushOffer,
    ) -> Self {
        Self {
            client,
            host_headers,
            flush,
            begun: false,
        }
    }

    /// Whether a part of the response was sent to the browser, or may have been.
    pub(crate) fn has_begun(&self) -> bool {
        self.begun
    }

    pub(crate) async fn respond(&mut self, response: Response<OutgoingBody>) -> Result<(), Error> {
        let (mut parts, body) = response.into_parts();
        if matches!(
            parts.status,
            StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED
        ) {
            // HTTP allows no body here. Go's server would refuse it, but still announce its length over HTTP/2.
            parts.headers.remove(header::CONTENT_LENGTH);
            return self
                .write_head(parts.status, &parts.headers, &Ok(Piece::End))
                .await;
        }
        let mut pieces = Pieces::new(body);
        let mut piece = pieces.next().await;
        if let Err(error) = &piece {
            // Nothing was sent yet, so it can be answered with an error.
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
            self.client
                .call_discarding_result("Plugin.SyncHeader", &all)
                .await?;
        }
        self.begun = true;
        // Without it, the first Write or the end of the response means 200.
        if status != StatusCode::OK || matches!(first, Ok(Piece::Pause)) {
            let code = i64::from(status.as_u16());
            self.client
                .call_discarding_result("Plugin.WriteHeader", &code)
                .await?;
        }
        Ok(())
    }

    async fn write(&mut self, data: &Bytes) -> Result<(), Error> {
        self.client
            .call_discarding_result("Plugin.Write", data)
            .await
    }

    /// Closes the browser's connection, so that it does not take what it has received for the whole response.
    async fn abort(&mut self) -> Result<(), Error> {
        // Over HTTP/2 that is impossible: the connection carries other responses, too.
        match self
            .client
            .call_discarding_result("Plugin.HijackResponse", &Empty {})
            .await
        {
            Ok(()) => {
                self.client
                    .call_discarding_result("Plugin.HjConnClose", &Empty {})
                    .await
            }
            Err(Error::Call { message, .. }) => {
                tracing::debug!(
                    "the browser cannot tell that the response is incomplete: {message}"
                );
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    async fn flush(&mut self) -> Result<(), Error> {
        if self.flush.missing.load(Ordering::Relaxed) {
            return Ok(());
        }
        match self
            .client
            .call_discarding_result("Plugin.Flush", &Empty {})
            .await
        {
            Ok(()) => Ok(()),
            Err(Error::Call { .. }) => {
                self.flush.missing.store(true, Ordering::Relaxed);
                Ok(())
            }
            Err(error) => Err(error),
        }
    }
}
