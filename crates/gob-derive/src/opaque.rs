//! Types that encode and decode themselves.

use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::DeriveInput;

use crate::Directions;
use crate::attributes::ContainerAttributes;

pub(crate) fn expand(
    input: &DeriveInput,
    attributes: &ContainerAttributes,
    directions: Directions,
) -> syn::Result<Tokens> {
    if !input.generics.params.is_empty() {
        return Err(syn::Error::new_spanned(
            &input.generics,
            "an opaque type has no parameters",
        ));
    }
    let (gob, ident) = (&attributes.gob, &input.ident);
    let mut output = Tokens::new();
    if directions.decode {
        output.extend(quote!(#gob::opaque_value!(decode #ident);));
    }
    if directions.encode {
        output.extend(quote!(#gob::opaque_value!(encode #ident);));
    }
    Ok(output)
}
