//! The serializers of one field: `interop/golden/serializers/kinds.py`.

use doorward_core::serializers::{
    BigIntegerField, BooleanField, CharField, Choice, ChoiceField, DateField, DateTimeField, DecimalField,
    DictField, DurationField, DurationFormat, EmailField, Field, FileField, FloatField, IPAddressField,
    ISO_8601, IntegerField, JSONField, ListField, MultipleChoiceField, PrimaryKeyRelatedField, Protocol,
    RegexField, Serializer, SlugField, TimeField, TimeZone, Trim, URLField, UUIDField, UuidFormat,
};
use doorward_django::dateparse::{Duration, parse_datetime};
use doorward_django::decimal::Decimal;

use crate::{Body, own, several};

/// What Doorward has not.
pub(crate) const NOT_HERE: &[&str] = &[];

pub(crate) fn body(name: &str) -> Option<Body> {
    let of_field = |field| Body::One(Serializer::new().field("value", field));
    match name {
        "orders" => Some(Body::Many(several::item().many(), several::item())),
        _ => with_several_fields(name)
            .map(Body::One)
            .or_else(|| single(name).map(of_field)),
    }
}

fn with_several_fields(name: &str) -> Option<Serializer> {
    Some(match name {
        "person" => several::person(),
        "validated" => several::validated(),
        "sources" => sources(),
        "order" => several::order(),
        "everything" => several::everything(),
        "labels" => several::labels(),
        "computed" => own::computed(),
        "formats" => own::formats(),
        "unique" => unique(),
        _ => return None,
    })
}

fn sources() -> Serializer {
    Serializer::new()
        .field("title", CharField::new().source("name"))
        .field("street", CharField::new().source("address.street"))
        .field("city", CharField::new().source("address.city").optional())
        .field("whole", several::item().nested().source("*").optional())
}

/// `crate::run` refuses a login that is taken.
fn unique() -> Serializer {
    Serializer::new()
        .field("first", IntegerField::new())
        .field("login", CharField::new().max_length(8))
        .field("last", IntegerField::new().max_value(9))
}

fn single(name: &str) -> Option<Field> {
    [
        char, text, number, decimal, boolean, time, datetime, choice, list, dict, other,
    ]
    .into_iter()
    .find_map(|make| make(name))
}

fn char(name: &str) -> Option<Field> {
    let char = CharField::new;
    Some(match name {
        "char" => char().into(),
        "char_limits" => char().min_length(2).max_length(5).into(),
        "char_blank" => char().allow_blank().optional().max_length(5).into(),
        "char_null" => char().allow_null().default("of old").into(),
        "char_blank_null" => char().allow_null().allow_blank().optional().into(),
        "char_raw" => char().trim_whitespace(Trim::No).max_length(5).into(),
        "char_raw_blank" => char().trim_whitespace(Trim::No).allow_blank().into(),
        "char_messages" => char()
            .max_length(2)
            .error_message("required", "Say it.")
            .error_message("blank", "Blank!")
            .error_message("max_length", "Over {max_length}.")
            .error_message("invalid", "No.")
            .into(),
        _ => return None,
    })
}

fn text(name: &str) -> Option<Field> {
    Some(match name {
        "email" => EmailField::new().into(),
        "email_limits" => EmailField::new().max_length(6).allow_blank().into(),
        "url" => URLField::new().into(),
        "url_limits" => URLField::new().max_length(5).into(),
        "slug" => SlugField::new().into(),
        "slug_raw" => SlugField::new().trim_whitespace(Trim::No).into(),
        "slug_unicode" => SlugField::new().allow_unicode().into(),
        "regex" => RegexField::new(r"^[a-z]+\d$").unwrap().into(),
        "uuid" => UUIDField::new().into(),
        "uuid_hex" => UUIDField::new().format(UuidFormat::Hex).allow_null().into(),
        "uuid_int" => UUIDField::new().format(UuidFormat::Int).into(),
        "uuid_urn" => UUIDField::new().format(UuidFormat::Urn).into(),
        "ip" => IPAddressField::new().into(),
        "ip_v4" => IPAddressField::new().protocol(Protocol::V4).into(),
        "ip_v6" => {
            let address = IPAddressField::new().protocol(Protocol::V6);
            address.allow_null().optional().into()
        }
        _ => return None,
    })
}

