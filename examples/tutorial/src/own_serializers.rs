//! Serializers that do more than describe: formats of dates, computed fields, fields that are asked by name
//! (`tutorial/serializers.py` of the reference site).

use doorward::serializers::{
    BigIntegerField, CharField, DateField, DateTimeField, DecimalField, DurationField, DurationFormat,
    ErrorDetail, ISO_8601, IntegerField, PrimaryKeyRelatedField, Serializer, SerializerMethodField,
    TimeField, TimeFormats, TimeZone, ValidatedValue, ValidationError,
};
use serde_json::json;

/// What is computed, checked by name, and shown in another way.
pub(crate) fn computed() -> Serializer {
    let kind = SerializerMethodField::new(|_| json!({ "is": [1, 2.0] }).into());
    let shout = SerializerMethodField::new(|object| {
        let name = object.get("name").and_then(|name| name.as_str());
        name.map(|name| format!("{}!", name.to_uppercase())).into()
    });
    Serializer::new()
        .field("name", CharField::new().max_length(10))
        .field("age", IntegerField::new().default(7).allow_null())
        .field("shout", shout)
        .field("kind", kind.label("Sort").help_text("Always the same."))
        .validate_field("name", name)
        .validate_field("age", |value| match value.as_i64() {
            Some(13) => Err(ValidationError::new("invalid", "Unlucky.")),
            age => Ok(age.map(|age| age + 1).into()),
        })
        .validate(|data| match data.text("name") {
            Some("late") => Err(ValidationError::new("invalid", "Too late.")),
            _ => Ok(()),
        })
        .show(|_, shown| {
            let count = shown.len();
            shown.insert("extra".to_owned(), count.into());
            shown.remove("age");
        })
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "a validator takes a value and gives one"
)]
fn name(value: ValidatedValue) -> Result<ValidatedValue, ValidationError> {
    let of = |message| ErrorDetail::new("invalid", message);
    match value.as_str() {
        Some("root") => Err(ValidationError::new("reserved", "Reserved.")),
        Some("two") => Err(ValidationError::Details(vec![of("One."), of("Two.")])),
        Some("fields") => Err(ValidationError::of_field("first", of("Odd."))),
        name => Ok(name.map(str::to_lowercase).into()),
    }
}

/// Dates and times by formats, and numbers that answers write in other ways.
pub(crate) fn formats() -> Serializer {
    let at = DateTimeField::new().input_formats(["%d.%m.%Y %H:%M", ISO_8601]);
    let zone = TimeZone::named("Europe/Berlin").unwrap_or(TimeZone::UTC);
    let words = DateField::new()
        .input_formats(["%d %B %Y"])
        .format("%A, %-d. %B %Y");
    Serializer::new()
        .field(
            "day",
            DateField::new()
                .input_formats(["%d.%m.%Y", ISO_8601])
                .format("%d.%m.%Y")
                .optional(),
        )
        .field("words", words.optional())
        .field(
            "time",
            TimeField::new()
                .input_formats(["%I:%M %p"])
                .format("%H.%M")
                .optional(),
        )
        .field("at", at.optional())
        .field(
            "shown",
            DateTimeField::new().format("%d/%m/%y %H:%M %Z%z").optional(),
        )
        .field(
            "lasts",
            DurationField::new().format(DurationFormat::Iso8601).optional(),
        )
        .field("big", BigIntegerField::new().coerce_to_string().optional())
        .field("price", DecimalField::new(6, 2).normalize_output().optional())
        .field("ratio", DecimalField::new(6, 2).as_float().optional())
        .field("key", PrimaryKeyRelatedField::new().optional().allow_null())
        .time_formats(&TimeFormats::new().time_zone(zone))
}
