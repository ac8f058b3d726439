"""A 64-bit key, a login by e-mail address, `is_admin` in place of `is_staff`, no names."""
import uuid

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models


class BaseUserManagerOfOurs(BaseUserManager):
    def create_user(self, email, is_active=True, is_admin=False, password=None):
        user = self.model(email=self.normalize_email(email.lower()), is_active=is_active, is_admin=is_admin)
        user.set_password(password)
        user.save(using=self._db)
        return user


class BaseUser(AbstractBaseUser, PermissionsMixin):
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    email = models.EmailField(max_length=255, unique=True)
    is_active = models.BooleanField(default=True)
    is_admin = models.BooleanField(default=False)
    jwt_key = models.UUIDField(default=uuid.uuid4)

    objects = BaseUserManagerOfOurs()
    USERNAME_FIELD = "email"

    class Meta:
        db_table = "users_baseuser"

    def is_staff(self):
        return self.is_admin
