from django.contrib.auth import get_user_model
from django.contrib.auth.backends import ModelBackend


class CaseInsensitiveBackend(ModelBackend):
    def authenticate(self, request, username=None, password=None, **kwargs):
        users = get_user_model()._default_manager.filter(username__iexact=username or "")
        user = users.first() if users.count() == 1 else None
        return user if user and user.check_password(password) and self.user_can_authenticate(user) else None
