"""The product views and what is odd: spellings, repeated names, forms in parts, ids, OPTIONS, numbers of any size."""
import json
from urllib.parse import quote

from forge import token
from harness import scenario

ALICE, BOB = token("alice"), token("bob")
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


def create(client, **fields):
    """Create a product by raw JSON texts: `price='1e400'` is a number, `price='"1"'` a text."""
    fields = {"name": '"Lamp"', "price": '"9.99"', **fields}
    body = "{" + ", ".join(f'"{name}": {value}' for name, value in fields.items()) + "}"
    return raw(client, body)


def raw(client, body, kind=JSON, method="POST", path="/products/", **more):
    """A request; a product that it makes is taken away again, so that a difference does not become another one later."""
    body = body if isinstance(body, bytes) else body.encode()
    answer = client.request(method, path, body=body, content_type=kind, headers=ALICE, **more)
    if answer.status == 201:
        client.sql("DELETE FROM tutorial_product WHERE id = ?", answer.json["id"])
        client.log[-1].get("body", {})["id"] = "<new>"
    return answer


def own(client, number):
    """The address of a fresh product of Alice's with that id."""
    made = client.post("/products/", json_body={"name": "Lamp", "price": "9.99"}, headers=ALICE, compare=("status",)).json["id"]
    client.sql("DELETE FROM tutorial_product WHERE id = ?", number)
    client.sql("UPDATE tutorial_product SET id = ? WHERE id = ?", number, made)
    return f"/products/{number}/"


@scenario()
def products_price_spellings(client):
    """Texts that Python's decimal reads, and some that it does not."""
    for price in (
        "1e2", "1E+2", "1e-2", "1e-3", "15e-1", "1e7", "1e8", "1e10", "0e5", "0e20", "0e-2", "0e-3", "-0", "-0.00", "0.000", "00001.5", ".5", "5.", ".",
        "+3.2", "--1", "1_000.5", "1__0", "_1", "1_", "1e1_0", "١.٥", "１２.５", "²", "1,5", "$1", "0x1", "1 5", "1.5.5", "∞", "",
        " ", "\u00a04\u3000", "\t4\n", "\u200b4", "\ufeff4", "NaN", "sNaN", "nan12", "-nan", "Infinity", "-inf", "1e1000000", "1e-1000000", "1e9999999999999999999999", "0e9999999999999999999999",
        "12345678.9", "12345678.901", "123456789", "1234567890", "12345678901", "0.01", "0.001", "0.010", "9" * 1000, "9" * 1001, "0" * 1001, " " * 1001 + "1", "1\u0000",
    ):  # fmt: skip
        create(client, price=json.dumps(price))


@scenario()
def products_price_numbers(client):
    """Numbers are read by their spelling in Python: floats by their shortest one, integers of any size."""
    for price in (
        "1.55", "1.555", "0.1", "1e2", "1e-2", "1.10", "1e10", "12345678.9", "123456789.1", "-0", "-0.0", "0.30000000000000004", "1e16", "1e400", "-1e400", "1e-400",
        "123456789012345678901234567890", "9007199254740993", "9" * 400, "true", "false", "null", "[]", "{}", "[1]", '{"a": 1}',
    ):  # fmt: skip
        create(client, price=price)


@scenario()
def products_boolean_words(client):
    """The words of a boolean, in any case, without blanks; those for null are none here."""
    for value in (
        "t", "T", "y", "Y", "Yes", "YES", "On", "ON", "TRUE", "tRuE", "f", "F", "n", "N", "No", "Off", "OFF", "FALSE", "null", "Null", "none", "None", "", " ", " true", "true ", "1.0", "01", "-1",
        "ＴＲＵＥ", "oui", "true\u0000",
    ):  # fmt: skip
        create(client, in_stock=json.dumps(value))
    for value in ("1.0", "0.0", "-0.0", "-0", "1.1", "1e0", "10e-1", "1e400", "123456789012345678901234567890", "[]", "{}", "[true]", "null"):
        create(client, in_stock=value)


@scenario()
def products_boolean_words_in_a_form(client):
    """In a form too; an empty one is false, as a checkbox that is not ticked."""
    for value in ("on", "ON", "y", "null", "", "+", "1.0", "2", "off"):
        raw(client, f"name=Rug&price=1&in_stock={value}", FORM)
    client.post("/products/", multipart={"name": "Rug", "price": "1", "in_stock": "null"}, headers=ALICE)
    client.post("/products/", multipart={"name": "Rug", "price": "1", "in_stock": ""}, headers=ALICE)


