"""Django's registration of the room ``ordering``."""

from django.apps import AppConfig


class OrderingConfig(AppConfig):
    """What a customer may order: facts gathered, offers judged and priced."""

    name = "tongke.areas.ordering"
    label = "ordering"
