//! The attribute macro of the mattermost-plugin crate.
#![forbid(unsafe_code)]
#![deny(missing_docs)]

mod generated;

use proc_macro::TokenStream;
use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{Attribute, Ident, ImplItem, ItemImpl, parse_quote};

use crate::generated::HOOKS;

/// Tells Mattermost which hooks an `impl Plugin for …` has: those that are written there, no others.
///
/// A server calls only hooks that a plugin names (`Implemented`), and must not be told of one that does nothing:
/// `ConfigurationWillBeSaved`, for one, makes it send its whole configuration at every change.
///
/// Hooks below `#[cfg(…)]` count where they are compiled. What the macro writes names nothing of the mattermost-plugin crate,
/// which may therefore have any name.
#[proc_macro_attribute]
pub fn hooks(attribute: TokenStream, item: TokenStream) -> TokenStream {
    expand(attribute.into(), item.into())
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}

fn expand(attribute: Tokens, item: Tokens) -> syn::Result<Tokens> {
    if !attribute.is_empty() {
        let message = "#[hooks] takes no arguments";
        return Err(syn::Error::new_spanned(attribute, message));
    }
    let mut implementation: ItemImpl = syn::parse2(item)?;
    if implementation.trait_.is_none() {
        return Err(syn::Error::new_spanned(
            &implementation.self_ty,
            "#[hooks] belongs on an `impl Plugin for …` block",
        ));
    }
    let mut names = Vec::new();
    let mut errors = Tokens::new();
    implementation.items.retain(|item| {
        let ImplItem::Fn(function) = item else {
            return true;
        };
        let conditions = conditions(&function.attrs);
        match go_name(&function.sig.ident) {
            Ok(name) => names.push(quote!(#(#conditions)* #name)),
            // Alone: what the compiler says of a method that the trait does not have would only repeat it.
            Err(error) => {
                let error = error.to_compile_error();
                errors.extend(quote!(#(#conditions)* #error));
                return false;
            }
        }
        true
    });
    implementation.items.push(parse_quote! {
        const WRITTEN_BY_THE_ATTRIBUTE_HOOKS: &'static [&'static str] = &[#(#names),*];
    });
    // A router may say what it is (an axum `Router`) where the trait says only what it can.
    implementation
        .attrs
        .push(parse_quote!(#[allow(refining_impl_trait)]));
    Ok(quote!(#implementation #errors))
}

/// What decides whether a hook is compiled.
fn conditions(attributes: &[Attribute]) -> Vec<&Attribute> {
    let decides = |attribute: &&Attribute| {
        attribute.path().is_ident("cfg") || attribute.path().is_ident("cfg_attr")
    };
    attributes.iter().filter(decides).collect()
}

/// Go's name of a hook.
fn go_name(method: &Ident) -> syn::Result<&'static str> {
    let name = method.to_string();
    if let Some((_, go)) = HOOKS.iter().find(|(rust, _)| *rust == name) {
        return Ok(go);
    }
    let nearest = HOOKS
        .iter()
        .map(|(rust, _)| (distance(&name, rust), *rust))
        .min();
    let hint = match nearest {
        Some((distance, nearest)) if distance * 3 <= nearest.len() => {
            format!("; there is `{nearest}`")
        }
        _ => "; what is none belongs in an `impl` block of its own".to_owned(),
    };
    let message = format!("`{name}` is no hook of Mattermost's{hint}");
    Err(syn::Error::new_spanned(method, message))
}

/// How many letters have to be put in, left out or replaced to make one name of the other.
fn distance(one: &str, other: &str) -> usize {
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (above, letter) in one.bytes().enumerate() {
        let mut diagonal = row[0];
        row[0] = above + 1;
        for (column, wanted) in other.bytes().enumerate() {
            let replaced = diagonal + usize::from(letter != wanted);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}
