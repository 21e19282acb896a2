"""Django's registration of the TM Forum floor."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _install(*, using: str = "default", **_signal: Any) -> None:
    from tongke.tmf.kit.installing import install_functions  # noqa: PLC0415 - models are ready only after set-up

    install_functions(using=using)


class TmfConfig(AppConfig):
    """Official resources over the rooms' queries and verbs, their events, and what documents carry beyond our columns."""

    name = "tongke.tmf"
    label = "tmf"

    def ready(self) -> None:
        """Put the documents' functions into the database after every `migrate`; let the worker know what is worked off later."""
        import_module("tongke.tmf.catalogue.jobs")
        post_migrate.connect(_install, sender=self, dispatch_uid="tongke.tmf.install")
