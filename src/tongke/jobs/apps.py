"""Django's registration of the jobs."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Registers the jobs with Django; Procrastinate finds ``tasks`` by itself."""

    name = "tongke.jobs"
    label = "jobs"

    def ready(self) -> None:
        """Read every reaction: ``publish`` defers to those that are declared, in whichever process it runs."""
        package = import_module("tongke.reactions")
        for found in iter_modules(package.__path__):
            import_module(f"tongke.reactions.{found.name}")
