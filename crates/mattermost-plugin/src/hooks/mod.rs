//! The hooks that Mattermost calls.

mod generated;
mod upload;

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;
use go_plugin::Call;

use crate::wire::IntoWire;
use crate::{Error, ErrorKind};

pub use generated::Plugin;
pub(crate) use generated::{dispatch, hook_names};
pub use upload::{FileReplacement, UploadedFile};

/// Go's names of the hooks that a plugin implements.
pub(crate) const fn implemented<P: Plugin>() -> &'static [&'static str] {
    P::WRITTEN_BY_THE_ATTRIBUTE_HOOKS
}

/// Whether a plugin implements a hook; known when it is compiled.
pub(crate) const fn has<P: Plugin>(hook: &str) -> bool {
    let mut index = 0;
    while index < implemented::<P>().len() {
        if is_equal(implemented::<P>()[index].as_bytes(), hook.as_bytes()) {
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

/// The body of a hook that a plugin does not implement. Mattermost never calls it, because it is not among those [`implemented`].
fn unwritten<T>(arguments: impl Sized) -> impl Future<Output = Result<T, Error>> {
    drop(arguments);
    async { Err(ErrorKind::NotActive.into()) }
}

/// Reads a hook's arguments, runs the plugin's code and answers, in a task of its own.
fn answer<A, W, T, V, F>(call: Call, code: impl FnOnce(T) -> F + Send + 'static)
where
    A: gob::Decode + Into<T>,
    W: gob::Encode,
    Result<V, Error>: IntoWire<W>,
    F: Future<Output = Result<V, Error>> + Send,
{
    tokio::spawn(async move {
        let arguments = match call.arguments::<A>() {
            Ok(arguments) => arguments.into(),
            Err(error) => return refuse_arguments(call, &error),
        };
        let answer = guarded(code(arguments)).await;
        match answer.into_wire(call.method()) {
            Ok(wire) => call.reply(&wire),
            Err(failure) => call.fail(&failure),
        }
    });
}

/// Runs plugin code; a panic becomes an error.
pub(crate) async fn guarded<T>(code: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
    let outcome = AssertUnwindSafe(code).catch_unwind().await;
    outcome.unwrap_or_else(|_| Err(ErrorKind::Panicked.into()))
}

fn refuse_arguments(call: Call, error: &go_plugin::Error) {
    tracing::error!(
        method = call.method(),
        "a hook's arguments cannot be read: {error}"
    );
    call.fail(&format!("the arguments cannot be read: {error}"));
}
