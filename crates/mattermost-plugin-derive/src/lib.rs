//! The attribute macro of the mattermost-plugin crate.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{ImplItem, ImplItemFn, ItemImpl, parse_macro_input, parse_quote};

/// Tells Mattermost which hooks an `impl Plugin for …` has: those that are written there, no others.
///
/// A server calls only hooks that a plugin names (`Implemented`), and must not be told of one that does nothing:
/// `ConfigurationWillBeSaved`, for one, makes it send its whole configuration at every change.
#[proc_macro_attribute]
pub fn hooks(attribute: TokenStream, item: TokenStream) -> TokenStream {
    if let Some(token) = attribute.into_iter().next() {
        let error = syn::Error::new(token.span().into(), "#[hooks] takes no arguments");
        return error.to_compile_error().into();
    }
    let mut implementation = parse_macro_input!(item as ItemImpl);
    if implementation.trait_.is_none() {
        let error = syn::Error::new_spanned(
            &implementation.self_ty,
            "#[hooks] belongs on an `impl Plugin for …` block",
        );
        return error.to_compile_error().into();
    }
    let names: Vec<_> = implementation
        .items
        .iter()
        .filter_map(|item| match item {
            ImplItem::Fn(function) => Some(hook_name(function)),
            _ => None,
        })
        .collect();
    implementation.items.push(parse_quote! {
        const IMPLEMENTED: &'static [&'static str] = &[#(#names),*];
    });
    // A router may say what it is (an axum `Router`) where the trait says only what it can.
    implementation
        .attrs
        .push(parse_quote!(#[allow(refining_impl_trait)]));
    quote!(#implementation).into()
}

/// Go's name of a hook, where the hook itself is compiled.
fn hook_name(function: &ImplItemFn) -> Tokens {
    let conditions = function.attrs.iter().filter(|attribute| {
        attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr")
    });
    let name = &function.sig.ident;
    quote!(#(#conditions)* ::mattermost_plugin::hook_names::#name)
}
