"""Makes interop/vectors/time_zones.json by running django.utils.timezone.

    python interop/golden/make_time_zones.py

The vectors are read by the tests of `doorward-django`. `times` holds what a clock shows at a moment (`make_naive`); `moments` the
moment at which a clock shows a time (`make_aware`), with times that a clock shows twice, and times that none shows.
"""

import datetime
import json
import pathlib
from zoneinfo import ZoneInfo

from django.conf import settings

settings.configure(USE_TZ=True, TIME_ZONE="UTC")

from django.utils import timezone  # noqa: E402

ZONES = ["UTC", "Europe/Paris", "America/Los_Angeles", "Asia/Kathmandu", "Australia/Lord_Howe", "Pacific/Apia", "Etc/GMT+5"]
# Around the days on which clocks are put forward and back, and far away.
DAYS = [
    (1950, 6, 1), (2011, 12, 30), (2024, 3, 10), (2024, 3, 31), (2024, 10, 27), (2024, 11, 3), (2025, 4, 6), (2050, 3, 27),
]


def hours(day):
    start = datetime.datetime(*day) - datetime.timedelta(hours=3)
    return [start + datetime.timedelta(minutes=30 * step, microseconds=step * 1001) for step in range(18)]


def text(time):
    return time.isoformat(sep=" ")


def of_moment(name, moment):
    local = timezone.make_naive(moment.replace(tzinfo=datetime.timezone.utc), ZoneInfo(name))
    return {"zone": name, "moment": text(moment), "local": text(local)}


def of_local(name, local):
    aware = timezone.make_aware(local, ZoneInfo(name))
    return {"zone": name, "local": text(local), "moment": text(aware.astimezone(datetime.timezone.utc).replace(tzinfo=None))}


def lines(cases):
    return "[\n" + ",\n".join(json.dumps(case) for case in cases) + "\n]"


times = [of_moment(name, moment) for name in ZONES for day in DAYS for moment in hours(day)[::6]]
moments = [of_local(name, local) for name in ZONES for day in DAYS for local in hours(day)]
path = pathlib.Path(__file__).parent.parent / "vectors" / "time_zones.json"
path.write_text('{\n"times": ' + lines(times) + ',\n"moments": ' + lines(moments) + "\n}\n")
