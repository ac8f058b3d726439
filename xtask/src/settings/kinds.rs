//! A field's type, as somebody who writes a settings file sees it.

use syn::{Attribute, Fields, GenericArgument, ItemEnum, PathArguments, Type, Variant};

use super::code::Code;

/// A type's last name: `Vec` of `std::vec::Vec<String>`.
pub(super) fn name(kind: &Type) -> Option<String> {
    match kind {
        Type::Path(path) => path.path.segments.last().map(|segment| segment.ident.to_string()),
        _ => None,
    }
}

/// The first type in angle brackets.
pub(super) fn argument(kind: &Type) -> Option<&Type> {
    let Type::Path(path) = kind else { return None };
    let PathArguments::AngleBracketed(brackets) = &path.path.segments.last()?.arguments else {
        return None;
    };
    brackets.args.iter().find_map(|argument| match argument {
        GenericArgument::Type(kind) => Some(kind),
        _ => None,
    })
}

/// What stands in an `Option`, a `Box` or a `Secret`, or the type itself.
pub(super) fn bare(kind: &Type) -> &Type {
    match name(kind).as_deref() {
        Some("Option" | "Box" | "Arc" | "Secret") => argument(kind).map_or(kind, bare),
        _ => kind,
    }
}

/// What a reader may write: `text`, `duration`, `list`.
pub(super) fn told(code: &Code, kind: &Type) -> String {
    let bare = bare(kind);
    let name = name(bare).unwrap_or_default();
    let expected = code
        .enums
        .get(&name)
        .and_then(|item| word_of(&item.attrs, "expecting"));
    match name.as_str() {
        _ if expected.is_some() => expected.unwrap_or_default().replace("expected a ", ""),
        "bool" => "true or false".to_owned(),
        "u8" | "u16" | "u32" | "u64" | "usize" | "i32" | "i64" => "whole number".to_owned(),
        "f32" | "f64" => "number".to_owned(),
        "Period" => "duration".to_owned(),
        "BTreeMap" | "HashMap" => "table".to_owned(),
        "Vec" | "BTreeSet" => "list".to_owned(),
        "SecretFile" => "file".to_owned(),
        "KeyDirectory" => "directory".to_owned(),
        _ if code.enums.contains_key(&name) => "name".to_owned(),
        _ => "text".to_owned(),
    }
}

/// The names that a field of that type may have, or each of its members.
pub(super) fn names(code: &Code, kind: &Type) -> Vec<String> {
    let bare = bare(kind);
    let member = match name(bare).as_deref() {
        Some("Vec" | "BTreeSet") => argument(bare).unwrap_or(bare),
        _ => bare,
    };
    match name(member).and_then(|name| code.enums.get(&name)) {
        Some(item) if is_list_of_names(item) => item
            .variants
            .iter()
            .map(|variant| variant_name(item, variant))
            .collect(),
        _ => Vec::new(),
    }
}

/// A variant's name in a settings file.
pub(super) fn variant_name(item: &ItemEnum, variant: &Variant) -> String {
    let name = variant.ident.to_string();
    word_of(&variant.attrs, "rename").unwrap_or_else(|| match word_of(&item.attrs, "rename_all").as_deref() {
        Some("lowercase") => name.to_lowercase(),
        Some("UPPERCASE") => name.to_uppercase(),
        Some("kebab-case") => parted(&name, '-'),
        Some("snake_case") => parted(&name, '_'),
        _ => name,
    })
}

/// The text of `key = "text"` in a `serde` attribute.
pub(super) fn word_of(attributes: &[Attribute], key: &str) -> Option<String> {
    let mut found = None;
    for attribute in attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("serde"))
    {
        let read = attribute.parse_nested_meta(|meta| {
            let text = meta.value().and_then(|value| value.parse::<syn::LitStr>());
            if let (true, Ok(text)) = (meta.path.is_ident(key), text) {
                found = Some(text.value());
            }
            Ok(())
        });
        drop(read);
    }
    found
}

fn is_list_of_names(item: &ItemEnum) -> bool {
    item.variants
        .iter()
        .all(|variant| matches!(variant.fields, Fields::Unit))
}

fn parted(name: &str, between: char) -> String {
    let mut parts = String::new();
    for letter in name.chars() {
        if letter.is_uppercase() && !parts.is_empty() {
            parts.push(between);
        }
        parts.extend(letter.to_lowercase());
    }
    parts
}
