//! The sections of a settings file, from the struct `Settings` downwards.

use syn::punctuated::Punctuated;
use syn::token::Comma;
use syn::{Field, Fields};

use super::code::Code;
use super::{defaults, documents, kinds};

/// The name of the keys that stand in no section.
pub(super) const TOP: &str = "top level";

/// A section and its keys.
pub(super) struct Section {
    /// `[session]`, `[[jwt.keys]]`, or [`TOP`].
    pub(super) name: String,
    pub(super) rows: Vec<Row>,
}

/// A key.
pub(super) struct Row {
    pub(super) key: String,
    /// What may be written: `text`, `duration`.
    pub(super) kind: String,
    /// Its name in Django, DRF or the package that it comes from.
    pub(super) origin: Option<String>,
    pub(super) default: String,
    /// What it means, and the names that it may have.
    pub(super) text: String,
}

/// Every section.
pub(super) fn of(code: &Code) -> Result<Vec<Section>, String> {
    let mut sections = Vec::new();
    collect(code, "Settings", "", TOP, &mut sections)?;
    Ok(sections)
}

fn collect(code: &Code, kind: &str, path: &str, name: &str, found: &mut Vec<Section>) -> Result<(), String> {
    let place = found.len();
    let mut rows = Vec::new();
    for field in fields(code, kind).into_iter().flatten() {
        let key = key_of(field);
        let path = format!("{path}{key}");
        if let Some(inner) = section_in(code, field) {
            collect(code, &inner, &format!("{path}."), &format!("[{path}]"), found)?;
        } else if !is_map_of_its_own(code, field) {
            rows.push(row(code, kind, &path, field)?);
        }
        if let Some(inner) = list_of_sections(code, field) {
            collect(code, &inner, &format!("{path}."), &format!("[[{path}]]"), found)?;
        }
    }
    let name = name.to_owned();
    found.insert(place, Section { name, rows });
    Ok(())
}

fn row(code: &Code, kind: &str, path: &str, field: &Field) -> Result<Row, String> {
    let (text, origin) = documents::read(&field.attrs);
    let key = key_of(field);
    let default =
        defaults::of(code, kind, field).map_err(|problem| format!("the default of {path}: {problem}"))?;
    Ok(Row {
        kind: kinds::told(code, &field.ty),
        text: [later(code, path), text, names(code, field)].concat(),
        key,
        origin,
        default,
    })
}

/// A key whose feature is not there yet is marked.
fn later(code: &Code, path: &str) -> String {
    match code.unsupported.contains(&format!("\"{path}\"")) {
        true => "*later.* ".to_owned(),
        false => String::new(),
    }
}

fn names(code: &Code, field: &Field) -> String {
    match kinds::names(code, &field.ty) {
        names if names.is_empty() => String::new(),
        names => format!(" Allowed: `\"{}\"`.", names.join("\"`, `\"")),
    }
}

fn fields<'a>(code: &'a Code, kind: &str) -> Option<&'a Punctuated<Field, Comma>> {
    match &code.structs.get(kind)?.fields {
        Fields::Named(fields) => Some(&fields.named),
        _ => None,
    }
}

fn key_of(field: &Field) -> String {
    let name = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    kinds::word_of(&field.attrs, "rename").unwrap_or(name)
}

/// The struct of a section that stands below a field.
fn section_in(code: &Code, field: &Field) -> Option<String> {
    kinds::name(kinds::bare(&field.ty)).filter(|name| is_section(code, name))
}

fn list_of_sections(code: &Code, field: &Field) -> Option<String> {
    let name = kinds::name(kinds::argument(kinds::bare(&field.ty))?)?;
    is_section(code, &name).then_some(name)
}

/// A struct with public fields. One that is written as a text hides its fields.
fn is_section(code: &Code, name: &str) -> bool {
    let is_public = |field: &Field| matches!(field.vis, syn::Visibility::Public(_));
    fields(code, name).is_some_and(|fields| fields.iter().any(is_public))
}

/// `[urls]`: a section without names of its own, whose prose is written by hand.
fn is_map_of_its_own(code: &Code, field: &Field) -> bool {
    let item = kinds::name(&field.ty).and_then(|name| code.structs.get(&name));
    item.is_some_and(|item| match &item.fields {
        Fields::Unnamed(inner) => {
            let kinds = inner.unnamed.iter().filter_map(|inner| kinds::name(&inner.ty));
            kinds.last().is_some_and(|kind| kind.ends_with("Map"))
        }
        _ => false,
    })
}
