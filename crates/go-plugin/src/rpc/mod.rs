//! Go's net/rpc over gob: requests and responses.
//!
//! A request is a header and an argument, a response is a header and a result; each of them is one gob message. The
//! headers number the calls, so that several can be under way and be answered in any order.

mod client;
mod first_call;
mod sequential_client;
mod server;

pub use client::Client;
pub use first_call::FirstCall;
pub use sequential_client::SequentialClient;
#[cfg(any(test, feature = "test-util"))]
pub(crate) use server::serve;
pub(crate) use server::serve_or_end;
pub use server::{Call, Service};

use bytes::BytesMut;
use gob::{Decode, Decoder, Encode, Encoder, Gob, Message};

/// The header of a request (`net/rpc.Request`).
#[derive(Debug, Default, Clone, PartialEq, Eq, Gob)]
#[gob(name = "Request")]
pub(crate) struct RequestHeader {
    #[gob(lossy)]
    pub(crate) service_method: String,
    pub(crate) seq: u64,
}

/// The same, to be sent.
#[derive(Debug, Encode)]
#[gob(name = "Request")]
struct SentRequestHeader<'a> {
    service_method: &'a str,
    seq: u64,
}

/// The header of a response (`net/rpc.Response`).
#[derive(Debug, Default, Clone, PartialEq, Eq, Gob)]
#[gob(name = "Response")]
pub(crate) struct ResponseHeader {
    pub(crate) service_method: String,
    pub(crate) seq: u64,
    pub(crate) error: String,
}

/// The same, as it is read: the number is enough to find the call.
#[derive(Debug, Default, Decode)]
#[gob(name = "Response")]
struct ReceivedResponseHeader {
    seq: u64,
    // It may quote what anybody sent, in any encoding.
    #[gob(lossy)]
    error: String,
}

/// An argument or a result without content. It is sent all the same, because a body follows each header.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Gob)]
pub struct Empty {}

/// Takes the next header and its body; nothing while bytes are missing. A header whose body is missing is kept in
/// `pending`.
fn next<H: Decode>(
    decoder: &mut Decoder,
    inbound: &mut BytesMut,
    pending: &mut Option<H>,
) -> gob::Result<Option<(H, Message)>> {
    if pending.is_none() {
        *pending = decoder.decode_next(inbound)?;
    }
    if pending.is_none() {
        return Ok(None);
    }
    let Some(body) = decoder.next_message(inbound)? else {
        return Ok(None);
    };
    Ok(pending.take().map(|header| (header, body)))
}

/// Appends a request, or nothing if it cannot be encoded.
fn encode_request<A: Encode>(
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
