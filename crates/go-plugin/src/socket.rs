//! A unix socket that wakes this process only when there is something to read.
//!
//! tokio's `UnixStream` registers for both directions, so the system also reports each time that the host has read
//! something, because there is room to write again. That would be several useless wake-ups and system calls per request.

use std::io::{self, Write as _};
use std::net::Shutdown;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::unix::pipe::{Receiver, Sender};

/// A connected unix socket.
///
/// tokio's pipe ends register for one direction only, and a socket is read and written like a pipe.
#[derive(Debug)]
pub(crate) struct Socket {
    stream: UnixStream,
    reading: Receiver,
    /// Set while the host's end is full, the only time when room to write matters.
    writing: Option<Sender>,
}

impl Socket {
    pub(crate) fn new(stream: tokio::net::UnixStream) -> io::Result<Self> {
        let stream = stream.into_std()?;
        let descriptor = OwnedFd::from(stream.try_clone()?);
        Ok(Self {
            stream,
            reading: Receiver::from_owned_fd_unchecked(descriptor)?,
            writing: None,
        })
    }

    fn write_now(&mut self, bytes: &[u8]) -> Poll<io::Result<usize>> {
        loop {
            match self.stream.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Poll::Pending,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                result => return Poll::Ready(result),
            }
        }
    }
}

impl AsyncRead for Socket {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.reading).poll_read(cx, into)
    }
}

impl AsyncWrite for Socket {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if let Some(writing) = &mut self.writing {
            let written = ready!(Pin::new(writing).poll_write(cx, bytes));
            self.writing = None;
            return Poll::Ready(written);
        }
        if let Poll::Ready(written) = self.write_now(bytes) {
            return Poll::Ready(written);
        }
        let descriptor = OwnedFd::from(self.stream.try_clone()?);
        self.writing = Some(Sender::from_owned_fd_unchecked(descriptor)?);
        self.poll_write(cx, bytes)
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(self.stream.shutdown(Shutdown::Write))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    #[tokio::test]
    async fn more_than_the_system_holds_goes_through_both_ways() {
        const SIZE: usize = 3 * 1024 * 1024;
        let (ours, mut theirs) = tokio::net::UnixStream::pair().unwrap();
        let mut ours = Socket::new(ours).unwrap();
        let host = async move {
            let mut bytes = vec![0; SIZE];
            theirs.read_exact(&mut bytes).await.unwrap();
            theirs.write_all(&bytes).await.unwrap();
        };
        let plugin = async move {
            let sent: Vec<u8> = (0..SIZE).map(|at| at as u8).collect();
            ours.write_all(&sent).await.unwrap();
            let mut back = Vec::new();
            ours.read_to_end(&mut back).await.unwrap();
            assert!(back == sent);
        };
        tokio::join!(host, plugin);
    }
}
