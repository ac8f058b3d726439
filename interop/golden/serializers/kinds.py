"""The serializers that the vectors are made with: one of one field `value` per kind of field, and those of the reference site."""
import datetime
import decimal
import zoneinfo

from rest_framework import serializers
from tutorial.serializers import Computed, Everything, Formats, Item, Keys, Labels, Order, Person, Sources, Validated

from . import inputs

s = serializers
BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")
ST_JOHNS = zoneinfo.ZoneInfo("America/St_Johns")
GROUPS = [("Audio", [("a", "Vinyl"), ("b", "CD")]), ("1", "One")]
NUMBERS = [(1, "One"), (2, "Two")]


def fields(**made):
    return made


TEXT = fields(
    char=(s.CharField(), inputs.TEXTS),
    char_limits=(s.CharField(min_length=2, max_length=5), inputs.TEXTS),
    char_blank=(s.CharField(allow_blank=True, required=False, max_length=5), inputs.TEXTS[:4]),
    char_null=(s.CharField(allow_null=True, default="of old"), inputs.TEXTS[:4]),
    char_blank_null=(s.CharField(allow_null=True, allow_blank=True, required=False), []),
    char_raw=(s.CharField(trim_whitespace=False, max_length=5), inputs.TEXTS),
    char_raw_blank=(s.CharField(trim_whitespace=False, allow_blank=True), []),
    char_messages=(
        s.CharField(max_length=2, error_messages={"required": "Say it.", "blank": "Blank!", "max_length": "Over {max_length}.", "invalid": "No."}),
        ["[]", '"abc"'],
    ),
    email=(s.EmailField(), inputs.EMAILS),
    email_limits=(s.EmailField(max_length=6, allow_blank=True), inputs.EMAILS[:8]),
    url=(s.URLField(), inputs.URLS),
    url_limits=(s.URLField(max_length=5), inputs.URLS[:6]),
    slug=(s.SlugField(), inputs.SLUGS),
    slug_raw=(s.SlugField(trim_whitespace=False), inputs.SLUGS),
    slug_unicode=(s.SlugField(allow_unicode=True), inputs.SLUGS),
    regex=(s.RegexField(r"^[a-z]+\d$"), inputs.REGEXES),
    uuid=(s.UUIDField(), inputs.UUIDS),
    uuid_hex=(s.UUIDField(format="hex", allow_null=True), inputs.UUIDS[:2]),
    uuid_int=(s.UUIDField(format="int"), inputs.UUIDS[:2]),
    uuid_urn=(s.UUIDField(format="urn"), inputs.UUIDS[:2]),
    ip=(s.IPAddressField(), inputs.ADDRESSES),
    ip_v4=(s.IPAddressField(protocol="IPv4"), inputs.ADDRESSES),
    ip_v6=(s.IPAddressField(protocol="IPv6", allow_null=True, required=False), inputs.ADDRESSES),
)  # fmt: skip

NUMERIC = fields(
    integer=(s.IntegerField(), inputs.INTEGERS + inputs.LONG_INTEGERS),
    integer_limits=(s.IntegerField(min_value=-5, max_value=10), inputs.INTEGERS),
    integer_null=(s.IntegerField(allow_null=True, required=False), inputs.INTEGERS[:4]),
    integer_default=(s.IntegerField(default=7), inputs.INTEGERS[:2]),
    big_integer=(s.BigIntegerField(coerce_to_string=True), inputs.INTEGERS[:10] + ["9223372036854775808"]),
    float=(s.FloatField(), inputs.FLOATS + inputs.LONG_FLOATS),
    float_limits=(s.FloatField(min_value=-2.5, max_value=2.5), inputs.FLOATS),
    float_null=(s.FloatField(allow_null=True), inputs.FLOATS[:3]),
    decimal=(s.DecimalField(10, 2), inputs.DECIMALS + inputs.LONG_DECIMALS),
    decimal_small=(s.DecimalField(3, 1), inputs.DECIMALS),
    decimal_whole=(s.DecimalField(5, 0), inputs.DECIMALS),
    decimal_free=(s.DecimalField(None, None), inputs.DECIMALS),
    decimal_places=(s.DecimalField(None, 2), inputs.DECIMALS),
    decimal_digits=(s.DecimalField(5, None), inputs.DECIMALS[:50]),
    decimal_limits=(s.DecimalField(5, 2, min_value=decimal.Decimal("-1.5"), max_value=10), inputs.DECIMALS),
    decimal_null=(s.DecimalField(5, 2, allow_null=True, required=False), inputs.DECIMALS[:9]),
    decimal_number=(s.DecimalField(5, 2, coerce_to_string=False), inputs.DECIMALS[:30]),
    decimal_normal=(s.DecimalField(10, 2, normalize_output=True), inputs.DECIMALS[:40]),
    boolean=(s.BooleanField(), inputs.BOOLEANS),
    boolean_null=(s.BooleanField(allow_null=True, required=False), inputs.BOOLEANS),
    boolean_default=(s.BooleanField(default=True), inputs.BOOLEANS[:3]),
    boolean_optional=(s.BooleanField(required=False), inputs.BOOLEANS[:3]),
)  # fmt: skip

