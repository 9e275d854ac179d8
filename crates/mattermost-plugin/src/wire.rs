//! Arguments and results as they are sent: Go's generated structs with the fields A, B, C ….

use gob::{Decode, Gob};

use crate::model::{AppError, GoError};
use crate::{Error, ErrorKind};

/// The argument list of a hook, as it is received.
macro_rules! received {
    ($($name:ident { $($field:ident: $type:ident),* })*) => {$(
        #[derive(Debug, Decode)]
        #[cfg_attr(feature = "test-util", derive(gob::Encode))]
        pub(crate) struct $name<$($type),*> {
            $($field: $type,)*
        }

        #[allow(clippy::unused_unit, reason = "the empty list's tuple is the unit")]
        impl<$($type),*> From<$name<$($type),*>> for ($($type,)*) {
            fn from(wire: $name<$($type),*>) -> Self {
                let $name { $($field),* } = wire;
                ($($field,)*)
            }
        }

        #[cfg(feature = "test-util")]
        impl<$($type),*> From<($($type,)*)> for $name<$($type),*> {
            fn from(($($field,)*): ($($type,)*)) -> Self {
                Self { $($field),* }
            }
        }
    )*};
}

received! {
    Received0 {}
    Received1 { a: A }
    Received2 { a: A, b: B }
    Received3 { a: A, b: B, c: C }
    Received4 { a: A, b: B, c: C, d: D }
}

/// No results.
#[derive(Debug, Default, Gob)]
pub(crate) struct Nothing {}

/// `A error`
#[derive(Debug, Default, Gob)]
pub(crate) struct ErrorOnly {
    pub(crate) a: Option<GoError>,
}

/// `A *model.AppError`
#[derive(Debug, Default, Gob)]
pub(crate) struct AppErrorOnly {
    pub(crate) a: Option<AppError>,
}

/// `A T`
#[derive(Debug, Default, Gob)]
pub(crate) struct ValueOnly<T> {
    pub(crate) a: T,
}

/// `A T, B error`
#[derive(Debug, Default, Gob)]
pub(crate) struct ValueAndError<T> {
    pub(crate) a: T,
    pub(crate) b: Option<GoError>,
}

/// `A T, B *model.AppError`
#[derive(Debug, Default, Gob)]
pub(crate) struct ValueAndAppError<T> {
    pub(crate) a: T,
    pub(crate) b: Option<AppError>,
}

/// `A T, B U, C *model.AppError`
#[derive(Debug, Default, Gob)]
pub(crate) struct TwoValuesAndAppError<T, U> {
    pub(crate) a: T,
    pub(crate) b: U,
    pub(crate) c: Option<AppError>,
}

/// `A T, B string`: the reason for a rejection, if it is not empty.
#[derive(Debug, Default, Gob)]
pub(crate) struct ValueAndReason<T> {
    pub(crate) a: T,
    pub(crate) b: String,
}

/// `A *T, B error`, of which A is always nil.
#[derive(Debug, Default, Gob)]
pub(crate) struct NilAndError {
    b: Option<GoError>,
}

/// Converts the result of a hook into what is sent.
pub(crate) trait IntoWire<T> {
    /// # Errors
    /// The hook has failed: the call fails with this text, which the server logs, and it goes on as if the plugin were not there.
    fn into_wire(self, hook: &str) -> Result<T, String>;
}

impl IntoWire<Nothing> for Result<(), Error> {
    fn into_wire(self, _: &str) -> Result<Nothing, String> {
        self.map(|()| Nothing {}).map_err(|error| failed(&error))
    }
}

impl IntoWire<ErrorOnly> for Result<(), Error> {
    fn into_wire(self, _: &str) -> Result<ErrorOnly, String> {
        Ok(ErrorOnly {
            a: self.err().map(GoError::from),
        })
    }
}

impl<T> IntoWire<ValueOnly<T>> for Result<T, Error> {
    fn into_wire(self, _: &str) -> Result<ValueOnly<T>, String> {
        self.map(|a| ValueOnly { a })
            .map_err(|error| failed(&error))
    }
}

impl IntoWire<ValueOnly<String>> for Result<(), Error> {
    fn into_wire(self, _: &str) -> Result<ValueOnly<String>, String> {
        let a = self.map_or_else(reason, |()| Ok(String::new()))?;
        Ok(ValueOnly { a })
    }
}

