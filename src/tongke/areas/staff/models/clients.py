"""Machine clients and the keys of assistants."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models

from tongke.areas.staff.models.organisation import Org
from tongke.areas.staff.models.people import Post, Staff
from tongke.kernel.ids import uuid7


class MachineClient(models.Model):
    """A system that talks to this house by itself: its roles hold below ``org``, narrowed by ``scopes`` (words as in a
    token request; none means all that the roles carry). ``networks`` (CIDR) are where it may come from, ``per_minute``
    how many requests it may make (0: as many as it likes). Once ``valid_until`` has come it is ended.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    name = models.CharField(max_length=60, unique=True)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    roles = ArrayField(models.CharField(max_length=40), default=list)
    scopes = ArrayField(models.CharField(max_length=60), default=list)
    networks = ArrayField(models.CharField(max_length=50), default=list)
    per_minute = models.IntegerField()
    purpose = models.CharField(max_length=200, blank=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    secret_changed_at = models.DateTimeField()
    registered_by = models.CharField(max_length=150)

    class Meta:
        db_table = "staff_client"

    def __str__(self) -> str:
        return self.name


class ClientSecret(models.Model):
    """A digest of a secret that a client may show until ``valid_until``; two of them overlap while it is rotated.
    Kept apart from the client, because the audit trail must never hold it.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    client = models.ForeignKey(MachineClient, on_delete=models.PROTECT, related_name="+")
    digest = models.CharField(max_length=64)
    created_at = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "staff_client_secret"

    def __str__(self) -> str:
        return str(self.client_id)


class PersonalToken(models.Model):
    """A key that lets an assistant program act for a person, under one post, until it expires or is taken back.

    Its hash and its last use stand in ``staff_personal_token_key``, which only the database's own functions read:
    the audit trail of this table must never hold them. ``writing``: besides reading it may record.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.PROTECT, related_name="+")
    org_id = models.IntegerField()
    name = models.CharField(max_length=60)
    writing = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "staff_personal_token"

    def __str__(self) -> str:
        return f"{self.staff_id} {self.name}"
