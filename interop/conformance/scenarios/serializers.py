"""Serializers on their own: what a view makes of a body, from JSON and from forms, and what OPTIONS tells of it."""
from harness import scenario

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
NO_OBJECTS = ("[]", "null", "7", "1.5", '"text"', "true", "[{}]", "{}", '{"": 1}')


def send(client, name, body, kind=JSON, method="POST", compare=("status", "text")):
    """To the byte: the order of members and errors, and how numbers are written, is DRF's."""
    client.request(method, f"/probe/serializers/{name}/", body=body.encode(), content_type=kind, compare=compare)


def each_way(client, name, bodies=(), forms=()):
    """As a whole and in part, from JSON and from forms."""
    for method in ("POST", "PUT", "PATCH"):
        for body in bodies:
            send(client, name, body, method=method)
        for form in forms:
            send(client, name, form, FORM, method)


@scenario()
def serializer_of_a_person(client):
    """Required and optional fields, defaults, write-only, read-only and hidden ones."""
    each_way(client, "person", NO_OBJECTS + (
        '{"name": "Ann"}', '{"name": "Ann", "email": "", "age": null, "active": false, "colour": "green", "password": " 1234567 ", "id": 9, "origin": "mine"}',
        '{"name": "", "email": "x", "age": -1, "active": "x", "colour": "blue", "password": "short"}', '{"colour": "blue", "age": 151, "name": "much too long a name"}',
        '{"name": null, "email": null, "age": "", "active": null, "colour": null, "password": null, "id": null}', '{"name": "Ann", "name": "Bob"}', '{"NAME": "Ann", "unknown": {}}',
        '{"name": "Ann", "age": "12", "active": 0}', '{"name": "Ann", "age": 12.0}', '{"name": "Ann", "age": 123456789012345678901234567890}', '{"name": "Ann", "age": 1e400}', '{"name": ["Ann"], "email": {}, "age": [], "active": [], "colour": [], "password": 1}', '{"name": 1.50, "colour": "red", "password": 12345678}',
    ), (
        "", "name=Ann", "name=Ann&email=&age=&active=&colour=&password=", "name=Ann&active=on&age=7", "name=Ann&name=Bob", "email=x&active=maybe", "name=%00", "name=A%26B&colour=green", "name=Ann&id=9&origin=mine",
    ))  # fmt: skip


@scenario()
def serializer_with_validators(client):
    """Those of a field, of its name, of the whole, and `validate`: each in its turn, all that it says."""
    each_way(client, "validated", (
        "{}", '{"a": 7}', '{"a": 9}', '{"a": 1001}', '{"a": "x"}', '{"a": 2, "b": 1}', '{"a": 20, "b": 2}', '{"a": 4, "b": 2}', '{"a": 200}', '{"a": 200, "b": 20}', '{"a": 200, "b": "x"}', '{"c": "no"}', '{"c": "fields"}', '{"c": "list"}', '{"c": "no", "a": 200}', '{"a": 7, "c": "no"}', '{"a": 7, "b": 1}',
    ), ("a=7", "c=no&b=1", "a=200"))  # fmt: skip


@scenario()
def serializer_of_a_list(client):
    """Many: a list of objects, errors by place."""
    for body in NO_OBJECTS + ('[{"name": "x"}, {"name": "y", "price": 1}]', '[{"name": "x"}, {}, null, 5, [], "x"]', '[{"name": "toolong"}]', "[[]]", '{"0": {"name": "x"}}'):
        send(client, "items", body)
    for form in ("[0]name=x&[1]name=y&[1]price=2", "[1]name=y&[0]name=", "name=x", "", "[0]=x", "[00]name=a&[0]price=1", "[x]name=a"):
        send(client, "items", form, FORM)


