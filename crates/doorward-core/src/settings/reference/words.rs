//! What a schema allows, in the words of somebody who writes a settings file.

use serde_json::Value;

/// What a reader may write: `text`, `duration`, `list`.
pub(super) fn kind(schema: &Value) -> String {
    if let Some(word) = schema.get("x-type").and_then(Value::as_str) {
        return word.to_owned();
    }
    if !own_names(schema).is_empty() {
        return "name".to_owned();
    }
    let kinds = types(schema).into_iter().map(type_word).map(str::to_owned);
    let others = choices(schema).into_iter().map(in_a_choice);
    let kinds: Vec<String> = kinds.chain(others).collect();
    match kinds.is_empty() {
        true => "value".to_owned(),
        false => kinds.join(" or "),
    }
}

/// The names that a key may have, or each member of its list.
pub(super) fn names(schema: &Value) -> Vec<&str> {
    own_names(schema.get("items").unwrap_or(schema))
}

/// The types of JSON; that it may be missing says its default.
fn types(schema: &Value) -> Vec<&str> {
    let types = match schema.get("type") {
        Some(Value::Array(types)) => types.iter().filter_map(Value::as_str).collect(),
        Some(Value::String(one)) => vec![one.as_str()],
        _ => Vec::new(),
    };
    types.into_iter().filter(|one| *one != "null").collect()
}

fn type_word(name: &str) -> &str {
    match name {
        "boolean" => "true or false",
        "integer" => "whole number",
        "array" => "list",
        "object" => "table",
        "string" => "text",
        other => other,
    }
}

/// A list beside something else: of what.
fn in_a_choice(schema: &Value) -> String {
    match schema.get("items") {
        Some(items) => format!("a list of {}s", kind(items)),
        None => kind(schema),
    }
}

/// The schemas of which one has to fit.
fn choices(schema: &Value) -> Vec<&Value> {
    let choices = ["anyOf", "oneOf"].into_iter().filter_map(|key| schema.get(key));
    let choices = choices.filter_map(Value::as_array).flatten();
    choices
        .filter(|choice| choice.get("type") != Some(&"null".into()))
        .collect()
}

/// Names stand in one schema, or, where they have remarks, in one each; nothing else may stand beside them. Where only some have
/// remarks, schemars puts the others first.
fn own_names(schema: &Value) -> Vec<&str> {
    let list = schema.get("enum").and_then(Value::as_array).into_iter().flatten();
    let here = list.chain(schema.get("const")).filter_map(Value::as_str);
    let choices: Vec<Vec<&str>> = choices(schema).into_iter().map(own_names).collect();
    match choices.iter().any(Vec::is_empty) {
        true => Vec::new(),
        false => here.chain(choices.into_iter().flatten()).collect(),
    }
}
