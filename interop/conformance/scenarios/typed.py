"""Handlers that take a type: of a body, of a query, of a part of the path."""
from harness import scenario

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
GOOD = '"name": "Lamp", "quantity": 2'


def send(client, body, kind=JSON):
    client.request("POST", "/probe/typed/body/", body=body.encode(), content_type=kind, compare=("status", "headers", "body"))


@scenario()
def typed_bodies(client):
    """A body that fits is taken, with its defaults; unknown names are not looked at."""
    for members in (
        GOOD, GOOD + ', "weight": 1.5', GOOD + ', "weight": 1', GOOD + ', "gift": true', GOOD + ', "tags": ["a", "b"]', GOOD + ', "tags": []', GOOD + ', "address": {"street": "S"}', GOOD + ', "address": {"street": "S", "number": 7}',
        GOOD + ', "colour": "red"', GOOD + ', "name": "Rug"', '"name": "é", "quantity": 0', '"name": "x", "quantity": 4294967295',
    ):  # fmt: skip
        send(client, "{" + members + "}")


@scenario()
def typed_bodies_that_do_not_fit(client):
    """The field is named, and what is wrong with it is said as DRF says it."""
    for members in (
        '"quantity": 2', '"name": "x"', '"name": null, "quantity": 2', '"name": "x", "quantity": null', '"name": "x", "quantity": "many"', '"name": "x", "quantity": 1.5', '"name": "x", "quantity": []', '"name": "x", "quantity": true', '"name": [], "quantity": 1', '"name": {}, "quantity": 1', '"name": true, "quantity": 1',
        GOOD + ', "weight": "heavy"', GOOD + ', "weight": []', GOOD + ', "gift": "maybe"', GOOD + ', "gift": []', GOOD + ', "gift": null', GOOD + ', "tags": "a"', GOOD + ', "tags": [[]]', GOOD + ', "tags": {}', GOOD + ', "address": []', GOOD + ', "address": "S"', GOOD + ', "address": {}', GOOD + ', "address": {"street": "S", "number": "x"}',
    ):  # fmt: skip
        send(client, "{" + members + "}")
    for body in ("[]", "null", "7", '"text"', "true", "{", "nul"):
        send(client, body)


@scenario()
def typed_bodies_from_forms(client):
    """Forms are texts, and are read as the type wants it."""
    for form in ("name=Lamp&quantity=2", "name=Lamp&quantity=2&weight=1.5&gift=on&tags=a&tags=b", "name=Lamp&quantity=2&address.street=S&address.number=7", "name=Lamp", "name=Lamp&quantity=x", "name=Lamp&quantity=2&gift=maybe", "name=Lamp&quantity=+2+", "name=a+b%26&quantity=1", "name=A&name=B&quantity=1"):
        send(client, form, FORM)


@scenario()
def typed_queries(client):
    """A query is read as a form is."""
    for query in ("", "page=2", "page=2&q=a+b", "page=x", "page=", "page=-1", "page=1&page=2", "exact=true", "exact=maybe", "ids=1&ids=2", "ids=1&ids=x", "q=%C3%A9", "unknown=1", "page=1.5"):
        client.get(f"/probe/typed/query/?{query}")


@scenario()
def typed_paths(client):
    """A part of the path that does not fit is an address that nobody has."""
    for path in (
        "int/7/", "int/007/", "int/x/", "int/-1/", "int/+1/", "int/1.0/", "int/%D9%A3/", "int/1_0/", "str/a%20b/", "str/%C3%A9/",
    ):  # fmt: skip
        answer = client.get(f"/probe/typed/{path}", compare=("status",))
        if answer.status == 200:
            client.log[-1]["body"] = answer.json
