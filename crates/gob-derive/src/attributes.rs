//! Parses the `#[gob(…)]` attributes.

use syn::{Attribute, LitStr, Path, parse_quote};

/// How a type is encoded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    Interface,
    Opaque,
}

/// `#[gob(…)]` on a struct or enum.
pub(crate) struct ContainerAttributes {
    pub(crate) kind: Kind,
    pub(crate) name: Option<LitStr>,
    /// The path of the gob crate.
    pub(crate) gob: Path,
}

impl ContainerAttributes {
    pub(crate) fn parse(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut parsed = Self {
            kind: Kind::Plain,
            name: None,
            gob: parse_quote!(::gob),
        };
        for attribute in gob(attributes) {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("name") {
                    parsed.name = Some(meta.value()?.parse()?);
                } else if meta.path.is_ident("crate") {
                    let path: LitStr = meta.value()?.parse()?;
                    parsed.gob = path.parse_with(Path::parse_mod_style)?;
                } else if meta.path.is_ident("interface") {
                    parsed.kind = Kind::Interface;
                } else if meta.path.is_ident("opaque") {
                    parsed.kind = Kind::Opaque;
                } else {
                    return Err(
                        meta.error("expected name = \"…\", crate = \"…\", interface or opaque")
                    );
                }
                Ok(())
            })?;
        }
        Ok(parsed)
    }
}

/// `#[gob(…)]` on a field.
#[derive(Default)]
pub(crate) struct FieldAttributes {
    pub(crate) name: Option<LitStr>,
    pub(crate) skip: bool,
    pub(crate) lossy: bool,
}

impl FieldAttributes {
    pub(crate) fn parse(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut parsed = Self::default();
        for attribute in gob(attributes) {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("name") {
                    parsed.name = Some(exported(meta.value()?.parse()?)?);
                } else if meta.path.is_ident("skip") {
                    parsed.skip = true;
                } else if meta.path.is_ident("lossy") {
                    parsed.lossy = true;
                } else {
                    return Err(meta.error("expected name = \"…\", lossy or skip"));
                }
                Ok(())
            })?;
        }
        Ok(parsed)
    }
}

/// `#[gob(…)]` on a variant.
#[derive(Default)]
pub(crate) struct VariantAttributes {
    pub(crate) name: Option<LitStr>,
    pub(crate) other: bool,
}

impl VariantAttributes {
    pub(crate) fn parse(attributes: &[Attribute]) -> syn::Result<Self> {
        let mut parsed = Self::default();
        for attribute in gob(attributes) {
            attribute.parse_nested_meta(|meta| {
                if meta.path.is_ident("name") {
                    parsed.name = Some(meta.value()?.parse()?);
                } else if meta.path.is_ident("other") {
                    parsed.other = true;
                } else {
                    return Err(meta.error("expected name = \"…\" or other"));
                }
                Ok(())
            })?;
        }
        Ok(parsed)
    }
}

fn gob(attributes: &[Attribute]) -> impl Iterator<Item = &Attribute> {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("gob"))
}

/// Go encodes and decodes only fields whose names begin with a capital letter.
fn exported(name: LitStr) -> syn::Result<LitStr> {
    if name.value().starts_with(char::is_uppercase) {
        Ok(name)
    } else {
        Err(syn::Error::new_spanned(
            name,
            "Go's exported fields begin with a capital letter",
        ))
    }
}