@scenario()
def products_texts(client):
    """Blanks at the ends are cut, characters are counted, numbers are texts too."""
    for name in (
        "  Lamp  ", "\u3000Lamp\u00a0", "\x1cLamp\x1f", "\u200bLamp", "\ufeffLamp", "\u3000", "\u200b", "x" * 100, "x" * 101, "é" * 100, "🦀" * 100, "🦀" * 101, " " + "x" * 100 + " ", "a\nb", "\x00", "a\x00b", "\x00 ",
        "\u2028", "\ufffe", "\u202e", "e\u0301", "<b>&amp;</b>", "'; DROP TABLE tutorial_product; --", '"', "\\",
    ):  # fmt: skip
        create(client, name=json.dumps(name), category=json.dumps(name[:50]))
    for name in ("0", "-0", "1.5", "1.0", "-0.0", "1e16", "1e-7", "1e22", "1e400", "123456789012345678901234567890", "0.1", "true", "null", "[]", "{}", r'"\u00e9"', r'"\ud83e\udd80"'):
        create(client, name=name)


@scenario()
def products_repeated_names(client):
    """Of several values of one name the last counts, in JSON and in forms."""
    raw(client, '{"name": "A", "price": "1", "name": "B", "price": "2", "category": "x", "category": ""}')
    raw(client, '{"name": "A", "price": "1", "name": null}')
    raw(client, r'{"name": "A", "price": "1", "n\u0061me": "C"}')
    raw(client, "name=A&name=B&price=1&price=2&category=x&category=", FORM)
    raw(client, "name=A&price=1&in_stock=true&in_stock=false", FORM)
    raw(client, "name=A&price=1&in_stock=false&in_stock=", FORM)
    parts = [("name", "A"), ("name", "B"), ("price", "1"), ("price", "x"), ("price", "3")]
    raw(client, multipart(parts), "multipart/form-data; boundary=b")


def multipart(parts, boundary="b"):
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'
    return "".join(head % part for part in parts) + f"--{boundary}--\r\n"


@scenario()
def products_odd_forms(client):
    """Plus and percent, brackets, empty names, null characters, bytes that are no UTF-8."""
    for form in (
        "", "&", "=", "name", "name=&price=", "name=a+b&price=+1+", "name=a%2Bb&price=%2B1", "name=%00&price=1", "name=a%00b&price=1%00", "name=%FF%FE&price=1", "name=%E9&price=1", "name=%&price=1", "name=%zz&price=1", "name=a;price=1", "name=a&price=1;in_stock=1", "name[]=a&price=1", "name[0]=a&price=1", "name.x=a&price=1",
        "NAME=a&price=1", " name=a&price=1", "%6Eame=a&price=1", "name=a&price=1&id=1&owner=2&colour=red", "name=a&price=1=1", "name=a=b&price=1", "name=é&price=1", "name=%F0%9F%A6%80&price=1", "name=%ED%A0%80&price=1",
    ):  # fmt: skip
        raw(client, form, FORM)
    for kind in (FORM + "; charset=utf-8", FORM + "; charset=nonsense", FORM.upper()):
        raw(client, b"name=%C3%A9&price=1&category=\xc3\xa9", kind)


@scenario()
def products_partial_forms(client):
    """PATCH by a form changes what is in it: an absent checkbox stays as it was."""
    path = own(client, 701)
    for form in ("name=Rug", "in_stock=false", "category=", "", "price=", "name=", "in_stock=", "in_stock=maybe&name=", "price=12.345", "unknown=1", "name=A&name=B"):
        raw(client, form, FORM, "PATCH", path)
        client.get(path, headers=ALICE)
    for parts in ([("name", "Mat")], [("in_stock", "true")], [("in_stock", "")], [("price", "x")], []):
        raw(client, multipart(parts), "multipart/form-data; boundary=b", "PATCH", path)
    client.get(path, headers=ALICE)


@scenario()
def products_whole_forms(client):
    """PUT by a form wants everything; an absent checkbox is what the serializer says of one."""
    path = own(client, 702)
    for form in ("name=Rug&price=3", "name=Rug&price=3&in_stock=true&category=x", "name=Rug&price=3&in_stock=", "name=Rug", "category=x", ""):
        raw(client, form, FORM, "PUT", path)
    raw(client, multipart([("name", "Mat"), ("price", "4")]), "multipart/form-data; boundary=b", "PUT", path)


