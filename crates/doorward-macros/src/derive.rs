//! The struct, taken apart and written down as a serializer.

use proc_macro2::TokenStream;
use quote::{quote, quote_spanned};
use syn::punctuated::Punctuated;
use syn::spanned::Spanned;
use syn::{
    Attribute, Data, DeriveInput, Error, Expr, ExprLit, Field, Fields, Ident, Lit, LitStr, Meta, Token,
};

pub(crate) fn serializer(input: &DeriveInput) -> Result<TokenStream, Error> {
    let docs = HelpText::of(&input.attrs)?;
    let fields = named_fields(input)?;
    let fields = fields
        .map(|field| Described::new(field, docs))
        .collect::<Result<Vec<_>, _>>()?;
    let (descriptions, values) = (
        fields.iter().map(Described::description),
        fields.iter().map(Described::value),
    );
    let (name, generics) = (&input.ident, &input.generics);
    if let Some(parameter) = generics.params.first() {
        return Err(Error::new(
            parameter.span(),
            "a serializer is derived from structs without parameters alone",
        ));
    }
    Ok(quote! {
        const _: () = {
            use ::doorward::serializers as __serializers;

            impl __serializers::HasSerializer for #name {
                fn serializer() -> &'static __serializers::Serializer {
                    static SERIALIZER: ::std::sync::LazyLock<__serializers::Serializer> =
                        ::std::sync::LazyLock::new(|| __serializers::Serializer::new() #(#descriptions)*);
                    &SERIALIZER
                }

                fn from_validated(mut data: __serializers::ValidatedData) -> ::doorward::exceptions::Result<Self> {
                    Ok(Self { #(#values)* })
                }
            }

            impl __serializers::FieldValue for #name {
                type Kind = __serializers::Nested;
                type Many = __serializers::Many;

                fn field() -> __serializers::TypedField<Self::Kind> {
                    <Self as __serializers::HasSerializer>::serializer().nested()
                }

                fn many() -> __serializers::TypedField<Self::Many> {
                    <Self as __serializers::HasSerializer>::serializer().many()
                }

                fn from_value(value: __serializers::ValidatedValue) -> Option<Self> {
                    __serializers::nested_value(value)
                }
            }
        };
    })
}

fn named_fields(input: &DeriveInput) -> Result<impl Iterator<Item = &Field>, Error> {
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) => Ok(fields.named.iter()),
            _ => Err(Error::new(input.span(), "the fields of a serializer have names")),
        },
        _ => Err(Error::new(input.span(), "a serializer is derived from a struct")),
    }
}

/// What is told who names the source of a field: the struct is filled by the names of its members.
const NO_SOURCE: &str = "the member is the source: write `name = \"…\"` for the name outside";

/// Whether comments become help texts.
#[derive(Clone, Copy, PartialEq, Eq)]
enum HelpText {
    Unsaid,
    FromDocs,
}

impl HelpText {
    fn of(attributes: &[Attribute]) -> Result<Self, Error> {
        let mut said = Self::Unsaid;
        for meta in metas(attributes)? {
            match meta {
                Meta::Path(path) if path.is_ident("help_text_from_docs") => said = Self::FromDocs,
                other => return Err(Error::new(other.span(), "a struct may say `help_text_from_docs`")),
            }
        }
        Ok(said)
    }
}

/// A field of the struct, and what it says of itself.
struct Described<'i> {
    ident: &'i Ident,
    field: &'i Field,
    name: String,
    made_of: Option<Expr>,
    calls: Vec<TokenStream>,
    is_read_only: bool,
}

impl<'i> Described<'i> {
    fn new(field: &'i Field, docs: HelpText) -> Result<Self, Error> {
        let ident = field
            .ident
            .as_ref()
            .ok_or_else(|| Error::new(field.span(), "this field has no name"))?;
        let name = ident.to_string();
        let mut described = Self {
            ident,
            field,
            name: name.trim_start_matches("r#").to_owned(),
            made_of: None,
            calls: Vec::new(),
            is_read_only: false,
        };
        if docs == HelpText::FromDocs {
            described.calls.extend(help_text(&field.attrs));
        }
        for meta in metas(&field.attrs)? {
            described.add(meta)?;
        }
        Ok(described)
    }

    fn add(&mut self, meta: Meta) -> Result<(), Error> {
        match meta {
            Meta::Path(path) => {
                self.is_read_only |= path.is_ident("read_only");
                self.calls.push(quote_spanned!(path.span() => .#path()));
            }
            Meta::NameValue(said) if said.path.is_ident("field") => self.made_of = Some(said.value),
            Meta::NameValue(said) if said.path.is_ident("name") => {
                let source = self.name.clone();
                self.name = text(&said.value)?.value();
                self.calls.push(quote!(.source(#source)));
            }
            Meta::NameValue(said) if said.path.is_ident("source") => {
                return Err(Error::new(said.path.span(), NO_SOURCE));
            }
            Meta::NameValue(said) => {
                let (method, value) = (&said.path, &said.value);
                self.calls.push(quote_spanned!(method.span() => .#method(#value)));
            }
            Meta::List(list) => return Err(Error::new(list.span(), "write `name` or `name = value`")),
        }
        Ok(())
    }

    /// `.field("name", …)`
    fn description(&self) -> TokenStream {
        let (name, calls, of_type) = (&self.name, &self.calls, &self.field.ty);
        let field = match &self.made_of {
            Some(field) => quote!(#field),
            None => quote_spanned!(of_type.span() => <#of_type as __serializers::FieldValue>::field()),
        };
        quote!(.field(#name, #field #(#calls)*))
    }

    /// `ident: …,`
    fn value(&self) -> TokenStream {
        let (ident, source) = (self.ident, self.ident.to_string());
        let source = source.trim_start_matches("r#");
        match self.is_read_only {
            true => quote!(#ident: ::core::default::Default::default(),),
            false => quote!(#ident: __serializers::take(&mut data, #source)?,),
        }
    }
}

/// What stands in `#[serializer(…)]`.
fn metas(attributes: &[Attribute]) -> Result<Vec<Meta>, Error> {
    let mut metas = Vec::new();
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serializer"))
    {
        metas.extend(attribute.parse_args_with(Punctuated::<Meta, Token![,]>::parse_terminated)?);
    }
    Ok(metas)
}

fn text(value: &Expr) -> Result<&LitStr, Error> {
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text), ..
        }) => Ok(text),
        other => Err(Error::new(other.span(), "a text is wanted")),
    }
}

/// The comment on a field, in one line.
fn help_text(attributes: &[Attribute]) -> Option<TokenStream> {
    let line = |attribute: &Attribute| match &attribute.meta {
        Meta::NameValue(said) if said.path.is_ident("doc") => {
            Some(text(&said.value).ok()?.value().trim().to_owned())
        }
        _ => None,
    };
    let lines: Vec<String> = attributes.iter().filter_map(line).collect();
    let text = lines.join(" ");
    (!text.is_empty()).then(|| quote!(.help_text(#text)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(input: &DeriveInput) -> Option<String> {
        serializer(input).err().map(|error| error.to_string())
    }

    #[test]
    fn a_source_is_refused_and_a_name_is_not() {
        let sourced = syn::parse_quote! {
            struct Note {
                #[serializer(source = "heading")]
                title: String,
            }
        };
        assert_eq!(refusal(&sourced).as_deref(), Some(NO_SOURCE));
        let named = syn::parse_quote! {
            struct Note {
                #[serializer(name = "heading")]
                title: String,
            }
        };
        assert_eq!(refusal(&named), None);
    }
}
