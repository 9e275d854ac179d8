//! The asking end of a stream that one task has to itself: one call after the other, nothing shared.

use std::io;
use std::sync::Arc;

use bytes::BytesMut;
use gob::{Decode, Decoder, DefinitionCache, Encode, Encoder};

use super::{Opening, ReceivedResponseHeader};
use crate::channel::Channel;
use crate::{Broker, Error};

/// Makes calls one at a time: [`send`](Self::send) or [`dial`](Self::dial), then [`receive`](Self::receive).
#[derive(Debug)]
pub struct Caller {
    channel: Channel,
    // In the heap: futures that hold a caller are moved, and copied then.
    codec: Box<Codec>,
    method: &'static str,
    seq: u64,
}

#[derive(Debug)]
struct Codec {
    encoder: Encoder,
    decoder: Decoder,
    answers: Arc<DefinitionCache>,
}

impl Drop for Codec {
    fn drop(&mut self) {
        self.decoder.update_cache(&self.answers);
    }
}

impl Caller {
    /// Dials `id` with the first call in the same frame, so that it costs no round trip of its own.
    ///
    /// # Errors
    /// When the connection has ended.
    pub async fn dial(broker: &Broker, id: u32, opening: &Opening) -> Result<Self, Error> {
        let channel = broker.dial(id, &opening.bytes).await?;
        Ok(Self {
            channel,
            codec: Box::new(Codec {
                encoder: opening.encoder.clone(),
                decoder: Decoder::with_cache(&opening.answers),
                answers: Arc::clone(&opening.answers),
            }),
            method: opening.method,
            seq: 0,
        })
    }

    /// Sends a call, whose answer must be received before the next.
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
        super::request(
            &mut self.codec.encoder,
            method,
            self.seq,
            argument,
            outbound,
        )?;
        self.channel.drain().await
    }

    /// The answer to the call that was sent last.
    ///
    /// # Errors
    /// [`Error::Call`] when the host answers with an error; the stream can be used further then.
    pub async fn receive<R: Decode>(&mut self) -> Result<R, Error> {
        self.receive_header().await?;
        self.next(Decoder::decode_next).await
    }

    /// Sends a call and waits until it is answered; what the answer says is of no interest.
    ///
    /// # Errors
    /// As [`send`](Self::send) and [`receive`](Self::receive).
    pub async fn order<A: Encode>(
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
        // The body of an error is an empty struct, or whatever the host puts there.
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

    /// What `take` makes of the next message; nothing while bytes are missing.
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
