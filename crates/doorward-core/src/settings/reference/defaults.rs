//! The default of a key, as a settings file would write it.

use serde_json::Value;

/// The default in that schema; `none` where there is none, where it is empty, and where it is secret.
pub(super) fn of(schema: &Value) -> String {
    match schema.get("default") {
        None | Some(Value::Null) => "none".to_owned(),
        Some(Value::Object(table)) if table.is_empty() => "none".to_owned(),
        Some(value) => format!("`{}`", written(value)),
    }
}

fn written(value: &Value) -> String {
    match value {
        Value::String(text) => format!("\"{text}\""),
        Value::Array(members) => {
            let members: Vec<String> = members.iter().map(written).collect();
            format!("[{}]", members.join(", "))
        }
        Value::Object(table) => {
            let entries = table
                .iter()
                .map(|(key, value)| format!("{key} = {}", written(value)));
            format!("{{ {} }}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}
