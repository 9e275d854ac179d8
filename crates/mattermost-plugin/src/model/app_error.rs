//! Mattermost's errors.

use std::fmt;

use gob::{Gob, Interface};
use http::StatusCode;

use crate::{Error, ErrorKind};

/// An error for the user (`model.AppError`). If it comes from the server, U+FFFD replaces bytes that are not UTF-8: it may
/// quote what a client sent.
#[derive(Debug, Default, Clone, PartialEq, Eq, Gob)]
pub struct AppError {
    /// The id of the message's translation, or the message.
    #[gob(lossy)]
    pub id: String,
    /// What users read.
    #[gob(lossy)]
    pub message: String,
    /// Details for developers.
    #[gob(lossy)]
    pub detailed_error: String,
    /// The request's id, as in the server's log.
    #[gob(lossy)]
    pub request_id: String,
    /// The HTTP status. A server panics when it has to answer with 0.
    pub status_code: i64,
    /// The function where it happened.
    #[gob(name = "Where")]
    pub location: String,
    /// Whether the message must be shown unchanged.
    pub skip_translation: bool,
}

impl AppError {
    /// A sentence that administrators and users read unchanged, with an HTTP status.
    ///
    /// Both the id and the message are the sentence, because a server replaces the message by the translation of the id
    /// (Mattermost 8.0 to 11.6).
    #[must_use]
    pub fn new(status: StatusCode, sentence: impl Into<String>) -> Self {
        let sentence = sentence.into();
        Self {
            id: sentence.clone(),
            message: sentence,
            status_code: status.as_u16().into(),
            skip_translation: true,
            ..Self::default()
        }
    }
}

impl fmt::Display for AppError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        if !self.detailed_error.is_empty() {
            write!(f, " ({})", self.detailed_error)?;
        }
        Ok(())
    }
}

impl std::error::Error for AppError {}

/// An error as text, for all types that Go has not registered (`plugin.ErrorString`).
#[derive(Debug, Default, Clone, PartialEq, Eq, Gob)]
pub(crate) struct ErrorString {
    code: i64,
    #[gob(lossy)]
    err: String,
}

/// Go's `error` interface with the types that Mattermost registers.
#[derive(Debug, Clone, PartialEq, Gob)]
#[gob(interface)]
pub(crate) enum GoError {
    #[gob(name = "*plugin.ErrorString")]
    Text(ErrorString),
    #[gob(name = "*model.AppError")]
    App(Box<AppError>),
    #[gob(other)]
    Other(Interface),
}

impl From<Error> for GoError {
    fn from(error: Error) -> Self {
        if matches!(error.kind(), ErrorKind::App(_)) {
            return Self::App(Box::new(error.into_app_error()));
        }
        Self::Text(ErrorString {
            code: 0,
            err: format!("{error:#}"),
        })
    }
}

impl From<GoError> for Error {
    fn from(error: GoError) -> Self {
        match error {
            GoError::Text(text) => ErrorKind::Server(text.err).into(),
            GoError::App(error) => ErrorKind::App(error).into(),
            GoError::Other(other) => {
                ErrorKind::Server(format!("an error of type {}", other.name)).into()
            }
        }
    }
}
