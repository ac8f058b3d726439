"""No PermissionsMixin, a display name in the column of the first name, a nonce that ends sessions."""
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.db import models
from django.utils import timezone
from django.utils.crypto import get_random_string, salted_hmac


class UserManager(BaseUserManager):
    def create_user(self, username, password=None, **fields):
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


def new_nonce():
    return get_random_string(12)


class User(AbstractBaseUser):
    username = models.CharField(max_length=128, unique=True)
    name = models.CharField(max_length=200, blank=True, db_column="first_name")
    email = models.EmailField(blank=True, max_length=75)
    second_email = models.EmailField(null=True, unique=True)
    is_staff = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    is_superuser = models.BooleanField(default=False)
    session_nonce = models.CharField(max_length=12, default=new_nonce)
    date_joined = models.DateTimeField(default=timezone.now)

    objects = UserManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        db_table = "auth_user"

    def has_usable_password(self):
        return self.password != "" and super().has_usable_password()

    def get_session_auth_hash(self):
        key_salt = "like_b.models.User.get_session_auth_hash"
        return salted_hmac(key_salt, self.password + self.session_nonce, algorithm="sha256").hexdigest()