TIMES = fields(
    date=(s.DateField(), inputs.DATES),
    date_null=(s.DateField(allow_null=True), inputs.DATES[:3]),
    date_formats=(s.DateField(input_formats=["%d.%m.%Y", "iso-8601"], format="%d/%m/%y"), inputs.DATES),
    date_words=(s.DateField(input_formats=["%d %B %Y", "%a %d %b %y", "%j/%Y", "%d%m"], format="%A, %-d. %B %Y"), inputs.DATE_WORDS),
    date_strange=(s.DateField(input_formats=["%Q", "ISO-8601"], format="ISO-8601"), inputs.DATES[:20]),
    time=(s.TimeField(), inputs.TIMES),
    time_formats=(s.TimeField(input_formats=["%I:%M %p", "%H.%M", "iso-8601"], format="%I:%M:%S.%f %p"), inputs.TIMES + inputs.TIME_WORDS),
    time_null=(s.TimeField(allow_null=True, required=False), inputs.TIMES[:3]),
    datetime=(s.DateTimeField(), inputs.DATETIMES),
    datetime_berlin=(s.DateTimeField(default_timezone=BERLIN), inputs.DATETIMES),
    datetime_st_johns=(s.DateTimeField(default_timezone=ST_JOHNS, format="%d/%m/%Y %H:%M:%S.%f %Z %z"), inputs.DATETIMES + inputs.DATETIME_WORDS),
    datetime_formats=(s.DateTimeField(input_formats=["%d.%m.%Y %H:%M", "%Y-%m-%dT%H:%M:%S%z", "%c", "iso-8601"], format="%c"), inputs.DATETIMES + inputs.DATETIME_WORDS),
    datetime_formats_berlin=(s.DateTimeField(default_timezone=BERLIN, input_formats=["%d.%m.%Y %H:%M", "%d.%m.%Y %H:%M %z"]), inputs.DATETIMES[:20] + inputs.DATETIME_WORDS),
    datetime_null=(s.DateTimeField(allow_null=True, required=False), inputs.DATETIMES[:3]),
    datetime_default=(s.DateTimeField(default=datetime.datetime(2024, 1, 1, tzinfo=datetime.timezone.utc)), inputs.DATETIMES[:3]),
    duration=(s.DurationField(), inputs.DURATIONS),
    duration_limits=(s.DurationField(min_value=datetime.timedelta(0), max_value=datetime.timedelta(days=2)), inputs.DURATIONS[:40]),
    duration_iso=(s.DurationField(format="iso-8601"), inputs.DURATIONS),
)  # fmt: skip


CONTAINERS = fields(
    choice=(s.ChoiceField(["a", "b"]), inputs.CHOICES),
    choice_pairs=(s.ChoiceField([("a", "An A"), ("b", "A B")], allow_null=True, allow_blank=True, required=False), inputs.CHOICES),
    choice_numbers=(s.ChoiceField(NUMBERS), inputs.CHOICES),
    choice_groups=(s.ChoiceField(GROUPS, default="a"), inputs.CHOICES),
    multiple_choice=(s.MultipleChoiceField(choices=["a", "b"]), inputs.CHOICES),
    multiple_choice_full=(s.MultipleChoiceField(choices=["a", "b"], allow_empty=False, allow_blank=True), inputs.CHOICES),
    multiple_choice_numbers=(s.MultipleChoiceField(choices=NUMBERS, required=False, allow_null=True), inputs.CHOICES),
    list=(s.ListField(), inputs.LISTS),
    list_integers=(s.ListField(child=s.IntegerField(max_value=3)), inputs.LISTS),
    list_limits=(s.ListField(child=s.CharField(allow_blank=True), min_length=2, max_length=3), inputs.LISTS),
    list_full=(s.ListField(child=s.IntegerField(allow_null=True), allow_empty=False, required=False, allow_null=True), inputs.LISTS),
    list_lists=(s.ListField(child=s.ListField(child=s.IntegerField(), allow_empty=False)), inputs.LISTS),
    dict=(s.DictField(), inputs.DICTS),
    dict_integers=(s.DictField(child=s.IntegerField()), inputs.DICTS),
    dict_full=(s.DictField(child=s.CharField(allow_null=True), allow_empty=False), inputs.DICTS),
    json=(s.JSONField(), inputs.JSONS),
    json_null=(s.JSONField(allow_null=True, required=False), inputs.JSONS[:4]),
    file=(s.FileField(), []),
    file_limits=(s.FileField(max_length=5, allow_empty_file=True, required=False, allow_null=True), []),
    related=(s.PrimaryKeyRelatedField(queryset=Keys()), inputs.INTEGERS),
    related_null=(s.PrimaryKeyRelatedField(queryset=Keys(), allow_null=True, required=False), inputs.INTEGERS[:4]),
    json_binary=(s.JSONField(binary=True), inputs.JSONS),
    nested=(Item(), ['{"name": "x"}', '{"name": "too long"}', '{"name": "x", "price": 1.5, "other": 1}', '{"name": "x", "price": ""}', '[{"name": "x"}]']),
    nested_null=(Item(allow_null=True, required=False), ['{"name": "x"}', '{"price": 1}']),
    many=(Item(many=True), ['[{"name": "x"}]', '[{"name": "x"}, {}, 7, null, [], {"name": "", "price": "y"}]', '{"0": {"name": "x"}}']),
    many_limits=(Item(many=True, allow_empty=False, min_length=2, max_length=3, required=False), ['[{"name": "x"}]', '[{"name": "x"}, {"name": "y"}]', '[{}, {}, {}, {}]']),
)  # fmt: skip


