"""Users, and what Django gives out to them: a session, a key, a pair of tokens."""
import json
from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user_model, login
from django.core.management.base import BaseCommand
from django.http import HttpRequest
from rest_framework.authtoken.models import Token
from rest_framework_simplejwt.tokens import RefreshToken

from sides.people import LIKE, login_name, make


class Command(BaseCommand):
    def handle(self, *args, **options):
        make("alice")
        gone = make("gone")
        gone.is_active = False
        gone.save()
        hidden(make("hidden"))
        visitor = make("visitor")
        refresh = RefreshToken.for_user(visitor)
        made = {
            "session": session(visitor),
            "key": Token.objects.create(user=visitor).key,
            "access": str(refresh.access_token),
            "refresh": str(refresh),
            "hidden": hidden_session(),
            "logins": {name: login_name(name) for name in ("alice", "gone", "hidden", "visitor", "newcomer")},
        }
        self.stdout.write(json.dumps(made))


def session(user):
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore()
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    request.session.save()
    return request.session.session_key


def hidden(user):
    """Where the model's manager hides users, one that it hides."""
    if LIKE == "d":
        user.deleted = True
        user.save()


def hidden_session():
    """A session of somebody whom the manager hides since."""
    if LIKE != "d":
        return None
    user = get_user_model()._base_manager.get(username=login_name("hidden"))
    return session(user)
