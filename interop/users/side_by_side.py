#!/usr/bin/env python3
"""Django and Doorward on one database, with the users of seven kinds of real projects.

    side_by_side.py --doorward target/debug/doorward --python PYTHON [--database URL] [KIND …]

`PYTHON` has the reference's requirements. For each kind Django makes the tables and users, `doorward_export` writes the settings,
`doorward migrate` adds what is missing; then each side's passwords, sessions, keys and tokens are asked of both. `URL` names a
server (postgres://USER@HOST:PORT or mysql://…), on which a database `conformance_*` is made for each and dropped again; this
needs psycopg or PyMySQL. Without it there is a SQLite file each.
Prints a line for each: `users like a: passed`.
"""
import argparse
import base64
import email
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent / "adoption"), str(HERE.parent / "conformance")]
from databases import Shelf
from doorward import Doorward

KINDS = "abcdefg"
FAILURES = 3
SETTINGS = f"""
[mail]
url = "file:letters"
reset_url = "https://shop.example/reset/{{uid}}/{{token}}/"

[lockout]
failures = {FAILURES}
"""
KEY = "a-key-that-both-sides-know-0123456789-0123456789-0123456789"
PASSWORD, NEW_PASSWORD = "wonderland-42", "looking-glass-43"


class Site:
    """The small site whose users are like those of one kind."""

    def __init__(self, python, kind, url):
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("DOORWARD_", "DJANGO_", "PYTHON"))}
        self.python, self.environment = python, {
            **kept, "USERS_LIKE": kind, "DOORWARD_SECRET_KEY": KEY, "DOORWARD_DATABASE_URL": url,
            "PYTHONPATH": str(HERE.parent.parent / "adopt"), "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore",
        }

    def manage(self, *words, given=""):
        done = subprocess.run([self.python, "manage.py", *words], cwd=HERE, env=self.environment, input=given,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8")
        assert done.returncode == 0, f"manage.py {' '.join(words)}: {done.stdout}{done.stderr}"
        return done.stdout

    def ask(self, *requests):
        return [tuple(answer) for answer in json.loads(self.manage("ask", given=json.dumps(requests)))]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--doorward", required=True)
    parser.add_argument("--python", required=True)
    parser.add_argument("--database", default="sqlite", help="sqlite, or the URL of a server")
    parser.add_argument("kind", nargs="*", default=list(KINDS))
    options = parser.parse_args()
    with ThreadPoolExecutor(max_workers=2) as pool:
        passed = list(pool.map(lambda kind: one(options, kind), options.kind))
    return 0 if all(passed) else 1


def one(options, kind):
    """Whether all is well with one kind, told in a line."""
    try:
        with tempfile.TemporaryDirectory(prefix="users-") as folder:
            shelf = Shelf(options.database, Path(folder))
            try:
                url = shelf.create(f"users-{kind}")
                side_by_side(os.path.abspath(options.doorward), options.python, kind, url, Path(folder))
            finally:
                shelf.clear()
    except Exception as problem:  # whatever it is, it belongs to this kind and must not hide the others
        print(f"users like {kind}: FAILED: {type(problem).__name__}: {problem}".replace("\n", " | "), flush=True)
        return False
    print(f"users like {kind}: passed", flush=True)
    return True


def side_by_side(program, python, kind, url, folder):
    """Raises an `AssertionError` that says what is not as it should be."""
    site = Site(python, kind, url)
    site.manage("migrate")
    made = json.loads(site.manage("fill"))
    site.manage("doorward_export", "--output", str(folder / "doorward.toml"))
    (DECISIONS.get(kind) or (lambda _: None))(folder / "doorward.toml")
    with open(folder / "doorward.toml", "a") as settings:
        settings.write(SETTINGS)
    doorward = Doorward(program, folder, url, KEY)
    doorward.command("migrate")
    doorward.command("check")
    make_newcomer(doorward, kind, made["logins"]["newcomer"])
    with doorward:
        what_django_gave_opens(doorward, made)
        given = what_doorward_gives(doorward, made["logins"]["newcomer"])
        a_link_of_django_sets_a_password(site, doorward, made["logins"]["alice"])
        django_knows_a_link_of_doorward(site, doorward, made["logins"]["visitor"], folder / "letters")
        wrong_passwords_lock(doorward, made["logins"])
    django_reads_on(site, made, given)
    a_new_password_counts_on_both_sides(site, doorward, made, given)
    site.manage("migrate", "--check")


def own_backend(settings):
    """What only the project can decide: its backend asks for a password and nothing else, as one of ours does."""
    text = settings.read_text()
    path = "like_g.backends.CaseInsensitiveBackend"
    text = text.replace("[rest]\n", f'[rest]\nsession_backend = "{path}"\n')
    text = text.replace("backends = []", 'backends = ["CaseInsensitiveModelBackend"]')
    settings.write_text(text)


DECISIONS = {"g": own_backend}


def make_newcomer(doorward, kind, login):
    further = {"d": ["--set", "user_type=1", "--set", "phone_number=1", "--set", "date_of_birth=1990-01-01"]}.get(kind, [])
    doorward.command("createuser", "--noinput", "--password-stdin", "--username", login, *further, given=PASSWORD + "\n")


def what_django_gave_opens(doorward, made):
    logins = made["logins"]
    for name, password, status in [("alice", PASSWORD, 200), ("visitor", PASSWORD, 200), ("gone", PASSWORD, 401),
                                   ("alice", "wrong", 401), ("newcomer", PASSWORD, 200)]:
        answer = profile(doorward, basic(logins[name], password))
        assert answer[0] == status, (name, answer)
        assert status != 200 or answer[1]["username"] == logins[name], answer
    for what, headers in [("session", {"Cookie": f"sessionid={made['session']}"}),
                          ("key", {"Authorization": f"Token {made['key']}"}),
                          ("access token", {"Authorization": f"Bearer {made['access']}"})]:
        answer = profile(doorward, headers)
        assert answer[0] == 200 and answer[1]["username"] == logins["visitor"], (what, answer)
    if made["hidden"]:
        for headers in ({"Cookie": f"sessionid={made['hidden']}"}, basic(logins["hidden"], PASSWORD)):
            answer = profile(doorward, headers)
            assert answer[0] == 401, ("somebody hidden", answer)


def what_doorward_gives(doorward, login):
    """A session, a key and a pair of tokens, taken with the field that the model logs in by."""
    field = field_of(doorward)
    credentials = {field: login, "password": PASSWORD}
    _, _, cookies = doorward.call("GET", "/api-auth/login/")
    csrf = {"Cookie": f"csrftoken={cookies['csrftoken']}", "X-CSRFToken": cookies["csrftoken"]}
    status, answer, cookies = doorward.call("POST", "/api-auth/login/", csrf, {"username": login, "password": PASSWORD})
    assert status == 200, ("login", answer)
    status, pair, _ = doorward.call("POST", "/api/token/", body=credentials)
    assert status == 200, ("token", field, pair)
    status, rotated, _ = doorward.call("POST", "/api/token/refresh/", body={"refresh": pair["refresh"]})
    assert status == 200, ("refresh", rotated)
    status, spent, _ = doorward.call("POST", "/api/token/refresh/", body={"refresh": rotated["refresh"]})
    assert status == 200, ("refresh", spent)
    _, token, _ = doorward.call("POST", "/api-token-auth/", body={"username": login, "password": PASSWORD})
    given = {"session": cookies["sessionid"], "key": token["token"], **spent, "spent": pair["refresh"]}
    assert profile(doorward, {"Authorization": f"Token {given['key']}"})[0] == 200
    return given


def a_link_of_django_sets_a_password(site, doorward, name):
    """It works once; what it ends, it ends in Django too."""
    link = json.loads(site.manage("reset", "make", name))
    confirm = {**link, "new_password": NEW_PASSWORD}
    status, answer, _ = doorward.call("POST", "/api/password/reset/confirm/", body=confirm)
    assert status == 200, ("Django's link", answer)
    assert doorward.call("POST", "/api/password/reset/confirm/", body=confirm)[0] == 400
    assert profile(doorward, basic(name, NEW_PASSWORD))[0] == 200
    assert site.ask({"path": "/api/profile/", "headers": basic(name, NEW_PASSWORD)})[0][0] == 200
    assert json.loads(site.manage("reset", "check", name, link["token"])) is False


def django_knows_a_link_of_doorward(site, doorward, name, letters):
    """Where the model keeps addresses, one is asked for."""
    address = json.loads(site.manage("reset", "address", name))
    status, answer, _ = doorward.call("POST", "/api/password/reset/", body={"email": address})
    assert status == 200, ("reset", answer)
    text = the_letter(letters)
    uid, token = re.search(r"https://shop\.example/reset/([^/\s]+)/([^/\s]+)/", text).groups()
    assert json.loads(site.manage("reset", "check", name, token)) is True, text
    assert json.loads(site.manage("reset", "make", name))["uid"] == uid


def the_letter(folder):
    """The only one; it is sent after the answer."""
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        for letter in folder.glob("*") if folder.exists() else ():
            text = email.message_from_bytes(letter.read_bytes()).get_payload(decode=True)
            if text:
                return text.decode()
        time.sleep(0.05)
    raise AssertionError("no letter was sent")


def wrong_passwords_lock(doorward, logins):
    """The account that was found in the project's own table, and nobody else's."""
    name = logins["alice"]
    # The address is known to the account: it has places of its own, and then those of strangers.
    answers = [profile(doorward, basic(name, "wrong"))[0] for _ in range(2 * FAILURES + 1)]
    assert answers[0] == 401 and answers[-1] == 429, answers
    assert profile(doorward, basic(name, NEW_PASSWORD))[0] == 429
    assert profile(doorward, basic(logins["visitor"], PASSWORD))[0] == 200
    doorward.command("lockout", "reset", "--account", name)
    assert profile(doorward, basic(name, NEW_PASSWORD))[0] == 200


def field_of(doorward):
    """The name of the field, as the endpoint says it."""
    _, answer, _ = doorward.call("POST", "/api/token/", body={})
    return next(name for name in answer if name != "password")


def django_reads_on(site, made, given):
    name = made["logins"]["newcomer"]
    asked = [
        ("Doorward's session", 200, {"cookie": f"sessionid={given['session']}"}),
        ("Doorward's access token", 200, {"authorization": f"Bearer {given['access']}"}),
        ("Doorward's key", 200, {"authorization": f"Token {given['key']}"}),
        ("Django's session", 200, {"cookie": f"sessionid={made['session']}"}),
        ("Doorward's hash", 200, basic(name, PASSWORD)),
        ("a wrong password", 401, basic(name, "wrong")),
    ]
    answers = site.ask(*({"path": "/api/profile/", "headers": headers} for _, _, headers in asked))
    for (what, expected, _), answer in zip(asked, answers):
        assert answer[0] == expected, (what, answer)
    refresh = {"method": "POST", "path": "/api/token/refresh/"}
    answers = site.ask(*({**refresh, "json": {"refresh": given[which]}} for which in ("refresh", "spent")))
    assert [status for status, _ in answers] == [200, 401], answers


def a_new_password_counts_on_both_sides(site, doorward, made, given):
    """Doorward sets a password: the old one and the sessions end in Django, too."""
    name = made["logins"]["newcomer"]
    doorward.command("changepassword", "--password-stdin", name, given=f"{NEW_PASSWORD}\n")
    asked = [basic(name, NEW_PASSWORD), basic(name, PASSWORD), {"cookie": f"sessionid={given['session']}"}]
    answers = site.ask(*({"path": "/api/profile/", "headers": headers} for headers in asked))
    assert [status for status, _ in answers] == [200, 401, 401], answers


def profile(doorward, headers):
    return doorward.call("GET", "/api/profile/", headers)[:2]


def basic(name, password):
    credentials = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"authorization": f"Basic {credentials}"}


if __name__ == "__main__":
    sys.exit(main())
