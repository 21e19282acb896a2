"""Django's registration of the room ``resource``."""

from django.apps import AppConfig


class ResourceConfig(AppConfig):
    """What can be sold with: numbers, SIMs and devices by serial, the network and the places it reaches."""

    name = "tongke.areas.resource"
    label = "resource"
