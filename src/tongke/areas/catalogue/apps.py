"""Django's registration of the room ``catalogue``."""

from django.apps import AppConfig


class CatalogueConfig(AppConfig):
    """What is sold: product offerings (a first form; versions and rules come with ordering)."""

    name = "tongke.areas.catalogue"
    label = "catalogue"
