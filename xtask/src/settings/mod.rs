//! The guide's reference of settings: its tables are written from the structs, the prose between them by hand.
//!
//! A new field shows up by itself. So does a new section, after the one before it.

mod code;
mod defaults;
mod documents;
mod kinds;
mod page;
mod sections;
mod value;

use std::path::Path;

use crate::run::root;

const PAGE: &str = "docs/guide/src/settings.md";
const STRUCTS: &str = "crates/doorward-core/src/settings";
const UNSUPPORTED: &str = "crates/doorward-core/src/settings/validate/unsupported.rs";

/// Writes the tables anew.
pub(crate) fn run() -> Result<(), String> {
    let root = root();
    let renewed = page::renewed(&page_text(&root)?, &sections::of(&code::read(&root)?)?)?;
    std::fs::write(root.join(PAGE), renewed).map_err(|error| format!("{PAGE}: {error}"))
}

/// What is wrong with the page: nothing, or that its tables are not what the structs say.
pub(crate) fn check(root: &Path) -> Vec<String> {
    match is_stale(root) {
        Ok(false) => Vec::new(),
        Ok(true) => vec![format!("{PAGE} is stale: run `cargo xtask settings`")],
        Err(problem) => vec![problem],
    }
}

fn is_stale(root: &Path) -> Result<bool, String> {
    let page = page_text(root)?;
    Ok(page::renewed(&page, &sections::of(&code::read(root)?)?)? != page)
}

fn page_text(root: &Path) -> Result<String, String> {
    std::fs::read_to_string(root.join(PAGE)).map_err(|error| format!("{PAGE}: {error}"))
}

#[cfg(test)]
mod tests;
