//! The hooks that Mattermost calls.

mod generated;
mod rejection;

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use go_plugin::Call;

use crate::ErrorKind;
use crate::wire::{IntoWire, Refusal};

pub(crate) use generated::dispatch;
pub use generated::{Plugin, hook_names};
pub use rejection::Rejection;

/// Whether a plugin has written a hook; known when it is compiled.
const fn has<P: Plugin>(hook: &str) -> bool {
    let mut index = 0;
    while index < P::IMPLEMENTED.len() {
        if is_equal(P::IMPLEMENTED[index].as_bytes(), hook.as_bytes()) {
            return true;
        }
        index += 1;
    }
    false
}

const fn is_equal(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut index = 0;
    while index < one.len() {
        if one[index] != other[index] {
            return false;
        }
        index += 1;
    }
    true
}

/// The body of a hook that a plugin has not written. Mattermost never calls it: it is not in `IMPLEMENTED`.
fn unwritten<T: Refusal>(arguments: impl Sized) -> impl Future<Output = T> {
    drop(arguments);
    async { T::refusal(ErrorKind::NotActive) }
}

/// Reads a hook's arguments, runs the plugin's code and answers, in a task of its own.
fn answer<A, W, T, R, F>(call: Call, code: impl FnOnce(T) -> F + Send + 'static)
where
    A: gob::Decode + Into<T>,
    W: gob::Encode,
    R: Refusal + IntoWire<W>,
    F: Future<Output = R> + Send,
{
    tokio::spawn(async move {
        let arguments = match call.arguments::<A>() {
            Ok(arguments) => arguments.into(),
            Err(error) => return refuse_arguments(call, &error),
        };
        match guarded(code(arguments)).await.into_wire() {
            Ok(wire) => call.reply(&wire),
            Err(failure) => call.fail(&failure),
        }
    });
}

/// Runs plugin code; a panic becomes an answer.
pub(crate) async fn guarded<T: Refusal>(code: impl Future<Output = T>) -> T {
    let outcome = AssertUnwindSafe(code).catch_unwind().await;
    outcome.unwrap_or_else(|_| T::refusal(ErrorKind::Panicked))
}

fn refuse_arguments(call: Call, error: &go_plugin::Error) {
    tracing::error!(
        method = call.method(),
        "a hook's arguments cannot be read: {error}"
    );
    call.fail(&format!("the arguments cannot be read: {error}"));
}
