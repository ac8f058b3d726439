"""Makes interop/vectors/date_formats.json by running Python's `strptime` and `strftime`.

    python interop/golden/make_date_formats.py

The vectors are read by the tests of `doorward-django`. `strptime` holds what a text says by a format (`null` for an error), `strftime`
how a moment is written by one.
"""
import datetime
import itertools
import json
import os
import pathlib
import re
import time
from zoneinfo import ZoneInfo

os.environ["TZ"] = "UTC"  # as Django does by TIME_ZONE
time.tzset()

# A format, and texts for it.
TEXTS = {
    "%d.%m.%Y": ["29.02.2024", "29.2.2024", "9.2.2024", " 9.2.2024", "  9.2.2024", "30.02.2024", "00.01.2024", "32.01.2024", "1.13.2024", "1.1.24", "1.1.20244", "1.1.2024 ", "01.01.0000", "1.1.0001", "٢٩.٠٢.٢٠٢٤", "2٩.02.2024", "٣1.01.2024", "１.1.2024", "01-01-2024", "1.1.2024\n", "", "."],
    "%Y-%m-%d %H:%M:%S.%f": ["2024-01-02 03:04:05.6", "2024-01-02 03:04:05.654321", "2024-01-02 03:04:05.6543217", "2024-01-02  3:4:5.000001", "2024-01-02\t03:04:05.1", "2024-01-02\u00a003:04:05.1", "2024-01-02\x1f03:04:05.1", "2024-01-0203:04:05.1", "2024-01-02 24:00:00.0", "2024-01-02 23:59:60.0", "2024-01-02 23:59:61.0", "2024-01-02 23:60:00.0", "2024-01-02 03:04:05.", "2024-01-02 03:04:05.٣"],
    "%m/%d/%y": ["02/29/24", "2/9/68", "2/9/69", "2/9/99", "2/9/00", "2/9/2024", "2/9/4", "12/31/2٣"],
    "%d%m%Y": ["01022024", "1022024", "112024", "1112024", "31122024", " 1122024", "311220241"],
    "%H%M%S": ["123456", "12345", "1234", "123", "12", "1", "999"],
    "%I:%M %p": ["12:00 am", "12:00 PM", "1:05 pm", "01:05 Am", "13:00 pm", "0:30 am", "11:59 p.m.", "11:59", "11:59 aM"],
    "%I": ["12", "1", "11", "0"],
    "%p %I": ["pm 1", "am 12"],
    "%H %p": ["13 am", "1 pm"],
    "%H %I": ["1 2", "2 1"],
    "%d %b %Y": ["1 Jan 2024", "1 JAN 2024", "1 jan 2024", "1 January 2024", "1 Jän 2024", "1 mai 2024", "29 feb 2023"],
    "%d %B %Y": ["1 January 2024", "1 MAY 2024", "1 Jan 2024", "1 ſeptember 2024", "31 september 2024", "1 Marchx 2024"],
    "%A, %d. %B %Y": ["Monday, 1. January 2024", "Sunday, 1. January 2024", "mon, 1. January 2024"],
    "%a %d %b": ["Mon 29 Feb", "Tue 1 Mar", "Xyz 1 Mar"],
    "%d %m": ["29 2", "28 2", "1 1"],
    "%Y": ["2024", "0001", "9999", "0000", "24", "20244", "٢٠٢٤"],
    "%y %Y": ["24 1999"], "%Y %y": ["1999 24"],
    "%m %B": ["1 May"], "%B %m": ["May 1"],
    "%j": ["1", "01", "001", "60", "365", "366", "367", "0", "000", "3660"],
    "%Y %j": ["2024 366", "2023 366", "2024 060", "9999 366", "2024 1"],
    "%Y %m %d %j": ["2024 5 5 1"],
    "%d %m %j": ["29 2 60", "1 1 60", "29 2 61"],
    "%Y %U %w": ["2024 0 0", "2024 0 1", "2024 1 0", "2024 53 6", "2023 0 0", "2024 52 2", "2024 54 1", "0001 0 0"],
    "%Y %W %u": ["2024 0 1", "2024 1 1", "2024 53 7", "2023 0 7", "2024 52 2", "2024 5 0", "2024 5 8", "0001 00 1"],
    "%Y %W %a": ["2024 9 thu"], "%Y %W": ["2024 9"], "%Y %a": ["2024 Thu"], "%y %U %A": ["24 9 thursday"],
    "%G %V %u": ["2024 09 4", "2024 53 1", "2020 53 7", "2021 1 1", "0001 1 1", "2026 1 1", "2024 0 1", "9999 52 7", "2024 00 1"],
    "%G-W%V-%u": ["2024-W09-4", "2024-w09-4"],
    "%G": ["2024"], "%G %V": ["2024 9"], "%V": ["9"], "%Y %V %u": ["2024 9 1"], "%G %j %V %u": ["2024 1 1 1"], "%V %u": ["9 1"], "%G %Y %V %u": ["2024 2024 9 1"], "%Y %U %V %u": ["2024 9 10 1"],
    "%H:%M %z": ["1:00 +0000", "1:00 +01:30", "1:00 -0130", "1:00 Z", "1:00 z", "1:00 +1", "1:00 +01", "1:00 +01:3", "1:00 +0160", "1:00 +2359", "1:00 +2400", "1:00 -24:00", "1:00 +01:30:15", "1:00 +013015", "1:00 +0130:15", "1:00 +01:3015", "1:00 +013015.5", "1:00 +01:30:15.123456", "1:00 +01:30:15.1234567", "1:00 -00:00:00.5", "1:00 +0１30", "1:00 +23:59:59.999999", "1:00 UTC", "1:00"],
    "%H:%M%z": ["1:00+0130", "1:00-0000", "1:00Z"],
    "%z%H": ["+013012", "+01301259", "+0130591"],
    "%H:%M %Z": ["1:00 UTC", "1:00 gmt", "1:00 CET", "1:00 Utc", "1:00 ", "1:00"],
    "%H %Z%z": ["1 UTC+0100"],
    "%c": ["Thu Feb 29 12:30:15 2024", "thu feb  9 12:30:15 2024", "2024"],
    "%x": ["02/29/24"], "%X": ["12:30:15"], "%x %X": ["02/29/24 12:30:15"],
    "%%%d": ["%5", "5"], "100%% %d": ["100% 7"],
    "%d %d": ["1 1"], "%c %H": ["Thu Feb 29 12:30:15 2024 1"], "%U %W": ["1 1"],
    "%Q": ["Q", "%Q"], "%": ["%"], "%d %": ["1 "], "% d": ["1", " 1"], "%-d": ["1", "-1"], "%.": ["."], "%e": ["1"], "%F": ["2024-01-01"], "%é": ["é"], "%D": ["1"], "%k": ["1"], "%s": ["1"], "%t": ["\t"],
    "Day  %d\tof %m": ["Day 1 of 2", "day  1  of\n2", "DAY1 of 2", "Day 1of 2"],
    " %d": ["1", " 1", "  1", "   1"], "%d ": ["1", "1 ", "1\u3000", "1  "],
    "é%d": ["é1", "É1", "e1"], "ß%d": ["ß1", "SS1", "ẞ1"], "K%d": ["k1", "\u212a1"],
    "(%d)[%m]{%Y}*+?^$|\\": ["(1)[2]{2024}*+?^$|\\", "1"],
    "%d,%f": ["1,5", "1,"], "%f": ["000001", "1", "0000001", "999999"], "%S": ["61", "60", "59", "7", "62"], "%M": ["59", "60", "5"],
    "": ["", "1"], "abc": ["abc", "ABC", "ab"], "%w": ["0", "6", "7"], "%u": ["1", "7", "0"],
    "%Y-%m-%dT%H:%M": ["2024-02-29T12:30", "2024-02-29t12:30", "2024-02-29 12:30"],
}  # fmt: skip