fn number(name: &str) -> Option<Field> {
    let (integer, float) = (IntegerField::new, FloatField::new);
    Some(match name {
        "integer" => integer().into(),
        "integer_limits" => integer().min_value(-5).max_value(10).into(),
        "integer_null" => integer().allow_null().optional().into(),
        "integer_default" => integer().default(7).into(),
        "big_integer" => BigIntegerField::new().coerce_to_string().into(),
        "float" => float().into(),
        "float_limits" => float().min_value(-2.5).max_value(2.5).into(),
        "float_null" => float().allow_null().into(),
        _ => return None,
    })
}

fn decimal(name: &str) -> Option<Field> {
    let least = || "-1.5".parse::<Decimal>().unwrap();
    Some(match name {
        "decimal" => DecimalField::new(10, 2).into(),
        "decimal_small" => DecimalField::new(3, 1).into(),
        "decimal_whole" => DecimalField::new(5, 0).into(),
        "decimal_free" => DecimalField::unlimited().into(),
        "decimal_places" => DecimalField::unlimited().decimal_places(2).into(),
        "decimal_digits" => DecimalField::unlimited().max_digits(5).into(),
        "decimal_number" => DecimalField::new(5, 2).as_float().into(),
        "decimal_normal" => DecimalField::new(10, 2).normalize_output().into(),
        "decimal_limits" => DecimalField::new(5, 2).min_value(least()).max_value(10).into(),
        "decimal_null" => DecimalField::new(5, 2).allow_null().optional().into(),
        _ => return None,
    })
}

fn boolean(name: &str) -> Option<Field> {
    let boolean = BooleanField::new;
    Some(match name {
        "boolean" => boolean().into(),
        "boolean_null" => boolean().allow_null().optional().into(),
        "boolean_default" => boolean().default(true).into(),
        "boolean_optional" => boolean().optional().into(),
        _ => return None,
    })
}

fn time(name: &str) -> Option<Field> {
    let two_days = Duration::from_secs(2 * 86_400);
    Some(match name {
        "date" => DateField::new().into(),
        "date_null" => DateField::new().allow_null().into(),
        "time" => TimeField::new().into(),
        "time_null" => TimeField::new().allow_null().optional().into(),
        "datetime" => DateTimeField::new().into(),
        "datetime_null" => DateTimeField::new().allow_null().optional().into(),
        "datetime_default" => {
            let default = parse_datetime("2024-01-01T00:00Z").unwrap();
            DateTimeField::new().default(default).into()
        }
        "duration" => DurationField::new().into(),
        "duration_limits" => {
            let duration = DurationField::new().min_value(Duration::from_secs(0));
            duration.max_value(two_days).into()
        }
        _ => return None,
    })
}

