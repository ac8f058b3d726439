"""Makes interop/vectors/serializers_*.json by running DRF's serializers in a view, with a body as a client sends it.

    python interop/golden/make_serializers.py

What is in a file stands in interop/vectors/README.md; the serializers are in serializers/kinds.py, the inputs in serializers/inputs.py.
"""
import datetime
import decimal
import json
import pathlib
import sys
import uuid
import warnings

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="x" * 50,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"],
    USE_TZ=True,
    TIME_ZONE="UTC",
    ALLOWED_HOSTS=["*"],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    },
)
django.setup()
warnings.simplefilter("ignore")

import rest_framework  # noqa: E402
from django.core.files.uploadedfile import UploadedFile  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from rest_framework.metadata import SimpleMetadata  # noqa: E402
from rest_framework.renderers import JSONRenderer  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402

sys.path.append(str(pathlib.Path(__file__).parent.parent / "reference"))
from serializers import inputs, kinds  # noqa: E402
from tutorial.serializers import Keyed  # noqa: E402

JSON, FORM, PARTS = "application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=b"


class Validate(APIView):
    """Answers what a serializer shows of a body; keeps what it made of it."""

    serializer, partial, kept = None, False, None

    def post(self, request):
        serializer = self.serializer(data=request.data, partial=self.partial)
        serializer.is_valid(raise_exception=True)
        self.kept.append(serializer.validated_data)
        if self.partial:  # a part of the fields cannot be shown without the object that it is a part of
            return Response(status=204)
        return Response(serializer.data)


