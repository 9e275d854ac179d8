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

/// Which traits are to be implemented.
#[derive(Clone, Copy)]
struct Directions {
    decode: bool,
    encode: bool,
}

/// Derives `Decode` and `Encode`.
///
/// On a struct with named fields: each field is a field of Go's struct, its name turned from `snake_case`
/// into `PascalCase`, or given by `#[gob(name = "URL")]`. `#[gob(skip)]` leaves a field out; it becomes its `Default`.
/// Go's strings may be any bytes: with `#[gob(lossy)]` on a `String`, U+FFFD replaces what is not UTF-8, instead of an error.
/// `#[gob(name = "Name")]` on the struct gives Go's name of the type; types are not matched by it.
///
/// On an enum with `#[gob(interface)]`: an interface value. Each variant holds one concrete type, and has the name under
/// which Go registered it: `#[gob(name = "*model.AppError")]`. A variant with `#[gob(other)]` that holds a `gob::Interface`
/// is for all other names; without it they are an error.
/// If a field was not sent, it is the first variant with its zero value (use an `Option` of the enum to see that it is nil).
///
/// On a struct with `#[gob(opaque)]`: a value that encodes itself with its `gob::Opaque`.
///
/// `#[gob(crate = "other::path")]` is the path of the gob crate, if it is not `::gob`: for users of a crate that re-exports it.
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
        (_, Kind::Opaque) => opaque::expand(input, &attributes, directions),
        (Data::Struct(data), Kind::Plain) => {
            structure::expand(input, &attributes, data, directions)
        }
        (Data::Enum(data), Kind::Interface) => {
            interface::expand(input, &attributes, data, directions)
        }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn refused(input: &str) -> String {
        let directions = Directions {
            decode: true,
            encode: true,
        };
        expand(&syn::parse_str(input).unwrap(), directions)
            .unwrap_err()
            .to_string()
    }

    #[test]
    fn misuse_is_told_what_to_write_instead() {
        assert_eq!(
            refused("struct Url(String);"),
            "gob matches fields by name: name them, or use #[gob(opaque)] for a value that encodes itself"
        );
        assert_eq!(
            refused("enum Error { Text(String) }"),
            "gob has no enums; an interface value is one with #[gob(interface)], whose variants are its concrete types"
        );
        assert_eq!(refused("union Bits { a: u8 }"), "gob has no unions");
        assert_eq!(
            refused("#[gob(interface)] struct A {}"),
            "#[gob(interface)] is for enums"
        );
        assert_eq!(
            refused("#[gob(opaque)] struct A<T>(T);"),
            "an opaque type has no parameters"
        );
    }

    #[test]
    fn attributes_that_are_not_known_are_answered_with_those_that_are() {
        assert_eq!(
            refused("#[gob(rename = \"B\")] struct A {}"),
            "expected name = \"…\", crate = \"…\", interface or opaque"
        );
        assert_eq!(
            refused("struct A { #[gob(default)] a: u8 }"),
            "expected name = \"…\", lossy or skip"
        );
        assert_eq!(
            refused("struct A { #[gob(name = \"a\")] a: u8 }"),
            "Go's exported fields begin with a capital letter"
        );
    }

    #[test]
    fn two_fields_cannot_share_a_name() {
        assert_eq!(
            refused("struct A { url: u8, #[gob(name = \"Url\")] other: u8 }"),
            "two fields of one name on the wire"
        );
    }

    #[test]
    fn a_variant_is_one_named_type_or_all_others() {
        let needs_a_name = "either #[gob(name = \"…\")], the name under which Go registered the type, or #[gob(other)]";
        assert_eq!(refused("#[gob(interface)] enum A { B(C) }"), needs_a_name);
        assert_eq!(
            refused("#[gob(interface)] enum A { #[gob(name = \"b\", other)] B(C) }"),
            needs_a_name
        );
        assert_eq!(
            refused("#[gob(interface)] enum A { #[gob(name = \"b\")] B }"),
            "a variant holds one value: its concrete type"
        );
        assert_eq!(
            refused("#[gob(interface)] enum A { #[gob(other)] B(C) }"),
            "an interface needs a variant with a name"
        );
    }
}
