//! JSON against what Python reads and writes.

mod types;

use proptest::prelude::*;

use super::*;
use crate::golden;

/// Values as Python has them.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<i128>().prop_map(Value::from),
        "-?[1-9][0-9]{30,60}".prop_map(|digits| Value::Number(Number::from_digits(&digits).unwrap())),
        prop::num::f64::NORMAL.prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 64, 12, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..12).prop_map(Value::from),
            prop::collection::vec((any::<String>(), inner), 0..12)
                .prop_map(|members| Value::from(members.into_iter().collect::<Object>())),
        ]
    })
}

#[test]
fn texts_are_python_s() {
    for case in golden::cases("json_texts") {
        assert_eq!(dumps(&case["value"]), case["text"]);
        assert_eq!(loads(case["text"].as_str().unwrap()).as_ref(), Ok(&case["value"]));
    }
}

#[test]
fn floats_are_written_as_drf_does() {
    for case in golden::json_bodies("floats") {
        let float = f64::from_bits(u64::from_str_radix(case["bits"].as_str().unwrap(), 16).unwrap());
        assert_eq!(render(&float).unwrap(), case["answer"].as_str().unwrap());
        assert_eq!(Value::from(float).to_string(), case["answer"].as_str().unwrap());
    }
}

#[test]
fn bodies_are_read_as_drf_does() {
    let mut count = 0;
    for case in golden::json_bodies("bodies") {
        // Of no body at all nothing is parsed.
        let Some(body) = body(&case).filter(|body| !body.is_empty()) else {
            continue;
        };
        count += 1;
        let read = loads(&body);
        match (&case["detail"], &case["answer"]) {
            (Value::String(detail), _) => {
                let sentence = detail.strip_prefix("JSON parse error - ").unwrap();
                assert_eq!(read.unwrap_err().to_string(), sentence, "{body:?}");
            }
            // A view that answers `None` has an empty body.
            (_, Value::String(answer)) if answer.is_empty() => assert_eq!(read, Ok(Value::Null)),
            (_, Value::String(answer)) => {
                let value = read.unwrap_or_else(|error| panic!("{body:?}: {error}"));
                assert_eq!(render(&value).as_ref(), Ok(answer), "{body:?}");
            }
            // What Python reads and cannot write, or cannot read at all.
            _ => {
                let is_refused = !read.is_ok_and(|value| render(&value).is_ok());
                assert!(is_refused, "{body:?}: {}", case["raises"]);
            }
        }
    }
    assert!(count > 200);
}

fn body(case: &Value) -> Option<String> {
    let repeat = case["repeat"].as_str().zip(case["times"].as_u64());
    match repeat {
        Some((text, times)) => Some(text.repeat(times.try_into().unwrap())),
        None => case["body"].as_str().map(str::to_owned),
    }
}

#[test]
fn strings_are_ascii_or_drf_s() {
    let text = Value::from("\u{7f}\u{0}\u{1f}é😀\u{2028}\u{2029}\u{2027}\u{202a}ℨ/\"\\\n\r\t\u{8}\u{c}");
    let ascii = r#""\u007f\u0000\u001f\u00e9\ud83d\ude00\u2028\u2029\u2027\u202a\u2128/\"\\\n\r\t\b\f""#;
    assert_eq!(dumps(&text), ascii);
    let unicode = "\"\u{7f}\\u0000\\u001fé😀\\u2028\\u2029\u{2027}\u{202a}ℨ/\\\"\\\\\\n\\r\\t\\b\\f\"";
    assert_eq!(text.to_string(), unicode);
    assert_eq!(render(&text).unwrap(), unicode);
}

#[test]
fn constants_are_read_where_they_are_wanted() {
    let reader = Reader {
        constants: Constants::Read,
        ..Reader::default()
    };
    let value = reader.read("[NaN, Infinity, -Infinity]").unwrap();
    assert_eq!(dumps(&value), "[NaN,Infinity,-Infinity]");
    assert_eq!(render(&value), Err(render(&f64::NAN).unwrap_err()));
}

#[test]
fn bounds_hold_before_anything_is_made() {
    let reader = Reader {
        max_values: 3,
        ..Reader::default()
    };
    for text in ["[1,2,3]", r#"{"a":[]}"#, "[[[]]]"] {
        assert!(reader.read(text).is_ok(), "{text}");
    }
    for text in ["[1,2,3,4]", r#"{"a":[1,2]}"#, "[[[[]]]]", r#"{"a":1,"b":2}"#] {
        let refused = reader.read(text).unwrap_err();
        assert_eq!(refused.to_string(), "more than 3 values", "{text}");
    }
    let nested = |levels: usize| loads(&format!("{}{}", "[".repeat(levels), "]".repeat(levels)));
    assert!(nested(128).is_ok());
    assert_eq!(nested(129).unwrap_err().to_string(), "nested too deep");
}

#[test]
fn serde_json_s_values_are_still_possible() {
    let text = r#"{"a":[1,-1,1.5,null,true,"x"],"b":18446744073709551615}"#;
    let theirs: serde_json::Value = from_value(&loads(text).unwrap()).unwrap();
    assert_eq!(theirs, serde_json::from_str::<serde_json::Value>(text).unwrap());
    assert_eq!(render(&theirs).unwrap(), text);
    let beyond = loads(&"9".repeat(30)).unwrap();
    assert!(from_value::<serde_json::Value>(&beyond).is_err());
    let back: Value = serde_json::from_str(text).unwrap();
    assert_eq!(back.to_string(), text);
}

proptest! {
    #[test]
    fn what_is_written_reads_back(value in any_json()) {
        for text in [dumps(&value), render(&value).unwrap(), value.to_string()] {
            prop_assert_eq!(loads(&text).unwrap(), value.clone());
        }
        prop_assert!(dumps(&value).is_ascii());
        prop_assert_eq!(to_value(&value).unwrap(), value.clone());
        prop_assert_eq!(from_value::<Value>(&value).unwrap(), value);
    }

    /// Where `serde_json` reads a text, the same comes of it; where we do not, it does not either.
    #[test]
    fn texts_are_json_to_serde_json_as_well(text in "[\\[\\]{}:,\"\\\\a0-2.eE+ntru\\- \n]{0,24}") {
        match (loads(&text), serde_json::from_str::<serde_json::Value>(&text)) {
            (Ok(ours), Ok(theirs)) => prop_assert!(same(&ours, &theirs), "{ours} {theirs}"),
            (Ok(ours), Err(error)) => prop_assert!(error.to_string().contains("out of range"), "{ours}: {error}"),
            (Err(_), theirs) => prop_assert!(theirs.is_err()),
        }
    }

    #[test]
    fn any_text_is_read_without_panic(text: String) {
        let _ = loads(&text);
        let _ = loads(&format!("[\"{text}"));
        let _ = loads(&format!("\"\\u{text}"));
    }
}

/// But for integers, of which they keep less.
fn same(ours: &Value, theirs: &serde_json::Value) -> bool {
    match (ours, theirs) {
        (Value::Number(ours), serde_json::Value::Number(theirs)) => ours.as_f64() == theirs.as_f64(),
        (Value::Array(ours), serde_json::Value::Array(theirs)) => {
            ours.len() == theirs.len() && ours.iter().zip(theirs).all(|(ours, theirs)| same(ours, theirs))
        }
        (Value::Object(ours), serde_json::Value::Object(theirs)) => {
            ours.len() == theirs.len()
                && ours
                    .iter()
                    .zip(theirs)
                    .all(|(ours, theirs)| ours.0 == theirs.0 && same(ours.1, theirs.1))
        }
        _ => ours == theirs,
    }
}