def single(field):
    """A serializer whose one field is called `value`."""
    return type("Single", (s.Serializer,), {"value": field})


def untaken(value):
    if value == "taken":
        raise s.ValidationError("This field must be unique.", code="unique")


class Unique(s.Serializer):
    """What a database is asked about."""

    first = s.IntegerField()
    login = s.CharField(max_length=8, validators=[untaken])
    last = s.IntegerField(max_value=9)


# --- Several fields -------------------------------------------------------------

ORDERS = [
    '{"number": 1, "owner": {"name": "Ann"}}',
    '{"number": "x", "owner": {}, "items": [{}], "tags": ["abcd", "ok", 5], "extra": {"a": "x", "b": 1}, "flags": ["z"], "note": 1e400}',
    '{"number": 1, "owner": {"name": "Ann", "age": 200, "active": "maybe"}, "items": [{"name": "ok"}, {"name": ""}]}',
    '{"number": 1, "owner": {"name": "Ann"}, "items": [{"name": "x", "price": 2}], "tags": [], "extra": {}, "flags": ["y", "x", "y"], "note": {"z": 1, "a": 2}}',
    '{"number": 1, "owner": null, "items": null, "tags": null, "extra": null, "flags": null, "note": null}',
    '{"number": 1, "owner": [], "items": {}, "tags": {}, "extra": [], "flags": "x"}', '{"number": 1, "owner": "Ann", "items": "x", "tags": "x", "extra": "x", "flags": 1}',
]  # fmt: skip
ORDER_FORMS = [
    "number=1&owner.name=Ann&owner.age=4&items[0]name=x&items[0]price=1&items[1]name=y&tags=a&tags=b&extra.k=1&flags=x&flags=y&note=%7B%22a%22%3A1%7D",
    "number=1&owner.name=Ann&owner.active=false&tags[1]=b&tags[0]=a&items[5]name=z&items[2]name=w", "number=1&owner=Ann", "number=1&owner.name=", "number=1&owner.name=Ann&items[0]price=1&items[1]=x&tags[0]=toolong&extra.k=x&flags=z&note=nope",
    "number=1&owner.name=Ann&items=&tags=&extra=&flags=&note=", "number=1&owner.name=Ann&items[x]name=1&tags[x]=1&extra.=1", "owner.name=Ann&number=1&number=2", "number=1&owner.name=Ann&items[0].name=x&items[00]name=y&items[٣]name=z", "number=1&owner.name=Ann&extra.a.b=1&extra.a.b=2",
]  # fmt: skip
EVERYTHING = '{"slug": "a-b", "page": "http://a.de/?x=1", "uuid": "0b1e7d4e9f4c4f6e8f0f0a1b2c3d4e5f", "ip": "::ffff:1.2.3.4", "code": "AB12", "count": "12", "ratio": 1e16, "price": "1e2", "agreed": "null", "day": "20240229", "at": "12:30", "when": "2024-01-01T12:00+02:00", "lasts": "P1DT2H", "number": "2", "colours": ["g", "r", "g"], "matrix": [[1], ["2"]], "scores": {"a": 1, "b": "2.5"}, "anything": {"b": [1.0], "a": null}}'
EVERYTHING_WRONG = '{"slug": "a b", "page": "a.de", "uuid": "x", "ip": "1.2.3", "code": "ab", "count": 1.5, "ratio": "x", "price": 1.234, "agreed": 2, "day": "2023-02-29", "at": "24:00", "when": "yesterday", "lasts": "x", "number": 3, "colours": ["r", "b"], "matrix": [[1], ["x"], 3, []], "scores": {"a": -1, "b": "x"}}'
EVERYTHING_FORM = "slug=a-b&page=http%3A%2F%2Fa.de&uuid=0b1e7d4e-9f4c-4f6e-8f0f-0a1b2c3d4e5f&count=+7+&ratio=1e3&price=&agreed=&day=&at=01:02:03.5&when=2024-01-01+12:00&lasts=1+02:00&number=1&colours=r&colours=g&matrix[0][0]=1&scores.a=1&anything=%7B%22a%22%3A+1%7D"
WHOLE = ["[]", "null", "7", '"text"', "true", "1.5", "[{}]", "{}", '{"": 1}', "1e400"]

