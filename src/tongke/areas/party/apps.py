"""Django's registration of the room ``party``."""

from django.apps import AppConfig


class PartyConfig(AppConfig):
    """People and organisations, and what they are to the operator: the one customer record."""

    name = "tongke.areas.party"
    label = "party"