def described(value):
    """A value as `type text`; lists and dictionaries of such."""
    if isinstance(value, dict):
        return {key: described(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [described(item) for item in value]
    if isinstance(value, Keyed):
        return f"int {value.pk}"
    if isinstance(value, UploadedFile):
        return f"file {value.name} {value.read().decode()}"
    if isinstance(value, datetime.datetime) and value.tzinfo:
        value = value.astimezone(datetime.timezone.utc)
    if isinstance(value, datetime.timedelta):
        return f"timedelta {value // datetime.timedelta(microseconds=1)}"
    shown = {bool: str, int: str, float: repr, decimal.Decimal: str, uuid.UUID: str}
    for kind in (datetime.datetime, datetime.date, datetime.time):
        shown[kind] = kind.isoformat
    return "None" if value is None else f"{type(value).__name__} {shown.get(type(value), str)(value)}"


def case(serializer, body, kind=JSON, partial=False):
    kept = []
    view = Validate.as_view(serializer=staticmethod(serializer), partial=partial, kept=kept)
    found = {"body": body}
    if kind == FORM:
        found["form"] = True
    if kind == PARTS:
        found["multipart"] = True
    if partial:
        found["partial"] = True
    try:
        response = view(RequestFactory().generic("POST", "/", body.encode(), CONTENT_TYPE=kind))
        text = response.render().content.decode()
    except Exception as error:  # what Django answers with 500
        return {**found, **value(kept), "raises": type(error).__name__}
    return {**found, **(value(kept) or {"errors": json.loads(text)}), **(shown(text) if kept else {})}


def value(kept):
    return {"value": described(kept[0])} if kept else {}


def shown(text):
    """The answer, or how long it is: a Decimal of no bounds may have a million digits."""
    if not text:
        return {}
    return {"shown": text} if len(text) < 20000 else {"shown_length": len(text)}


def options(serializer):
    return JSONRenderer().render(SimpleMetadata().get_serializer_info(serializer())).decode()


def bodies(field_inputs):
    """Bodies in JSON with a `value`, with each text once."""
    texts = dict.fromkeys([*inputs.EVERY, *field_inputs])
    return ["{}", *(f'{{"value": {text}}}' for text in texts)]


def of_field(name, field, field_inputs):
    serializer = kinds.single(field)
    forms = [*inputs.FORMS, *OWN_FORMS.get(name.partition("_")[0], [])]
    cases = [case(serializer, body) for body in bodies(field_inputs)]
    cases += [case(serializer, body, FORM) for body in forms]
    cases += [case(serializer, multipart(*part), PARTS) for part in FILES if name.startswith("file")]
    cases += [case(serializer, "{}", partial=True), *(case(serializer, body, FORM, True) for body in forms[:2])]
    return {"name": name, "python": repr(serializer()), "options": options(serializer), "cases": cases}


# What stands behind the name of a part, and what the part holds.
FILES = [("", "abc"), ("", ""), ('; filename="a.txt"', "abc"), ('; filename="a.txt"', ""), ('; filename=""', "abc"), ('; filename="abcdef.txt"', "x"), ('; filename="é日本語x"', "x"), ('; filename="../../a"', "x"), ('; filename="C:\\a\\b"', "x"), ('; filename=" "', "x"), ('; filename="."', "x"), ('; filename="a/"', "x")]  # fmt: skip


def multipart(more, content):
    return f'--b\r\nContent-Disposition: form-data; name="value"{more}\r\n\r\n{content}\r\n--b--\r\n'


OWN_FORMS = {
    "boolean": ["value=on", "value=null", "value=off"],
    "list": ["value[1]=2&value[0]=1", "value[0]=1&value=2", "value[2]=x&value[0]=", "value[]=1", "value[0][0]=1&value[0][1]=2", "value[0]a=1&value[0]b=2"],
    "dict": ["value.a=1&value.b=2", "value.a=1&value.a=2", "value.=1", "value.a=&value.b=x", "value.a.b=1"],
    "multiple": ["value=a&value=b", "value=a&value=a", "value=1&value=2", "value=a&value=zz"],
    "choice": ["value=a", "value=2"],
    "json": ["value=%7B%22a%22%3A+1%7D", "value=NaN", "value=1e400", "value=%22x%22", "value=null"],
    "nested": ["value.name=x&value.price=1", "value.name=", "value=x&value.name=y"],
    "many": ["value[0]name=x&value[1]name=y", "value[0]name=&value[1]price=1", "value[1]name=x"],
    "decimal": ["value=1.5&value=1e1", "value=+2.5+"],
    "datetime": ["value=2024-01-01T12%3A00%2B02%3A00", "value=2024-01-01T12:00+02:00"],
}  # fmt: skip


def of_several(name, serializer, texts, forms):
    cases = [case(serializer, body) for body in texts] + [case(serializer, body, FORM) for body in forms]
    cases += [case(serializer, body, partial=True) for body in texts]
    cases += [case(serializer, body, FORM, True) for body in forms]
    return {"name": name, "python": repr(serializer()), "options": options(serializer), "cases": cases}


def written(name, values):
    """What the serializer of a field shows of objects."""
    fields = {**kinds.TEXT, **kinds.NUMERIC, **kinds.TIMES, **kinds.CONTAINERS}
    serializer = kinds.single(fields[name][0])()
    return {"name": name, "python": repr(serializer), "cases": [represented(serializer, value) for value in values]}


def represented(serializer, value):
    found = {"value": described(value)}
    try:
        return {**found, "shown": JSONRenderer().render(serializer.to_representation({"value": value})).decode()}
    except Exception as error:  # what Django answers with 500
        return {**found, "raises": type(error).__name__}


def write(name, serializers):
    head = f'"source": "made by interop/golden/make_serializers.py, running Django REST framework {rest_framework.VERSION}"'
    text = f"{{\n{head},\n" + '"serializers": [\n' + ",\n".join(map(member, serializers)) + "\n]\n}\n"
    path = pathlib.Path(__file__).parent.parent / "vectors" / f"serializers_{name}.json"
    path.write_text(text)


def member(serializer):
    cases = ",\n".join("  " + line(case) for case in serializer.pop("cases"))
    return f'{line(serializer)[:-1]}, "cases": [\n{cases}\n]}}'


def line(value):
    """One line of JSON; what no UTF-8 can hold is left out, since nobody could answer it."""
    try:
        text = json.dumps(value, ensure_ascii=False)
        text.encode()
    except UnicodeEncodeError:
        text = json.dumps({key: item for key, item in value.items() if key != "value"})
    return text


def main():
    for name in ("text", "numeric", "times", "containers"):
        made = getattr(kinds, name.upper())
        write(name, [of_field(key, *value) for key, value in made.items()])
    write("written", [written(*told) for told in inputs.WRITTEN.items()])
    write("several", [of_several(key, *value) for key, value in kinds.SEVERAL.items()])


if __name__ == "__main__":
    main()
