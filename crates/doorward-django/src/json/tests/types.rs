//! Values read into types, and types written.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::json::{Value, from_value, loads, render, to_value};

#[derive(Debug, PartialEq, Serialize, Deserialize)]
enum Kind {
    Unit,
    Newtype(i8),
    Tuple(u8, String),
    Struct { a: bool },
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
struct Everything {
    small: u8,
    large: u128,
    float: f64,
    half: f32,
    letter: char,
    text: String,
    none: Option<u8>,
    some: Option<u8>,
    unit: (),
    list: Vec<Kind>,
    keys: BTreeMap<i16, bool>,
    any: Value,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

fn everything() -> Everything {
    Everything {
        small: 7,
        large: u128::MAX,
        float: 1e16,
        half: 0.1,
        letter: 'é',
        text: "\"".to_owned(),
        none: None,
        some: Some(1),
        unit: (),
        list: vec![
            Kind::Unit,
            Kind::Newtype(-1),
            Kind::Tuple(1, "a".to_owned()),
            Kind::Struct { a: true },
        ],
        keys: BTreeMap::from([(-1, true), (2, false)]),
        any: loads(&"9".repeat(60)).unwrap(),
        rest: BTreeMap::from([("more".to_owned(), Value::from(1.5))]),
    }
}

#[test]
fn types_go_to_values_and_back() {
    let text = format!(
        "{{\"small\":7,\"large\":{},\"float\":1e+16,\"half\":0.1,\"letter\":\"é\",\"text\":\"\\\"\",\"none\":null,\"some\":1,\
         \"unit\":null,\"list\":[\"Unit\",{{\"Newtype\":-1}},{{\"Tuple\":[1,\"a\"]}},{{\"Struct\":{{\"a\":true}}}}],\
         \"keys\":{{\"-1\":true,\"2\":false}},\"any\":{},\"more\":1.5}}",
        u128::MAX,
        "9".repeat(60)
    );
    assert_eq!(render(&everything()).unwrap(), text);
    let value = to_value(&everything()).unwrap();
    assert_eq!(
        from_value::<Everything>(&value).map_err(|error| error.to_string()),
        Ok(everything())
    );
}

#[test]
fn only_text_is_a_key() {
    assert_eq!(
        render(&BTreeMap::from([(Some(true), 1), (None, 2)])).unwrap(),
        r#"{"null":2,"true":1}"#
    );
    assert!(render(&BTreeMap::from([([1], 1)])).is_err());
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only the errors are looked at")]
struct Order {
    id: i32,
    paid: bool,
    name: String,
    price: f64,
    tags: Vec<String>,
    lines: Vec<Line>,
    kind: Kind,
    extra: BTreeMap<String, i8>,
}

#[derive(Debug, Deserialize)]
#[expect(dead_code, reason = "only the errors are looked at")]
struct Line {
    count: u8,
}

/// A field, what is sent for it, and the errors that are told.
const MISFITS: &[(&str, &str, &str)] = &[
    ("id", "1.5", r#"{"id":["A valid integer is required."]}"#),
    ("id", "\"1\"", r#"{"id":["A valid integer is required."]}"#),
    ("id", "null", r#"{"id":["This field may not be null."]}"#),
    (
        "id",
        "2147483648",
        r#"{"id":["Ensure this value is less than or equal to 2147483647."]}"#,
    ),
    (
        "id",
        "-99999999999999999999999999999999999999999999",
        r#"{"id":["Ensure this value is greater than or equal to -2147483648."]}"#,
    ),
    ("paid", "1", r#"{"paid":["Must be a valid boolean."]}"#),
    ("name", "[]", r#"{"name":["Not a valid string."]}"#),
    ("price", "1e400", r#"{"price":["A valid number is required."]}"#),
    (
        "tags",
        "{}",
        r#"{"tags":["Expected a list of items but got type \"dict\"."]}"#,
    ),
    ("tags", "[\"a\", 1]", r#"{"tags":{"1":["Not a valid string."]}}"#),
    (
        "lines",
        "[{\"count\": 1}, {\"count\": -1}, {\"count\": 1}]",
        r#"{"lines":{"1":{"count":["Ensure this value is greater than or equal to 0."]}}}"#,
    ),
    (
        "lines",
        "[{}]",
        r#"{"lines":{"0":{"count":["This field is required."]}}}"#,
    ),
    (
        "lines",
        "[1]",
        r#"{"lines":{"0":{"non_field_errors":["Invalid data. Expected a dictionary, but got int."]}}}"#,
    ),
    (
        "kind",
        "\"Other\"",
        r#"{"kind":["\"Other\" is not a valid choice."]}"#,
    ),
    (
        "extra",
        "{\"a\": 1000}",
        r#"{"extra":{"a":["Ensure this value is less than or equal to 127."]}}"#,
    ),
    (
        "extra",
        "[]",
        r#"{"extra":["Expected a dictionary of items but got type \"list\"."]}"#,
    ),
];

#[test]
fn what_does_not_fit_is_told_by_field() {
    let good = r#"{"id": 1, "paid": true, "name": "a", "price": 1, "tags": [], "lines": [], "kind": "Unit", "extra": {}}"#;
    from_value::<Order>(&loads(good).unwrap()).unwrap();
    for &(name, value, detail) in MISFITS {
        let mut order = loads(good).unwrap();
        order
            .as_object_mut()
            .unwrap()
            .insert(name.to_owned(), loads(value).unwrap());
        let error = from_value::<Order>(&order).unwrap_err();
        assert_eq!(error.detail().to_string(), detail);
    }
    let whole = from_value::<Order>(&loads("[]").unwrap()).unwrap_err();
    assert_eq!(
        whole.detail().to_string(),
        r#"{"non_field_errors":["Invalid data. Expected a dictionary, but got list."]}"#
    );
}