@scenario()
def serializer_of_nested_objects(client):
    """Objects, lists, dictionaries and choices in an object; their errors in the same places."""
    each_way(client, "order", (
        '{"number": 1, "owner": {"name": "Ann"}}', '{"number": "x", "owner": {}, "items": [{}], "tags": ["abcd", "ok", 5], "extra": {"a": "x", "b": 1}, "flags": ["z"]}',
        '{"number": 1, "owner": {"name": "Ann", "age": 200, "active": "maybe"}, "items": [{"name": "ok"}, {"name": ""}]}',
        '{"number": 1, "owner": {"name": "Ann"}, "items": [{"name": "x", "price": 2}], "tags": [], "extra": {}, "flags": ["y", "x", "y"], "note": {"z": 1, "a": 2.0}}',
        '{"number": 1, "owner": null, "items": null, "tags": null, "extra": null, "flags": null, "note": null}', '{"number": 1, "owner": [], "items": {}, "tags": {}, "extra": [], "flags": "x"}',
        '{"number": 1, "owner": "Ann", "items": "x", "tags": "x", "extra": "x", "flags": 1}', '{"owner": {"name": 5}, "items": [[], {"name": "x", "price": 1e400}]}',
    ), (
        "number=1&owner.name=Ann&owner.age=4&items[0]name=x&items[0]price=1&items[1]name=y&tags=a&tags=b&extra.k=1&flags=x&flags=y&note=%7B%22a%22%3A1%7D",
        "number=1&owner.name=Ann&owner.active=false&tags[1]=b&tags[0]=a&items[5]name=z&items[2]name=w", "number=1&owner=Ann", "number=1&owner.name=", "number=1&owner.name=Ann&items[0]price=1&items[1]=x&tags[0]=toolong&extra.k=x&flags=z&note=nope",
        "number=1&owner.name=Ann&items=&tags=&extra=&flags=&note=", "number=1&owner.name=Ann&items[x]name=1&tags[x]=1&extra.=1", "owner.name=Ann&number=1&number=2", "number=1&owner.name=Ann&items[0].name=x&items[00]name=y", "",
    ))  # fmt: skip


