"""Django's registration of ``web``."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Registers ``web`` with Django."""

    name = "tongke.web"
    label = "web"
