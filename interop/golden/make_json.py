"""Makes interop/vectors/json_bodies.json: what DRF's parser reads of bodies in JSON, and what its renderer writes of that.

    python interop/golden/make_json.py

What is in the file stands in interop/vectors/README.md.
"""
import base64
import json
import pathlib
import struct

import django
from django.conf import settings

settings.configure(
    SECRET_KEY="x" * 50,
    INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "rest_framework"],
    ALLOWED_HOSTS=["*"],
    REST_FRAMEWORK={
        "DEFAULT_AUTHENTICATION_CLASSES": [],
        "DEFAULT_PERMISSION_CLASSES": [],
        "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    },
)
django.setup()

import rest_framework  # noqa: E402
from django.test import RequestFactory  # noqa: E402
from rest_framework.renderers import JSONRenderer  # noqa: E402
from rest_framework.response import Response  # noqa: E402
from rest_framework.views import APIView  # noqa: E402


class Echo(APIView):
    """Answers what it read."""

    def post(self, request):
        return Response(request.data)


NUMBERS = [
    "0", "-0", "1", "-1", "01", "-01", "00", "+1", "1.", ".5", "-.5", "1.0", "-0.0", "0.0", "1.50", "1e5", "1E5", "1e+5", "1E-5", "1e", "1e+", "1.e5", "0e0", "-0e-5", "1_0", "0x1", "--1", "-", "- 1", "1 2", "1,", "１", "٣", "1f", "1L",
    "9007199254740993", "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615", "18446744073709551616", "340282366920938463463374607431768211456", "9" * 100, "9" * 4300, "9" * 4301, "-" + "9" * 4300, "-" + "9" * 4301, "0" * 4301,
    "1e15", "1e16", "1e17", "1e21", "1e22", "123456789012345678.0", "1e-4", "1e-5", "0.0001", "0.00001", "5e-324", "2e-324", "3e-324", "1e-400", "2.2250738585072014e-308", "1.7976931348623157e308", "1.7976931348623158e308", "1.7976931348623159e308", "1e308", "1e309", "1e400", "-1e400", "1e99999999999999999999", "1e-99999999999999999999",
    "0.1", "0.30000000000000004", "0.1" + "0" * 50, "1.0000000000000002", "1.00000000000000011102230246251565", "100000000000000000000.0", "9007199254740993.0", "4.35", "2.675", "1.1e1", "179769313486231580793728971405301e276", "0." + "0" * 320 + "49e1", "9" * 400 + ".0", "1" + "0" * 400 + "e-400",
    "NaN", "Infinity", "-Infinity", "nan", "inf", "-inf", "-NaN", "[NaN]", '{"a": Infinity}',
]  # fmt: skip
TEXTS = [
    '""', '"a"', '"é"', '"日本"', '"🦀"', r'"\u00e9"', r'"\u00E9"', r'"\ud83e\udd80"', r'"\uD83E\uDD80"', r'"\ud800"', r'"\udc00"', r'"\ud800\ud800"', r'"\udc00\ud800"', r'"\ud83e\u0041"', r'"\ud83e x"', r'"\u0000"', r'"a\u0000b"', r'"\u"', r'"\u12"', r'"\u12g4"', r'"\u+123"', r'"\u 123"', r'"\u1_23"', r'"\u١٢٣٤"', r'"\x41"', r'"\a"', r'"\0"', r'"\U00000041"', r'"\/"', r'"\b\f\n\r\t\"\\"', r'"\u2028\u2029"', '"\u2028\u2029"', '"\x7f"', r'"\u007f\u0080"', '"\x80"', '"\ufeff"', '"\ufffe\uffff"', '"<>&\'"',
    '"\n"', '"\t"', '"\r"', '"\x00"', '"\x1f"', '"\x01"', '"a', "'a'", '"a\\', '"\\', '"', '"a"b', '"a" "b"', "\u201ca\u201d", '"\\u00', '"\\ud83e\\udd', '"\\ud83e\\', '"\\ud83e\\u', '"\\ud83e\\uzzzz"', '"' + "a" * 1000 + '"',
]  # fmt: skip
SHAPES = [
    "", " ", "\n\t\r ", "\x0b1", "\x0c1", "\u00a01", "\u20281", "\x1c1", " 1 ", "1\x00", "\x001", "\ufeff1", "1\ufeff", "null", "nul", "Null", "NULL", "None", "nullx", "true", "True", "TRUE", "tru", "false", "False", "truefalse", "undefined",
    "[]", "[ ]", "[1]", "[1,2]", "[1, 2]", "[1,]", "[,1]", "[,]", "[1 2]", "[1;2]", "[", "]", "[1", "[1,", "[[", "[]]", "[]x", "[] []", "[1]//x", "/*x*/[1]", "#x\n1", "[\n1\n,\n2\n]", "[\x0b1]", "[1,\u00a02]", "[\x0c]", "[null,true,false,\"\",0,{}]",
    "{}", "{ }", '{"a":1}', '{ "a" : 1 }', '{"a":1,}', '{,"a":1}', '{"a":1 "b":2}', '{"a" 1}', '{"a":}', '{"a"}', '{"a":1', '{"a":', '{"a"', '{"', "{", "}", "{a:1}", "{'a':1}", "{1:1}", "{null:1}", '{"a":1}{"b":2}', '{"a":1},', '{"a"::1}', '{"a":1;"b":2}', '{"a":1}x', '{"a":1\n,\n"b":2}', '{"a":1}\n\n', '{"a"\x0b:1}', '{"a":\x0c1}', '{"a":1,\u00a0"b":2}',
    '{"a":1,"a":2}', '{"a":1,"b":2,"a":3}', '{"":1}', '{"":1,"":2}', '{"a":{"b":1,"b":2},"a":{"c":3}}', '{"\\u0061":1,"a":2}', '{"a":[],"a":null}', '{"b":1,"a":2,"B":3,"é":4,"\\ud83e\\udd80":5}', '{"\\ud800":1}', '{"\\u0000":1}', '{"__proto__":1}', '{"é":1,"e\u0301":2}', '{"10":1,"9":2,"1":3}',
    "[" * 40 + "]" * 40, '{"a":' * 40 + "1" + "}" * 40, "[" * 100000, '{"a":' * 100000, "[" * 40, "[" * 40 + "]" * 39, "[" * 40 + "]" * 41,
]  # fmt: skip
BYTES = [
    b"\xff", b'"\xff"', b'"\xc3"', b'"\xc3\x28"', b'"\xed\xa0\x80"', b'"\xf4\x90\x80\x80"', b'"\xc0\x80"', b'"\xe2\x82"', b"1\xff", b"{\xff", b"\xef\xbb\xbf{}", b"\xef\xbb\xbf", b"\xff\xfe1\x00", b"\xfe\xff\x001",
    '{"a":"é"}'.encode("utf-16"), '{"a":"é"}'.encode("utf-16-le"), '{"a":"é"}'.encode("utf-16-be"), '{"a":"é"}'.encode("utf-32"), '{"a":"é"}'.encode("latin-1"), b"\x001", b"1\x00", b"[1,\x00 2]",
]  # fmt: skip
CHARSETS = ["utf-8", "UTF8", "utf_8", "utf-8-sig", "us-ascii", "latin-1", "iso-8859-1", "windows-1252", "utf-16", "utf-16-le", "utf-16be", "utf-32", "utf-7", "nonsense", "", "idna", "rot13", "hex", "unicode_escape", "ascii"]


