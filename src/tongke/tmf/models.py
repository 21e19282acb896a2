"""Records of the TM Forum floor: what documents carry beyond our columns, and documents kept whole."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.kernel.ids import uuid7
from tongke.tmf.hub.models import AllowedTarget, Course, Delivery, InboxRow, Notice, Subscription

__all__ = ["AllowedTarget", "Course", "Delivery", "Extension", "InboxRow", "KeptDocument", "Notice", "Subscription"]


class Extension(models.Model):
    """What a document brought beyond the columns of its record, given back with it: the attributes of the official
    schema that no room keeps yet, and the integrator's own.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    resource = models.CharField(max_length=60, db_collation="C")
    record_id = models.UUIDField()
    content = models.JSONField()

    class Meta:
        db_table = "tmf_extension"
        constraints: ClassVar = [models.UniqueConstraint(fields=["resource", "record_id"], name="tmf_extension_once")]

    def __str__(self) -> str:
        return f"{self.resource} {self.record_id}"


class KeptDocument(models.Model):
    """A document of a resource for which no room has records of its own (formats, specifications, topics): kept whole."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    resource = models.CharField(max_length=60, db_collation="C")
    content = models.JSONField()
    state = models.CharField(max_length=40, blank=True)
    version = models.IntegerField(default=1)
    created_by = models.CharField(max_length=150)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "tmf_document"
        indexes: ClassVar = [models.Index(fields=["resource", "org_id", "created_at", "id"], name="tmf_document_by_age")]

    def __str__(self) -> str:
        return f"{self.resource} {self.id}"
