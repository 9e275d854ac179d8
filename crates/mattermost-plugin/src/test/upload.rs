//! A file as a server hands it to a plugin before it stores it.

use bytes::Bytes;
use go_plugin::host::Host;
use go_plugin::{Broker, Client};
use gob::Encode;

use super::LIMIT;
use super::http::serve_body;
use crate::Error;
use crate::model::{Context, FileInfo};
use crate::wire::{FromWire, ValueAndReason};

/// `Z_FileWillBeUploadedArgs`
#[derive(Debug, Encode)]
struct UploadArguments {
    a: Context,
    b: FileInfo,
    uploaded_file_stream: u32,
    replacement_file_stream: u32,
}

/// What a plugin makes of a file that is uploaded.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Uploaded {
    /// What the plugin wants to be known of the file, if anything.
    pub info: Option<FileInfo>,
    /// What the plugin has written in the file's place; where it is empty, the server stores the file as it is.
    pub replacement: Vec<u8>,
}

pub(super) async fn upload(
    host: &Host,
    hooks: &Client,
    (context, info): (Context, FileInfo),
    file: Bytes,
) -> Result<Uploaded, Error> {
    let broker = host.broker();
    let arguments = UploadArguments {
        a: context,
        b: info,
        uploaded_file_stream: broker.next_id(),
        replacement_file_stream: broker.next_id(),
    };
    let served = serve_body(broker.clone(), arguments.uploaded_file_stream, file);
    let served = tokio::spawn(served);
    let replaced = receive(broker.clone(), arguments.replacement_file_stream);
    let replaced = tokio::spawn(replaced);
    let answer = hooks.call::<_, ValueAndReason<_>>("Plugin.FileWillBeUploaded", &arguments, LIMIT);
    let answer = match answer.await {
        Ok(answer) => answer,
        Err(error) => {
            served.abort();
            replaced.abort();
            return Err(error.into());
        }
    };
    // Both streams end with the call.
    let (served, replaced) = tokio::join!(served, replaced);
    served??;
    let replacement = replaced??;
    let info = answer.into_result()?;
    Ok(Uploaded { info, replacement })
}

/// All that the plugin writes.
async fn receive(broker: Broker, id: u32) -> Result<Vec<u8>, Error> {
    let mut channel = broker.accept(id).await?;
    channel.drain().await?;
    while channel.fill().await? {}
    Ok(channel.inbound.to_vec())
}
