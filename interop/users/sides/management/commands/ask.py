"""Requests from the standard input, asked of Django; the answers as `[status, body]`."""
import json
import sys

from django.core.management.base import BaseCommand
from django.test import Client


class Command(BaseCommand):
    def handle(self, *args, **options):
        answers = []
        for request in json.load(sys.stdin):
            client = Client(headers=request.get("headers", {}), raise_request_exception=False)
            data = {"data": json.dumps(request["json"]), "content_type": "application/json"} if "json" in request else {}
            answer = client.generic(request.get("method", "GET"), request["path"], **data)
            answers.append([answer.status_code, answer.content.decode()])
        self.stdout.write(json.dumps(answers))
