"""Requests of one browser from the standard input, asked of Django in their order; prints each answer's status and JSON, and the
session's cookie after all."""
import json
import sys

from django.conf import settings
from django.core.management.base import BaseCommand
from django.test import Client


class Command(BaseCommand):
    def handle(self, *args, **options):
        given = json.load(sys.stdin)
        client, answers = Client(raise_request_exception=False), []
        if given["session"]:
            client.cookies[settings.SESSION_COOKIE_NAME] = given["session"]
        for method, path, body in given["requests"]:
            answer = client.generic(method, path, json.dumps(body) if body is not None else "", "application/json")
            answers.append([answer.status_code, json.loads(answer.content or "null")])
        cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
        kept = cookie.value if cookie is not None and cookie["max-age"] != 0 else None
        self.stdout.write(json.dumps({"answers": answers, "session": kept or None}))
