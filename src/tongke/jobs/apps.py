"""Django's registration of ``jobs``."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Registers ``jobs`` with Django."""

    name = "tongke.jobs"
    label = "jobs"
