//! The methods with a stream, which Mattermost reads while it handles the call.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::time::Duration;

use bytes::{Buf as _, BytesMut};
use go_plugin::{Broker, Channel};
use gob::Encode;
use tokio::io::{AsyncRead, ReadBuf};
use tokio::time::timeout;

use super::Api;
use crate::model::{FileInfo, Manifest, UploadSession};
use crate::wire::{FromWire, ValueAndAppError, ValueAndError};
use crate::{Error, ErrorKind};

/// How many bytes are read at once; Go's side copies as many at once.
const CHUNK: usize = 32 * 1024;

/// The longest number that Go's `encoding/binary` writes for 64 bits.
const MAX_VARINT: usize = 10;

/// `Z_UploadDataArgs`
#[derive(Debug, Encode)]
struct UploadData<'a> {
    a: &'a UploadSession,
    #[gob(name = "PluginStreamID")]
    stream: u32,
}

/// `Z_InstallPluginArgs`
#[derive(Debug, Encode)]
struct InstallPlugin {
    #[gob(name = "PluginStreamID")]
    stream: u32,
    b: bool,
}

/// `Z_ReceiveSharedChannelAttachmentSyncMsgArgs`
#[derive(Debug, Encode)]
struct ReceiveAttachment<'a> {
    a: &'a str,
    b: &'a str,
    c: &'a FileInfo,
    #[gob(name = "DataStreamID")]
    stream: u32,
}

impl Api {
    /// Continues an upload in several parts. Returns the file's information once it is complete.
    ///
    /// Go: `UploadData`, since Mattermost 5.28. The time limit applies to each wait for the server, not to the whole upload.
    ///
    /// # Errors
    /// When the server refuses or does not answer, or reading `data` fails. Mattermost gets an error as well then.
    #[doc(alias = "UploadData")]
    pub async fn upload_data(
        &self,
        session: &UploadSession,
        data: impl AsyncRead + Send,
    ) -> Result<FileInfo, Error> {
        let stream = self.broker.next_id();
        let arguments = UploadData { a: session, stream };
        self.call_streaming::<ValueAndError<Option<_>>, _>(
            "Plugin.UploadData",
            &arguments,
            (stream, data),
        )
        .await
    }

    /// Installs a plugin from its bundle. If `replace` is set, it replaces an installed one.
    ///
    /// Go: `InstallPlugin`, since Mattermost 5.18. The time limit applies to each wait for the server, not to the whole upload.
    ///
    /// # Errors
    /// When the server refuses or does not answer, or reading the bundle fails; always before Mattermost 6, whose manifests
    /// have another type.
    #[doc(alias = "InstallPlugin")]
    pub async fn install_plugin(
        &self,
        bundle: impl AsyncRead + Send,
        replace: bool,
    ) -> Result<Manifest, Error> {
        let stream = self.broker.next_id();
        let arguments = InstallPlugin { stream, b: replace };
        self.call_streaming::<ValueAndAppError<Option<_>>, _>(
            "Plugin.InstallPlugin",
            &arguments,
            (stream, bundle),
        )
        .await
    }

    /// Receives a file from the remote server of a shared channel.
    ///
    /// Go: `ReceiveSharedChannelAttachmentSyncMsg`. The time limit applies to each wait for the server, not to the whole upload.
    ///
    /// # Errors
    /// When the server refuses or does not answer, or reading `data` fails. Mattermost gets an error as well then.
    #[doc(alias = "ReceiveSharedChannelAttachmentSyncMsg")]
    pub async fn receive_shared_channel_attachment_sync_msg(
        &self,
        remote_id: &str,
        channel_id: &str,
        file_info: &FileInfo,
        data: impl AsyncRead + Send,
    ) -> Result<FileInfo, Error> {
        let stream = self.broker.next_id();
        let arguments = ReceiveAttachment {
            a: remote_id,
            b: channel_id,
            c: file_info,
            stream,
        };
        self.call_streaming::<ValueAndError<Option<_>>, _>(
            "Plugin.ReceiveSharedChannelAttachmentSyncMsg",
            &arguments,
            (stream, data),
        )
        .await
    }

    async fn call_streaming<R, T>(
        &self,
        method: &str,
        arguments: &impl Encode,
        (id, data): (u32, impl AsyncRead),
    ) -> Result<T, Error>
    where
        R: gob::Decode + FromWire<T>,
    {
        // After the end of the stream the limit applies as usual.
        let mut answer = pin!(self.client.call::<_, R>(method, arguments, Duration::MAX));
        let data = pin!(data);
        let served = serve(&self.broker, id, data, self.timeout);
        let served = tokio::select! {
            // A server that refuses may not have read anything.
            answer = &mut answer => return answer?.into_result(),
            served = served => served,
        };
        let limit = self.timeout;
        let method = method.to_owned();
        let answer = timeout(limit, answer).await;
        served?;
        answer
            .map_err(|_| go_plugin::Error::CallTimeout { method, limit })??
            .into_result()
    }
}

/// Sends the data that the host asks for, until the data or the host ends. The host asks for a number of bytes, and gets
/// them in as many pieces as the data comes in.
///
/// When reading the data fails, or this future is dropped before the end, the host gets an error instead of the data's end.
pub(super) async fn serve(
    broker: &Broker,
    id: u32,
    mut data: Pin<&mut impl AsyncRead>,
    patience: Duration,
) -> Result<(), Error> {
    let mut unfinished = Unfinished(Some(broker.accept(id).await?));
    let Some(channel) = &mut unfinished.0 else {
        return Ok(());
    };
    let mut chunk = vec![0; CHUNK];
    let mut wanted = 0_usize;
    loop {
        channel.drain().await?;
        while let Some(more) = varint(&mut channel.inbound)? {
            wanted = wanted.saturating_add(usize::try_from(more).unwrap_or(0));
        }
        if wanted == 0 {
            let filled = timeout(patience, channel.fill()).await;
            match filled.map_err(|_| ErrorKind::Stalled)? {
                Ok(true) => continue,
                Ok(false) => break,
                Err(error) => return Err(error.into()),
            }
        }
        let mut buffer = ReadBuf::new(&mut chunk[..wanted.min(CHUNK)]);
        poll_fn(|cx| data.as_mut().poll_read(cx, &mut buffer))
            .await
            .map_err(Error::new)?;
        if buffer.filled().is_empty() {
            break;
        }
        wanted -= buffer.filled().len();
        channel.outbound.extend_from_slice(buffer.filled());
    }
    // Closed, and not reset.
    drop(unfinished.0.take());
    Ok(())
}

/// A stream on which not all data has been sent. Dropping it resets the stream.
struct Unfinished(Option<Channel>);

impl Drop for Unfinished {
    fn drop(&mut self) {
        if let Some(channel) = &mut self.0 {
            channel.abort();
        }
    }
}

/// Reads one of Go's signed varints; nothing while bytes are missing.
pub(crate) fn varint(bytes: &mut BytesMut) -> Result<Option<i64>, Error> {
    let Some(last) = bytes.iter().position(|byte| byte & 0x80 == 0) else {
        if bytes.len() >= MAX_VARINT {
            return Err(Error::new("the server asks for no number of bytes"));
        }
        return Ok(None);
    };
    let mut value = 0_u64;
    for byte in bytes[..=last].iter().take(MAX_VARINT).rev() {
        value = value << 7 | u64::from(byte & 0x7f);
    }
    bytes.advance(last + 1);
    Ok(Some((value >> 1) as i64 ^ -((value & 1) as i64)))
}
