//! `FileWillBeUploaded`: a hook with two streams, the file and what replaces it.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};
use std::time::Duration;

use go_plugin::{ACCEPT_TIMEOUT, Broker, Call, Channel};
use gob::Decode;
use http_body::Body as _;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::timeout;

use super::guarded;
use crate::http::{Body, Unread};
use crate::model::FileInfo;
use crate::wire::{IntoWire, ValueAndReason, told};
use crate::{Error, ErrorKind};

/// How much of a replacement is taken at once: as much as Mattermost copies at once.
const CHUNK: usize = 32 * 1024;

/// How long Mattermost may take for the rest of a replacement, at most one window of 256 KiB, once the hook has ended.
const REST: Duration = Duration::from_secs(30);

/// The argument of the hook (`Z_FileWillBeUploadedArgs`).
#[derive(Debug, Decode)]
struct UploadArguments {
    a: crate::Context,
    b: FileInfo,
    uploaded_file_stream: u32,
    replacement_file_stream: u32,
}

/// Of the same argument what is needed to end the streams of a call that cannot be read.
#[derive(Debug, Default, Decode)]
struct UploadStreams {
    uploaded_file_stream: u32,
    replacement_file_stream: u32,
}

/// The content of a file that is being uploaded, in the hook
/// [`file_will_be_uploaded`](crate::Plugin::file_will_be_uploaded).
///
/// Nothing is fetched before it is read, and never more than 128 KiB ahead of the reader: a file of any size takes no memory.
/// Reading fails once the hook has ended. Where Mattermost cannot read the file any further, the content just ends:
/// [`FileInfo::size`] says how long it should be.
#[derive(Debug)]
pub struct UploadedFile {
    content: Lent<Body>,
    fetched: Unread,
}

/// What takes the place of an uploaded file, in the hook
/// [`file_will_be_uploaded`](crate::Plugin::file_will_be_uploaded): whatever is written to it, if anything is.
///
/// What was written is on its way without a flush, and it is whole when the hook ends. Writing fails after that.
#[derive(Debug)]
pub struct FileReplacement(Lent<Replacement>);

#[derive(Debug)]
struct Replacement {
    channel: Channel,
    /// Something was written: Mattermost stores it, unless the upload is refused.
    has_begun: bool,
}

/// Answers a call of the hook by the plugin's code, in a task of its own.
pub(super) fn answer<F>(
    broker: Broker,
    call: Call,
    code: impl FnOnce(crate::Context, FileInfo, UploadedFile, FileReplacement) -> F + Send + 'static,
) where
    F: Future<Output = Result<Option<FileInfo>, Error>> + Send,
{
    tokio::spawn(async move {
        let arguments = match call.arguments::<UploadArguments>() {
            Ok(arguments) => arguments,
            Err(error) => {
                // Mattermost waits for both to be dialled, and for the second one's end.
                if let Ok(streams) = call.arguments::<UploadStreams>() {
                    drop(dial(&broker, &streams).await);
                }
                return super::refuse_arguments(call, &error);
            }
        };
        let streams = UploadStreams {
            uploaded_file_stream: arguments.uploaded_file_stream,
            replacement_file_stream: arguments.replacement_file_stream,
        };
        let (file, replacement) = match dial(&broker, &streams).await {
            Ok(channels) => channels,
            Err(error) => return call.fail(&format!("the file cannot be fetched: {error}")),
        };
        let (content, file) = Lent::new(Body::pulled(file, None));
        let (output, replacement) = Lent::new(Replacement {
            channel: replacement,
            has_begun: false,
        });
        let file = UploadedFile {
            content: file,
            fetched: Unread::default(),
        };
        let running = code(arguments.a, arguments.b, file, FileReplacement(replacement));
        let answer = guarded(running).await;
        // Also from a task that the plugin has left behind: Mattermost waits for the end of the replacement.
        drop(content.take_back());
        let answer = match output.take_back() {
            Some(replacement) => replacement.finish(answer, call.method()).await,
            None => answer,
        };
        let wire: Result<ValueAndReason<_>, _> = answer.into_wire(call.method());
        match wire {
            Ok(wire) => call.reply(&wire),
            Err(failure) => call.fail(&failure),
        }
    });
}