@scenario()
def products_bodies_that_are_no_object(client):
    """A serializer wants an object, and names what it got."""
    path = own(client, 703)
    for body in ("[]", "null", "7", "1.5", '"text"', "true", "[{}]", '[{"name": "A", "price": "1"}]', "123456789012345678901234567890", "{}"):
        raw(client, body)
        raw(client, body, method="PUT", path=path)
        raw(client, body, method="PATCH", path=path)


@scenario()
def products_order_of_errors(client):
    """Errors stand in the order of the fields, whatever the order of the body."""
    order = ("status", "text")
    raw(client, '{"in_stock": "x", "price": "y", "category": null, "name": ""}', compare=order)
    raw(client, "{}", compare=order)
    raw(client, '{"price": [], "name": {}}', compare=order)
    raw(client, "in_stock=x&price=y&name=", FORM, compare=order)
    client.get("/products/1/", headers=ALICE, compare=order)


def only_seeded(client):
    """Without what other scenarios left behind."""
    client.sql("DELETE FROM tutorial_product WHERE id > 6")


@scenario()
def products_null_characters_in_filters(client):
    """A text to look for has none; other filters do not see them as texts."""
    only_seeded(client)
    for query in (
        "name=a%00b", "name=%00", "category=%00", "category=tools%00", "name=%00&category=%00&min_price=x", "in_stock=%00", "in_stock=true%00", "min_price=%00", "min_price=1%00", "unknown=%00", "%00=1",
    ):  # fmt: skip
        client.get(f"/products/?{query}&max_price=61", headers=ALICE)


@scenario()
def products_filter_numbers(client):
    """A price to look for is a Decimal: its spellings, and what is too large."""
    only_seeded(client)
    for price in (
        "30.5", "+30.5", "3.05e1", "305E-1", " 30.5 ", "30_5e-1", "٣٠.٥", "３０.５", "-1", "-0", "1e2", "1e50", "1e51", "-1e51", "1e400", "NaN", "sNaN", "Infinity", "-inf", "0x1", "30,5", "1__0", ".", "", "null", "true",
        "9" * 50, "9" * 51, "9" * 1001, "0." + "0" * 1000 + "1",
    ):  # fmt: skip
        client.get(f"/products/?min_price={quote(price)}&max_price=61", headers=ALICE)


@scenario()
def products_filter_words(client):
    """Booleans in filters have other words; texts are looked for as they are, but for blanks at the ends."""
    only_seeded(client)
    for value in ("true", "True", "TRUE", "1", "2", "3", "0", "false", "False", "on", "unknown", "null", "", " true "):
        client.get(f"/products/?in_stock={quote(value)}&max_price=61&name=Product", headers=ALICE)
    for query in ("name=PRODUCT", "name=duct%203", "name=%25", "name=_", "name=%5C", "name=+Product+", "name=%09", "category=TOOLS", "category=tools%20", "category=tool", "name=product%201&name=product%202", "category=tools&category=toys", "name=%FF", "name=%C3%9F", "Name=1", "name[]=1", "name=1;category=toys", "&&", "=", "name"):
        client.get(f"/products/?{query}&max_price=61&min_price=10", headers=ALICE)


@scenario()
def products_odd_addresses(client):
    """An id is ASCII digits of any number."""
    for path in (
        "/products/1%2F/", "/products/%31/", "/products/+1/", "/products/1%20/", "/products/%201/", "/products/1%00/", "/products/%D9%A3/", "/products/%EF%BC%91/", "/products/%C2%B2/", "/products/1_0/", "/products/1e1/", "/products/0/", "/products/001/", "/products/1//", "//products/1/", "/products/./1/", "/products/../products/1/", "/products/1/?x=1", "/products/1;x=1/", "/products/1/%2F",
        "/products/9223372036854775807/", "/products/9223372036854775808/", "/products/" + "9" * 100 + "/", "/products/" + "0" * 100 + "1/",
    ):  # fmt: skip
        client.get(path, headers=ALICE, compare=("status",))
    for path in ("/products/1", "/products/99999"):
        client.get(path, headers=ALICE, compare=("status", "headers"))
    client.get("/products/99999/", headers=ALICE)
    client.get("/products/99999/")
    client.delete("/products/99999/", headers=ALICE)
    client.patch("/products/99999/", json_body={"price": "x"}, headers=ALICE)


@scenario()
def products_options(client):
    """`actions.POST` for those who may create, `actions.PUT` for those who may change this one."""
    path = own(client, 704)
    for address in ("/products/", path, "/products/4/", "/products/99999/", "/catalog/", "/catalog/1/", "/public-catalog/"):
        for who in ("alice", "bob", "root", None):
            client.options(address, headers=token(who) if who else {}, compare=("status", "headers", "body"))


