"""Serializers of several fields, nested ones, lists and validators: for the probes, and for the vectors of interop/golden."""
import datetime
import decimal
import zoneinfo

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import BigAutoField
from rest_framework import serializers as s
from rest_framework.exceptions import ValidationError

NUMBERS = [(1, "One"), (2, "Two")]


class Item(s.Serializer):
    name = s.CharField(max_length=5)
    price = s.DecimalField(5, 2, required=False)


def not_seven(value):
    if value == 7:
        raise ValidationError("Not seven.", code="seven")


def not_odd(value):
    if value % 2:
        raise ValidationError(["Not odd.", "Even ones only."], code="odd")


def not_together(attrs):
    if attrs.get("a") == attrs.get("b") and "a" in attrs:
        raise ValidationError("Not both.", code="both")


def not_large(attrs):
    if attrs.get("a", 0) > 100:
        raise ValidationError({"a": ["Too large for b."], "b": "Too small for a."})


class Person(s.Serializer):
    """One of everything."""

    name = s.CharField(max_length=10, help_text="As on the passport.")
    email = s.EmailField(required=False, allow_blank=True, label="E-mail")
    age = s.IntegerField(min_value=0, max_value=150, required=False, allow_null=True)
    active = s.BooleanField(default=True)
    colour = s.ChoiceField(["red", "green"], default="red")
    password = s.CharField(write_only=True, min_length=8, trim_whitespace=False, required=False, style={"input_type": "password"})
    id = s.IntegerField(read_only=True, default=5)
    origin = s.HiddenField(default="api")


class Validated(s.Serializer):
    """Validators of fields and of the whole, in DRF's order."""

    a = s.IntegerField(validators=[not_seven, not_odd], required=False, max_value=1000)
    b = s.IntegerField(required=False)
    c = s.CharField(required=False)

    class Meta:
        validators = [not_together, not_large]

    def validate_b(self, value):
        if value == 1:
            raise ValidationError("Not one.")
        return value * 10

    def validate(self, attrs):
        if attrs.get("c") == "no":
            raise ValidationError("Said no.")
        if attrs.get("c") == "fields":
            raise ValidationError({"c": "Said fields.", "other": ["More."]})
        if attrs.get("c") == "list":
            raise ValidationError(["One.", "Two."])
        return {**attrs, "seen": True} if attrs.get("c") == "more" else attrs


class Sources(s.Serializer):
    """Names outside and inside."""

    title = s.CharField(source="name")
    street = s.CharField(source="address.street")
    city = s.CharField(source="address.city", required=False)
    whole = Item(source="*", required=False)


class Order(s.Serializer):
    """Serializers in serializers."""

    number = s.IntegerField()
    owner = Person()
    items = Item(many=True, required=False)
    tags = s.ListField(child=s.CharField(max_length=3), required=False)
    extra = s.DictField(child=s.IntegerField(), required=False)
    flags = s.MultipleChoiceField(choices=["x", "y"], required=False)
    note = s.JSONField(required=False)


class Labels(s.Serializer):
    """What OPTIONS makes of names, texts and numbers."""

    first_name = s.CharField()
    URL_of_page = s.URLField(required=False, label="Page", help_text="")
    a1_b2 = s.FloatField(min_value=0.5, max_value=1e16)
    when = s.DateTimeField(help_text="<b>UTC</b> é")
    big = s.IntegerField(max_value=123456789012345678901234567890)
    fixed = s.ReadOnlyField(default=1)
    kind = s.ChoiceField(NUMBERS, allow_blank=True)
    day = s.DateField(read_only=True, allow_null=True)
    length = s.DurationField(max_value=datetime.timedelta(days=1, seconds=1), required=False)
    ip = s.IPAddressField(required=False)
    pattern = s.RegexField("^a$", min_length=1, required=False)
    price = s.DecimalField(6, 2, min_value=decimal.Decimal("0.10"), required=False)


