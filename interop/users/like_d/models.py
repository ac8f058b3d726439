"""A unique UUID that tokens carry, columns without a default, and a manager that hides who is deleted or inactive."""
import uuid

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models


class PresentManager(UserManager):
    def get_queryset(self):
        return super().get_queryset().filter(deleted=False, is_active=True)


class User(AbstractUser):
    external_id = models.UUIDField(default=uuid.uuid4, unique=True, db_index=True)
    user_type = models.IntegerField()
    phone_number = models.CharField(max_length=14)
    date_of_birth = models.DateField()
    deleted = models.BooleanField(default=False)

    objects = PresentManager()
    REQUIRED_FIELDS = ["email", "user_type", "phone_number", "date_of_birth"]

    class Meta:
        db_table = "users_user"