@scenario()
def products_options_for_those_with_permissions(client):
    """Django's permissions decide which actions are told."""
    for name, password in (("erin", "editor-555"), ("dave", "premium-123")):
        for address in ("/catalog/", "/catalog/1/", "/products/1/"):
            client.options(address, headers=client.basic(name, password))


@scenario()
def products_options_to_the_byte(client):
    """Members of OPTIONS stand in DRF's order."""
    path = own(client, 705)
    for address in ("/products/", path, "/api/token/", "/api-token-auth/", "/api/token/refresh/"):
        client.options(address, headers=ALICE, compare=("status", "text"))


@scenario()
def products_media_types(client):
    """What a body says it is decides how it is read."""
    body = b'{"name": "A", "price": "1"}'
    for kind in (JSON, JSON + ";charset=utf-8", "Application/JSON", "application/json ; x=y", "application/vnd.api+json", "text/json", "application/*", "*/*", "text/plain", "", " ", ";", "application/json, text/plain", "application/jsonx"):
        raw(client, body, kind)
    client.request("POST", "/products/", body=body, headers=ALICE)
    client.request("POST", "/products/", headers=ALICE)
    client.request("PUT", "/products/1/", headers=ALICE)
    raw(client, "name=A&price=1", "multipart/form-data")


@scenario()
def numbers_to_the_byte(client):
    """What comes in goes out as Python writes it: integers of any size, floats by their shortest spelling."""
    for number in (
        "0", "-0", "-0.0", "1.0", "1.50", "1e5", "1e15", "1e16", "1e21", "1e22", "1E-5", "0.0001", "0.00001", "5e-324", "1e-400", "1.7976931348623157e308", "123456789.123456789", "0.30000000000000004", "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775809", "18446744073709551616",
        "123456789012345678901234567890", "-123456789012345678901234567890", "9" * 4300, "100000000000000000000.0", "9007199254740993.0", "4.35", "2.675",
    ):  # fmt: skip
        raw(client, f'{{"n": [{number}]}}', path="/home/", compare=("status", "text"))
    raw(client, "9" * 4301, path="/home/", compare=("status",))


@scenario()
def texts_to_the_byte(client):
    """Texts and names go out as they came; the last of a repeated name counts, at the place of the first."""
    for body in (
        r'{"b": 1, "a": 2, "b": 3}', r'{"\u0061": 1, "a": 2}', r'"\u2028\u2029\u00e9\ud83e\udd80\u007f\u0080\u0000\b\f\n\r\t\/"', '"é日本🦀<>&\'\u2028"', r'{"": {"": []}}', r'{"é": 1, "e\u0301": 2}', "[ ]", '{"10": 1, "9": 2}', "null", "true", '""',
    ):  # fmt: skip
        raw(client, body, path="/home/", compare=("status", "text"))


@scenario()
def malformed_json_is_refused(client):
    """What Python's json does not read is 400."""
    for body in (
        "01", "-01", "+1", "1.", ".5", "1e", "1_0", "0x1", "- 1", "NaN", "Infinity", "-Infinity", "[NaN]", "[1,]", "[,1]", '{"a":1,}', "{'a':1}", "{a:1}", '{"a" 1}', '"a', "'a'", '"\n"', '"\t"', '"\x00"', r'"\x41"', r'"\u12"', r'"\u12g4"', "[1] x", "[]]", "\ufeff{}", "\u00a0{}", "\x0b{}", "{}\x00", "nullx", "None", "True", "//x\n1", "[" * 40, "]",
    ):  # fmt: skip
        raw(client, body, path="/home/", compare=("status", "headers", "body"))
    for body in (b"\xff", b'"\xff"', b'"\xed\xa0\x80"', b'"\xc0\x80"', b"\xef\xbb\xbf{}", '{"a":"é"}'.encode("utf-16"), '{"a":"é"}'.encode("latin-1")):
        raw(client, body, path="/home/")


@scenario()
def json_in_other_charsets(client):
    """The charset of the type decides how JSON is read."""
    for charset in ("utf-8", "UTF8", "utf_8", '"utf-8"', "us-ascii", "latin-1", "iso-8859-1", "windows-1252", "utf-16", "utf-16-le", "nonsense", "", "rot13"):
        for body in ('{"a":"é"}'.encode(), '{"a":"é"}'.encode("latin-1"), b"{}"):
            raw(client, body, f"application/json; charset={charset}", path="/home/")
