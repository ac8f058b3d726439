//! The reference of settings: what a section's type says of its keys, as tables for a reader.
//!
//! Two words of our own stand in the schemas. `x-type` is what may be written, where JSON has no word for it, such as
//! `duration`. `x-later` marks a key whose feature does not exist yet.

mod defaults;
mod documents;
mod words;

use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value};

use super::Settings;
use super::section::{SectionKind, inlining};

/// The name of the keys that stand in no section.
const TOP: &str = "top level";

/// A section and its keys.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Table {
    /// `[session]`, `[[jwt.keys]]`, or `top level`.
    pub name: String,
    /// The keys, in the order of the struct.
    pub rows: Vec<Row>,
}

/// A key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// Its name.
    pub key: String,
    /// What may be written: `text`, `duration`.
    pub kind: String,
    /// Its name in Django, DRF or the package that it comes from.
    pub origin: Option<String>,
    /// As a settings file would write it; `none` where there is none.
    pub default: String,
    /// What it means, and the names that it may have.
    pub text: String,
}

/// All tables: of the keys that stand in no section, then of these sections.
#[must_use]
pub fn tables(kinds: &[SectionKind]) -> Vec<Table> {
    let mut tables = Vec::new();
    let top = Settings::json_schema(&mut inlining());
    collect(top.as_value(), "", TOP, &mut tables);
    tables.extend(kinds.iter().flat_map(SectionKind::tables));
    tables
}

/// The tables of one section; none where its keys have no names of their own.
pub(super) fn of_section(label: &str, schema: &Schema) -> Vec<Table> {
    let mut tables = Vec::new();
    if is_section(schema.as_value()) {
        collect(schema.as_value(), label, &format!("[{label}]"), &mut tables);
    }
    tables
}

/// A section comes before those that stand in it.
fn collect(schema: &Value, path: &str, name: &str, found: &mut Vec<Table>) {
    let place = found.len();
    let mut rows = Vec::new();
    for (key, property) in properties(schema).into_iter().flatten() {
        let path = match path.is_empty() {
            true => key.clone(),
            false => format!("{path}.{key}"),
        };
        if is_section(property) {
            collect(property, &path, &format!("[{path}]"), found);
            continue;
        }
        rows.push(row(key, property));
        if let Some(items) = property.get("items").filter(|items| is_section(items)) {
            collect(items, &path, &format!("[[{path}]]"), found);
        }
    }
    let name = name.to_owned();
    found.insert(place, Table { name, rows });
}

fn properties(schema: &Value) -> Option<&Map<String, Value>> {
    schema.get("properties")?.as_object()
}

fn is_section(schema: &Value) -> bool {
    properties(schema).is_some_and(|properties| !properties.is_empty())
}

fn row(key: &str, schema: &Value) -> Row {
    let text = schema.get("description").and_then(Value::as_str);
    let (text, origin) = documents::read(text.unwrap_or_default());
    let is_later = schema.get("x-later").is_some();
    let later = if is_later { "*later.* " } else { "" };
    Row {
        key: key.to_owned(),
        kind: words::kind(schema),
        origin,
        default: defaults::of(schema),
        text: [later, &text, &allowed(schema)].concat(),
    }
}

fn allowed(schema: &Value) -> String {
    match words::names(schema) {
        names if names.is_empty() => String::new(),
        names => format!(" Allowed: `\"{}\"`.", names.join("\"`, `\"")),
    }
}

impl Table {
    /// In Markdown. `origin` heads the column of names elsewhere, such as `Django`; it is left out where no key has one.
    #[must_use]
    pub fn markdown(&self, origin: &str) -> String {
        let has_origins = self.rows.iter().any(|row| row.origin.is_some());
        let head = match has_origins {
            true => format!("| key | {origin} | type | default | |\n|---|---|---|---|---|\n"),
            false => "| key | type | default | |\n|---|---|---|---|\n".to_owned(),
        };
        let lines = self.rows.iter().map(|row| row.markdown(has_origins));
        head + &lines.collect::<String>()
    }
}

impl Row {
    fn markdown(&self, has_origins: bool) -> String {
        let Self {
            key, kind, default, ..
        } = self;
        let text = self.text.replace('|', "\\|");
        let origin = match (has_origins, &self.origin) {
            (true, Some(origin)) => format!(" `{origin}` |"),
            (true, None) => " |".to_owned(),
            (false, _) => String::new(),
        };
        format!("| `{key}` |{origin} {kind} | {default} | {text} |\n")
    }
}

#[cfg(test)]
mod tests;
