from django.apps import AppConfig


class DoorwardAdoptConfig(AppConfig):
    name = "doorward_adopt"
