//! Validated data as the vectors write it: each value is a text of its Python type and the value.

use doorward_core::serializers::{ValidatedData, ValidatedValue};
use doorward_django::json::{Object, Value};

pub(crate) fn described(data: &ValidatedData) -> Value {
    let members = data
        .iter()
        .map(|(name, value)| (name.to_owned(), value_of(value)));
    Value::Object(members.collect())
}

fn value_of(value: &ValidatedValue) -> Value {
    let (kind, shown) = match value {
        ValidatedValue::Null => return "None".into(),
        ValidatedValue::Bool(true) => ("bool", "True".to_owned()),
        ValidatedValue::Bool(false) => ("bool", "False".to_owned()),
        ValidatedValue::Integer(integer) => ("int", integer.to_string()),
        ValidatedValue::Float(float) => ("float", float_of(*float)),
        ValidatedValue::Decimal(decimal) => ("Decimal", decimal.to_string()),
        ValidatedValue::Text(text) => ("str", text.clone()),
        ValidatedValue::Uuid(uuid) => ("UUID", uuid.to_string()),
        ValidatedValue::Date(date) => ("date", date.to_string()),
        ValidatedValue::Time(time) => ("time", time.to_string()),
        ValidatedValue::DateTime(moment) => ("datetime", moment.to_iso().replace('Z', "+00:00")),
        ValidatedValue::Duration(duration) => ("timedelta", duration.as_micros().to_string()),
        ValidatedValue::List(items) => return Value::Array(items.iter().map(value_of).collect()),
        ValidatedValue::Dict(data) => return described(data),
        ValidatedValue::Json(value) => return json_of(value),
        ValidatedValue::File(file) => (
            "file",
            format!("{} {}", file.name, String::from_utf8_lossy(&file.content)),
        ),
        other => ("unknown", format!("{other:?}")),
    };
    format!("{kind} {shown}").into()
}

fn json_of(value: &Value) -> Value {
    match value {
        Value::Null => "None".into(),
        Value::Bool(bool) => value_of(&(*bool).into()),
        Value::Number(number) if number.is_float() => value_of(&number.as_f64().unwrap().into()),
        Value::Number(number) => format!("int {number}").into(),
        Value::String(text) => format!("str {text}").into(),
        Value::Array(items) => Value::Array(items.iter().map(json_of).collect()),
        Value::Object(members) => {
            let members = members.iter().map(|(name, value)| (name.clone(), json_of(value)));
            Value::Object(members.collect::<Object>())
        }
    }
}

/// Python's `repr`.
fn float_of(float: f64) -> String {
    let shown = format!("{float:?}");
    match shown.split_once('e') {
        Some((digits, exponent)) => {
            let sign = if exponent.starts_with('-') { "" } else { "+" };
            let exponent = match exponent.len() {
                1 => format!("0{exponent}"),
                2 if exponent.starts_with('-') => exponent.replace('-', "-0"),
                _ => exponent.to_owned(),
            };
            format!("{digits}e{sign}{exponent}")
        }
        None => shown,
    }
}