/// Dials both streams, and waits until Mattermost has accepted them.
async fn dial(
    broker: &Broker,
    streams: &UploadStreams,
) -> Result<(Channel, Channel), go_plugin::Error> {
    let mut file = broker.dial(streams.uploaded_file_stream, &[]).await?;
    let mut replacement = broker.dial(streams.replacement_file_stream, &[]).await?;
    let accepted = async { tokio::try_join!(file.answered(), replacement.answered()) };
    match timeout(ACCEPT_TIMEOUT, accepted).await {
        Ok(accepted) => accepted?,
        Err(_) => return Err(io::Error::from(io::ErrorKind::TimedOut).into()),
    };
    Ok((file, replacement))
}

impl Replacement {
    fn poll_write(&mut self, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_flush(cx))?;
        let count = bytes.len().min(CHUNK);
        self.has_begun |= count > 0;
        self.channel.outbound.extend_from_slice(&bytes[..count]);
        // What Mattermost does not take now goes before the next piece, or with the end.
        match self.poll_flush(cx) {
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Ready(Ok(())) | Poll::Pending => Poll::Ready(Ok(count)),
        }
    }

    fn poll_flush(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        if let Poll::Ready(drained) = self.channel.poll_drain(cx) {
            return Poll::Ready(drained.map_err(io::Error::other));
        }
        // A server that cannot store any more closes its end, and would never take the rest.
        match self.channel.poll_fill(cx) {
            Poll::Ready(Ok(false)) => Poll::Ready(Err(io::ErrorKind::BrokenPipe.into())),
            Poll::Ready(Err(error)) => Poll::Ready(Err(io::Error::other(error))),
            Poll::Ready(Ok(true)) | Poll::Pending => Poll::Pending,
        }
    }

    /// Sends the rest and ends the stream. What was written is stored, also a part of it: then the upload is refused.
    async fn finish(
        mut self,
        answer: Result<Option<FileInfo>, Error>,
        hook: &str,
    ) -> Result<Option<FileInfo>, Error> {
        let answer = match answer {
            Ok(info) => {
                let rest = std::future::poll_fn(|cx| self.poll_flush(cx));
                match timeout(REST, rest).await {
                    Ok(Ok(())) => Ok(info),
                    Ok(Err(error)) => Err(error.into()),
                    Err(_) => Err(ErrorKind::Stalled.into()),
                }
            }
            Err(error) => Err(error),
        };
        answer.map_err(|error| {
            if error.is_rejection() || !self.has_begun {
                error
            } else {
                Error::reject(told(error, hook).message)
            }
        })
    }
}

impl AsyncRead for UploadedFile {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let Self { content, fetched } = &mut *self;
        let filled = fetched.poll_fill(|| {
            let frame = content.poll(cx, |content, cx| {
                let frame = ready!(Pin::new(content).poll_frame(cx));
                Poll::Ready(frame.transpose().map_err(io::Error::other))
            });
            frame.map(Result::transpose)
        });
        ready!(filled)?;
        fetched.read(buffer);
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for FileReplacement {
    fn poll_write(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.0
            .poll(cx, |replacement, cx| replacement.poll_write(cx, bytes))
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.0.poll(cx, Replacement::poll_flush)
    }

    /// The same as a flush: the stream ends with the hook.
    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_flush(cx)
    }
}

/// What a hook may use until it ends: it is taken back then, wherever the plugin has put it.
#[derive(Debug)]
struct Lent<T>(Arc<Mutex<Loan<T>>>);

#[derive(Debug)]
struct Loan<T> {
    value: Option<T>,
    /// Whoever waits for the value.
    user: Option<Waker>,
}

impl<T> Lent<T> {
    /// The lender's end and the borrower's.
    fn new(value: T) -> (Self, Self) {
        let loan = Arc::new(Mutex::new(Loan {
            value: Some(value),
            user: None,
        }));
        (Self(Arc::clone(&loan)), Self(loan))
    }

    fn loan(&self) -> MutexGuard<'_, Loan<T>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn poll<R>(
        &self,
        cx: &mut Context<'_>,
        code: impl FnOnce(&mut T, &mut Context<'_>) -> Poll<io::Result<R>>,
    ) -> Poll<io::Result<R>> {
        let mut loan = self.loan();
        let Some(value) = &mut loan.value else {
            let error = io::Error::new(io::ErrorKind::BrokenPipe, "the hook has ended");
            return Poll::Ready(Err(error));
        };
        let polled = code(value, cx);
        loan.user = polled.is_pending().then(|| cx.waker().clone());
        polled
    }

    fn take_back(&self) -> Option<T> {
        let mut loan = self.loan();
        if let Some(user) = loan.user.take() {
            user.wake();
        }
        loan.value.take()
    }
}
