//! The derive macros of the gob crate.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod attributes;
mod interface;
mod opaque;
mod structure;

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use syn::{Data, DeriveInput, parse_macro_input};

use crate::attributes::{ContainerAttributes, Kind};

/// Which traits are to be written.
#[derive(Clone, Copy)]
struct Directions {
    decode: bool,
    encode: bool,
}

/// Derives `Decode` and `Encode`.
///
/// On a struct with named fields: each field is a field of Go's struct, its name turned from `snake_case`
/// into `PascalCase`, or given by `#[gob(name = "URL")]`. `#[gob(skip)]` leaves a field out; it becomes its `Default`.
/// `#[gob(name = "Name")]` on the struct gives Go's name of the type, which decides nothing.
///
/// On an enum with `#[gob(interface)]`: an interface value. Each variant holds one concrete type and bears the name
/// under which Go registered it: `#[gob(name = "*model.AppError")]`. A variant with `#[gob(other)]` that holds a
/// `gob::Interface` takes all other names; without it they are an error.
/// The first variant stands for nil where nil cannot be told (use `Option` of the enum where it can be).
///
/// On a struct with `#[gob(opaque)]`: a value that writes its own bytes, by its `gob::Opaque`.
#[proc_macro_derive(Gob, attributes(gob))]
pub fn derive_gob(input: TokenStream) -> TokenStream {
    derive(
        &parse_macro_input!(input),
        Directions {
            decode: true,
            encode: true,
        },
    )
}

/// Derives `Decode` alone; see [`Gob`](derive@Gob).
#[proc_macro_derive(Decode, attributes(gob))]
pub fn derive_decode(input: TokenStream) -> TokenStream {
    derive(
        &parse_macro_input!(input),
        Directions {
            decode: true,
            encode: false,
        },
    )
}

/// Derives `Encode` alone; see [`Gob`](derive@Gob). The struct may borrow.
#[proc_macro_derive(Encode, attributes(gob))]
pub fn derive_encode(input: TokenStream) -> TokenStream {
    derive(
        &parse_macro_input!(input),
        Directions {
            decode: false,
            encode: true,
        },
    )
}

fn derive(input: &DeriveInput, directions: Directions) -> TokenStream {
    expand(input, directions)
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}

fn expand(input: &DeriveInput, directions: Directions) -> syn::Result<Tokens> {
    let attributes = ContainerAttributes::parse(&input.attrs)?;
    match (&input.data, attributes.kind) {
        (_, Kind::Opaque) => opaque::expand(input, directions),
        (Data::Struct(data), Kind::Plain) => {
            structure::expand(input, &attributes, data, directions)
        }
        (Data::Enum(data), Kind::Interface) => interface::expand(input, data, directions),
        (Data::Enum(_), Kind::Plain) => Err(syn::Error::new_spanned(
            &input.ident,
            "gob has no enums; an interface value is one with #[gob(interface)], whose variants are its concrete types",
        )),
        (_, Kind::Interface) => Err(syn::Error::new_spanned(
            &input.ident,
            "#[gob(interface)] is for enums",
        )),
        (Data::Union(_), _) => Err(syn::Error::new_spanned(&input.ident, "gob has no unions")),
    }
}
