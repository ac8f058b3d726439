//! What a handler refuses, and formats that a serializer has for all its fields.

use doorward_core::parsers::Data;
use doorward_core::serializers::{
    Completeness, DateField, DateTimeField, DictField, DurationField, DurationFormat, ErrorDetail,
    IntegerField, ListField, NON_FIELD_ERRORS, Serializer, TimeFormats, TimeZone,
};
use doorward_django::json::loads;

fn data(text: &str) -> Data {
    Data::Json(loads(text).unwrap())
}

#[test]
fn what_is_refused_stands_with_the_rest_in_the_order_of_the_fields() {
    let serializer = Serializer::new()
        .field("a", IntegerField::new())
        .field("b", IntegerField::new().max_value(3))
        .field("c", IntegerField::new())
        .validate(|_| panic!("a field is wrong"));
    let mut validation = serializer.validation(&data(r#"{"b": 4, "c": 1}"#), Completeness::Whole);
    assert!(!validation.is_valid());
    validation.refuse("c", ErrorDetail::unique());
    validation.refuse(NON_FIELD_ERRORS, ErrorDetail::unique_together(&["a", "c"]));
    validation.refuse("b", ErrorDetail::does_not_exist(4));
    let refused = validation.finish().unwrap_err();
    let expected = serde_json::json!({
        "a": ["This field is required."],
        "b": ["Ensure this value is less than or equal to 3.", "Invalid pk \"4\" - object does not exist."],
        "c": ["This field must be unique."],
        "non_field_errors": ["The fields a, c must make a unique set."],
    });
    assert_eq!(refused.detail().to_string(), expected.to_string());
}

#[test]
fn a_body_that_is_no_object_is_told_whatever_is_refused() {
    let serializer = Serializer::new().field("a", IntegerField::new());
    for (body, sentence) in [
        ("null", "No data provided"),
        ("7", "Invalid data. Expected a dictionary, but got int."),
    ] {
        let mut validation = serializer.validation(&data(body), Completeness::Whole);
        assert!(!validation.is_valid() && validation.value("a").is_none());
        validation.refuse("a", ErrorDetail::unique());
        let refused = validation.finish().unwrap_err();
        assert_eq!(
            refused.detail(),
            &serde_json::json!({ NON_FIELD_ERRORS: [sentence] })
        );
    }
}

/// Also in lists, dictionaries and other serializers; what a field says itself counts first.
#[test]
fn formats_of_a_serializer_are_those_of_its_fields() {
    let formats = TimeFormats::new()
        .date_input_formats(["%d.%m.%Y"])
        .date_format("%d/%m")
        .datetime_format("%H:%M %Z")
        .duration_format(DurationFormat::Iso8601)
        .time_zone(TimeZone::named("Europe/Berlin").unwrap());
    let inner = Serializer::new().field("at", DateTimeField::new());
    let serializer = Serializer::new()
        .field("day", DateField::new())
        .field("own", DateField::new().input_formats(["%Y"]).format("%y"))
        .field("days", ListField::of_children(DateField::new()))
        .field("named", DictField::of_children(DurationField::new()))
        .field("inner", inner.nested())
        .field("several", inner.many())
        .time_formats(&formats);
    let body = r#"{"day": "29.2.2024", "own": "2024", "days": ["1.2.2024"], "named": {"a": "90"},
        "inner": {"at": "2024-07-01T12:00"}, "several": [{"at": "2024-01-01T12:00Z"}]}"#;
    let validated = serializer.run(&data(body), Completeness::Whole).unwrap();
    let shown = serializer.to_representation(&validated.into_json()).unwrap();
    let expected = r#"{"day":"29/02","own":"24","days":["01/02"],"named":{"a":"P0DT00H01M30S"},"inner":{"at":"12:00 CEST"},"several":[{"at":"13:00 CET"}]}"#;
    assert_eq!(shown.to_string(), expected);
    let refused = serializer.run(&data(r#"{"day": "2024-02-29"}"#), Completeness::Partial);
    let sentence = "Date has wrong format. Use one of these formats instead: DD.MM.YYYY.";
    assert_eq!(
        refused.unwrap_err().detail(),
        &serde_json::json!({ "day": [sentence] })
    );
}
