#!/usr/bin/env python3
"""Django and Doorward with one another's sessions, wherever a project keeps them, and with local times.

    side_by_side.py --doorward target/debug/doorward --python PYTHON [--redis redis://127.0.0.1:6379/0] [--database URL] [NAME …]

`PYTHON` has the reference's requirements. For each way Django makes the tables and users, `doorward_export` writes the settings, and
each side reads, changes and ends what the other opened. What needs a Redis is skipped without one; `URL` is that of a PostgreSQL
server, as for `interop/users/side_by_side.py`. Prints a line for each: `sessions cache, RedisCache: passed`.
"""
import argparse
import json
import os
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "users"), str(HERE.parent / "adoption")]
from doorward import Doorward
from side_by_side import KEY, NEW_PASSWORD, PASSWORD, Shelf, Site

DJANGO = {"BACKEND": "django.core.cache.backends.redis.RedisCache"}
DJANGO_REDIS = {"BACKEND": "django_redis.cache.RedisCache"}
JSON_ZLIB = {
    "SERIALIZER": "django_redis.serializers.json.JSONSerializer",
    "COMPRESSOR": "django_redis.compressors.zlib.ZlibCompressor",
}
GZIP = {"COMPRESSOR": "django_redis.compressors.gzip.GzipCompressor"}
WAYS = {
    "db": {"engine": "db"},
    "signed_cookies": {"engine": "signed_cookies"},
    "cache, RedisCache": {"engine": "cache", "cache": DJANGO},
    "cache, django-redis": {"engine": "cache", "cache": {**DJANGO_REDIS, "VERSION": 3}},
    "cache, django-redis, JSON, zlib": {"engine": "cache", "cache": {**DJANGO_REDIS, "OPTIONS": JSON_ZLIB}},
    "cached_db, RedisCache": {"engine": "cached_db", "cache": DJANGO},
    "cached_db, django-redis, gzip": {"engine": "cached_db", "cache": {**DJANGO_REDIS, "OPTIONS": GZIP}},
    "db, Europe/Paris": {"engine": "db", "time_zone": "Europe/Paris"},
    "cached_db, America/Los_Angeles": {"engine": "cached_db", "cache": DJANGO, "time_zone": "America/Los_Angeles"},
}
CART = {"things": [1, 2.5, None, True, "é漢😀", {"deep": [[], {}]}], "many": 18446744073709551616}


class Sessions:
    """The two sides, and what of a browser's they share."""

    def __init__(self, site, doorward):
        self.site, self.doorward = site, doorward

    def django(self, session, *requests):
        """What Django answers a browser, and the session's cookie then."""
        asked = {"session": session, "requests": [(*request, None)[:3] for request in requests]}
        said = json.loads(self.site.manage("browse", given=json.dumps(asked)))
        return [tuple(answer) for answer in said["answers"]], said["session"]

    def there(self, session):
        """Whom Django knows by that session, and what is in it."""
        ((status, user), (_, data)), _ = self.django(session, ("GET", "/api/profile/"), ("GET", "/session/"))
        return (user["username"] if status == 200 else None), data

    def here(self, session):
        """Whom Doorward knows by it, and the cookie then."""
        status, answer, cookies = self.doorward.call("GET", "/api/profile/", {"Cookie": f"sessionid={session}"})
        assert status in (200, 401), (status, answer)
        return (answer["username"] if status == 200 else None), cookies.get("sessionid", session)

    def at_doorward(self, path, session, body):
        jar = f"sessionid={session}; " if session else ""
        _, _, cookies = self.doorward.call("GET", "/api-auth/login/", {"Cookie": jar} if jar else {})
        token = cookies["csrftoken"]
        headers = {"Cookie": f"{jar}csrftoken={token}", "X-CSRFToken": token}
        return self.doorward.call("POST", path, headers, body)

    def log_in(self, login, session=None):
        status, answer, cookies = self.at_doorward("/api-auth/login/", session, {"username": login, "password": PASSWORD})
        assert status == 200, ("login", answer)
        return cookies["sessionid"]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--doorward", required=True)
    parser.add_argument("--python", required=True)
    parser.add_argument("--redis")
    parser.add_argument("--database", default="sqlite")
    parser.add_argument("way", nargs="*", default=list(WAYS))
    options = parser.parse_args()
    passed = [one(options, way) for way in options.way]
    return 0 if all(passed) else 1


