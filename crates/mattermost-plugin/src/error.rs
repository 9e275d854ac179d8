//! The crate's one error type.

use std::error::Error as StdError;
use std::fmt;

use http::StatusCode;

use crate::model::AppError;

type BoxError = Box<dyn StdError + Send + Sync>;

/// The error of every hook: a fault, or a rejection.
///
/// A **fault** is something that went wrong. `?` makes one of any error (of `io`, of `serde_json`, of this crate's API), and
/// [`Error::new`] makes one of a text. It is written to the server's log, and what the hook could have rejected happens, as
/// if the plugin were not there.
///
/// A [**rejection**](Self::reject) is a decision of the plugin: a user may not do something, and reads why.
///
/// ```
/// use mattermost_plugin::{Error, StatusCode};
///
/// fn quota(file: &std::path::Path, wanted: u64) -> Result<(), Error> {
///     let left: u64 = std::fs::read_to_string(file)?.trim().parse()?;
///     if wanted > left {
///         return Err(Error::reject("Your quota is used up.").with_status(StatusCode::FORBIDDEN));
///     }
///     Ok(())
/// }
/// # let missing = quota("/nowhere".as_ref(), 1).unwrap_err();
/// # assert_eq!(missing.status(), StatusCode::INTERNAL_SERVER_ERROR);
/// ```
///
/// It does not implement [`std::error::Error`], because `?` could not convert all errors into it then; it converts into a
/// `Box<dyn std::error::Error + Send + Sync>`. `{}` prints the error, `{:#}` prints it with its causes. With the feature `axum`,
/// an axum handler may return it: a rejection is answered with its status and sentence, a fault is logged.
pub struct Error(Box<Inner>);

struct Inner {
    kind: ErrorKind,
    status: Option<StatusCode>,
    /// What users read instead of the error.
    message: Option<String>,
}

/// What happened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The plugin rejects what a user wants to do, with a sentence for that user.
    #[error("{0}")]
    Rejection(String),
    /// Mattermost refused, with an `AppError`.
    #[error("{0}")]
    App(Box<AppError>),
    /// Mattermost refused, with a text.
    #[error("{0}")]
    Server(String),
    /// The connection to Mattermost failed, a call was not answered in time, or this server does not know the method.
    #[error(transparent)]
    Plugin(go_plugin::Error),
    /// What Mattermost returned is not the JSON that was expected.
    #[error("{what}: {source}")]
    Json {
        /// What was expected.
        what: &'static str,
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// Mattermost returned neither a value nor an error: in Go, two nils.
    #[error("the server answered with neither a value nor an error")]
    NoValue,
    /// Mattermost has stopped reading what it was being sent.
    #[error("the server has stopped reading what it was being sent")]
    Stalled,
    /// The plugin has no connection to the API yet.
    #[error("the plugin is not active")]
    NotActive,
    /// The plugin's own code panicked; the panic was logged.
    #[error("the plugin's code panicked")]
    Panicked,
    /// An error of the plugin's own.
    #[error("{0}")]
    Other(BoxError),
}

/// What users read of a fault, unless the plugin says something else.
const FAULT: &str = "The plugin could not do this. The server's log says why.";

/// The reason of a rejection without one: Mattermost would take an empty reason for no rejection.
const UNEXPLAINED: &str = "Rejected by a plugin.";

/// Mattermost's `DismissPostError`.
const DISMISS: &str = "plugin.message_will_be_posted.dismiss_post";

impl Error {
    /// A fault: an error of any type, or a text.
    pub fn new(error: impl Into<BoxError>) -> Self {
        Self::of_box(error.into())
    }

    /// A rejection: what the user wants to do does not happen, and this sentence says why. Its status is 400 unless set.
    #[must_use]
    pub fn reject(sentence: impl Into<String>) -> Self {
        let mut sentence = sentence.into();
        if sentence.is_empty() {
            sentence.push_str(UNEXPLAINED);
        }
        ErrorKind::Rejection(sentence).into()
    }

    /// A rejection for `message_will_be_posted`: the message disappears without an error for its author.
    #[must_use]
    pub fn dismiss_post() -> Self {
        Self::reject(DISMISS)
    }

