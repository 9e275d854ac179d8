//! Enums of the concrete types that an interface value may hold.

use proc_macro2::TokenStream as Tokens;
use quote::quote;
use syn::{DataEnum, DeriveInput, Fields, Ident, LitStr, Path, Type};

use crate::Directions;
use crate::attributes::{ContainerAttributes, VariantAttributes};
use crate::structure::bounded;

struct Concrete<'a> {
    variant: &'a Ident,
    type_: &'a Type,
    name: LitStr,
}

pub(crate) fn expand(
    input: &DeriveInput,
    attributes: &ContainerAttributes,
    data: &DataEnum,
    directions: Directions,
) -> syn::Result<Tokens> {
    let mut concrete = Vec::new();
    let mut other = None;
    for variant in &data.variants {
        let attributes = VariantAttributes::parse(&variant.attrs)?;
        let type_ = match &variant.fields {
            Fields::Unnamed(fields) if fields.unnamed.len() == 1 => &fields.unnamed[0].ty,
            _ => {
                return Err(syn::Error::new_spanned(
                    variant,
                    "a variant holds one value: its concrete type",
                ));
            }
        };
        match (attributes.name, attributes.other) {
            (Some(name), false) => concrete.push(Concrete {
                variant: &variant.ident,
                type_,
                name,
            }),
            (None, true) => other = Some(&variant.ident),
            _ => {
                return Err(syn::Error::new_spanned(
                    variant,
                    "either #[gob(name = \"…\")], the name under which Go registered the type, or #[gob(other)]",
                ));
            }
        }
    }
    let Some(first) = concrete.first() else {
        return Err(syn::Error::new_spanned(
            &input.ident,
            "an interface needs a variant with a name",
        ));
    };
    let gob = &attributes.gob;
    let mut output = Tokens::new();
    if directions.decode {
        output.extend(decode(input, gob, first, &concrete, other));
    }
    if directions.encode {
        output.extend(encode(input, gob, &concrete, other));
    }
    Ok(output)
}

fn decode(
    input: &DeriveInput,
    gob: &Path,
    first: &Concrete<'_>,
    concrete: &[Concrete<'_>],
    other: Option<&Ident>,
) -> Tokens {
    let generics = bounded(&input.generics, &quote!(#gob::Decode));
    let (implementation, arguments, conditions) = generics.split_for_impl();
    let type_ident = &input.ident;
    let (first_variant, first_type) = (first.variant, first.type_);
    let variants: Vec<_> = concrete.iter().map(|concrete| concrete.variant).collect();
    let names: Vec<_> = concrete.iter().map(|concrete| &concrete.name).collect();
    let rest = match other {
        Some(variant) => quote! {
            let value = #gob::Interface::read_named(name, reader)?;
            ::core::result::Result::Ok(::core::option::Option::Some(Self::#variant(value)))
        },
        None => quote!(::core::result::Result::Err(
            #gob::codec::Reader::unregistered(name)
        )),
    };
    quote! {
        #[automatically_derived]
        impl #implementation #gob::Decode for #type_ident #arguments #conditions {
            fn zero() -> Self {
                Self::#first_variant(<#first_type as #gob::Decode>::zero())
            }

            fn plan(
                planner: &mut #gob::codec::Planner<'_>,
                type_ref: #gob::codec::TypeRef,
            ) -> #gob::Result<#gob::codec::PlanId> {
                planner.interface(type_ref)
            }

            fn decode(
                plan: #gob::codec::PlanId,
                reader: &mut #gob::codec::Reader<'_>,
            ) -> #gob::Result<Self> {
                <Self as #gob::Decode>::decode_nullable(plan, reader)?.ok_or_else(#gob::Error::nil_interface)
            }

            fn decode_nullable(
                _plan: #gob::codec::PlanId,
                reader: &mut #gob::codec::Reader<'_>,
            ) -> #gob::Result<::core::option::Option<Self>> {
                let ::core::option::Option::Some(name) = reader.interface_name()? else {
                    return ::core::result::Result::Ok(::core::option::Option::None);
                };
                #(
                    if name == #names.as_bytes() {
                        let value = reader.interface_value()?;
                        return ::core::result::Result::Ok(::core::option::Option::Some(Self::#variants(value)));
                    }
                )*
                #rest
            }
        }
    }
}

fn encode(
    input: &DeriveInput,
    gob: &Path,
    concrete: &[Concrete<'_>],
    other: Option<&Ident>,
) -> Tokens {
    let generics = bounded(&input.generics, &quote!(#gob::Encode));
    let (implementation, arguments, conditions) = generics.split_for_impl();
    let type_ident = &input.ident;
    let variants: Vec<_> = concrete.iter().map(|concrete| concrete.variant).collect();
    let names: Vec<_> = concrete.iter().map(|concrete| &concrete.name).collect();
    let rest =
        other.map(|variant| quote!(Self::#variant(value) => #gob::Encode::encode(value, writer),));
    quote! {
        #[automatically_derived]
        impl #implementation #gob::Encode for #type_ident #arguments #conditions {
            fn describe(describer: &mut #gob::codec::Describer) -> #gob::Result<#gob::codec::WireTypeId> {
                describer.interface()
            }

            fn is_zero(&self) -> bool {
                false
            }

            fn encode(&self, writer: &mut #gob::codec::Writer<'_>) -> #gob::Result<()> {
                match self {
                    #(Self::#variants(value) => writer.interface(#names, value),)*
                    #rest
                }
            }

            fn encode_nil(writer: &mut #gob::codec::Writer<'_>) -> #gob::Result<()> {
                writer.nil_interface();
                ::core::result::Result::Ok(())
            }
        }
    }
}
