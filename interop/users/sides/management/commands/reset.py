"""Links for a new password, as Django makes and checks them: `reset make|check|address LOGIN [TOKEN]`."""
import json

from django.contrib.auth import get_user_model
from django.contrib.auth.tokens import default_token_generator
from django.core.management.base import BaseCommand
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("what", choices=["make", "check", "address"])
        parser.add_argument("login")
        parser.add_argument("token", nargs="?")

    def handle(self, what, login, token, **options):
        user = get_user_model()._default_manager.get_by_natural_key(login)
        said = {"make": made, "check": checked, "address": address}[what](user, token)
        self.stdout.write(json.dumps(said))


def made(user, _):
    uid = urlsafe_base64_encode(force_bytes(user.pk))
    return {"uid": uid, "token": default_token_generator.make_token(user)}


def checked(user, token):
    return default_token_generator.check_token(user, token)


def address(user, _):
    """The user's address; where there was none, there is one now."""
    field = user.get_email_field_name()
    if not getattr(user, field):
        setattr(user, field, "visitor@example.com")
        user.save()
    return getattr(user, field)