# A field of `everything`, and texts in JSON for it.
ODD = {
    "slug": ('"a-b_1"', '"a b"', '"é"', '"a\\n"', '""', "7", "true"),
    "page": ('"http://a.de/?x=1#y"', '"HTTPS://LOCALHOST:8000"', '"ftp://[::1]/"', '"a.de"', '"http://a..de"', '"javascript:alert(1)"', '"http://127.0.0.256"', '"http://é.de/é"', '"http://a.de:123456"', '"http://a.de/\\t"', '" http://a.de "', '"http://u:p@a.de"'),
    "uuid": ('"0b1e7d4e9f4c4f6e8f0f0a1b2c3d4e5f"', '"{0B1E7D4E-9F4C-4F6E-8F0F-0A1B2C3D4E5F}"', '"urn:uuid:0b1e7d4e-9f4c-4f6e-8f0f-0a1b2c3d4e5f"', '"x"', "7", "-1", "1.5", "340282366920938463463374607431768211456", "true", '""'),
    "ip": ('"127.0.0.1"', '" 127.0.0.1 "', '"127.0.0.01"', '"1.2.3"', '"::ffff:1.2.3.4"', '"2001:DB8:0:0:0:0:0:1"', '"1::2::3"', '"fe80::1%eth0"', "7", '""'),
    "code": ('"AB12"', '"ab12"', '"AB12\\n"', '"AB٣"', '"xAB12"'),
    "count": ('"12"', '" +1_000 "', '"١٢"', '"1.0"', '"1."', '"1.5"', '"1e3"', '""', "1.0", "1.5", "1e16", "-0", "-0.0", "1e400", "true", "[1]", "9223372036854775808", "-123456789012345678901234567890", '"%s"' % ("9" * 1001), "9" * 1001),
    "ratio": ('"1.5"', '" 1_0e-1 "', '"١.٥"', '"nan"', '"inf"', '"1e400"', '"0x1"', '""', "1", "-0.0", "1e16", "1e-7", "5e-324", "1e400", "true", "[]", "9" * 309, "123456789012345678901234567890"),
    "price": ('"1e2"', '"-0"', '" 1_0.5 "', '"١.٥"', '"1.555"', '"NaN"', '"Infinity"', '""', '" "', "null", "1.10", "0.1", "1e16", "12345678.9", "1e400", "true", "[]"),
    "agreed": ('"YES"', '"off"', '"t"', '"null"', '"NULL"', '""', '" "', "null", "1", "0.0", "2", "1.0", "[]", "{}"),
    "day": ('"2024-02-29"', '"20240229"', '"2024-W09-4"', '"2024-2-9"', '"2023-02-29"', '"2024-02-29T00:00"', '"0000-01-01"', '"9999-12-31"', '""', "null", "20240229", "[]"),
    "at": ('"12:30"', '"12"', '"123015"', '"12:30:15.1234567"', '"12:30:15,5"', '"24:00"', '"9:05"', '"12:30Z"', '"T12:30"', '""', "1230"),
    "when": ('"2024-01-01T12:00"', '"2024-01-01 12:00:00.5"', '"2024-01-01"', '"2024-01-01T12:00Z"', '"2024-01-01T12:00+0230"', '"20240101T120000Z"', '"2024-01-01T24:00"', '"0001-01-01T00:00+01:00"', '"9999-12-31T23:59:59.999999Z"', '"2024-02-30T12:00"', '"2024-1-1 1:02"', '""', "1704110400"),
    "lasts": ('"90"', '"1 00:00:00"', '"1:30"', '"-1 days +23:59:59"', '"P1DT2H3.5S"', '"-P1D"', '"P1W"', '"1.1234567"', '"1000000000 00:00:00"', '""', "90", "1.5", "true"),
    "number": ('"2"', "2", "3", "2.0", "true", "null", '""', "[1]", '{"a": 1}'),
    "colours": ('["g", "r", "g"]', "[]", '["b"]', '"r"', "null", '{"r": 1}', "[1]", '[["r"]]', "7"),
    "matrix": ("[]", '[[1], ["2"]]', '[[1], ["x", 2, "y"], 3, []]', "[1]", "[[], [], [], []]", '"x"', "{}", "null", "[null]", "[[null]]"),
    "scores": ('{"a": 1, "b": "2.5"}', "{}", '{"a": -1, "b": "x", "c": null}', "[]", '"x"', '{"": 1, "é": 1e16}', '{"a": 1, "a": 2}'),
    "anything": ('{"b": [1.0, 1e16], "a": null}', "null", '"text"', "123456789012345678901234567890", "[]", "false", '"\\u2028"'),
}  # fmt: skip


@scenario()
def serializer_fields(client):
    """Each kind of field, and what is odd about it."""
    for name, texts in ODD.items():
        for text in texts:
            send(client, "everything", f'{{"{name}": {text}}}')


@scenario()
def serializer_fields_in_forms(client):
    """Forms have texts only; an empty one is null where that is allowed, and absent where nothing is required."""
    names = list(ODD)
    each_way(client, "everything", (), [
        "&".join(f"{name}=" for name in names), "&".join(f"{name}=x" for name in names), *(f"{name}={value}" for name in names for value in ("", "1", "%00")),
        "matrix[0][0]=1&matrix[0][1]=2", "matrix[1]=2&matrix[0]=1", "matrix=1", "scores.a=1&scores.b=2.5", "scores.a=1&scores.a=2", "scores=", "colours=r&colours=g", "colours=r&colours=", "anything=%7B%22a%22%3A+1%7D", "anything=NaN", "anything=null", "when=2024-01-01T12%3A00%2B02%3A00", "when=2024-01-01T12:00+02:00", "agreed=on", "agreed=null", "price=1.5&price=2.5",
    ])  # fmt: skip


@scenario()
def serializer_errors_all_at_once(client):
    """Everything that is wrong is told, in the order of the fields."""
    for choice in (0, -1):
        members = (f'"{name}": {[text for text in texts if len(text) < 100][choice]}' for name, texts in reversed(ODD.items()))
        send(client, "everything", "{" + ", ".join(members) + "}")


