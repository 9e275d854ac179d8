//! Limits on what is decoded.

/// Limits on what a [`Decoder`](crate::Decoder) accepts from its peer.
///
/// Each is checked before memory is allocated.
/// The defaults suit remote procedure calls between two processes on one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The longest message in bytes, type definitions inside it included. Default: 64 MiB.
    ///
    /// A message is kept in memory until it is complete, so this is how much memory a peer can fill with one.
    pub message_bytes: usize,
    /// How deep values may be nested. Default: 100 levels.
    ///
    /// Each struct, slice, array, map, interface value and box is a level. Decoding recurses once per
    /// level, so this bounds the stack: without it a few kilobytes of nested slices would end the process.
    /// A level takes a few hundred bytes of stack, plus the size of the Rust struct that is decoded there.
    /// A value that is nested deeper cannot be decoded; the stream can still be read after it.
    pub depth: usize,
    /// How many types a stream may define. Default: 4096.
    ///
    /// Definitions are kept for as long as the stream lives. Go defines each type once; a large
    /// configuration has about a hundred.
    pub types: usize,
    /// How many bytes all type definitions of a stream may have together. Default: 1 MiB.
    ///
    /// In memory a definition takes at most about ten times its length (for fields with names of one byte).
    pub definition_bytes: usize,
    /// How much memory one decoded value may take for its elements, in bytes. Default: 256 MiB.
    ///
    /// An empty struct is one byte in the stream and may be hundreds in Rust; without this limit a
    /// message could become a hundred times as large in memory.
    /// The elements of slices and maps and the contents of boxes count, the bytes of strings do not: the length of the
    /// message bounds those. Finding the end of a message takes some bytes for each level of nesting, and may take as much.
    pub value_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_bytes: 64 << 20,
            depth: DEFAULT_DEPTH,
            types: 4096,
            definition_bytes: 1 << 20,
            value_bytes: 256 << 20,
        }
    }
}

/// An encoder, too, refuses values that are nested deeper: they could overflow the stack.
pub(crate) const DEFAULT_DEPTH: usize = 100;

/// How many bytes are allocated for the elements of a collection before any of them is decoded, whatever length it announces.
pub(crate) const PREALLOCATION_BYTES: usize = 16 << 10;
