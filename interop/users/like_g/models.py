"""Twenty columns of a profile, a name without regard to case, a group that a signal adds."""
from django.contrib.auth.models import AbstractUser, Group
from django.db import models
from django.db.models.signals import post_save
from django.dispatch import receiver


class Profile(AbstractUser):
    organization = models.CharField(max_length=255, blank=True, null=True)
    profile = models.TextField(null=True, blank=True)
    position = models.CharField(max_length=255, blank=True, null=True)
    voice = models.CharField(max_length=255, blank=True, null=True)
    fax = models.CharField(max_length=255, blank=True, null=True)
    delivery = models.CharField(max_length=255, blank=True, null=True)
    city = models.CharField(max_length=255, blank=True, null=True)
    area = models.CharField(max_length=255, blank=True, null=True)
    zipcode = models.CharField(max_length=255, blank=True, null=True)
    country = models.CharField(max_length=3, blank=True, null=True)
    language = models.CharField(max_length=10, default="en")
    timezone = models.CharField(max_length=100, default="", blank=True)

    class Meta:
        db_table = "people_profile"


@receiver(post_save, sender=Profile)
def join_everyone(instance, created, **_):
    if created:
        group, _ = Group.objects.get_or_create(name="everyone")
        instance.groups.add(group)
