//! A plugin that mirrors: for the tests that call every hook and every API method.
//!
//! What a hook is given it stores under the hook's name, and what is stored there then it answers. A request to
//! `/api/<method>` makes it call the method with the arguments in the body; the response holds what came of it.
//! Everything stored and sent is gob, in structs with the fields `A`, `B` ….

mod carried;
mod generated;

use std::process::ExitCode;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::post;
use mattermost_plugin::{Api, AppError, Error, Rejection};

use self::carried::{Two, encoded, read};

struct Mirror;

/// Keeps a hook's arguments, and answers what the test has put there.
async fn mirror<A, T, E>(api: &Api, hook: &str, arguments: A) -> Result<T, E>
where
    A: gob::Encode,
    T: gob::Decode,
    E: Refusal,
{
    match exchange(api, hook, &arguments).await {
        Ok(Two { a, b }) if b.is_empty() => Ok(a),
        Ok(Two { b, .. }) => Err(E::new(&b)),
        Err(error) => Err(E::new(&format!("the mirror is blind: {error}"))),
    }
}

async fn exchange<A: gob::Encode, T: gob::Decode>(
    api: &Api,
    hook: &str,
    arguments: &A,
) -> Result<Two<T, String>, Error> {
    api.kv_set(hook, &encoded(arguments)?).await?;
    read(&api.kv_get(hook).await?)
}

/// What a hook answers in place of a value.
trait Refusal {
    fn new(text: &str) -> Self;
}

impl Refusal for Error {
    fn new(text: &str) -> Self {
        Self::new(text)
    }
}

impl Refusal for Rejection {
    fn new(text: &str) -> Self {
        Self::new(text)
    }
}

impl Refusal for AppError {
    fn new(text: &str) -> Self {
        Self::new(400, text)
    }
}

fn router(api: Api) -> Router {
    Router::new()
        .route("/api/{method}", post(call))
        .with_state(api)
}

async fn call(
    State(api): State<Api>,
    Path(method): Path<String>,
    body: Bytes,
) -> Result<Vec<u8>, (StatusCode, String)> {
    let called = generated::call(&api, &method, &body).await;
    called.map_err(|error| (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()))
}

fn main() -> ExitCode {
    mattermost_plugin::run(Mirror)
}
