//! A plugin that mirrors: for the tests that call every hook and every API method.
//!
//! What a hook is given it stores under the hook's name, and what is stored there then it answers. A request to
//! `/api/<method>` makes it call the method with the arguments in the body; the response holds what came of it.
//! Everything stored and sent is gob, in structs with the fields `A`, `B` …. A file that is uploaded counts as an argument of
//! its hook, and what replaces it as an answer. A request for metrics is echoed; one to `/others/<target>` is handed on to
//! another plugin.

mod carried;
mod generated;

use std::process::ExitCode;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{any, post};
use mattermost_plugin::model::{FileInfo, UploadSession};
use mattermost_plugin::{Api, Context, Error, FileReplacement, UploadedFile};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use self::carried::{Four, Three, Two, encoded, read, written};

struct Mirror;

/// Keeps a hook's arguments, and answers what the test has put there.
async fn mirror<A, T>(api: &Api, hook: &str, arguments: A) -> Result<T, Error>
where
    A: gob::Encode,
    T: gob::Decode,
{
    match exchange::<_, Two<T, String>>(api, hook, &arguments).await {
        Ok(Two { a, b }) if b.is_empty() => Ok(a),
        Ok(Two { b, .. }) => Err(Error::reject(b)),
        Err(error) => Err(Error::reject(format!("the mirror is blind: {error}"))),
    }
}

async fn exchange<A: gob::Encode, T: gob::Decode>(
    api: &Api,
    hook: &str,
    arguments: &A,
) -> Result<T, Error> {
    api.kv_set(hook, &encoded(arguments)?).await?;
    read(&api.kv_get(hook).await?)
}

/// The same for a file and its replacement.
async fn upload(
    api: &Api,
    (a, b): (Context, FileInfo),
    mut file: UploadedFile,
    mut replacement: FileReplacement,
) -> Result<Option<FileInfo>, Error> {
    let mut c = Vec::new();
    file.read_to_end(&mut c).await?;
    let told: Three<_, Vec<u8>, String> =
        exchange(api, "FileWillBeUploaded", &Three { a, b, c }).await?;
    replacement.write_all(&told.b).await?;
    match told.c {
        refusal if refusal.is_empty() => Ok(told.a),
        refusal => Err(Error::reject(refusal)),
    }
}

/// Answers the requests for metrics.
fn metrics() -> Router {
    Router::new().fallback(echo)
}

/// A response with the request's body, and its method and target in a header.
async fn echo(request: Request) -> impl IntoResponse {
    let said = format!("{} {}", request.method(), request.uri());
    (StatusCode::CREATED, [("x-said", said)], request.into_body())
}

fn router(api: Api) -> Router {
    Router::new()
        .route("/api/{method}", post(call))
        .route("/others/{*target}", any(others))
        .with_state(api)
}

async fn call(
    State(api): State<Api>,
    Path(method): Path<String>,
    body: Bytes,
) -> Result<Vec<u8>, (StatusCode, String)> {
    let called = match method.as_str() {
        "UploadData" | "InstallPlugin" | "ReceiveSharedChannelAttachmentSyncMsg" => {
            stream(&api, &method, &body).await
        }
        _ => generated::call(&api, &method, &body).await,
    };
    called.map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}

/// Hands a request on to another plugin.
async fn others(State(api): State<Api>, mut request: Request) -> Result<Response, String> {
    let target = request.uri().to_string().replacen("/others", "", 1);
    *request.uri_mut() = target.parse().map_err(|_| target)?;
    let response = api.plugin_http(request).await;
    let response = response.map_err(|error| error.to_string())?;
    Ok(response.map(axum::body::Body::new))
}

/// Calls a method that takes a stream.
async fn stream(api: &Api, method: &str, body: &[u8]) -> Result<Vec<u8>, Error> {
    match method {
        "UploadData" => {
            let Two::<UploadSession, Vec<u8>> { a, b } = read(body)?;
            written(api.upload_data(&a, &b[..]).await)
        }
        "InstallPlugin" => {
            let Two::<Vec<u8>, bool> { a, b } = read(body)?;
            written(api.install_plugin(&a[..], b).await)
        }
        _ => {
            let Four::<String, String, FileInfo, Vec<u8>> { a, b, c, d } = read(body)?;
            let received = api.receive_shared_channel_attachment_sync_msg(&a, &b, &c, &d[..]);
            written(received.await)
        }
    }
}

fn main() -> ExitCode {
    mattermost_plugin::run(Mirror)
}
