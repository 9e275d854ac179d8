//! Go's net/rpc over gob: headers, calls, answers.
//!
//! A request is a header and the argument, an answer a header and the result; each is one gob message. Both sides
//! number and match answers by the header, so calls run side by side and answers come in any order.

mod caller;
mod client;
mod opening;
mod server;

pub use caller::Caller;
pub use client::Client;
pub use opening::Opening;
#[cfg(any(test, feature = "test-util"))]
pub(crate) use server::serve;
pub(crate) use server::serve_or_end;
pub use server::{Call, Service};

use bytes::BytesMut;
use gob::{Decode, Decoder, Encode, Encoder, Gob, Message};

/// The header before each request (`net/rpc.Request`).
#[derive(Debug, Default, Clone, PartialEq, Eq, Gob)]
#[gob(name = "Request")]
pub(crate) struct RequestHeader {
    #[gob(lossy)]
    pub(crate) service_method: String,
    pub(crate) seq: u64,
}

/// The same as it is sent.
#[derive(Debug, Encode)]
#[gob(name = "Request")]
struct SentRequestHeader<'a> {
    service_method: &'a str,
    seq: u64,
}

/// The header before each answer (`net/rpc.Response`).
#[derive(Debug, Default, Clone, PartialEq, Eq, Gob)]
#[gob(name = "Response")]
pub(crate) struct ResponseHeader {
    pub(crate) service_method: String,
    pub(crate) seq: u64,
    pub(crate) error: String,
}

/// The same as it is read: the number alone says which call is answered.
#[derive(Debug, Default, Decode)]
#[gob(name = "Response")]
struct ReceivedResponseHeader {
    seq: u64,
    // It may quote whatever somebody sent.
    #[gob(lossy)]
    error: String,
}

/// An argument or a result without content. It is sent nevertheless: each header has a body behind it.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Gob)]
pub struct Empty {}

/// Takes the next header and the body behind it; nothing while bytes are missing. A header that is there without its body
/// is kept in `waiting`.
fn next<H: Decode>(
    decoder: &mut Decoder,
    inbound: &mut BytesMut,
    waiting: &mut Option<H>,
) -> gob::Result<Option<(H, Message)>> {
    if waiting.is_none() {
        *waiting = decoder.decode_next(inbound)?;
    }
    if waiting.is_none() {
        return Ok(None);
    }
    let Some(body) = decoder.next_message(inbound)? else {
        return Ok(None);
    };
    Ok(waiting.take().map(|header| (header, body)))
}

/// Appends a request, or none of its two parts.
fn request<A: Encode>(
    encoder: &mut Encoder,
    method: &str,
    seq: u64,
    argument: &A,
    into: &mut BytesMut,
) -> Result<(), gob::Error> {
    let header = SentRequestHeader {
        service_method: method,
        seq,
    };
    encoder.encode_both(&header, argument, into)
}
