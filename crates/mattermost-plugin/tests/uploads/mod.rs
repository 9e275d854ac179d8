//! The hook with two streams, and the requests for metrics.

use std::sync::Arc;
use std::time::Duration;

use gob::Gob;
use mattermost_plugin::model::FileInfo;
use mattermost_plugin::test::{self, Uploaded};
use mattermost_plugin::{Api, Context, Error, FileReplacement, HttpService, Plugin, UploadedFile};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::sync::mpsc;
use tokio::time::Instant;

use super::fake::{self, Mattermost};
use super::no_api;

/// Does with a file what its name says.
struct Uploads {
    /// How reading and writing ended in a task that outlived its hook.
    left_behind: mpsc::UnboundedSender<(String, String)>,
}

#[mattermost_plugin::hooks]
impl Plugin for Uploads {
    fn router(self: Arc<Self>, _: Api) -> impl HttpService {
        axum::Router::new().fallback(async || "page")
    }

    fn metrics_router(self: Arc<Self>, _: Api) -> impl HttpService {
        axum::Router::new().fallback(async |body: String| format!("metrics: {body}"))
    }

    async fn file_will_be_uploaded(
        &self,
        _: Api,
        _: Context,
        info: FileInfo,
        mut file: UploadedFile,
        mut replacement: FileReplacement,
    ) -> Result<Option<FileInfo>, Error> {
        match info.name.as_str() {
            "rename" => {
                let name = "renamed".into();
                return Ok(Some(FileInfo { name, ..info }));
            }
            "refuse" => return Err(Error::reject("Not here.")),
            "copy" => drop(tokio::io::copy(&mut file, &mut replacement).await?),
            // Without a flush.
            "more-than-a-window" => replacement.write_all(&[7; MORE_THAN_A_WINDOW]).await?,
            "fault" => return Err(Error::new("the disk is full")),
            "fault-within" => {
                replacement.write_all(b"half").await?;
                return Err(Error::new("the disk is full"));
            }
            "panic-within" => {
                replacement.write_all(b"half").await?;
                panic!("told to");
            }
            "endless" => loop {
                replacement.write_all(&[7; 10_000]).await?;
            },
            "leave-behind" => {
                // The task is at work when the hook ends.
                let mut first = [0];
                file.read_exact(&mut first).await?;
                let sender = self.left_behind.clone();
                tokio::spawn(async move {
                    let mut rest = Vec::new();
                    let read = file.read_to_end(&mut rest);
                    let written = async { loop_writing(&mut replacement).await };
                    let (read, written) = tokio::join!(read, written);
                    let ends = (read.unwrap_err().to_string(), written.to_string());
                    sender.send(ends)
                });
                tokio::time::sleep(Duration::from_millis(20)).await;
            }
            _ => {}
        }
        Ok(None)
    }
}

/// A server lets 256 KiB come before it has read something, and the stream began with the four bytes of its number.
const MORE_THAN_A_WINDOW: usize = 256 * 1024;

async fn loop_writing(replacement: &mut FileReplacement) -> std::io::Error {
    loop {
        if let Err(error) = replacement.write_all(&[7; 10_000]).await {
            return error;
        }
    }
}

fn uploads() -> (Uploads, mpsc::UnboundedReceiver<(String, String)>) {
    let (left_behind, ends) = mpsc::unbounded_channel();
    (Uploads { left_behind }, ends)
}

async fn uploaded(name: &str, file: &[u8]) -> Result<Uploaded, Error> {
    let mattermost = test::Mattermost::start(uploads().0).await;
    mattermost.activate().await?;
    let info = FileInfo {
        name: name.into(),
        ..FileInfo::default()
    };
    let context = Context::default();
    let uploaded = mattermost.upload(context, info, file.to_vec()).await;
    mattermost.stop().await?;
    uploaded
}

