"""Django's registration of the room ``account``."""

from django.apps import AppConfig


class AccountConfig(AppConfig):
    """Billing accounts, bills and payments."""

    name = "tongke.areas.account"
    label = "account"
