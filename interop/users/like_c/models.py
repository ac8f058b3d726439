"""A login by an e-mail address that may be null, and many columns whose defaults only Python knows."""
import uuid

from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.db import models
from django.utils import timezone


class LowerCaseManager(UserManager):
    def create_user(self, email=None, password=None, **fields):
        fields.setdefault("username", uuid.uuid4().hex)
        user = self.model(email=email.lower() if email else None, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    username = models.CharField(max_length=128, unique=True)
    email = models.CharField(max_length=255, null=True, blank=True, unique=True)
    mobile_number = models.CharField(max_length=255, blank=True, null=True)
    display_name = models.CharField(max_length=255, default="")
    first_name = models.CharField(max_length=255, blank=True)
    last_name = models.CharField(max_length=255, blank=True)
    avatar = models.TextField(blank=True)
    date_joined = models.DateTimeField(auto_now_add=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    last_location = models.CharField(max_length=255, blank=True)
    created_location = models.CharField(max_length=255, blank=True)
    is_superuser = models.BooleanField(default=False)
    is_managed = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    is_email_verified = models.BooleanField(default=False)
    is_password_autoset = models.BooleanField(default=False)
    token = models.CharField(max_length=64, blank=True)
    last_active = models.DateTimeField(default=timezone.now, null=True)
    last_login_ip = models.CharField(max_length=255, blank=True)
    last_login_medium = models.CharField(max_length=20, default="email")
    user_timezone = models.CharField(max_length=255, default="UTC")
    is_bot = models.BooleanField(default=False)
    theme = models.JSONField(default=dict)

    objects = LowerCaseManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["username"]

    class Meta:
        db_table = "users"
