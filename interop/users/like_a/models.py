"""The same table name as Django's, another type of key, and a column that is JSON."""
import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    preferences = models.JSONField(default=dict)

    class Meta:
        db_table = "auth_user"
