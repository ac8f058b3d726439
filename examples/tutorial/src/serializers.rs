//! Serializers of several fields, nested ones, lists and validators: `tutorial/serializers.py` of the reference site.

use doorward::serializers::{
    BooleanField, CharField, ChoiceField, DateField, DateTimeField, Decimal, DecimalField, DictField,
    Duration, DurationField, EmailField, ErrorDetail, FloatField, HiddenField, IPAddressField, Integer,
    IntegerField, JSONField, ListField, MultipleChoiceField, ReadOnlyField, RegexField, Serializer,
    SlugField, TimeField, Trim, URLField, UUIDField, ValidatedData, ValidatedValue, ValidationError,
};

pub(crate) const NUMBERS: [(i64, &str); 2] = [(1, "One"), (2, "Two")];

pub(crate) fn item() -> Serializer {
    Serializer::new()
        .field("name", CharField::new().max_length(5))
        .field("price", DecimalField::new(5, 2).optional())
}

pub(crate) fn person() -> Serializer {
    let name = CharField::new().max_length(10).help_text("As on the passport.");
    let age = IntegerField::new().min_value(0).max_value(150);
    let password = CharField::new()
        .write_only()
        .min_length(8)
        .trim_whitespace(Trim::No);
    Serializer::new()
        .field("name", name)
        .field(
            "email",
            EmailField::new().optional().allow_blank().label("E-mail"),
        )
        .field("age", age.optional().allow_null())
        .field("active", BooleanField::new().default(true))
        .field("colour", ChoiceField::new(["red", "green"]).default("red"))
        .field("password", password.optional())
        .field("id", IntegerField::new().default(5).read_only())
        .field("origin", HiddenField::new("api"))
}

pub(crate) fn order() -> Serializer {
    let tags = ListField::of_children(CharField::new().max_length(3));
    Serializer::new()
        .field("number", IntegerField::new())
        .field("owner", person())
        .field("items", item().many().optional())
        .field("tags", tags.optional())
        .field("extra", DictField::of_children(IntegerField::new()).optional())
        .field("flags", MultipleChoiceField::new(["x", "y"]).optional())
        .field("note", JSONField::new().optional())
}

pub(crate) fn everything() -> Serializer {
    let code = RegexField::new(r"^[A-Z]{2}\d+$").expect("a pattern");
    let matrix = ListField::of_children(ListField::of_children(IntegerField::new()));
    let scores = DictField::of_children(FloatField::new().min_value(0));
    Serializer::new()
        .field("slug", SlugField::new().optional())
        .field("page", URLField::new().optional())
        .field("uuid", UUIDField::new().optional())
        .field("ip", IPAddressField::new().optional())
        .field("code", code.optional())
        .field("count", IntegerField::new().optional())
        .field("ratio", FloatField::new().optional())
        .field("price", DecimalField::new(10, 2).optional().allow_null())
        .field("agreed", BooleanField::new().optional().allow_null())
        .field("day", DateField::new().optional().allow_null())
        .field("at", TimeField::new().optional())
        .field("when", DateTimeField::new().optional())
        .field("lasts", DurationField::new().optional())
        .field("number", ChoiceField::new(NUMBERS).optional())
        .field(
            "colours",
            MultipleChoiceField::new([("r", "Red"), ("g", "Green")]).optional(),
        )
        .field("matrix", matrix.optional().max_length(3))
        .field("scores", scores.optional())
        .field("anything", JSONField::new().optional().allow_null())
}

pub(crate) fn labels() -> Serializer {
    let big = Integer::from_text("123456789012345678901234567890").expect("an integer");
    let pattern = RegexField::new("^a$").expect("a pattern");
    let length = DurationField::new().max_value(Duration::from_secs(86_401));
    Serializer::new()
        .field("first_name", CharField::new())
        .field(
            "URL_of_page",
            URLField::new().optional().label("Page").help_text(""),
        )
        .field("a1_b2", FloatField::new().min_value(0.5).max_value(1e16))
        .field("when", DateTimeField::new().help_text("<b>UTC</b> é"))
        .field("big", IntegerField::new().max_value(big))
        .field("fixed", ReadOnlyField::new().default(1).read_only())
        .field("kind", ChoiceField::new(NUMBERS).allow_blank())
        .field("day", DateField::new().allow_null().read_only())
        .field("length", length.optional())
        .field("ip", IPAddressField::new().optional())
        .field("pattern", pattern.min_length(1).optional())
        .field(
            "price",
            DecimalField::new(6, 2).min_value(Decimal::new(10, 2)).optional(),
        )
}

// --- Validators -------------------------------------------------------------------

pub(crate) fn validated() -> Serializer {
    let a = IntegerField::new()
        .validator(not_seven)
        .validator(not_odd)
        .validator(even_only);
    Serializer::new()
        .field("a", a.optional().max_value(1000))
        .field("b", IntegerField::new().validator(not_one).optional())
        .field("c", CharField::new().optional())
        .validate(times_ten)
        .validate(not_both)
        .validate(said)
}

fn not_seven(value: &ValidatedValue) -> Result<(), ErrorDetail> {
    unless(value.as_i64() == Some(7), "seven", "Not seven.")
}

fn not_odd(value: &ValidatedValue) -> Result<(), ErrorDetail> {
    unless(is_odd(value), "odd", "Not odd.")
}

fn even_only(value: &ValidatedValue) -> Result<(), ErrorDetail> {
    unless(is_odd(value), "odd", "Even ones only.")
}

fn is_odd(value: &ValidatedValue) -> bool {
    value.as_i64().is_some_and(|number| number % 2 != 0)
}

fn not_one(value: &ValidatedValue) -> Result<(), ErrorDetail> {
    unless(value.as_i64() == Some(1), "invalid", "Not one.")
}

fn unless(is_wrong: bool, code: &'static str, message: &'static str) -> Result<(), ErrorDetail> {
    if is_wrong {
        Err(ErrorDetail::new(code, message))
    } else {
        Ok(())
    }
}

/// `validate_b` of the reference: what a field's own method makes of its value.
fn times_ten(data: &mut ValidatedData) -> Result<(), ValidationError> {
    if let Some(b) = integer(data, "b") {
        data.insert("b", b * 10);
    }
    Ok(())
}

fn not_both(data: &mut ValidatedData) -> Result<(), ValidationError> {
    let (a, b) = (integer(data, "a"), integer(data, "b"));
    if a.is_some_and(|a| a > 100) {
        let too_small = (
            "b".to_owned(),
            ValidationError::new("invalid", "Too small for a."),
        );
        let too_large = (
            "a".to_owned(),
            ValidationError::new("invalid", "Too large for b."),
        );
        return Err(ValidationError::Fields(vec![too_large, too_small]));
    }
    if a.is_some() && a == b {
        return Err(ValidationError::new("both", "Not both."));
    }
    Ok(())
}

fn said(data: &mut ValidatedData) -> Result<(), ValidationError> {
    let of = |message| ErrorDetail::new("invalid", message);
    match data.text("c") {
        Some("no") => Err(of("Said no.").into()),
        Some("list") => Err(ValidationError::Details(vec![of("One."), of("Two.")])),
        Some("fields") => {
            let c = ("c".to_owned(), of("Said fields.").into());
            Err(ValidationError::Fields(vec![
                c,
                ("other".to_owned(), of("More.").into()),
            ]))
        }
        Some("more") => {
            data.insert("seen", true);
            Ok(())
        }
        _ => Ok(()),
    }
}

fn integer(data: &ValidatedData, name: &str) -> Option<i64> {
    data.value(name).and_then(ValidatedValue::as_i64)
}