class Everything(s.Serializer):
    """One field of each kind that has rules of its own."""

    slug = s.SlugField(required=False)
    page = s.URLField(required=False)
    uuid = s.UUIDField(required=False)
    ip = s.IPAddressField(required=False)
    code = s.RegexField(r"^[A-Z]{2}\d+$", required=False)
    count = s.IntegerField(required=False)
    ratio = s.FloatField(required=False)
    price = s.DecimalField(10, 2, required=False, allow_null=True)
    agreed = s.BooleanField(required=False, allow_null=True)
    day = s.DateField(required=False, allow_null=True)
    at = s.TimeField(required=False)
    when = s.DateTimeField(required=False)
    lasts = s.DurationField(required=False)
    number = s.ChoiceField(NUMBERS, required=False)
    colours = s.MultipleChoiceField(choices=[("r", "Red"), ("g", "Green")], required=False)
    matrix = s.ListField(child=s.ListField(child=s.IntegerField()), required=False, max_length=3)
    scores = s.DictField(child=s.FloatField(min_value=0), required=False)
    anything = s.JSONField(required=False, allow_null=True)


class Computed(s.Serializer):
    """What is computed, checked by name, and shown in another way."""

    name = s.CharField(max_length=10)
    age = s.IntegerField(default=7, allow_null=True)
    shout = s.SerializerMethodField()
    kind = s.SerializerMethodField(method_name="same", label="Sort", help_text="Always the same.")

    def get_shout(self, object):
        return object["name"].upper() + "!" if "name" in object else None

    def same(self, object):
        return {"is": [1, 2.0]}

    def validate_name(self, value):
        if value == "root":
            raise ValidationError("Reserved.", code="reserved")
        if value == "two":
            raise ValidationError(["One.", "Two."])
        if value == "fields":
            raise ValidationError({"first": ["Odd."]})
        return value.lower()

    def validate_age(self, value):
        if value == 13:
            raise ValidationError("Unlucky.")
        return None if value is None else value + 1

    def validate(self, attrs):
        if attrs.get("name") == "late":
            raise ValidationError("Too late.")
        return attrs

    def to_representation(self, instance):
        shown = super().to_representation(instance)
        shown["extra"] = len(shown)
        shown.pop("age", None)
        return shown


class Keys:
    """Objects by their keys, as Django looks for one: of those that it reads, each is there but 13."""

    def get(self, pk):
        pk = BigAutoField().get_prep_value(pk)
        if pk == 13:
            raise ObjectDoesNotExist
        return Keyed(pk)


class Keyed:
    def __init__(self, pk):
        self.pk = pk


BERLIN = zoneinfo.ZoneInfo("Europe/Berlin")


class Formats(s.Serializer):
    """Dates and times by formats, and numbers that answers write in other ways."""

    day = s.DateField(input_formats=["%d.%m.%Y", "iso-8601"], format="%d.%m.%Y", required=False)
    words = s.DateField(input_formats=["%d %B %Y"], format="%A, %-d. %B %Y", required=False)
    time = s.TimeField(input_formats=["%I:%M %p"], format="%H.%M", required=False)
    at = s.DateTimeField(input_formats=["%d.%m.%Y %H:%M", "iso-8601"], default_timezone=BERLIN, required=False)
    shown = s.DateTimeField(format="%d/%m/%y %H:%M %Z%z", default_timezone=BERLIN, required=False)
    lasts = s.DurationField(format="iso-8601", required=False)
    big = s.BigIntegerField(coerce_to_string=True, required=False)
    price = s.DecimalField(6, 2, normalize_output=True, required=False)
    ratio = s.DecimalField(6, 2, coerce_to_string=False, required=False)
    key = s.PrimaryKeyRelatedField(queryset=Keys(), required=False, allow_null=True)


class Address(s.Serializer):
    street = s.CharField()
    number = s.IntegerField(required=False)


class Purchase(s.Serializer):
    """What a handler takes as a type of its own."""

    name = s.CharField(max_length=20)
    quantity = s.IntegerField(min_value=0, max_value=4294967295)
    weight = s.FloatField(required=False)
    gift = s.BooleanField(default=False)
    tags = s.ListField(child=s.CharField(), required=False)
    address = Address(required=False)


class Page(s.Serializer):
    """What a query asks for."""

    page = s.IntegerField(default=1, min_value=0, max_value=4294967295)
    q = s.CharField(required=False)
    exact = s.BooleanField(required=False)
    ids = s.ListField(child=s.IntegerField(), required=False)
