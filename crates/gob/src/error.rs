//! Errors: what went wrong, and where in the value.

use std::fmt;

use crate::types::WireTypeId;

/// The result of this crate's operations.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// An error of encoding or decoding: what went wrong, and in which field.
///
/// After an error of [`Decoder::next_message`](crate::Decoder::next_message) the stream cannot be read any further.
/// After an error of [`Decoder::decode`](crate::Decoder::decode) it can: the end of the message is known.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    /// The innermost step first.
    path: Vec<Step>,
}

enum Step {
    Field {
        structure: &'static str,
        field: &'static str,
    },
    Named(String),
    Element(usize),
    Key,
    Value,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// An earlier message of the stream was malformed, so it is unknown where the next one begins.
    #[error("an earlier message of this stream was malformed")]
    StreamBroken,
    /// The message ended in the middle of a value.
    #[error("the message ends in the middle of a value")]
    UnexpectedEnd,
    /// The first byte of an unsigned integer announced more than eight bytes.
    #[error("an integer of {0} bytes; at most 8 are possible")]
    IntegerTooWide(usize),
    /// A message is longer than [`Limits::message_bytes`](crate::Limits::message_bytes).
    #[error("a message of {length} bytes; the limit is {limit}")]
    MessageTooLong {
        /// The length that the message announced, in bytes.
        length: u64,
        /// The limit in bytes.
        limit: usize,
    },
    /// Values are nested deeper than [`Limits::depth`](crate::Limits::depth).
    #[error("values nested deeper than {limit} levels")]
    TooDeep {
        /// The limit in levels.
        limit: usize,
    },
    /// The stream defined more types than [`Limits::types`](crate::Limits::types).
    #[error("more than {limit} type definitions")]
    TooManyTypes {
        /// The limit in types.
        limit: usize,
    },
    /// The definitions of all types together are longer than
    /// [`Limits::definition_bytes`](crate::Limits::definition_bytes).
    #[error("type definitions of more than {limit} bytes")]
    DefinitionsTooLong {
        /// The limit in bytes.
        limit: usize,
    },
    /// The decoded value would take more memory than
    /// [`Limits::value_bytes`](crate::Limits::value_bytes).
    #[error("the decoded value takes more than {limit} bytes of memory")]
    ValueTooLarge {
        /// The limit in bytes.
        limit: usize,
    },
    /// A type was defined twice, or one of the reserved ids was defined.
    #[error("{0} is defined twice or reserved")]
    DuplicateType(WireTypeId),
    /// A type was used before it was defined.
    #[error("{0} is not defined")]
    UndefinedType(WireTypeId),
    /// A type definition is malformed.
    #[error("malformed type definition: {0}")]
    BadDefinition(&'static str),
    /// Bytes follow the value in its message.
    #[error("{0} bytes follow the value in its message")]
    ExtraData(usize),
    /// A field number that the struct's definition does not have.
    #[error("field number {number} of a struct with {fields} fields")]
    FieldOutOfRange {
        /// The number, counted from zero.
        number: u64,
        /// How many fields the definition has.
        fields: usize,
    },
    /// A value that is not a struct must follow a zero byte at top level.
    #[error("no zero byte before a top-level value that is not a struct")]
    MissingZero,
    /// A length that exceeds the rest of the message.
    #[error("a length of {length} where {remaining} bytes remain")]
    LengthTooLong {
        /// The announced length, in elements or bytes.
        length: u64,
        /// The rest of the message, in bytes.
        remaining: usize,
    },
    /// The length of an array is not that of its type.
    #[error("an array of {received} elements; its type has {expected}")]
    ArrayLength {
        /// The length of the type.
        expected: u64,
        /// The length that was sent.
        received: u64,
    },
    /// A number does not fit into its Rust type.
    #[error("value out of range for {0}")]
    OutOfRange(&'static str),
    /// A string that is to be read as a [`String`] is not UTF-8.
    #[error("a string that is not UTF-8")]
    InvalidUtf8,
    /// The types of the two sides do not match.
    #[error("wrong type: expected {expected}, received {received}")]
    WrongType {
        /// The Rust side's type.
        expected: &'static str,
        /// The stream's type.
        received: String,
    },
    /// The struct on the wire has no field in common with the Rust struct.
    #[error("no field of {received} is one of {expected}")]
    NoFieldsMatched {
        /// The Rust side's type.
        expected: &'static str,
        /// The stream's type.
        received: String,
    },
    /// The concrete type of an interface value has a name that no variant of the enum has.
    #[error("the name {0:?} of an interface value is not registered")]
    UnregisteredName(String),
    /// An interface value is nil where a value is needed.
    #[error("a nil interface value")]
    NilInterface,
    /// A value is nil where gob cannot represent that: at top level, as an element, or in an interface value.
    #[error("a nil value cannot be sent at top level, as an element, or in an interface value")]
    NilValue,
    /// A dynamic value does not fit its own type.
    #[error("{0}")]
    Inconsistent(&'static str),
    /// An opaque value could not be encoded or decoded by its own code.
    #[error("{0}")]
    Opaque(String),
}

impl Error {
    /// What went wrong.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// Where in the value it went wrong: `Request.Header[2]`. Empty for the value as a whole.
    #[must_use]
    pub fn path(&self) -> String {
        let mut path = String::new();
        let mut outermost = true;
        for step in self.0.path.iter().rev() {
            match step {
                Step::Field { structure, field } => {
                    if outermost {
                        path.push_str(structure);
                    }
                    path.push('.');
                    path.push_str(field);
                }
                Step::Named(name) => {
                    if !outermost {
                        path.push('.');
                    }
                    path.push_str(name);
                }
                Step::Element(index) => path.push_str(&format!("[{index}]")),
                Step::Key => path.push_str("[key]"),
                Step::Value => path.push_str("[value]"),
            }
            outermost = false;
        }
        path
    }

    #[cold]
    pub(crate) fn new(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            path: Vec::new(),
        }))
    }

    /// The error of a type's own code, for example of an [`Opaque`](crate::Opaque) type.
    #[cold]
    #[must_use]
    pub fn opaque(reason: impl fmt::Display) -> Self {
        Self::new(ErrorKind::Opaque(reason.to_string()))
    }

    /// The error of an interface value that is nil where a value is needed; the derive macro's code calls it.
    #[cold]
    #[must_use]
    pub fn nil_interface() -> Self {
        Self::new(ErrorKind::NilInterface)
    }

    /// Adds the field in which it happened; the derive macro's code calls it.
    #[cold]
    #[must_use]
    pub fn in_field(mut self, structure: &'static str, field: &'static str) -> Self {
        self.0.path.push(Step::Field { structure, field });
        self
    }

    #[cold]
    pub(crate) fn in_named(mut self, name: &str) -> Self {
        self.0.path.push(Step::Named(name.to_owned()));
        self
    }

    #[cold]
    pub(crate) fn at_element(mut self, index: usize) -> Self {
        self.0.path.push(Step::Element(index));
        self
    }

    #[cold]
    pub(crate) fn in_key(mut self) -> Self {
        self.0.path.push(Step::Key);
        self
    }

    #[cold]
    pub(crate) fn in_value(mut self) -> Self {
        self.0.path.push(Step::Value);
        self
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self::new(kind)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path();
        if path.is_empty() {
            write!(f, "gob: {}", self.0.kind)
        } else {
            write!(f, "gob: {path}: {}", self.0.kind)
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Error")
            .field("kind", &self.0.kind)
            .field("path", &self.path())
            .finish()
    }
}

impl std::error::Error for Error {}
