//! The other direction: what a server sends to a plugin, and reads of it.

use go_plugin::{Call, Client};
use gob::{Decode, Encode};

use super::LIMIT;
use crate::Error;
use crate::model::GoError;
use crate::wire::{
    AppErrorOnly, ErrorOnly, FromWire, Nothing, TwoValuesAndAppError, ValueAndAppError,
    ValueAndError, ValueAndReason, ValueOnly,
};

/// Calls a hook.
pub(super) async fn ask<A, W, T>(client: &Client, hook: &str, arguments: A) -> Result<T, Error>
where
    A: Encode,
    W: Decode + FromWire<T>,
{
    let method = format!("Plugin.{hook}");
    let wire: W = client.call(&method, &arguments, LIMIT).await?;
    wire.into_result()
}

/// Answers a call of the API.
pub(super) fn reply<A, W, P, T>(call: Call, code: &dyn Fn(P) -> Result<T, Error>)
where
    A: Decode + Into<P>,
    W: Encode + OfAnswer<T>,
{
    match call.arguments::<A>() {
        Ok(arguments) => match W::of_answer(code(arguments.into())) {
            Ok(wire) => call.reply(&wire),
            Err(error) => call.fail(&format!("{error:#}")),
        },
        Err(error) => call.fail(&error.to_string()),
    }
}

/// What a method answers, made what is sent.
pub(super) trait OfAnswer<T>: Sized {
    /// # Errors
    /// The method has none of its own in Go: the call fails.
    fn of_answer(answer: Result<T, Error>) -> Result<Self, Error>;
}

impl OfAnswer<()> for Nothing {
    fn of_answer(answer: Result<(), Error>) -> Result<Self, Error> {
        answer.map(|()| Self {})
    }
}

impl OfAnswer<()> for ErrorOnly {
    fn of_answer(answer: Result<(), Error>) -> Result<Self, Error> {
        let a = answer.err().map(GoError::from);
        Ok(Self { a })
    }
}

impl OfAnswer<()> for AppErrorOnly {
    fn of_answer(answer: Result<(), Error>) -> Result<Self, Error> {
        let a = answer.err().map(Error::into_app_error);
        Ok(Self { a })
    }
}

impl<T> OfAnswer<T> for ValueOnly<T> {
    fn of_answer(answer: Result<T, Error>) -> Result<Self, Error> {
        answer.map(|a| Self { a })
    }
}

/// A value that a pointer or another leads to.
macro_rules! of_value_and_error {
    ($($wire:ident $failure:expr;)*) => {$(
        impl<T: Default> OfAnswer<T> for $wire<T> {
            fn of_answer(answer: Result<T, Error>) -> Result<Self, Error> {
                Ok(match answer {
                    Ok(a) => Self { a, b: None },
                    Err(error) => Self { a: T::default(), b: Some($failure(error)) },
                })
            }
        }

        impl<T> OfAnswer<T> for $wire<Option<T>> {
            fn of_answer(answer: Result<T, Error>) -> Result<Self, Error> {
                Ok(match answer {
                    Ok(a) => Self { a: Some(a), b: None },
                    Err(error) => Self { a: None, b: Some($failure(error)) },
                })
            }
        }
    )*};
}

of_value_and_error! {
    ValueAndError GoError::from;
    ValueAndAppError Error::into_app_error;
}

impl<T: Default, U: Default> OfAnswer<(T, U)> for TwoValuesAndAppError<T, U> {
    fn of_answer(answer: Result<(T, U), Error>) -> Result<Self, Error> {
        let ((a, b), c) = match answer {
            Ok(values) => (values, None),
            Err(error) => (Default::default(), Some(error.into_app_error())),
        };
        Ok(Self { a, b, c })
    }
}

impl FromWire<()> for ValueOnly<String> {
    fn into_result(self) -> Result<(), Error> {
        allowed((), self.a)
    }
}

impl<T> FromWire<T> for ValueAndReason<T> {
    fn into_result(self) -> Result<T, Error> {
        allowed(self.a, self.b)
    }
}

fn allowed<T>(value: T, reason: String) -> Result<T, Error> {
    if reason.is_empty() {
        Ok(value)
    } else {
        Err(Error::reject(reason))
    }
}

/// The methods that a test can answer: Go's name, ours, the arguments, the answer and what is sent of it.
macro_rules! methods {
    ($($name:ident $ours:literal ($received:ident: $($argument:ty),*) -> $answer:ty, $sent:ty;)*) => {$(
        #[doc = concat!("[`Api::", $ours, "`](crate::Api::", $ours, ")")]
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl $crate::test::Method for $name {
            type Arguments = ($($argument,)*);
            type Answer = $answer;

            const NAME: &'static str = stringify!($name);

            fn answer(
                call: go_plugin::Call,
                code: &dyn Fn(Self::Arguments) -> Result<Self::Answer, $crate::Error>,
            ) {
                $crate::test::wire::reply::<$received<$($argument),*>, $sent, _, _>(call, code);
            }
        }
    )*};
}
pub(super) use methods;

/// The hooks that a test can call: Go's name, ours, the arguments, the answer and what comes of it.
macro_rules! hooks {
    ($($name:ident $ours:literal ($received:ident: $($argument:ty),*) -> $answer:ty, $wire:ty;)*) => {$(
        #[doc = concat!("[`Plugin::", $ours, "`](crate::Plugin::", $ours, ")")]
        #[derive(Debug, Clone, Copy)]
        pub struct $name;

        impl $crate::test::Hook for $name {
            type Arguments = ($($argument,)*);
            type Answer = $answer;

            const NAME: &'static str = stringify!($name);

            async fn call(
                client: &go_plugin::Client,
                arguments: Self::Arguments,
            ) -> Result<Self::Answer, $crate::Error> {
                let arguments = $received::from(arguments);
                $crate::test::wire::ask::<_, $wire, _>(client, Self::NAME, arguments).await
            }
        }
    )*};
}
pub(super) use hooks;
