"""Django's registration of the room ``inventory``."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """What customers have: subscribers (lines), installed products, usage."""

    name = "tongke.areas.inventory"
    label = "inventory"
