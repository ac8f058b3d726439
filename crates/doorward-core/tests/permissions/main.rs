//! `doorward_core::permissions`: DRF's answers, case by case, and what a door makes of them.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test may panic"
)]

#[path = "../support/mod.rs"]
mod support;

mod claims;
mod composition;
mod defaults;
mod explanation;
mod models;
mod permitted;
mod site;

use serde_json::Value;

const VECTORS: &str = include_str!("../../../../interop/vectors/permissions.json");

/// A table of `interop/vectors/permissions.json`.
fn vectors(table: &str) -> Vec<Value> {
    let vectors: Value = serde_json::from_str(VECTORS).unwrap();
    let cases = vectors[table].as_array().unwrap().clone();
    assert!(!cases.is_empty());
    cases
}

fn strings(list: &Value) -> Vec<String> {
    serde_json::from_value(list.clone()).unwrap()
}
