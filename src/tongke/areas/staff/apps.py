"""Django's registration of the room ``staff``."""

from django.apps import AppConfig


class StaffConfig(AppConfig):
    """The operator's own people: organisation, posts, roles, sessions, approvals."""

    name = "tongke.areas.staff"
    label = "staff"
