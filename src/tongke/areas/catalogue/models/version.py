"""What every version in the catalogue says of itself: its code, names, place in the life cycle and times."""

from __future__ import annotations

from django.db import models

from tongke.areas.catalogue.states import LifeCycle


class Version(models.Model):
    """One version of something with a ``code`` that its owner ``org_id`` keeps; it holds from ``valid_from`` until before
    ``valid_until``. Once approved it never changes: the next version does. Where the next version ends it sooner,
    ``own_until`` keeps the end that it had by itself.
    """

    org_id = models.IntegerField(default=1)
    code = models.CharField(max_length=40)
    version = models.IntegerField(default=1)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    state = models.CharField(max_length=10, choices=LifeCycle.choices, default=LifeCycle.IN_DESIGN)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    own_until = models.DateTimeField(null=True)
    note = models.TextField(blank=True, default="")
    created_by = models.CharField(max_length=150, blank=True, default="")
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.code} v{self.version}"
