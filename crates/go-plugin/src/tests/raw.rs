//! A host that writes and reads single yamux frames.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::time::timeout;

pub(super) const DATA: u8 = 0;
pub(super) const WINDOW_UPDATE: u8 = 1;
pub(super) const PING: u8 = 2;

pub(super) const SYN: u16 = 1;
pub(super) const ACK: u16 = 2;
pub(super) const FIN: u16 = 4;
pub(super) const RST: u16 = 8;

/// One frame.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Frame {
    pub(super) kind: u8,
    pub(super) flags: u16,
    pub(super) stream: u32,
    /// The length field: of the body, or what the kind makes of it.
    pub(super) length: u32,
    pub(super) body: Vec<u8>,
}

pub(super) struct RawHost(pub(super) DuplexStream);

impl RawHost {
    pub(super) async fn send(
        &mut self,
        kind: u8,
        flags: u16,
        stream: u32,
        length: u32,
        body: &[u8],
    ) {
        let mut bytes = vec![0, kind];
        bytes.extend(flags.to_be_bytes());
        bytes.extend(stream.to_be_bytes());
        bytes.extend(length.to_be_bytes());
        bytes.extend(body);
        // The plugin may have had enough already.
        drop(self.0.write_all(&bytes).await);
    }

    pub(super) async fn data(&mut self, stream: u32, body: &[u8]) {
        self.send(DATA, 0, stream, u32::try_from(body.len()).unwrap(), body)
            .await;
    }

    /// Control, stdout, stderr, as hashicorp's yamux opens them.
    pub(super) async fn open_first_three(&mut self) {
        for stream in [1, 3, 5] {
            self.send(WINDOW_UPDATE, SYN, stream, 0, &[]).await;
        }
    }

    /// The next frame that is no ping; nothing when the plugin has closed the connection.
    pub(super) async fn next(&mut self) -> Option<Frame> {
        let frame = timeout(Duration::from_secs(5), self.read());
        frame.await.expect("a frame within five seconds")
    }

    async fn read(&mut self) -> Option<Frame> {
        loop {
            let mut header = [0; 12];
            self.0.read_exact(&mut header).await.ok()?;
            let number = |at: usize| {
                u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]])
            };
            let mut frame = Frame {
                kind: header[1],
                flags: u16::from_be_bytes([header[2], header[3]]),
                stream: number(4),
                length: number(8),
                body: Vec::new(),
            };
            if frame.kind == DATA {
                frame.body = vec![0; frame.length as usize];
                self.0.read_exact(&mut frame.body).await.ok()?;
            }
            if frame.kind == PING {
                if frame.flags == SYN {
                    self.send(PING, ACK, 0, frame.length, &[]).await;
                }
                continue;
            }
            return Some(frame);
        }
    }
}

/// A request of net/rpc as bytes.
pub(super) fn request<A: gob::Encode>(
    encoder: &mut gob::Encoder,
    method: &str,
    seq: u64,
    argument: &A,
) -> Vec<u8> {
    let header = crate::rpc::RequestHeader {
        service_method: method.to_owned(),
        seq,
    };
    let mut bytes = bytes::BytesMut::new();
    encoder.encode(&header, &mut bytes).unwrap();
    encoder.encode(argument, &mut bytes).unwrap();
    bytes.to_vec()
}