fn datetime(name: &str) -> Option<Field> {
    let (date, datetime) = (DateField::new, DateTimeField::new);
    Some(match name {
        "date_formats" => {
            let read = date().input_formats(["%d.%m.%Y", ISO_8601]);
            read.format("%d/%m/%y").into()
        }
        "date_words" => {
            let read = date().input_formats(["%d %B %Y", "%a %d %b %y", "%j/%Y", "%d%m"]);
            read.format("%A, %-d. %B %Y").into()
        }
        "date_strange" => date().input_formats(["%Q", "ISO-8601"]).format("ISO-8601").into(),
        "time_formats" => {
            let read = TimeField::new().input_formats(["%I:%M %p", "%H.%M", ISO_8601]);
            read.format("%I:%M:%S.%f %p").into()
        }
        "datetime_berlin" => datetime().default_timezone(zone("Europe/Berlin")).into(),
        "datetime_st_johns" => {
            let there = datetime().default_timezone(zone("America/St_Johns"));
            there.format("%d/%m/%Y %H:%M:%S.%f %Z %z").into()
        }
        "datetime_formats" => {
            let read = datetime().input_formats(["%d.%m.%Y %H:%M", "%Y-%m-%dT%H:%M:%S%z", "%c", ISO_8601]);
            read.format("%c").into()
        }
        "datetime_formats_berlin" => {
            let there = datetime().default_timezone(zone("Europe/Berlin"));
            there
                .input_formats(["%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M %z"])
                .into()
        }
        "duration_iso" => DurationField::new().format(DurationFormat::Iso8601).into(),
        _ => return None,
    })
}

fn zone(name: &str) -> TimeZone {
    TimeZone::named(name).unwrap()
}

fn other(name: &str) -> Option<Field> {
    let (file, related) = (FileField::new, PrimaryKeyRelatedField::new);
    Some(match name {
        "file" => file().into(),
        "file_limits" => {
            let short = file().max_length(5).allow_empty_file();
            short.optional().allow_null().into()
        }
        "related" => related().into(),
        "related_null" => related().allow_null().optional().into(),
        _ => return None,
    })
}

fn choice(name: &str) -> Option<Field> {
    let of_texts = || MultipleChoiceField::new(["a", "b"]);
    let pairs = [("a", "An A"), ("b", "A B")];
    let groups = [
        Choice::new("a", "Vinyl").group("Audio"),
        Choice::new("b", "CD").group("Audio"),
        Choice::new("1", "One"),
    ];
    Some(match name {
        "choice" => ChoiceField::new(["a", "b"]).into(),
        "choice_pairs" => ChoiceField::new(pairs)
            .allow_null()
            .allow_blank()
            .optional()
            .into(),
        "choice_numbers" => ChoiceField::new(several::NUMBERS).into(),
        "choice_groups" => ChoiceField::new(groups).default("a").into(),
        "multiple_choice" => of_texts().into(),
        "multiple_choice_full" => of_texts().not_empty().allow_blank().into(),
        "multiple_choice_numbers" => {
            let numbers = MultipleChoiceField::new(several::NUMBERS);
            numbers.optional().allow_null().into()
        }
        _ => return None,
    })
}

fn list(name: &str) -> Option<Field> {
    let (list, integer) = (|child: Field| ListField::of_children(child), IntegerField::new);
    Some(match name {
        "list" => ListField::new().into(),
        "list_integers" => list(integer().max_value(3).into()).into(),
        "list_limits" => {
            let texts = list(CharField::new().allow_blank().into());
            texts.min_length(2).max_length(3).into()
        }
        "list_full" => {
            let numbers = list(integer().allow_null().into());
            numbers.not_empty().optional().allow_null().into()
        }
        "list_lists" => list(list(integer().into()).not_empty().into()).into(),
        "many" => several::item().many().into(),
        "many_limits" => {
            let many = several::item().many().not_empty();
            many.min_length(2).max_length(3).optional().into()
        }
        _ => return None,
    })
}

fn dict(name: &str) -> Option<Field> {
    let dict = |child: Field| DictField::of_children(child);
    Some(match name {
        "dict" => DictField::new().into(),
        "dict_integers" => dict(IntegerField::new().into()).into(),
        "dict_full" => dict(CharField::new().allow_null().into()).not_empty().into(),
        "json" => JSONField::new().into(),
        "json_binary" => JSONField::new().binary().into(),
        "json_null" => JSONField::new().allow_null().optional().into(),
        "nested" => several::item().into(),
        "nested_null" => several::item().nested().allow_null().optional().into(),
        _ => return None,
    })
}