@scenario()
def serializer_metadata(client):
    """OPTIONS tells of every kind of field: types, limits, choices, children, labels, help."""
    for name in ("person", "validated", "order", "everything", "labels", "computed", "formats"):  # Python tells its actions in any order
        client.options(f"/probe/serializers/{name}/", compare=("status", "headers", "body"))
    client.options("/probe/serializers/items/", compare=("status", "headers", "text"))


FORMATS = {
    "day": ('"29.02.2024"', '"9.2.2024"', '"2024-02-29"', '"30.02.2024"', '"29.02.24"', '"29.02.2024 "', '"29/02/2024"', '"٢٩.٠٢.٢٠٢٤"', "29022024", "null", '""', "[]"),
    "words": ('"29 February 2024"', '"1  MAY\\t2024"', '"1 Mai 2024"', '"31 April 2024"', '"1 May 0001"', '"2024-05-01"'),
    "time": ('"12:30 am"', '"12:30 PM"', '"1:05pm"', '"13:05 pm"', '"12:30"', "12"),
    "at": ('"1.7.2024 12:00"', '"1.1.2024 12:00"', '"31.03.2024 02:30"', '"27.10.2024 02:30"', '"2024-07-01T12:00"', '"2024-07-01T12:00Z"', '"2024-07-01T12:00-05:00"', '"2024-07-01"', '"1850-01-01T12:00"', '"1.7.2024"', '"9999-12-31T23:59Z"', '"x"'),
    "shown": ('"2024-01-01T12:00Z"', '"2024-07-01T12:00Z"', '"2024-07-01T12:00"', '"1850-01-01T12:00"', '"1.7.2024 12:00"'),
    "lasts": ('"1 02:00:00"', '"P1DT2H"', '"-1"', '"0"', "90.5", '"x"'),
    "big": ("9007199254740993", '"9007199254740993"', '"x"', "1.0", "1.5", "true", "-123456789012345678901234567890"),
    "price": ('"1.50"', '"100"', '"0.00"', '"1e2"', '"-0"', '"1.555"', '"NaN"'),
    "ratio": ('"1.50"', '"100"', '"1e2"', '"9999.99"', "0.1", '"x"'),
    "key": ("7", '"7"', '" 7 "', "7.9", '"7.0"', "true", "[]", "{}", '"x"', '""', "null"),
}  # fmt: skip


@scenario()
def serializer_formats(client):
    """Dates and times by formats of one's own, in a zone of one's own; numbers that answers write in other ways."""
    for name, texts in FORMATS.items():
        for text in texts:
            send(client, "formats", f'{{"{name}": {text}}}')
    each_way(client, "formats", ("{}", '{"key": true, "day": "x", "at": "x", "words": "x"}'), ("", "day=29.02.2024&at=1.7.2024+12:00", "day=&at=&key=", "day=x&words=x&time=x&at=x&shown=x&lasts=x&big=x&price=x&ratio=x&key=x"))


@scenario()
def serializer_of_its_own_mind(client):
    """Computed fields, fields that are asked by name, answers that are changed; what was sent is repeated as Python writes it."""
    each_way(client, "computed", ("{}", '{"name": "Ann"}', '{"name": "root", "age": "x"}', '{"name": "two", "age": 13}', '{"name": "fields"}', '{"name": "LATE"}', '{"name": "", "age": 13}', '{"name": "Ann", "age": null, "shout": "x"}', "[]"), ("name=Root&age=", "age=13"))
    for value in (r'["\u200b\u00a0\ufeff\u2028é🦀\u007f "]', r'{"a\u00ad": "\ue000", "\"": "\u0027"}', r'["\u0027\"", "\\\n\r\t\u0007", 1e400, -0.0, null, true, {}]'):
        send(client, "everything", f'{{"number": {value}}}')


@scenario()
def serializer_null_characters(client):
    """Texts have no null characters. (Halves of a pair are no JSON here: COMPATIBILITY.md, row 19.)"""
    for text in (r'"\u0000"', r'"a\u0000b"', r'"\ud83e\udd80"'):
        for name in ("name", "email", "password"):
            send(client, "person", f'{{"name": "Ann", "{name}": {text}}}')