MOMENTS = [
    datetime.datetime(2024, 2, 3, 4, 5, 6, 7), datetime.datetime(2024, 12, 30), datetime.datetime(2023, 1, 1, 12), datetime.datetime(2021, 1, 3, 23, 59, 59, 999999), datetime.datetime(2000, 2, 29, 13, 30), datetime.datetime(2020, 12, 31, 11, 59), datetime.datetime(24, 2, 3, 0, 1), datetime.datetime(1, 1, 1), datetime.datetime(9999, 12, 31, 12, 0, 1), datetime.datetime(1900, 1, 1, 1),
    datetime.datetime(2024, 7, 1, 12, tzinfo=datetime.timezone.utc), datetime.datetime(2024, 7, 1, 12, tzinfo=ZoneInfo("Europe/Berlin")), datetime.datetime(1850, 1, 1, 13, tzinfo=ZoneInfo("Europe/Berlin")), datetime.datetime(2024, 1, 1, 12, tzinfo=ZoneInfo("America/St_Johns")), datetime.datetime(2024, 1, 1, 12, tzinfo=ZoneInfo("Asia/Kathmandu")),
]  # fmt: skip
LETTERS = "aAbBcCdDeEfFgGhHiIjJkKlLmMnNoOpPqQrRStTuUvVwWxXyYzZ+%:.1é "
FLAGGED = [f"%{flag}{letter}" for flag, letter in itertools.product(["-", "_", "0", "^", "#", "5", "05", "-5", "_5", "12", "012"], "aAbBCdDeFgGhHIjklmMnpPrRSTuUVwWxXyYc%")]
MODIFIED = [f"%{modifier}{letter}" for modifier, letter in itertools.product("EO", "aBcCdeFGHIjmMpSuUVwWxXyYé")]
FORMATS = [f"%{letter}" for letter in LETTERS] + ["", "%", "a%", "%-", "%d.%m.%Y", "%A, %-d. %B %Y um %H:%M Uhr", "é%dé", "100%%", "%%d", "%Y-%m-%dT%H:%M:%S.%f%z", "%I:%M %p", "%G-W%V-%u", "%-m/%-d/%y", "%Z%z", "%H%%%M", "%\n", "%-f"]  # fmt: skip


def read(format, text):
    try:
        text = datetime.datetime.strptime(text, format).isoformat()
    except (ValueError, TypeError, OverflowError, re.error):
        return None
    return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text


def written(format, moment):
    return {"format": format, "moment": moment.isoformat(), "zone": moment.tzname() or "", "written": moment.strftime(format)}


def lines(cases):
    return "[\n" + ",\n".join(json.dumps(case, ensure_ascii=False) for case in cases) + "\n]"


if __name__ == "__main__":
    read_cases = [{"format": format, "text": text, "read": read(format, text)} for format, texts in TEXTS.items() for text in texts]
    few = MOMENTS[:1] + MOMENTS[6:7] + MOMENTS[12:13]
    written_cases = [written(format, moment) for format in FORMATS for moment in MOMENTS]
    written_cases += [written(format, moment) for format in FLAGGED + MODIFIED for moment in few]
    path = pathlib.Path(__file__).parent.parent / "vectors" / "date_formats.json"
    path.write_text('{\n"strptime": ' + lines(read_cases) + ',\n"strftime": ' + lines(written_cases) + "\n}\n")