# Name: the serializer, bodies in JSON, forms.
SEVERAL = {
    "person": (Person, WHOLE + [
        '{"name": "Ann"}', '{"name": "Ann", "email": "", "age": null, "active": false, "colour": "green", "password": " 1234567 ", "id": 9, "origin": "mine"}', '{"name": "", "email": "x", "age": -1, "active": "x", "colour": "blue", "password": "short"}',
        '{"colour": "blue", "age": 151, "name": "much too long a name"}', '{"name": null, "email": null, "age": "", "active": null, "colour": null, "password": null, "id": null}', '{"name": "Ann", "name": "Bob"}', '{"name": "Ann", "age": 1, "age": 2, "NAME": "x", "unknown": {}}', '{"name": "Ann", "age": "12", "active": 0, "colour": ""}',
    ], ["", "name=Ann", "name=Ann&email=&age=&active=&colour=&password=", "name=Ann&active=on&age=7", "name=Ann&name=Bob", "email=x&active=maybe", "name=%00", "name=A%26B&colour=green", "name=Ann&id=9&origin=mine"]),
    "validated": (Validated, [
        '{}', '{"a": 7}', '{"a": 9}', '{"a": 1001}', '{"a": 2, "b": 1}', '{"a": 20, "b": 2}', '{"a": 4, "b": 2}', '{"a": 200}', '{"a": 200, "b": 20}', '{"a": 200, "b": "x"}', '{"c": "no"}', '{"c": "fields"}', '{"c": "list"}', '{"c": "more", "a": 2}', '{"c": "no", "a": 200}', '{"a": 7, "c": "no"}',
    ], ["a=7", "c=no&b=1", "a=200"]),
    "sources": (Sources, ['{"title": "T", "street": "S"}', '{"title": "T", "street": "S", "city": "C", "whole": {"name": "N", "price": 1}}', '{"title": "", "street": null}', '{"name": "T", "address": {"street": "S"}}', '{"title": "T", "street": "S", "whole": null}', '{"title": "T", "street": "S", "whole": {"price": "x"}}'], ["title=T&street=S&whole.name=N"]),
    "order": (Order, ORDERS, ORDER_FORMS),
    "orders": (lambda **more: Item(many=True, **more), WHOLE + ['[{"name": "x"}, {"name": "y", "price": 1}]', '[{"name": "x"}, {}, null, 5]', '[{"name": "toolong"}]', '[[]]'], ["[0]name=x&[1]name=y&[1]price=2", "[1]name=y&[0]name=", "name=x", "", "[0]=x"]),
    "everything": (Everything, ["{}", EVERYTHING, EVERYTHING_WRONG], ["", EVERYTHING_FORM]),
    "computed": (Computed, ["{}", '{"name": "Ann"}', '{"name": "Ann", "age": 3}', '{"name": "root"}', '{"name": "two", "age": 13}', '{"name": "fields"}', '{"name": "LATE"}', '{"name": "late"}', '{"name": "root", "age": "x"}', '{"name": "", "age": 13}', '{"name": "Ann", "age": null, "shout": "x", "kind": 1}', "[]"], ["name=Root&age=", "name=root", "age=13"]),
    "formats": (Formats, ["{}", inputs.FORMATS, inputs.FORMATS_WRONG], ["", "day=29.02.2024&at=1.7.2024+12:00", "day=&key=&at=", "day=x&words=x&time=x&at=x&shown=x&lasts=x&big=x&price=x&ratio=x&key=x"]),
    "unique": (Unique, ["{}", '{"login": "taken"}', '{"first": 1, "login": "taken", "last": 2}', '{"first": "x", "login": "taken", "last": 10}', '{"last": "x", "login": "free", "first": 1}', '{"first": 1, "login": "free", "last": 2}', "null", "[]"], ["login=taken&last=x", "first=1&login=taken&last=1"]),
    "labels": (Labels, ["{}"], [""]),
}  # fmt: skip
