"""Django's registration of the room ``contact_centre``."""

from django.apps import AppConfig


class ContactCentreConfig(AppConfig):
    """Contacts of customers on every channel."""

    name = "tongke.areas.contact_centre"
    label = "contact_centre"