#[tokio::test]
async fn a_file_is_stored_as_it_is_described_anew_replaced_or_refused() {
    let kept = uploaded("keep", b"content").await.unwrap();
    assert_eq!((kept.info, kept.replacement), (None, Vec::new()));
    let renamed = uploaded("rename", b"content").await.unwrap();
    assert_eq!(renamed.info.unwrap().name, "renamed");
    // Several windows, so that each end has to wait for the other.
    let large: Vec<u8> = (0..1_000_000_u32).map(|place| (place / 7) as u8).collect();
    let copied = uploaded("copy", &large).await.unwrap();
    assert!(copied.replacement == large, "the copy is another");
    let refused = uploaded("refuse", b"content").await.unwrap_err();
    assert!(refused.is_rejection());
    assert_eq!(refused.to_string(), "Not here.");
}

#[tokio::test]
async fn a_fault_refuses_an_upload_only_when_a_part_of_the_file_is_replaced_already() {
    let fault = uploaded("fault", b"content").await.unwrap_err();
    assert_eq!(
        fault.to_string(),
        "Plugin.FileWillBeUploaded: the disk is full"
    );
    for name in ["fault-within", "panic-within"] {
        let fault = uploaded(name, b"content").await.unwrap_err();
        assert!(fault.is_rejection(), "{name}: {fault}");
        assert_eq!(
            fault.to_string(),
            "The plugin could not do this. The server's log says why."
        );
    }
}

#[derive(Debug, Default, Gob)]
struct UploadArguments {
    a: Option<fake::Context>,
    b: Option<UploadInfo>,
    uploaded_file_stream: u32,
    replacement_file_stream: u32,
}

#[derive(Debug, Default, Gob)]
struct UploadInfo {
    name: String,
}

/// The same with a file's description that is none.
#[derive(Debug, Default, Gob)]
struct UnreadableUpload {
    b: i64,
    uploaded_file_stream: u32,
    replacement_file_stream: u32,
}

#[derive(Debug, Default, Gob)]
struct UploadReturns {
    a: Option<UploadInfo>,
    b: String,
}

#[tokio::test]
async fn what_a_task_keeps_of_an_upload_ends_with_the_hook() {
    let (plugin, mut ends) = uploads();
    let mattermost = Mattermost::active(plugin, no_api).await;
    let broker = mattermost.host.broker();
    let arguments = UploadArguments {
        b: Some(UploadInfo {
            name: "leave-behind".into(),
        }),
        uploaded_file_stream: broker.next_id(),
        replacement_file_stream: broker.next_id(),
        ..UploadArguments::default()
    };
    let file = async {
        let mut file = broker.accept(arguments.uploaded_file_stream).await.unwrap();
        // A byte, and then no more.
        file.outbound.extend_from_slice(b"a");
        file.drain().await.unwrap();
        while file.fill().await.unwrap() {}
    };
    let replacement = async {
        let replacement = broker.accept(arguments.replacement_file_stream).await;
        let mut replacement = replacement.unwrap();
        replacement.drain().await.unwrap();
        while replacement.fill().await.unwrap() {}
    };
    let call = mattermost.call::<_, UploadReturns>("FileWillBeUploaded", &arguments);
    let all = async { tokio::join!(call, file, replacement) };
    let (answer, (), ()) = tokio::time::timeout(fake::LIMIT, all).await.unwrap();
    assert_eq!(answer.unwrap().b, "");
    let ends = tokio::time::timeout(fake::LIMIT, ends.recv())
        .await
        .unwrap();
    let ended = "the hook has ended".to_owned();
    assert_eq!(ends, Some((ended.clone(), ended)));
}

#[tokio::test]
async fn a_replacement_is_whole_although_the_hook_ended_before_the_server_had_room_for_it() {
    let mattermost = Mattermost::active(uploads().0, no_api).await;
    let broker = mattermost.host.broker();
    let arguments = UploadArguments {
        b: Some(UploadInfo {
            name: "more-than-a-window".into(),
        }),
        uploaded_file_stream: broker.next_id(),
        replacement_file_stream: broker.next_id(),
        ..UploadArguments::default()
    };
    let taken = async {
        let mut file = broker.accept(arguments.uploaded_file_stream).await.unwrap();
        file.drain().await.unwrap();
        let replacement = broker.accept(arguments.replacement_file_stream).await;
        let mut replacement = replacement.unwrap();
        replacement.drain().await.unwrap();
        // The hook closes the file's stream when it ends.
        while file.fill().await.unwrap() {}
        while replacement.fill().await.unwrap() {}
        replacement.inbound.len()
    };
    let call = mattermost.call::<_, UploadReturns>("FileWillBeUploaded", &arguments);
    let all = async { tokio::join!(call, taken) };
    let (answer, taken) = tokio::time::timeout(fake::LIMIT, all).await.unwrap();
    assert_eq!(
        (answer.unwrap().b, taken),
        (String::new(), MORE_THAN_A_WINDOW)
    );
}

