//! How much a stream may ask of its reader.

/// Bounds on what a [`Decoder`](crate::Decoder) takes from its peer.
///
/// Each field is checked before anything is believed, let alone allocated.
/// The defaults fit remote procedure calls between two processes of one machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// The longest message in bytes, type definitions inside it included. Default: 64 MiB.
    ///
    /// The reader holds a message whole, so this is what one peer can make it hold.
    /// Without it a length of eight bytes would let a peer fill the memory.
    pub message_bytes: usize,
    /// How deep values may lie in each other. Default: 100 levels.
    ///
    /// Each struct, slice, array, map, interface value and box is a level. Decoding recurses once a
    /// level, so this bounds the stack: without it a few kilobytes of nested slices would end the process.
    /// A level costs a few hundred bytes of stack, plus the size of the Rust struct decoded there.
    /// Deeper values fail to be decoded; the stream goes on behind them.
    pub depth: usize,
    /// How many types the stream may define in its life. Default: 4096.
    ///
    /// Definitions are kept for as long as the stream lives. Go defines each type once; a large
    /// configuration has about a hundred.
    pub types: usize,
    /// How many bytes all type definitions of the stream may have together. Default: 1 MiB.
    ///
    /// In memory a definition takes about ten times its length at worst (a field with a name of one byte).
    pub definition_bytes: usize,
    /// How much memory one decoded value may take for its elements, in bytes. Default: 256 MiB.
    ///
    /// An empty struct is one byte in the stream and may be hundreds in Rust; without this bound a
    /// message of allowed length could become a hundred times as large in memory.
    /// Counted are the elements of slices, maps and boxes, not the bytes of strings: those are bounded by the message.
    /// The search for a message's end, which needs some bytes for each level that is open, is held to the same.
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

/// Also what an encoder allows itself: deeper values would end the process by its stack.
pub(crate) const DEFAULT_DEPTH: usize = 100;

/// A collection is grown as its elements arrive beyond this many bytes, whatever length it announced.
pub(crate) const PREALLOCATION_BYTES: usize = 16 << 10;