def case(body, kind="application/json"):
    found = {"body": body.decode()} if is_text(body) else {"base64": base64.b64encode(body).decode()}
    if kind != "application/json":
        found["content_type"] = kind
    try:
        response = Echo.as_view()(RequestFactory().generic("POST", "/", body, CONTENT_TYPE=kind))
        text = response.render().content.decode()
    except RecursionError:
        return {**found, "raises": "RecursionError"}
    except Exception as error:  # what Django answers with 500
        return {**found, "raises": f"{type(error).__name__}: {error}"}
    if response.status_code == 200:
        return {**found, "answer": text}
    return {**found, "status": response.status_code, "detail": json.loads(text)["detail"]}


def is_text(body):
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def charset(name):
    bodies = ['{"a":"é"}'.encode(), '{"a":"é"}'.encode("latin-1"), '{"a":"é"}'.encode("utf-16"), b"{}"]
    return [case(body, f"application/json; charset={name}") for body in bodies]


FLOATS = [
    0.0, -0.0, 1.0, 1.5, 1e15, 123456789012345.6, 1e16, 1e17, 1.5e300, 1e-4, 1e-5, 1.5e-7, 5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, 0.1, 0.30000000000000004, 1 / 3, 2 / 3, 100.0, 9007199254740992.0, 1e21, 1e22, 1e23, 4.35, 2.675, 1e100, 123456789.123456789,
]  # fmt: skip


def written():
    """Floats by their bits, and how DRF writes them."""
    return [{"bits": f"{int.from_bytes(struct.pack('>d', value)):016x}", "answer": JSONRenderer().render(value).decode()} for value in FLOATS]


def main():
    cases = [case(text.encode()) for text in NUMBERS + TEXTS + SHAPES] + [case(body) for body in BYTES]
    groups = {"bodies": shortened(cases), "charsets": [found for name in CHARSETS for found in charset(name)], "floats": written()}
    head = f'"source": "made by interop/golden/make_json.py, running Django REST framework {rest_framework.VERSION}"'
    lists = ",\n".join(f'"{name}": [\n' + ",\n".join(map(line, found)) + "\n]" for name, found in groups.items())
    path = pathlib.Path(__file__).parent.parent / "vectors" / "json_bodies.json"
    path.write_text(f"{{\n{head},\n{lists}\n}}\n")


def shortened(cases):
    """Bodies of one text again and again are `repeat` and `times`."""
    for found in cases:
        for text in ("[", '{"a":'):
            if found.get("body") == text * 100000:
                found.update(repeat=text, times=100000)
                del found["body"]
    return cases


def line(value):
    return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    main()
