"""Sign-ins: sessions and tries."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.staff.models.people import Post, Staff
from tongke.kernel.ids import uuid7


class StaffSession(models.Model):
    """A sign-in: who, at which post, when it began and was last used. The key is stored hashed.

    ``expires_at`` is the absolute limit, ``idle_until`` the sliding one. ``restricted`` sessions may only
    set up the second factor that their rights demand, those with ``password_owed`` only choose a password.
    """

    session_key = models.CharField(max_length=64, primary_key=True)
    id = models.UUIDField(default=uuid7, unique=True)
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="+")
    post = models.ForeignKey(Post, on_delete=models.CASCADE, related_name="+")
    second_factor = models.BooleanField(default=False)
    restricted = models.BooleanField(default=False)
    password_owed = models.BooleanField(default=False, db_default=False)
    started_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()
    idle_until = models.DateTimeField()
    expires_at = models.DateTimeField(db_index=True)
    address = models.GenericIPAddressField(null=True)
    agent = models.CharField(max_length=200, blank=True)

    class Meta:
        db_table = "staff_session"

    def __str__(self) -> str:
        return f"{self.staff_id} {self.started_at}"


class SignInAttempt(models.Model):
    """One try to sign in; counted per account and source, so that nobody can lock others out."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    username_index = models.CharField(max_length=64)
    source = models.CharField(max_length=64)
    known_device = models.BooleanField(default=False)
    succeeded = models.BooleanField()
    reason = models.CharField(max_length=30, blank=True)
    at = models.DateTimeField()

    class Meta:
        db_table = "staff_sign_in_attempt"
        indexes: ClassVar = [
            models.Index(fields=["username_index", "at"], name="attempt_by_account"),
            models.Index(fields=["source", "at"], name="attempt_by_source"),
        ]

    def __str__(self) -> str:
        return f"{self.at} {self.succeeded}"
