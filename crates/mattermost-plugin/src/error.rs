//! The crate's one error type.

use std::fmt;

use crate::model::AppError;

/// What can befall a hook or a call to Mattermost.
///
/// Any other error becomes one by [`Error::new`]; as a hook's answer it is shown to the administrator as its text.
pub struct Error(Box<ErrorKind>);

/// What happened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// Mattermost refused, with an error of its own kind.
    #[error("{0}")]
    App(Box<AppError>),
    /// Mattermost refused, with a text.
    #[error("{0}")]
    Server(String),
    /// The connection to Mattermost failed, a call was not answered in time, or this server does not know the method.
    #[error(transparent)]
    Plugin(#[from] go_plugin::Error),
    /// What Mattermost gave is not the JSON that was expected.
    #[error("{what}: {source}")]
    Json {
        /// What it should have been.
        what: &'static str,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// Mattermost gave neither a value nor an error: in Go, two nils.
    #[error("the server answered with neither a value nor an error")]
    NoValue,
    /// Mattermost takes no more of what it was being sent.
    #[error("the server stopped taking what it was being sent")]
    Stalled,
    /// The plugin has no connection to the API yet.
    #[error("the plugin is not active")]
    NotActive,
    /// The plugin's own code panicked; the panic was logged.
    #[error("the plugin's code panicked")]
    Panicked,
    /// An error of the plugin's own.
    #[error("{0}")]
    Other(Box<dyn std::error::Error + Send + Sync>),
}

impl Error {
    /// An error of the plugin's own, or just a text.
    pub fn new(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        ErrorKind::Other(error.into()).into()
    }

    /// What happened.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0
    }

    /// What happened.
    #[must_use]
    pub fn into_kind(self) -> ErrorKind {
        *self.0
    }

    /// Whether this server is too old (or too new) to know the API method that was called.
    #[must_use]
    pub fn is_unknown_method(&self) -> bool {
        match self.kind() {
            // The text of Go's net/rpc.
            ErrorKind::Plugin(go_plugin::Error::Call { message, .. }) => {
                message.starts_with("rpc: can't find method")
            }
            _ => false,
        }
    }
}

impl<E: Into<ErrorKind>> From<E> for Error {
    fn from(error: E) -> Self {
        Self(Box::new(error.into()))
    }
}

impl From<AppError> for ErrorKind {
    fn from(error: AppError) -> Self {
        Self::App(Box::new(error))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}