    /// The same error with an HTTP status, for pages and for the hooks of which Mattermost uses it
    /// (`execute_command`, `configuration_will_be_saved`).
    #[must_use]
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.0.status = Some(status);
        self
    }

    /// The same error with a sentence for the user; the error itself is only logged then.
    #[must_use]
    pub fn with_message(mut self, sentence: impl Into<String>) -> Self {
        self.0.message = Some(sentence.into());
        self
    }

    /// The HTTP status: the one that was set, or Mattermost's own; otherwise 400 for a rejection and 500 for a fault.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        let of_kind = || match self.kind() {
            ErrorKind::Rejection(_) => Some(StatusCode::BAD_REQUEST),
            ErrorKind::App(error) => {
                let status = u16::try_from(error.status_code).ok()?;
                let status = StatusCode::from_u16(status).ok()?;
                (status.is_client_error() || status.is_server_error()).then_some(status)
            }
            _ => None,
        };
        self.0
            .status
            .or_else(of_kind)
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// What happened.
    #[must_use]
    pub fn kind(&self) -> &ErrorKind {
        &self.0.kind
    }

    /// What happened.
    #[must_use]
    pub fn into_kind(self) -> ErrorKind {
        self.0.kind
    }

    /// Whether this is a rejection, not a fault.
    #[must_use]
    pub fn is_rejection(&self) -> bool {
        matches!(self.kind(), ErrorKind::Rejection(_))
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

    /// What the user reads.
    fn sentence(&self) -> &str {
        match (&self.0.message, self.kind()) {
            (Some(message), _) => message,
            (None, ErrorKind::Rejection(sentence)) => sentence,
            (None, ErrorKind::App(error)) => &error.message,
            (None, _) => FAULT,
        }
    }

    /// The sentence of a rejection; any other error is returned.
    pub(crate) fn into_rejection(self) -> Result<String, Self> {
        if self.is_rejection() {
            Ok(self.sentence().to_owned())
        } else {
            Err(self)
        }
    }

    /// The error as Mattermost shows it to users. One of Mattermost's own is kept, with its translation.
    pub(crate) fn into_app_error(self) -> AppError {
        let status = self.status();
        let mut app_error = AppError::new(status, self.sentence());
        match (self.0.kind, self.0.message) {
            (ErrorKind::Rejection(_), _) => {}
            (ErrorKind::App(error), None) => {
                app_error = *error;
                // A server panics when it has to answer with 0 (8.0 to 11.6).
                app_error.status_code = status.as_u16().into();
            }
            // Shown in developer mode only.
            (fault, _) => app_error.detailed_error = fault.to_string(),
        }
        app_error
    }

    fn of_box(error: BoxError) -> Self {
        // An error of this crate keeps its meaning when it was boxed on its way here.
        let error = match error.downcast::<Boxed>() {
            Ok(boxed) => return boxed.0,
            Err(error) => error,
        };
        let error = match error.downcast::<AppError>() {
            Ok(error) => return Self::of_kind(ErrorKind::App(error)),
            Err(error) => error,
        };
        let error = match error.downcast::<go_plugin::Error>() {
            Ok(error) => return Self::of_kind(ErrorKind::Plugin(*error)),
            Err(error) => error,
        };
        Self::of_kind(match error.downcast::<ErrorKind>() {
            Ok(kind) => *kind,
            Err(error) => ErrorKind::Other(error),
        })
    }

    fn of_kind(kind: ErrorKind) -> Self {
        Self(Box::new(Inner {
            kind,
            status: None,
            message: None,
        }))
    }
}

impl<E: StdError + Send + Sync + 'static> From<E> for Error {
    fn from(error: E) -> Self {
        Self::of_box(Box::new(error))
    }
}

impl From<Error> for BoxError {
    fn from(error: Error) -> Self {
        Box::new(Boxed(error))
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.kind().fmt(f)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0.message {
            Some(message) if f.alternate() => write!(f, "{message}: {}", self.kind())?,
            Some(message) => f.write_str(message)?,
            None => self.kind().fmt(f)?,
        }
        // The texts of the other kinds include their causes.
        if let (ErrorKind::Other(error), true) = (self.kind(), f.alternate()) {
            let mut cause = error.source();
            while let Some(error) = cause {
                write!(f, ": {error}")?;
                cause = error.source();
            }
        }
        Ok(())
    }
}

