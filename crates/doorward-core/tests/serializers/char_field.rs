//! Text, and the sentences that tell what is wrong with it.

use doorward_core::parsers::Data;
use doorward_core::serializers::{CharField, Completeness, Serializer, Trim};
use doorward_django::json::loads;
use proptest::prelude::*;
use serde_json::{Value, json};

fn read(data: impl Into<doorward_django::json::Value>, trim: Trim) -> Result<String, Value> {
    let serializer = Serializer::new().field("f", CharField::new().trim_whitespace(trim));
    match serializer.run(&Data::Json(data.into()), Completeness::Whole) {
        Ok(mut validated) => Ok(validated.take_text("f").unwrap()),
        Err(refused) => {
            assert_eq!((refused.status().as_u16(), refused.code()), (400, "invalid"));
            Err(refused.detail().clone())
        }
    }
}

fn sentence(value: &Value) -> Value {
    read(json!({ "f": value }), Trim::Yes).unwrap_err()["f"][0].clone()
}

#[test]
fn wrong_values_are_told_apart() {
    let required = read(json!({}), Trim::Yes).unwrap_err();
    assert_eq!(required, json!({"f": ["This field is required."]}));
    assert_eq!(sentence(&json!(null)), "This field may not be null.");
    for blank in ["", " ", "\t\n\u{a0}\u{1f}"] {
        assert_eq!(sentence(&json!(blank)), "This field may not be blank.");
    }
    for other in [
        json!(true),
        json!(false),
        json!([]),
        json!(["a"]),
        json!({"a": 1}),
    ] {
        assert_eq!(sentence(&other), "Not a valid string.");
    }
    assert_eq!(sentence(&json!("a\0b")), "Null characters are not allowed.");
}

#[test]
fn numbers_are_text_as_python_writes_it() {
    let cases = [
        (json!(7), "7"),
        (json!(-1), "-1"),
        (json!(u64::MAX), "18446744073709551615"),
        (json!(2.5), "2.5"),
        (json!(1.0), "1.0"),
        (json!(1e20), "1e+20"),
    ];
    for (number, text) in cases {
        assert_eq!(read(json!({ "f": number }), Trim::Yes).unwrap(), text);
    }
}

/// So are those of any length, as Python has them.
#[test]
fn integers_beyond_64_bits_keep_their_digits() {
    for digits in [
        "1234567890123456789012345",
        "-9223372036854775809",
        &"9".repeat(4300),
    ] {
        let data = loads(&format!("{{\"f\": {digits}}}")).unwrap();
        assert_eq!(read(data, Trim::Yes).unwrap(), digits);
    }
    let infinite = loads(r#"{"f": 1e400}"#).unwrap();
    assert_eq!(read(infinite, Trim::Yes).unwrap(), "inf");
}

#[test]
fn white_space_is_trimmed_or_kept() {
    let padded = || json!({"f": " \u{1c}x y\u{3000}"});
    assert_eq!(read(padded(), Trim::Yes).unwrap(), "x y");
    assert_eq!(read(padded(), Trim::No).unwrap(), " \u{1c}x y\u{3000}");
    assert_eq!(read(padded(), Trim::UnlessBlank).unwrap(), " \u{1c}x y\u{3000}");
    assert_eq!(read(json!({"f": "  "}), Trim::No).unwrap(), "  ");
    assert!(read(json!({"f": "  "}), Trim::UnlessBlank).is_err());
    assert!(read(json!({"f": ""}), Trim::No).is_err());
}

#[test]
fn every_field_s_problem_is_told_at_once_in_their_order() {
    let data = Data::Json(json!({"b": null}).into());
    let serializer = Serializer::new()
        .field("b", CharField::new())
        .field("a", CharField::new().trim_whitespace(Trim::No));
    let refused = serializer.run(&data, Completeness::Whole).unwrap_err();
    let expected = r#"{"b":["This field may not be null."],"a":["This field is required."]}"#;
    assert_eq!(refused.detail().to_string(), expected);
}

#[test]
fn only_an_object_has_fields() {
    let cases = [
        (json!([]), "Invalid data. Expected a dictionary, but got list."),
        (json!("x"), "Invalid data. Expected a dictionary, but got str."),
        (json!(1), "Invalid data. Expected a dictionary, but got int."),
        (json!(1.5), "Invalid data. Expected a dictionary, but got float."),
        (json!(true), "Invalid data. Expected a dictionary, but got bool."),
        (json!(null), "No data provided"),
    ];
    for (data, sentence) in cases {
        assert_eq!(
            read(data, Trim::Yes).unwrap_err(),
            json!({"non_field_errors": [sentence]})
        );
    }
}

proptest! {
    #[test]
    fn what_is_read_has_no_outer_white_space_and_no_null(text: String) {
        if let Ok(read) = read(json!({ "f": text }), Trim::Yes) {
            prop_assert!(!read.is_empty() && read == read.trim() && !read.contains('\0'));
        }
    }
}