#[tokio::test]
async fn a_server_that_stops_taking_a_replacement_ends_the_hook_that_writes_it() {
    let mattermost = Mattermost::active(uploads().0, no_api).await;
    let broker = mattermost.host.broker();
    let arguments = UploadArguments {
        b: Some(UploadInfo {
            name: "endless".into(),
        }),
        uploaded_file_stream: broker.next_id(),
        replacement_file_stream: broker.next_id(),
        ..UploadArguments::default()
    };
    let broken = async {
        let mut file = broker.accept(arguments.uploaded_file_stream).await.unwrap();
        file.drain().await.unwrap();
        let replacement = broker.accept(arguments.replacement_file_stream).await;
        let mut replacement = replacement.unwrap();
        replacement.drain().await.unwrap();
        assert!(replacement.fill().await.unwrap());
        // Both are dropped, and so closed, in the midst of it.
    };
    let call = mattermost.call::<_, UploadReturns>("FileWillBeUploaded", &arguments);
    let (answer, ()) = tokio::join!(call, broken);
    assert_eq!(
        answer.unwrap().b,
        "The plugin could not do this. The server's log says why."
    );
}

#[tokio::test(start_paused = true)]
async fn streams_of_an_upload_that_the_server_never_accepts_are_waited_for_five_seconds() {
    let mattermost = Mattermost::active(uploads().0, no_api).await;
    let broker = mattermost.host.broker();
    let arguments = UploadArguments {
        b: Some(UploadInfo::default()),
        uploaded_file_stream: broker.next_id(),
        replacement_file_stream: broker.next_id(),
        ..UploadArguments::default()
    };
    let start = Instant::now();
    let error = mattermost
        .call::<_, UploadReturns>("FileWillBeUploaded", &arguments)
        .await
        .unwrap_err();
    assert!(
        error.to_string().contains("the file cannot be fetched"),
        "{error}"
    );
    assert!((5..7).contains(&start.elapsed().as_secs()));
}

#[tokio::test]
async fn an_upload_that_cannot_be_read_is_an_error_and_its_streams_end() {
    let mattermost = Mattermost::active(uploads().0, no_api).await;
    let broker = mattermost.host.broker();
    let arguments = UnreadableUpload {
        b: 7,
        uploaded_file_stream: broker.next_id(),
        replacement_file_stream: broker.next_id(),
    };
    let ended = async |id| {
        let mut channel = broker.accept(id).await.unwrap();
        channel.drain().await.unwrap();
        assert!(!channel.fill().await.unwrap());
    };
    let call = mattermost.call::<_, UploadReturns>("FileWillBeUploaded", &arguments);
    let (answer, (), ()) = tokio::join!(
        call,
        ended(arguments.uploaded_file_stream),
        ended(arguments.replacement_file_stream)
    );
    let error = answer.unwrap_err().to_string();
    assert!(error.contains("the arguments cannot be read"), "{error}");
}

#[tokio::test]
async fn requests_for_metrics_are_answered_by_a_router_of_their_own() {
    let mattermost = test::Mattermost::start(uploads().0).await;
    mattermost.activate().await.unwrap();
    let request = || http::Request::post("/x").body("all").unwrap();
    let page = mattermost.request(request()).await;
    assert_eq!(page.body(), "page");
    let metrics = mattermost.request_metrics(request()).await;
    assert_eq!(metrics.body(), "metrics: all");
}