/// An [`Error`] among the standard library's errors.
#[derive(Debug)]
struct Boxed(Error);

impl fmt::Display for Boxed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl StdError for Boxed {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self.0.kind() {
            ErrorKind::Other(error) => error.source(),
            kind => kind.source(),
        }
    }
}

#[cfg(feature = "axum")]
impl axum_core::response::IntoResponse for Error {
    fn into_response(self) -> axum_core::response::Response {
        let status = self.status();
        if status.is_server_error() {
            tracing::error!(%status, "a handler failed: {self:#}");
        }
        (status, format!("{}\n", self.sentence())).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<u64, Error> {
        Ok(text.parse()?)
    }

    fn app_error(status: i64) -> AppError {
        AppError {
            id: "app.user.missing".into(),
            message: "no such user".into(),
            status_code: status,
            ..AppError::default()
        }
    }

    #[test]
    fn any_error_becomes_one_by_a_question_mark_and_a_text_by_new() {
        let error = parse("x").unwrap_err();
        assert_eq!(error.to_string(), "invalid digit found in string");
        assert_eq!(Error::new("too late").to_string(), "too late");
        assert!(!error.is_rejection() && !error.is_unknown_method());
    }

    #[test]
    fn an_error_keeps_what_it_means_through_boxes_and_question_marks() {
        let rejection = Error::reject("No.").with_status(StatusCode::CONFLICT);
        let boxed: BoxError = rejection.into();
        let again = Error::new(boxed);
        assert!(again.is_rejection());
        assert_eq!(again.status(), StatusCode::CONFLICT);
        let app = Error::from(app_error(404));
        assert!(matches!(app.kind(), ErrorKind::App(_)));
        assert_eq!(app.status(), StatusCode::NOT_FOUND);
        let kind = Error::from(ErrorKind::NoValue);
        assert!(matches!(kind.kind(), ErrorKind::NoValue));
    }

    #[test]
    fn the_causes_are_printed_where_the_log_wants_them() {
        #[derive(Debug, thiserror::Error)]
        #[error("the index cannot be read")]
        struct Index(#[from] std::io::Error);

        let error = Error::from(Index(std::io::Error::other("disk")));
        assert_eq!(error.to_string(), "the index cannot be read");
        assert_eq!(format!("{error:#}"), "the index cannot be read: disk");
        let error = error.with_message("Try again later.");
        assert_eq!(error.to_string(), "Try again later.");
        assert_eq!(
            format!("{error:#}"),
            "Try again later.: the index cannot be read: disk"
        );
    }

    #[test]
    fn people_read_a_rejection_as_it_is_and_of_a_fault_only_where_to_look() {
        let rejection = Error::reject("Not today.").into_app_error();
        assert_eq!(
            (rejection.message.as_str(), rejection.status_code),
            ("Not today.", 400)
        );
        assert!(rejection.skip_translation && rejection.detailed_error.is_empty());
        let fault = Error::new("password=secret").into_app_error();
        assert_eq!((fault.message.as_str(), fault.status_code), (FAULT, 500));
        assert_eq!(fault.detailed_error, "password=secret");
        let told = Error::new("disk").with_message("Try again later.");
        assert_eq!(told.into_app_error().message, "Try again later.");
    }

    #[test]
    fn an_error_of_mattermosts_own_stays_as_it_is_but_for_a_status_that_ends_a_server() {
        let told = Error::from(app_error(404)).into_app_error();
        assert_eq!(told, app_error(404));
        for impossible in [0, -1, 200, 70_000] {
            let told = Error::from(app_error(impossible)).into_app_error();
            assert_eq!(told, app_error(500), "{impossible}");
        }
    }

    #[test]
    fn a_rejection_without_a_word_is_still_one() {
        assert_eq!(Error::reject("").to_string(), UNEXPLAINED);
    }
}
