//! A client for a stream that one task has to itself.

use std::io;
use std::sync::Arc;

use bytes::BytesMut;
use gob::{Decode, Decoder, DefinitionCache, Encode, Encoder};

use super::{FirstCall, ReceivedResponseHeader};
use crate::channel::Channel;
use crate::{Broker, Error};

/// A client that makes one call at a time: [`send`](Self::send) or [`dial`](Self::dial), then [`receive`](Self::receive).
#[derive(Debug)]
pub struct SequentialClient {
    channel: Channel,
    // Boxed, because futures that hold a client are moved, which copies them.
    codec: Box<Codec>,
    method: &'static str,
    seq: u64,
}

#[derive(Debug)]
struct Codec {
    encoder: Encoder,
    decoder: Decoder,
    definitions: Arc<DefinitionCache>,
}

impl Drop for Codec {
    fn drop(&mut self) {
        self.decoder.update_cache(&self.definitions);
    }
}

impl SequentialClient {
    /// Dials `id` with the first call in the frame that opens the stream, which saves a round trip.
    ///
    /// # Errors
    /// When the connection has ended.
    pub async fn dial(broker: &Broker, id: u32, first_call: &FirstCall) -> Result<Self, Error> {
        let channel = broker.dial(id, &first_call.bytes).await?;
        Ok(Self {
            channel,
            codec: Box::new(Codec {
                encoder: first_call.encoder.clone(),
                decoder: Decoder::with_cache(&first_call.definitions),
                definitions: Arc::clone(&first_call.definitions),
            }),
            method: first_call.method,
            seq: 0,
        })
    }

    /// Sends a call. Its result must be received before the next call is sent.
    ///
    /// # Errors
    /// When the host has closed the stream.
    pub async fn send<A: Encode>(
        &mut self,
        method: &'static str,
        argument: &A,
    ) -> Result<(), Error> {
        self.seq += 1;
        self.method = method;
        let outbound = &mut self.channel.outbound;
        super::encode_request(
            &mut self.codec.encoder,
            method,
            self.seq,
            argument,
            outbound,
        )?;
        self.channel.drain().await
    }

    /// Waits for the result of the call that was sent last.
    ///
    /// # Errors
    /// [`Error::Call`] when the host answers with an error; further calls can be made after it.
    pub async fn receive<R: Decode>(&mut self) -> Result<R, Error> {
        self.receive_header().await?;
        self.next(Decoder::decode_next).await
    }

    /// Makes a call and discards its result.
    ///
    /// # Errors
    /// As [`send`](Self::send) and [`receive`](Self::receive).
    pub async fn call_discarding_result<A: Encode>(
        &mut self,
        method: &'static str,
        argument: &A,
    ) -> Result<(), Error> {
        self.send(method, argument).await?;
        self.receive_header().await?;
        self.skip().await
    }

    /// Waits until the host has accepted the stream.
    ///
    /// # Errors
    /// When it answers with another number, or the stream ends.
    pub async fn answered(&mut self) -> Result<(), Error> {
        self.channel.answered().await
    }

    async fn receive_header(&mut self) -> Result<(), Error> {
        let header: ReceivedResponseHeader = self.next(Decoder::decode_next).await?;
        if header.seq != self.seq {
            return Err(Error::UnknownCall(header.seq));
        }
        if header.error.is_empty() {
            return Ok(());
        }
        // The body of an error is an empty struct, or anything else.
        self.skip().await?;
        Err(Error::Call {
            method: self.method.to_owned(),
            message: header.error,
        })
    }

    async fn skip(&mut self) -> Result<(), Error> {
        self.next(|decoder, buffer| Ok(decoder.skip_next(buffer)?.then_some(())))
            .await
    }

    /// Reads until `take` returns something; it returns nothing while bytes are missing.
    async fn next<T>(
        &mut self,
        take: impl Fn(&mut Decoder, &mut BytesMut) -> gob::Result<Option<T>>,
    ) -> Result<T, Error> {
        loop {
            if let Some(taken) = take(&mut self.codec.decoder, &mut self.channel.inbound)? {
                return Ok(taken);
            }
            if !self.channel.fill().await? {
                return Err(io::Error::from(io::ErrorKind::UnexpectedEof).into());
            }
        }
    }
}