impl<T> IntoWire<ValueAndReason<Option<T>>> for Result<Option<T>, Error> {
    fn into_wire(self, _: &str) -> Result<ValueAndReason<Option<T>>, String> {
        let (a, b) = match self {
            Ok(value) => (value, String::new()),
            Err(error) => (None, reason(error)?),
        };
        Ok(ValueAndReason { a, b })
    }
}

impl<T: Default> IntoWire<ValueAndError<T>> for Result<T, Error> {
    fn into_wire(self, _: &str) -> Result<ValueAndError<T>, String> {
        let (a, b) = match self {
            Ok(value) => (value, None),
            Err(error) => (T::default(), Some(error.into())),
        };
        Ok(ValueAndError { a, b })
    }
}

impl<T> IntoWire<ValueAndAppError<Option<T>>> for Result<T, Error> {
    fn into_wire(self, hook: &str) -> Result<ValueAndAppError<Option<T>>, String> {
        let (a, b) = match self {
            Ok(value) => (Some(value), None),
            Err(error) => (None, Some(told(error, hook))),
        };
        Ok(ValueAndAppError { a, b })
    }
}

impl IntoWire<NilAndError> for Result<(), Error> {
    fn into_wire(self, hook: &str) -> Result<NilAndError, String> {
        Ok(NilAndError {
            b: self
                .err()
                .map(|error| GoError::App(Box::new(told(error, hook)))),
        })
    }
}

/// The text of a call that fails.
fn failed(error: &Error) -> String {
    format!("{error:#}")
}

/// The reason for a rejection; a fault is not one.
fn reason(error: Error) -> Result<String, String> {
    match error.into_rejection() {
        Ok(sentence) => Ok(sentence),
        Err(fault) => Err(failed(&fault)),
    }
}

/// An error for the user. Its cause is written to the log here, because the server does not log it.
pub(crate) fn told(error: Error, hook: &str) -> AppError {
    if !error.is_rejection() {
        tracing::error!(hook, "a hook failed: {error:#}");
    }
    error.into_app_error()
}

/// Converts the response of an API method into what the plugin gets.
pub(crate) trait FromWire<T> {
    fn into_result(self) -> Result<T, Error>;
}

impl FromWire<()> for Nothing {
    fn into_result(self) -> Result<(), Error> {
        Ok(())
    }
}

impl FromWire<()> for ErrorOnly {
    fn into_result(self) -> Result<(), Error> {
        self.a.map_or(Ok(()), |error| Err(error.into()))
    }
}

impl FromWire<()> for AppErrorOnly {
    fn into_result(self) -> Result<(), Error> {
        self.a.map_or(Ok(()), |error| Err(error.into()))
    }
}

impl<T> FromWire<T> for ValueOnly<T> {
    fn into_result(self) -> Result<T, Error> {
        Ok(self.a)
    }
}

impl<T> FromWire<T> for ValueAndError<T> {
    fn into_result(self) -> Result<T, Error> {
        self.b.map_or(Ok(self.a), |error| Err(error.into()))
    }
}

impl<T> FromWire<T> for ValueAndAppError<T> {
    fn into_result(self) -> Result<T, Error> {
        self.b.map_or(Ok(self.a), |error| Err(error.into()))
    }
}

/// A pointer: nil means that there is no value.
impl<T> FromWire<T> for ValueAndError<Option<T>> {
    fn into_result(self) -> Result<T, Error> {
        match self.b {
            Some(error) => Err(error.into()),
            None => self.a.ok_or_else(|| ErrorKind::NoValue.into()),
        }
    }
}

/// A pointer: nil means that there is no value.
impl<T> FromWire<T> for ValueAndAppError<Option<T>> {
    fn into_result(self) -> Result<T, Error> {
        match self.b {
            Some(error) => Err(error.into()),
            None => self.a.ok_or_else(|| ErrorKind::NoValue.into()),
        }
    }
}

impl<T, U> FromWire<(T, U)> for TwoValuesAndAppError<T, U> {
    fn into_result(self) -> Result<(T, U), Error> {
        self.c
            .map_or(Ok((self.a, self.b)), |error| Err(error.into()))
    }
}