def one(options, way):
    """Whether all is well with one way to keep sessions, told in a line."""
    sessions = {**WAYS[way]}
    if "cache" in sessions and not options.redis:
        print(f"sessions {way}: skipped, for want of a Redis", flush=True)
        return True
    prefix = f"interop-{uuid.uuid4().hex[:12]}"
    if "cache" in sessions:
        sessions["cache"] = {**sessions["cache"], "LOCATION": options.redis, "KEY_PREFIX": prefix}
    try:
        with tempfile.TemporaryDirectory(prefix="sessions-") as folder:
            shelf = Shelf(options.database, Path(folder))
            try:
                program, url = os.path.abspath(options.doorward), shelf.create("sessions")
                side_by_side(program, options.python, sessions, url, Path(folder))
            finally:
                shelf.clear()
    except Exception as problem:  # whatever it is, it belongs to this way and must not hide the others
        print(f"sessions {way}: FAILED: {type(problem).__name__}: {problem}".replace("\n", " | "), flush=True)
        return False
    finally:
        if "cache" in sessions:
            forget(options.python, options.redis, prefix)
    print(f"sessions {way}: passed", flush=True)
    return True


def forget(python, url, prefix):
    script = "import sys, redis; r = redis.Redis.from_url(sys.argv[1]); [r.delete(k) for k in r.scan_iter(sys.argv[2] + '*')]"
    subprocess.run([python, "-c", script, url, prefix], check=True)


def side_by_side(program, python, sessions, url, folder):
    """Raises an `AssertionError` that says what is not as it should be."""
    site = Site(python, "a", url)
    site.environment["USERS_SESSIONS"] = json.dumps(sessions)
    site.manage("migrate")
    made = json.loads(site.manage("fill"))
    site.manage("doorward_export", "--fail-on-missing", "--output", str(folder / "doorward.toml"))
    doorward = Doorward(program, folder, url, KEY)
    doorward.command("migrate")
    doorward.command("check")
    doorward.command("createuser", "--noinput", "--password-stdin", "--username", "newcomer", given=PASSWORD + "\n")
    with doorward:
        both = Sessions(site, doorward)
        what_django_opens_counts_here(both, made)
        session = what_doorward_opens_counts_there(both)
        expired_sessions_go_and_no_others(both, session)
        a_logout_ends_it_on_both(both, sessions["engine"], session)
        if "time_zone" in sessions:
            times_are_read_as_they_were_written(both)
        a_new_password_ends_it_on_both(both)
    site.manage("migrate", "--check")


def what_django_opens_counts_here(both, made):
    visitor, session = both.here(made["session"])
    assert visitor == made["logins"]["visitor"], visitor
    # Doorward saved it once more.
    assert both.there(session)[0] == visitor, both.there(session)
    _, session = both.django(session, ("POST", "/logout/"))
    assert both.here(session or "gone-and-forgotten")[0] is None


def what_doorward_opens_counts_there(both):
    """A visitor's session that Django began, a login here, and a change there."""
    _, begun = both.django(None, ("POST", "/session/", {"cart": CART}))
    session = both.log_in("newcomer", begun)
    assert session != begun
    user, data = both.there(session)
    assert user == "newcomer" and data["cart"] == CART, (user, data)
    _, changed = both.django(session, ("POST", "/session/", {"cart": {"more": CART}, "theirs": [CART]}))
    user, session = both.here(changed)
    assert user == "newcomer"
    user, data = both.there(session)
    assert user == "newcomer" and data["cart"] == {"more": CART} and data["theirs"] == [CART], (user, data)
    return session


def expired_sessions_go_and_no_others(both, session):
    both.doorward.command("clearsessions")
    assert both.there(session)[0] == "newcomer"
    both.site.manage("clearsessions")
    assert both.here(session)[0] == "newcomer"


def a_logout_ends_it_on_both(both, engine, session):
    status, _, cookies = both.at_doorward("/api-auth/logout/", session, {})
    assert status == 204 and cookies["sessionid"] in ("", '""'), (status, cookies)
    left = "newcomer" if engine == "signed_cookies" else None
    assert both.there(session)[0] == left and both.here(session)[0] == left


def times_are_read_as_they_were_written(both):
    login = "newcomer"
    both.log_in(login)
    credentials = {"username": login, "password": PASSWORD}
    _, pair, _ = both.doorward.call("POST", "/api/token/", body=credentials)
    status, _, _ = both.doorward.call("POST", "/api/token/refresh/", body={"refresh": pair["refresh"]})
    assert status == 200
    both.doorward.call("POST", "/api-token-auth/", body=credentials)
    for name, ago in json.loads(both.site.manage("moments", login)).items():
        assert -60 < ago < 300, (name, ago)
    for flush in (both.site.manage, both.doorward.command):
        flush("flushexpiredtokens")
        spent = {"method": "POST", "path": "/api/token/refresh/", "json": {"refresh": pair["refresh"]}}
        assert both.site.ask(spent)[0][0] == 401, flush
    assert "doorward.W015" not in both.doorward.command("check")


def a_new_password_ends_it_on_both(both):
    session = both.log_in("newcomer")
    assert both.there(session)[0] == "newcomer"
    both.doorward.command("changepassword", "--password-stdin", "newcomer", given=f"{NEW_PASSWORD}\n")
    assert both.there(session)[0] is None and both.here(session)[0] is None


if __name__ == "__main__":
    sys.exit(main())
