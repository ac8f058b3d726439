"""One database of one Django, from its making to the day after Doorward took it over."""
import base64
from pathlib import Path

from django_site import DjangoSite
from doorward import Doorward

KEY = "a-key-that-both-sides-know-0123456789-0123456789-0123456789"
PASSWORD = "wonderland-42"
NEEDED = {
    "authtoken": {"authtoken_token"},
    "token_blacklist": {"token_blacklist_outstandingtoken", "token_blacklist_blacklistedtoken"},
}



def adopt(program: str, interpreter, version, apps, folder: Path, database: str):
    """Raises an `AssertionError` that says what is not as it should be. The database is empty, and named by its URL."""
    django = DjangoSite(interpreter, database, KEY, apps)
    doorward = Doorward(program, folder, database, KEY)
    django.manage("migrate")
    made = django.fill()
    tables_are_left(django, doorward, apps)
    doorward.command("createuser", "--noinput", "--password-stdin", "--username", "newcomer", given=PASSWORD + "\n")
    with doorward:
        passwords_open(doorward)
        credentials_of_django_open(doorward, made, version)
        written = credentials_of_doorward(doorward)
    nothing_is_left_to_migrate(django, version)
    django_reads_on(django, version, apps, made, written)


def tables_are_left(django, doorward, apps):
    """Only `doorward_*` is added, and the tables of apps that the project lacks; the program says which."""
    lacking = sorted(set(NEEDED) - set(apps))
    before, people = django.tables(), everything_about_users(django)
    said = doorward.command("migrate")
    assert "This database was made by Django" in said, said
    wanted = f"Added what the project lacked: {', '.join(lacking)}."
    assert wanted in said if lacking else "Added" not in said, said
    after = django.tables()
    assert {name: after.get(name) for name in before} == before, "a table of Django's was altered"
    added = {name for name, sql in after.items() if name not in before and (sql or "").startswith("CREATE TABLE")}
    added = {name for name in added if not name.startswith("doorward_")}
    assert added == set().union(*(NEEDED[app] for app in lacking)), added
    assert everything_about_users(django) == people, "a user was altered"
    doorward.command("migrate", "--check")


def everything_about_users(django):
    return [django.rows(f"SELECT * FROM {table} ORDER BY 1")
            for table in ("auth_user", "auth_group", "auth_user_groups", "django_session")]


def passwords_open(doorward):
    """Django's users log in with Basic, whatever the rounds of their hashes; who may not, may not."""
    for name, password, status in [("alice", PASSWORD, 200), ("zoë", "pässwörd-42", 200), ("older", PASSWORD, 200),
                                   ("newcomer", PASSWORD, 200), ("gone", PASSWORD, 401), ("alice", "wrong", 401),
                                   ("nobody", PASSWORD, 401)]:
        answer = profile(doorward, basic(name, password))
        assert answer[0] == status, (name, answer)
        assert status != 200 or answer[1]["username"] == name, answer


def credentials_of_django_open(doorward, made, version):
    """The session, the tokens and the key that Django gave out."""
    answer = profile(doorward, {"Cookie": f"sessionid={made['session']}"})
    expected = 401 if version.django == "3.0" else 200
    assert answer[0] == expected, ("Django's session", answer)
    for credential in [f"Bearer {made['access']}"] + ([f"Token {made['key']}"] if made["key"] else []):
        answer = profile(doorward, {"Authorization": credential})
        assert answer == (200, {"username": "visitor", "email": ""}), (credential, answer)
    status, pair, _ = doorward.call("POST", "/api/token/refresh/", body={"refresh": made["refresh"]})
    assert status == 200, ("refresh", pair)
    assert profile(doorward, {"Authorization": f"Bearer {pair['access']}"})[0] == 200
    status, answer, _ = doorward.call("POST", "/api/token/blacklist/", body={"refresh": made["spent"]})
    assert status == 200, ("blacklist", answer)
    status, answer, _ = doorward.call("POST", "/api/token/refresh/", body={"refresh": made["spent"]})
    assert (status, answer["code"]) == (401, "token_not_valid"), ("a token taken back", answer)


def credentials_of_doorward(doorward):
    """A session, a key and a pair of tokens for `newcomer`."""
    _, _, cookies = doorward.call("GET", "/api-auth/login/")
    csrf = {"Cookie": f"csrftoken={cookies['csrftoken']}", "X-CSRFToken": cookies["csrftoken"]}
    credentials = {"username": "newcomer", "password": PASSWORD}
    status, answer, cookies = doorward.call("POST", "/api-auth/login/", csrf, credentials)
    assert status == 200, ("login", answer)
    session = cookies["sessionid"]
    assert profile(doorward, {"Cookie": f"sessionid={session}"})[0] == 200
    _, pair, _ = doorward.call("POST", "/api/token/", body=credentials)
    _, token, _ = doorward.call("POST", "/api-token-auth/", body=credentials)
    assert profile(doorward, {"Authorization": f"Token {token['token']}"})[0] == 200
    return {"session": session, "key": token["token"], **pair}


def nothing_is_left_to_migrate(django, version):
    """Django 3.0 has no `migrate --check` yet, but can plan."""
    said = django.manage("migrate", "--plan")
    assert "No planned migration operations." in said, said
    if version.django != "3.0":
        django.manage("migrate", "--check")


def django_reads_on(django, version, apps, made, written):
    """Sessions, hashes and tokens that Doorward wrote, asked of Django.

    Its own password logins come last: they may write a hash anew, which ends the sessions of that user. Django 3.0 reads
    no session of a later Django, nor of Doorward: by the chance of its base64's length it is anonymous or an error.
    """
    asked = [
        ("Doorward's session", wanted("newcomer", 200) if version.django != "3.0" else None,
         {"cookie": f"sessionid={written['session']}"}),
        ("Doorward's access token", wanted("newcomer", 200), {"authorization": f"Bearer {written['access']}"}),
        ("Django's session", wanted("visitor", 200), {"cookie": f"sessionid={made['session']}"}),
        ("Doorward's hash", wanted("newcomer", 200), basic("newcomer", PASSWORD)),
        ("a hash that Doorward upgraded", wanted("alice", 200), basic("alice", PASSWORD)),
        ("a wrong password", (401,), basic("newcomer", "wrong")),
    ]
    if "authtoken" in apps:
        asked.append(("Doorward's key", wanted("newcomer", 200), {"authorization": f"Token {written['key']}"}))
        asked.append(("Django's key", wanted("visitor", 200), {"authorization": f"Token {made['key']}"}))
    answers = django.ask(*({"path": "/api/profile/", "headers": headers} for _, _, headers in asked))
    for (what, expected, _), (status, body) in zip(asked, answers):
        answered = (status, body)[:len(expected)] == expected if expected else status != 200
        assert answered, (what, status, body)
    refreshes(django, apps, made, written)


def refreshes(django, apps, made, written):
    """Refreshing at Django: a token of Doorward's, and one that Doorward blacklisted."""
    tokens = [written["refresh"], made["refresh"], made["spent"]]
    request = {"method": "POST", "path": "/api/token/refresh/"}
    answers = django.ask(*({**request, "json": {"refresh": token}} for token in tokens))
    statuses = [status for status, _ in answers]
    assert statuses == [200, 200, 401 if "token_blacklist" in apps else 200], answers


def wanted(name: str, status: int):
    return status, f'{{"username":"{name}"}}'


def profile(doorward, headers):
    return doorward.call("GET", "/api/profile/", headers)[:2]


def basic(name: str, password: str):
    credentials = base64.b64encode(f"{name}:{password}".encode()).decode()
    return {"authorization": f"Basic {credentials}"}
