//! What serializers show of objects that no validation made.

use doorward_django::json::{self, Object};
use serde_json::Value;

use crate::{Body, kinds, text};

const WRITTEN: &str = include_str!("../../../../interop/vectors/serializers_written.json");

/// Moments and durations are types here, and no texts: `serializers_times.json` shows those.
const TYPES: [&str; 5] = ["datetime", "datetime_null", "duration", "duration_iso", "date"];

#[test]
fn objects_are_shown_as_drf_shows_them() {
    let vectors: Value = serde_json::from_str(WRITTEN).unwrap();
    let told = vectors["serializers"].as_array().unwrap().iter();
    let told = told.filter(|told| !TYPES.contains(&text(&told["name"])));
    let differences: Vec<_> = told.flat_map(differences).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

fn differences(told: &Value) -> Vec<String> {
    let name = text(&told["name"]);
    let Some(Body::One(serializer)) = kinds::body(name) else {
        assert!(kinds::NOT_HERE.contains(&name), "{name} is not made");
        return Vec::new();
    };
    let cases = told["cases"].as_array().unwrap().iter();
    let shown = cases
        .filter(|case| case.get("raises").is_none())
        .filter_map(|case| {
            let object = Object::from_iter([("value".to_owned(), object(&case["value"]))]);
            let shown = serializer.to_representation(&object).unwrap().to_string();
            (shown != text(&case["shown"])).then(|| format!("{name} {case}\n    {shown}"))
        });
    shown.collect()
}

/// The value that is described, as serde writes it.
fn object(described: &Value) -> json::Value {
    match described {
        Value::Array(items) => json::Value::Array(items.iter().map(object).collect()),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| (name.clone(), object(value)));
            json::Value::Object(members.collect())
        }
        other => scalar(text(other)),
    }
}

fn scalar(described: &str) -> json::Value {
    let (kind, shown) = described.split_once(' ').unwrap_or((described, ""));
    match kind {
        "None" => json::Value::Null,
        "bool" => (shown == "True").into(),
        "int" | "float" => json::loads(shown).unwrap(),
        _ => shown.into(),
    }
}
