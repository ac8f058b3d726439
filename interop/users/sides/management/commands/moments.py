"""The times that Django reads of a user, as seconds before now; the zone is the project's."""
import datetime
import json

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.core.management.base import BaseCommand
from django.utils import timezone
from rest_framework.authtoken.models import Token
from rest_framework_simplejwt.token_blacklist.models import BlacklistedToken, OutstandingToken
from rest_framework_simplejwt.utils import aware_utcnow


class Command(BaseCommand):
    def add_arguments(self, parser):
        parser.add_argument("login")

    def handle(self, *args, **options):
        user = get_user_model()._default_manager.get_by_natural_key(options["login"])
        token = OutstandingToken.objects.filter(user=user).latest("id")
        end = Session.objects.latest("expire_date").expire_date - datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE)
        spent = BlacklistedToken.objects.latest("id").blacklisted_at
        made = {
            "last_login": timezone.now() - user.last_login,
            "date_joined": timezone.now() - user.date_joined,
            "created of the key": timezone.now() - Token.objects.get(user=user).created,
            "expire_date of the session": timezone.now() - end,
            "blacklisted_at": timezone.now() - spent,
            "created_at of the refresh token": aware_utcnow() - token.created_at,
            "expires_at of the refresh token": aware_utcnow() - (token.expires_at - datetime.timedelta(days=1)),
        }
        self.stdout.write(json.dumps({name: ago.total_seconds() for name, ago in made.items()}))
