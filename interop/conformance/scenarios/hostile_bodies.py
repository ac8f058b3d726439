"""Bodies that nobody means well: numbers without end, repeated names, other types, names that are nearly lists."""
from harness import scenario

JSON, FORM = "application/json", "application/x-www-form-urlencoded"


def send(client, name, body, kind=JSON, method="POST"):
    body = body if isinstance(body, bytes) else body.encode()
    client.request(method, f"/probe/serializers/{name}/", body=body, content_type=kind, compare=("status", "text"))


@scenario()
def hostile_numbers(client):
    """Numbers of any size and kind, to fields that want other things too."""
    for n in ("NaN", "Infinity", "-Infinity", "1e309", "-1e309", "1e-400", "9"*400, "0."+"9"*400, "-0", "1E5", "1e+05", "0e0", "123456789012345678901234567890.5"):
        for f in ("count", "ratio", "price", "number", "anything", "uuid", "lasts", "agreed", "slug", "when"):
            send(client, "everything", f'{{"{f}": {n}}}')


@scenario()
def hostile_duplicates(client):
    """Of a repeated name the last value counts, at every depth."""
    for b in ('{"name":"Ann","name":1}', '{"name":"Ann","age":1,"age":"x"}', '{"name":"A","NAME":"B","name ":"C"}', '{"a":1,"name":"Ann","a":2}'):
        send(client, "person", b)
    send(client, "everything", '{"scores": {"a": 1, "b": 2, "a": "x"}, "anything": {"a":1,"a":2}}')


@scenario()
def hostile_types(client):
    """What a body says it is, and what it is."""
    for kind in ("", "text/plain", "application/xml", "application/json;charset=utf-16", "application/json; charset=\"utf-8\"", "multipart/form-data", "multipart/mixed; boundary=b", FORM, "application/jsonp", "*/*", "application/*", "x", "application/json;;", "APPLICATION/JSON", "application/json, application/json"):
        for body in (b"", b'{"name": "Ann"}', b"name=Ann", b" "):
            for method in ("POST", "PUT", "PATCH"):
                send(client, "person", body, kind, method)
    for method in ("POST", "PUT", "PATCH"):
        client.request(method, "/probe/serializers/person/", compare=("status", "text"))
        client.request(method, "/probe/serializers/items/", compare=("status", "text"))


@scenario()
def hostile_form_lists(client):
    """Lists and dictionaries in the names of a form, and what only looks like them."""
    for name, forms in {
        "order": ["tags[0]=a", "tags[]=a", "tags[a]=a", "tags[-1]=a", "tags[0]=a&tags[0]=b", "tags[00]=a&tags[0]=b", "tags[10]=a&tags[9]=b", "tags[0][0]=a", "tags[0]x=a", "tags[0].x=a", "tags[ 0]=a", "tags[0]=", "tags=a&tags[0]=b", "tags[0=a", "tags0]=a", "tags[99999999999999999999]=a", "tags[٣]=a",
                  "items[0]name=x&items[0]=y", "items[0]=y&items[0]name=x", "items[0]name=x&items[0]name=y", "items[0][name]=x", "items[0]name[0]=x", "items[0]=x", "items=x", "items[0].name=x", "items[1]name=x", "items[0]name=x&items[2]name=toolong",
                  "owner[name]=x", "owner.name=x", "owner.name.y=x", "owner..name=x", ".name=x", "owner.=x", "owner=x&owner.name=y", "owner.name=x&owner.name=y", "extra.a=1&extra.b=x", "extra[a]=1", "extra.=1", "extra=1", "flags=x&flags=x", "flags=", "flags[0]=x", "note=1&note=2", "note={", "note=NaN", "note=[1,2", "number=1&number=x", "number=x&number=1"],
        "everything": ["matrix[0]=1", "matrix[0][0]=1&matrix[1][0]=x", "matrix[0]=1&matrix[1][0]=2", "scores[a]=1", "scores.a.b=1", "colours[0]=r", "colours=r&colours=zz", "anything=", "anything[0]=1", "anything={\"a\":NaN}", "uuid=&ip=&slug="],
        "items": ["[0]name=a&[1]=b", "[0]name=a&[0]price=x", "0[name]=a", "[0][name]=a", "name=a", "[0]name=", "[1]name=a&[0]name=b&[2]price=1"],
    }.items():
        for form in forms:
            for method in (("POST", "PATCH") if name != "items" else ("POST",)):
                send(client, name, form, FORM, method)
