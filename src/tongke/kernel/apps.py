"""Django's registration of the kernel."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class KernelConfig(AppConfig):
    """The kernel owns the outbox, the audit trail, bulk jobs and numbering."""

    name = "tongke.kernel"
    label = "kernel"
    verbose_name = "Kernel"

    def ready(self) -> None:
        """Make the rooms' published views anew around every migration run."""
        from tongke.kernel.exports import drop_exports, make_exports  # noqa: PLC0415 - needs the apps loaded

        pre_migrate.connect(drop_exports, sender=self, dispatch_uid="tongke.exports.drop")
        post_migrate.connect(make_exports, sender=self, dispatch_uid="tongke.exports.make")
