"""Django's registration of ``web``."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class WebConfig(AppConfig):
    """Registers ``web`` with Django; its database functions are put in place after every `migrate`."""

    name = "tongke.web"
    label = "web"

    def ready(self) -> None:
        """Ask to be called once at the end of `migrate` (the sender is the highest room that has records)."""
        from tongke.web.hot.install import install_functions  # noqa: PLC0415 - the rooms' models must be loaded first

        post_migrate.connect(install_functions, sender=apps.get_app_config("contact_centre"), dispatch_uid="web.functions")
