//! The header that every frame begins with: version, type, flags, stream, length (hashicorp/yamux, `spec.md`).

pub(super) const HEADER_SIZE: usize = 12;

/// Opens a stream; in a ping, asks for a reply.
pub(super) const SYN: u16 = 1;
/// Accepts a stream; in a ping, marks the reply.
pub(super) const ACK: u16 = 2;
/// Closes a stream: its sender sends nothing more.
pub(super) const FIN: u16 = 4;
/// Resets a stream: it ends in both directions.
pub(super) const RST: u16 = 8;

/// The code of a go away that says that the other side broke the protocol.
pub(super) const PROTOCOL_ERROR: u32 = 1;

/// How a host can break the protocol.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProtocolError {
    /// The first byte of a frame is not the protocol's version, 0.
    #[error("unknown version: {0}")]
    Version(u8),
    /// The second byte of a frame is not one of the four types.
    #[error("unknown frame type: {0}")]
    Type(u8),
    /// More data than the stream's window has room for.
    #[error("a frame of {length} bytes is too large for stream {stream}, which takes {window}")]
    TooLarge {
        /// The stream it is for.
        stream: u32,
        /// The length of the frame's body in bytes.
        length: u32,
        /// How many bytes were left of the window.
        window: u32,
    },
    /// A stream was opened with an id that only the plugin may use.
    #[error("stream {0} is not the host's to open")]
    WrongStream(u32),
    /// A stream was opened twice.
    #[error("stream {0} was opened twice")]
    Duplicate(u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Data,
    WindowUpdate,
    Ping,
    GoAway,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) kind: Kind,
    pub(super) flags: u16,
    /// The id of the stream; 0 is the session itself.
    pub(super) stream: u32,
    /// The length of the body of a data frame, a window's growth, a ping's value, or a go away's code.
    pub(super) length: u32,
}

impl Header {
    pub(super) fn has(&self, flag: u16) -> bool {
        self.flags & flag != 0
    }

    pub(super) fn encode(&self) -> [u8; HEADER_SIZE] {
        let [f0, f1] = self.flags.to_be_bytes();
        let [s0, s1, s2, s3] = self.stream.to_be_bytes();
        let [l0, l1, l2, l3] = self.length.to_be_bytes();
        [0, self.kind as u8, f0, f1, s0, s1, s2, s3, l0, l1, l2, l3]
    }

    fn decode(bytes: [u8; HEADER_SIZE]) -> Result<Self, ProtocolError> {
        let [version, kind, f0, f1, s0, s1, s2, s3, l0, l1, l2, l3] = bytes;
        if version != 0 {
            return Err(ProtocolError::Version(version));
        }
        let kind = match kind {
            0 => Kind::Data,
            1 => Kind::WindowUpdate,
            2 => Kind::Ping,
            3 => Kind::GoAway,
            other => return Err(ProtocolError::Type(other)),
        };
        Ok(Self {
            kind,
            flags: u16::from_be_bytes([f0, f1]),
            stream: u32::from_be_bytes([s0, s1, s2, s3]),
            length: u32::from_be_bytes([l0, l1, l2, l3]),
        })
    }
}

/// A frame, as far as it has arrived.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum FramePart<'a> {
    /// A frame begins: its header, and as much of its body as is there.
    Begin(Header, &'a [u8]),
    /// The body of the last frame goes on.
    More(&'a [u8]),
}

/// Finds the frames in the socket's bytes, wherever those are split. It keeps a part of a header at most, never a body.
#[derive(Debug, Default)]
pub(super) struct FrameReader {
    header: [u8; HEADER_SIZE],
    /// How many bytes of the header are there.
    filled: usize,
    /// How many bytes of the last frame's body are missing.
    missing: usize,
}

impl FrameReader {
    /// Takes a frame, or what is there of one, from the front of `bytes`; nothing when they are used up.
    pub(super) fn read_frame<'a>(
        &mut self,
        bytes: &mut &'a [u8],
    ) -> Result<Option<FramePart<'a>>, ProtocolError> {
        if bytes.is_empty() {
            return Ok(None);
        }
        if self.missing > 0 {
            return Ok(Some(FramePart::More(self.body(bytes))));
        }
        let missing = &mut self.header[self.filled..];
        let (head, tail) = bytes.split_at(missing.len().min(bytes.len()));
        missing[..head.len()].copy_from_slice(head);
        *bytes = tail;
        self.filled += head.len();
        if self.filled < HEADER_SIZE {
            return Ok(None);
        }
        self.filled = 0;
        let header = Header::decode(self.header)?;
        if header.kind == Kind::Data {
            self.missing = header.length as usize;
        }
        Ok(Some(FramePart::Begin(header, self.body(bytes))))
    }

    /// Whether the last frame's body is complete.
    pub(super) fn is_complete(&self) -> bool {
        self.missing == 0
    }

    fn body<'a>(&mut self, bytes: &mut &'a [u8]) -> &'a [u8] {
        let (body, tail) = bytes.split_at(self.missing.min(bytes.len()));
        *bytes = tail;
        self.missing -= body.len();
        body
    }
}
