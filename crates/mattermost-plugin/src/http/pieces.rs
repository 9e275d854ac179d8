//! A response's body, divided into pieces that are written with one call each.

use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use futures_util::FutureExt as _;
use http_body::Body as _;

use super::service::{BoxError, OutgoingBody};

/// How many bytes are written with one call. The response to a slow client takes about twice as much memory.
const MAX_PIECE: usize = 32 * 1024;

/// A piece of a body.
#[derive(Debug)]
pub(super) enum Piece {
    /// At least one byte, at most [`MAX_PIECE`].
    Data(Bytes),
    /// The body waits for something, so what was written should be sent to the client.
    Pause,
    End,
}

/// Joins small frames and cuts large ones.
pub(super) struct Pieces {
    body: OutgoingBody,
    /// The rest of a frame that was larger than a piece.
    rest: Bytes,
    ended: Option<Result<(), BoxError>>,
    paused: bool,
}

impl Pieces {
    pub(super) fn new(body: OutgoingBody) -> Self {
        Self {
            body,
            rest: Bytes::new(),
            ended: None,
            paused: false,
        }
    }

    /// The next piece. There is at most one pause between two pieces of data. After the end or an error it returns the end again.
    pub(super) async fn next(&mut self) -> Result<Piece, BoxError> {
        let gathering = AssertUnwindSafe(poll_fn(|cx| self.poll_gather(cx)));
        let piece = match gathering.catch_unwind().await {
            Ok(piece) => piece,
            Err(_) => {
                self.ended = Some(Ok(()));
                Err("the body panicked".into())
            }
        };
        self.paused = matches!(piece, Ok(Piece::Pause));
        piece
    }

    fn poll_gather(&mut self, cx: &mut Context<'_>) -> Poll<Result<Piece, BoxError>> {
        let mut gathered = BytesMut::new();
        loop {
            if !self.rest.is_empty() {
                let length = self.rest.len().min(MAX_PIECE - gathered.len());
                if gathered.is_empty() && (length == MAX_PIECE || self.is_last()) {
                    return Poll::Ready(Ok(Piece::Data(self.rest.split_to(length))));
                }
                gathered.extend_from_slice(&self.rest.split_to(length));
            }
            if gathered.len() == MAX_PIECE {
                break;
            }
            if self.ended.is_some() {
                break;
            }
            match Pin::new(&mut self.body).poll_frame(cx) {
                // The plugin protocol has no trailers.
                Poll::Ready(Some(Ok(frame))) => self.rest = frame.into_data().unwrap_or_default(),
                Poll::Ready(Some(Err(error))) => self.ended = Some(Err(error)),
                Poll::Ready(None) => self.ended = Some(Ok(())),
                Poll::Pending if !gathered.is_empty() => break,
                Poll::Pending if self.paused => return Poll::Pending,
                Poll::Pending => return Poll::Ready(Ok(Piece::Pause)),
            }
        }
        if gathered.is_empty() {
            let ended = self.ended.replace(Ok(())).unwrap_or(Ok(()));
            return Poll::Ready(ended.map(|()| Piece::End));
        }
        Poll::Ready(Ok(Piece::Data(gathered.freeze())))
    }

    fn is_last(&self) -> bool {
        self.body.is_end_stream()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use futures_util::stream;
    use http_body::Frame;
    use http_body_util::{BodyExt as _, StreamBody};

    fn pieces(frames: Vec<Result<Frame<Bytes>, BoxError>>) -> Pieces {
        Pieces::new(StreamBody::new(stream::iter(frames)).boxed_unsync())
    }

    fn data(text: &'static str) -> Result<Frame<Bytes>, BoxError> {
        Ok(Frame::data(Bytes::from_static(text.as_bytes())))
    }

    async fn all(mut pieces: Pieces) -> Vec<String> {
        let mut all = Vec::new();
        loop {
            match pieces.next().await {
                Ok(Piece::Data(bytes)) => all.push(format!("data {}", bytes.len())),
                Ok(Piece::Pause) => all.push("pause".into()),
                Ok(Piece::End) => break,
                Err(error) => all.push(error.to_string()),
            }
        }
        all
    }

    #[tokio::test]
    async fn small_frames_are_written_together() {
        assert_eq!(
            all(pieces(vec![data("ab"), data(""), data("cde")])).await,
            ["data 5"]
        );
    }

    #[tokio::test]
    async fn a_large_frame_is_cut() {
        let large = Bytes::from(vec![7; 2 * MAX_PIECE + 1]);
        let body = pieces(vec![Ok(Frame::data(large))]);
        assert_eq!(all(body).await, ["data 32768", "data 32768", "data 1"]);
    }

    #[tokio::test]
    async fn what_came_before_an_error_is_still_written() {
        let body = pieces(vec![data("abc"), Err("cut".into())]);
        assert_eq!(all(body).await, ["data 3", "cut"]);
    }

    #[tokio::test]
    async fn an_empty_body_just_ends() {
        assert!(all(pieces(vec![])).await.is_empty());
    }

    #[tokio::test]
    async fn waiting_is_told_once() {
        let slow = stream::unfold(0, |step| async move {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
            (step < 2).then(|| (data("x"), step + 1))
        });
        let body = Pieces::new(StreamBody::new(slow).boxed_unsync());
        assert_eq!(
            all(body).await,
            ["pause", "data 1", "pause", "data 1", "pause"]
        );
    }

    #[tokio::test]
    async fn a_body_that_panics_is_an_error_and_then_ends() {
        let panics =
            stream::poll_fn(|_| -> Poll<Option<Result<Frame<Bytes>, BoxError>>> { panic!("oops") });
        let body = Pieces::new(StreamBody::new(panics).boxed_unsync());
        assert_eq!(all(body).await, ["the body panicked"]);
    }
}
