//! `#[derive(Serializer)]`: the serializer of a struct, and how it is read. `doorward_core::serializers` tells what it
//! makes.

mod derive;

use proc_macro::TokenStream;

/// Describes a struct with named fields by a serializer, and reads it by that: it implements `HasSerializer`, and
/// `FieldValue`, so that the struct can stand in another one.
///
/// Each field's type says which kind of field it is. `#[serializer(…)]` tells it more, by the names of the methods of
/// that kind: `#[serializer(max_length = 100, allow_blank)]`. Besides there are `name = "…"`, the name outside; and
/// `field = …`, another field than that of the type, such as `DecimalField::new(10, 2)`.
/// `#[serializer(help_text_from_docs)]` on the struct makes help texts of the comments on its fields.
#[proc_macro_derive(Serializer, attributes(serializer))]
pub fn serializer(input: TokenStream) -> TokenStream {
    let input = syn::parse_macro_input!(input as syn::DeriveInput);
    derive::serializer(&input)
        .unwrap_or_else(|error| error.to_compile_error())
        .into()
}
