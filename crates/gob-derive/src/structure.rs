//! Structs with named fields.

use proc_macro2::{Span, TokenStream as Tokens};
use quote::quote;
use syn::{
    DataStruct, DeriveInput, Fields, GenericParam, Generics, Ident, Lifetime, LitStr, Path, Type,
    parse_quote,
};

use crate::Directions;
use crate::attributes::{ContainerAttributes, FieldAttributes};

struct Member<'a> {
    ident: &'a Ident,
    type_: &'a Type,
    name: LitStr,
    lossy: bool,
}

impl Member<'_> {
    /// The type that reads the field.
    fn reader(&self, gob: &Path) -> Tokens {
        let type_ = self.type_;
        if self.lossy {
            quote!(#gob::codec::LossyString)
        } else {
            quote!(#type_)
        }
    }

    /// The field's value, made of what was read.
    fn value(&self) -> Tokens {
        if self.lossy {
            quote!(field.0)
        } else {
            quote!(field)
        }
    }
}

pub(crate) fn expand(
    input: &DeriveInput,
    attributes: &ContainerAttributes,
    data: &DataStruct,
    directions: Directions,
) -> syn::Result<Tokens> {
    let mut members = Vec::new();
    let mut skipped = Vec::new();
    match &data.fields {
        Fields::Named(fields) => {
            for field in &fields.named {
                let Some(ident) = &field.ident else { continue };
                let attributes = FieldAttributes::parse(&field.attrs)?;
                if attributes.skip {
                    skipped.push(ident);
                } else {
                    let name = attributes
                        .name
                        .unwrap_or_else(|| LitStr::new(&pascal_case(ident), ident.span()));
                    if members
                        .iter()
                        .any(|member: &Member<'_>| member.name.value() == name.value())
                    {
                        return Err(syn::Error::new_spanned(
                            field,
                            "two fields of one name on the wire",
                        ));
                    }
                    members.push(Member {
                        ident,
                        type_: &field.ty,
                        name,
                        lossy: attributes.lossy,
                    });
                }
            }
        }
        Fields::Unit => {}
        Fields::Unnamed(_) => {
            return Err(syn::Error::new_spanned(
                &input.ident,
                "gob matches fields by name: name them, or use #[gob(opaque)] for a value that encodes itself",
            ));
        }
    }
    let type_name = attributes
        .name
        .clone()
        .unwrap_or_else(|| LitStr::new(&input.ident.to_string(), input.ident.span()));
    let gob = &attributes.gob;
    let mut output = Tokens::new();
    if directions.decode {
        output.extend(decode(input, gob, &type_name, &members, &skipped));
    }
    if directions.encode {
        output.extend(encode(input, gob, &type_name, &members));
    }
    Ok(output)
}

fn decode(
    input: &DeriveInput,
    gob: &Path,
    type_name: &LitStr,
    members: &[Member<'_>],
    skipped: &[&Ident],
) -> Tokens {
    let generics = bounded(&input.generics, &quote!(#gob::Decode));
    let (implementation, arguments, conditions) = generics.split_for_impl();
    let type_ident = &input.ident;
    let idents: Vec<_> = members.iter().map(|member| member.ident).collect();
    let types: Vec<_> = members.iter().map(|member| member.type_).collect();
    let names: Vec<_> = members.iter().map(|member| &member.name).collect();
    let readers: Vec<_> = members.iter().map(|member| member.reader(gob)).collect();
    let values = members.iter().map(Member::value);
    let slots = 0..members.len() as u32;
    quote! {
        #[automatically_derived]
        impl #implementation #gob::Decode for #type_ident #arguments #conditions {
            fn zero() -> Self {
                Self {
                    #(#idents: <#types as #gob::Decode>::zero(),)*
                    #(#skipped: ::core::default::Default::default(),)*
                }
            }

            fn plan(
                planner: &mut #gob::codec::Planner<'_>,
                type_ref: #gob::codec::TypeRef,
            ) -> #gob::Result<#gob::codec::PlanId> {
                planner.structure::<Self>(#type_name, type_ref, &[
                    #(#gob::codec::FieldPlanner { name: #names, plan: <#readers as #gob::Decode>::plan },)*
                ])
            }

            fn decode(
                plan: #gob::codec::PlanId,
                reader: &mut #gob::codec::Reader<'_>,
            ) -> #gob::Result<Self> {
                #[allow(unused_mut, reason = "a struct without fields is never written to")]
                let mut value = <Self as #gob::Decode>::zero();
                let mut fields = reader.fields(plan)?;
                #[allow(unused_variables, reason = "a struct without fields has no plans for them")]
                while let ::core::option::Option::Some((slot, plan)) = reader.next_field(&mut fields)? {
                    match slot {
                        #(#slots => match <#readers as #gob::Decode>::decode(plan, reader) {
                            ::core::result::Result::Ok(field) => value.#idents = #values,
                            ::core::result::Result::Err(error) => {
                                return ::core::result::Result::Err(error.in_field(#type_name, #names));
                            }
                        },)*
                        _ => {}
                    }
                }
                ::core::result::Result::Ok(value)
            }
        }
    }
}

fn encode(input: &DeriveInput, gob: &Path, type_name: &LitStr, members: &[Member<'_>]) -> Tokens {
    let generics = bounded(&input.generics, &quote!(#gob::Encode));
    let (implementation, arguments, conditions) = generics.split_for_impl();
    let type_ident = &input.ident;
    let key = with_static_lifetimes(type_ident, &input.generics);
    let idents: Vec<_> = members.iter().map(|member| member.ident).collect();
    let types: Vec<_> = members.iter().map(|member| member.type_).collect();
    let names: Vec<_> = members.iter().map(|member| &member.name).collect();
    let numbers = 0..members.len() as u32;
    quote! {
        #[automatically_derived]
        impl #implementation #gob::Encode for #type_ident #arguments #conditions {
            const IS_STRUCT: bool = true;

            fn describe(describer: &mut #gob::codec::Describer) -> #gob::Result<#gob::codec::WireTypeId> {
                describer.structure(::core::any::TypeId::of::<#key>(), #type_name, &[
                    #(#gob::codec::FieldDescriber { name: #names, describe: <#types as #gob::Encode>::describe },)*
                ])
            }

            // Go sends a struct even if all its fields are zero.
            fn is_zero(&self) -> bool {
                false
            }

            fn encode(&self, writer: &mut #gob::codec::Writer<'_>) -> #gob::Result<()> {
                #[allow(unused_mut, unused_variables, reason = "a struct without fields writes none")]
                let mut fields = writer.fields()?;
                #(
                    if !#gob::Encode::is_zero(&self.#idents) {
                        writer.field(&mut fields, #numbers);
                        if let ::core::result::Result::Err(error) = #gob::Encode::encode(&self.#idents, writer) {
                            return ::core::result::Result::Err(error.in_field(#type_name, #names));
                        }
                    }
                )*
                writer.end_fields();
                ::core::result::Result::Ok(())
            }
        }
    }
}

/// Each type parameter needs the trait, too, and must be `'static`, so that the type has a `TypeId`.
pub(crate) fn bounded(generics: &Generics, bound: &Tokens) -> Generics {
    let mut generics = generics.clone();
    for parameter in generics.type_params_mut() {
        parameter.bounds.push(parse_quote!(#bound));
        parameter.bounds.push(parse_quote!('static));
    }
    generics
}

/// The type with all its lifetimes `'static`.
fn with_static_lifetimes(ident: &Ident, generics: &Generics) -> Tokens {
    let arguments = generics.params.iter().map(|parameter| match parameter {
        GenericParam::Lifetime(_) => {
            let lifetime = Lifetime::new("'static", Span::call_site());
            quote!(#lifetime)
        }
        GenericParam::Type(parameter) => {
            let ident = &parameter.ident;
            quote!(#ident)
        }
        GenericParam::Const(parameter) => {
            let ident = &parameter.ident;
            quote!(#ident)
        }
    });
    quote!(#ident<#(#arguments),*>)
}

/// `remote_addr` is Go's `RemoteAddr`.
fn pascal_case(ident: &Ident) -> String {
    let name = ident.to_string();
    let name = name.strip_prefix("r#").unwrap_or(&name);
    name.split('_')
        .filter(|word| !word.is_empty())
        .flat_map(|word| {
            word.chars()
                .take(1)
                .flat_map(char::to_uppercase)
                .chain(word.chars().skip(1))
        })
        .collect()
}
