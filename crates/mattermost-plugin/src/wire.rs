//! The shapes of arguments and results: Go's generated structs with the fields A, B, C ….

use std::marker::PhantomData;

use gob::{Encode, Gob};

use crate::model::{AppError, GoError};
use crate::{Error, ErrorKind};

/// Both ways of an argument list: owned as it arrives at a hook, borrowed as it goes to the API.
macro_rules! arguments {
    ($($received:ident $sent:ident { $($field:ident: $type:ident),* })*) => {$(
        #[derive(Debug, Default, Gob)]
        pub(crate) struct $received<$($type),*> {
            $($field: $type,)*
        }

        #[allow(clippy::unused_unit, reason = "the empty list's tuple is the unit")]
        impl<$($type),*> From<$received<$($type),*>> for ($($type,)*) {
            fn from(wire: $received<$($type),*>) -> Self {
                let $received { $($field),* } = wire;
                ($($field,)*)
            }
        }

        #[derive(Debug, Encode)]
        pub(crate) struct $sent<'a, $($type: ?Sized),*> {
            $(pub(crate) $field: &'a $type,)*
            #[gob(skip)]
            pub(crate) lifetime: PhantomData<&'a ()>,
        }
    )*};
}

arguments! {
    Received0 Sent0 {}
    Received1 Sent1 { a: A }
    Received2 Sent2 { a: A, b: B }
    Received3 Sent3 { a: A, b: B, c: C }
}

/// The type of the argument list that a hook receives.
macro_rules! received {
    () => { $crate::wire::Received0 };
    ($a:ty) => { $crate::wire::Received1<$a> };
    ($a:ty, $b:ty) => { $crate::wire::Received2<$a, $b> };
    ($a:ty, $b:ty, $c:ty) => { $crate::wire::Received3<$a, $b, $c> };
}
pub(crate) use received;

/// The argument list that is sent to the API.
macro_rules! sent {
    () => {
        $crate::wire::Sent0 {
            lifetime: ::std::marker::PhantomData,
        }
    };
    ($a:ident) => {
        $crate::wire::Sent1 {
            a: $a,
            lifetime: ::std::marker::PhantomData,
        }
    };
    ($a:ident, $b:ident) => {
        $crate::wire::Sent2 {
            a: $a,
            b: $b,
            lifetime: ::std::marker::PhantomData,
        }
    };
    ($a:ident, $b:ident, $c:ident) => {
        $crate::wire::Sent3 {
            a: $a,
            b: $b,
            c: $c,
            lifetime: ::std::marker::PhantomData,
        }
    };
}
pub(crate) use sent;

/// No results.
#[derive(Debug, Default, Gob)]
pub(crate) struct Nothing {}

/// `A error`
#[derive(Debug, Default, Gob)]
pub(crate) struct ErrorOnly {
    a: Option<GoError>,
}

/// `A *model.AppError`
#[derive(Debug, Default, Gob)]
pub(crate) struct AppErrorOnly {
    a: Option<AppError>,
}

/// `A T`
#[derive(Debug, Default, Gob)]
pub(crate) struct ValueOnly<T> {
    a: T,
}

/// `A T, B error`
#[derive(Debug, Default, Gob)]
pub(crate) struct ValueAndError<T> {
    a: T,
    b: Option<GoError>,
}

/// `A T, B *model.AppError`
#[derive(Debug, Default, Gob)]
pub(crate) struct ValueAndAppError<T> {
    a: T,
    b: Option<AppError>,
}

/// `A *T, B error` with A nil, whatever happens.
#[derive(Debug, Default, Gob)]
pub(crate) struct NilAndError {
    b: Option<GoError>,
}

/// What a hook answers, made what is sent.
pub(crate) trait IntoWire<T> {
    fn into_wire(self) -> T;
}

impl IntoWire<Nothing> for () {
    fn into_wire(self) -> Nothing {
        Nothing {}
    }
}

impl IntoWire<ErrorOnly> for Result<(), Error> {
    fn into_wire(self) -> ErrorOnly {
        ErrorOnly {
            a: self.err().map(GoError::from),
        }
    }
}

impl<T> IntoWire<ValueAndAppError<Option<T>>> for Result<T, AppError> {
    fn into_wire(self) -> ValueAndAppError<Option<T>> {
        match self {
            Ok(value) => ValueAndAppError {
                a: Some(value),
                b: None,
            },
            Err(error) => ValueAndAppError {
                a: None,
                b: Some(error),
            },
        }
    }
}

impl IntoWire<NilAndError> for Result<(), AppError> {
    fn into_wire(self) -> NilAndError {
        NilAndError {
            b: self.err().map(|error| GoError::App(Box::new(error))),
        }
    }
}

/// What an API method answers, made what the plugin gets.
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

/// What a hook answers that panicked or does not exist.
pub(crate) trait Refusal {
    fn refusal(kind: ErrorKind) -> Self;
}

impl<T> Refusal for Result<T, Error> {
    fn refusal(kind: ErrorKind) -> Self {
        Err(kind.into())
    }
}

impl<T> Refusal for Result<T, AppError> {
    fn refusal(kind: ErrorKind) -> Self {
        Err(AppError::new(500, kind.to_string()))
    }
}

impl Refusal for () {
    fn refusal(_: ErrorKind) -> Self {}
}
