"""`manage.py` of the small project, with two commands of its own.

    manage.py fill        makes users, a session and tokens, and prints them as JSON
    manage.py ask         reads a JSON list of requests, and prints the answers
"""
import json
import os
import sys


def main():
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    command = {"fill": fill, "ask": ask}.get(sys.argv[1])
    if command is None:
        from django.core.management import execute_from_command_line

        return execute_from_command_line(sys.argv)
    import django

    django.setup()
    json.dump(command(), sys.stdout)


def fill():
    """Users of each kind; `visitor` has all credentials but logs in nowhere, so that the session stays good."""
    from django.conf import settings
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import Group, User
    from rest_framework_simplejwt.tokens import RefreshToken

    User.objects.create_superuser("alice", "alice@example.org", "wonderland-42")
    User.objects.create_user("zo\u00eb", password="p\u00e4ssw\u00f6rd-42")
    User.objects.create_user("gone", password="wonderland-42", is_active=False)
    older = User.objects.create_user("older")
    older.password = make_password("wonderland-42", hasher="pbkdf2_sha1")
    older.save()
    visitor = User.objects.create_user("visitor", password="wonderland-42")
    visitor.groups.add(Group.objects.create(name="editors"))
    refresh, spent = RefreshToken.for_user(visitor), RefreshToken.for_user(visitor)
    made = {"session": session(visitor), "refresh": str(refresh), "spent": str(spent),
            "access": str(refresh.access_token), "key": None}
    if "authtoken" in settings.EXTRA:
        from rest_framework.authtoken.models import Token

        made["key"] = Token.objects.create(user=visitor).key
    return made


def session(user):
    """What `django.contrib.auth.login` puts into a session."""
    from django.contrib.sessions.backends.db import SessionStore

    store = SessionStore()
    store["_auth_user_id"] = str(user.pk)
    store["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    store["_auth_user_hash"] = user.get_session_auth_hash()
    store.save()
    return store.session_key


def ask():
    """Each request is `{method, path, headers, json}`; each answer `[status, body]`."""
    from django.test import Client

    answers = []
    for request in json.load(sys.stdin):
        headers = {"HTTP_" + name.upper(): value for name, value in request.get("headers", {}).items()}
        send = getattr(Client(raise_request_exception=False), request.get("method", "GET").lower())
        body = [json.dumps(request["json"])] if "json" in request else []
        extra = {"content_type": "application/json"} if body else {}
        cookie = headers.pop("HTTP_COOKIE", None)
        if cookie:
            extra["HTTP_COOKIE"] = cookie
        answer = send(request["path"], *body, **extra, **headers)
        answers.append([answer.status_code, answer.content.decode()])
    return answers


main()
