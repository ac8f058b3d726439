//! Every key that there is, from the tables of the guide, which are made from the structs.

use std::path::Path;

/// A key of the settings, and the kind of its value in the guide's words.
pub(crate) struct Key {
    pub(crate) name: String,
    pub(crate) kind: String,
}

/// All of them, but for those of tables in lists, such as `[[jwt.keys]]`.
pub(crate) fn all() -> Vec<Key> {
    let guide = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/guide/src/settings.md");
    let text = std::fs::read_to_string(guide).expect("the guide is there");
    let mut section = None;
    let mut keys = Vec::new();
    for line in text.lines() {
        match line.strip_prefix("<!-- generated: ") {
            Some(name) => section = name.split([' ', ',']).next(),
            None if line == "<!-- end -->" => section = None,
            None => keys.extend(section.and_then(|section| key(section, line))),
        }
    }
    assert!(keys.len() > 140, "only {} keys were found", keys.len());
    keys
}

/// The sections themselves.
pub(crate) fn sections() -> Vec<String> {
    let mut sections: Vec<String> = all()
        .iter()
        .filter_map(|key| Some(key.name.rsplit_once('.')?.0.to_owned()))
        .collect();
    sections.dedup();
    sections
}

/// A row of a table, whose second column may be Django's name.
fn key(section: &str, line: &str) -> Option<Key> {
    let mut columns = line.strip_prefix("| `")?.split('|');
    let name = columns.next()?.trim().trim_end_matches('`');
    let columns: Vec<&str> = columns.map(str::trim).collect();
    let kinds = [
        "text",
        "list",
        "name",
        "duration",
        "whole number",
        "true or false",
        "file",
        "directory",
        "table",
    ];
    let kind = columns
        .iter()
        .find(|column| kinds.iter().any(|kind| column.starts_with(kind)))?;
    let name = match section {
        "top" => name.to_owned(),
        in_a_list if in_a_list.starts_with("[[") => return None,
        section => format!("{}.{name}", section.trim_matches(['[', ']'])),
    };
    Some(Key {
        name,
        kind: (*kind).to_owned(),
    })
}
