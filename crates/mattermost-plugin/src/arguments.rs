//! The arguments of an API call: a tuple, sent as Go's struct with the fields A, B, C ….

use std::any::TypeId;
use std::marker::PhantomData;

use gob::codec::{Describer, FieldDescriber, WireTypeId, Writer};

/// An argument of an API call: a reference to a type that gob can encode, an `Option` of one (`None` is Go's nil), a number or
/// a boolean.
pub trait Argument: Send {
    /// The type without its lifetimes.
    #[doc(hidden)]
    type Wire: ?Sized + 'static;

    #[doc(hidden)]
    fn describe(describer: &mut Describer) -> gob::Result<WireTypeId>;

    #[doc(hidden)]
    fn is_zero(&self) -> bool;

    #[doc(hidden)]
    fn encode(&self, writer: &mut Writer<'_>) -> gob::Result<()>;
}

impl<T: gob::Encode + Sync + ?Sized + 'static> Argument for &T {
    type Wire = T;

    fn describe(describer: &mut Describer) -> gob::Result<WireTypeId> {
        T::describe(describer)
    }

    fn is_zero(&self) -> bool {
        T::is_zero(self)
    }

    fn encode(&self, writer: &mut Writer<'_>) -> gob::Result<()> {
        T::encode(self, writer)
    }
}

impl<T: gob::Encode + Sync + 'static> Argument for Option<&T> {
    type Wire = T;

    fn describe(describer: &mut Describer) -> gob::Result<WireTypeId> {
        T::describe(describer)
    }

    fn is_zero(&self) -> bool {
        self.is_none()
    }

    fn encode(&self, writer: &mut Writer<'_>) -> gob::Result<()> {
        gob::Encode::encode(self, writer)
    }
}

macro_rules! scalars {
    ($($type:ty),*) => {$(
        impl Argument for $type {
            type Wire = Self;

            fn describe(describer: &mut Describer) -> gob::Result<WireTypeId> {
                <Self as gob::Encode>::describe(describer)
            }

            fn is_zero(&self) -> bool {
                gob::Encode::is_zero(self)
            }

            fn encode(&self, writer: &mut Writer<'_>) -> gob::Result<()> {
                gob::Encode::encode(self, writer)
            }
        }
    )*};
}

scalars!(bool, i32, i64, u32, u64, f64);

/// The arguments of an API call: a tuple of at most six [`Argument`]s.
pub trait Arguments: Send {
    /// What is sent.
    #[doc(hidden)]
    fn into_sent(self) -> impl gob::Encode + Send;
}

/// A tuple as it is sent.
struct Sent<T>(T);

macro_rules! tuples {
    ($($($name:literal $type:ident $index:tt),*;)*) => {$(
        impl<$($type: Argument),*> Arguments for ($($type,)*) {
            fn into_sent(self) -> impl gob::Encode + Send {
                Sent(self)
            }
        }

        impl<$($type: Argument),*> gob::Encode for Sent<($($type,)*)> {
            const IS_STRUCT: bool = true;

            fn describe(describer: &mut Describer) -> gob::Result<WireTypeId> {
                let fields: &[FieldDescriber] = &[$(FieldDescriber { name: $name, describe: $type::describe }),*];
                describer.structure(TypeId::of::<Sent<($(PhantomData<$type::Wire>,)*)>>(), "Arguments", fields)
            }

            fn is_zero(&self) -> bool {
                false
            }

            #[allow(unused_mut, unused_variables, reason = "no arguments write none")]
            fn encode(&self, writer: &mut Writer<'_>) -> gob::Result<()> {
                let mut fields = writer.fields()?;
                $(
                    if !self.0.$index.is_zero() {
                        writer.field(&mut fields, $index);
                        if let Err(error) = self.0.$index.encode(writer) {
                            return Err(error.in_field("Arguments", $name));
                        }
                    }
                )*
                writer.end_fields();
                Ok(())
            }
        }
    )*};
}

tuples! {
    ;
    "A" A 0;
    "A" A 0, "B" B 1;
    "A" A 0, "B" B 1, "C" C 2;
    "A" A 0, "B" B 1, "C" C 2, "D" D 3;
    "A" A 0, "B" B 1, "C" C 2, "D" D 3, "E" E 4;
    "A" A 0, "B" B 1, "C" C 2, "D" D 3, "E" E 4, "F" F 5;
}
