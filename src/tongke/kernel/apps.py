"""Django's registration of the kernel."""

from django.apps import AppConfig


class KernelConfig(AppConfig):
    """The kernel owns the outbox, the audit trail, bulk jobs and numbering."""

    name = "tongke.kernel"
    label = "kernel"
    verbose_name = "Kernel"
