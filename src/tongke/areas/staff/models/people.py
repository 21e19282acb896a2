"""People who sign in, their roles and posts, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from tongke.areas.staff.models.organisation import Org
from tongke.kernel.ids import uuid7


class StaffAccounts(BaseUserManager["Staff"]):
    """Django's account manager, by username without regard to case."""

    def get_by_natural_key(self, username: str | None) -> Staff:
        """Return the account by username."""
        return self.get(username=(username or "").lower())


class Staff(AbstractBaseUser):
    """A person of the operator who signs in. ``password_given``: somebody else chose the password, so its owner
    has to choose another before anything else.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    username = models.CharField(max_length=60, unique=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60, blank=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=20, blank=True)
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    locale = models.CharField(max_length=10, default="zh-hans")
    theme = models.CharField(max_length=10, default="auto")
    is_active = models.BooleanField(default=True)
    totp_confirmed_at = models.DateTimeField(null=True)
    oidc_issuer = models.CharField(max_length=200, blank=True)
    oidc_subject = models.CharField(max_length=200, blank=True)
    password_changed_at = models.DateTimeField(null=True)
    password_given = models.BooleanField(default=False, db_default=False)
    created_at = models.DateTimeField()
    preferences = models.JSONField(default=dict)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = StaffAccounts()

    class Meta:
        db_table = "staff_staff"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["oidc_issuer", "oidc_subject"], name="oidc_identity_once", condition=~models.Q(oidc_subject="")
            ),
        ]

    def __str__(self) -> str:
        return self.username


@dataclass(frozen=True, slots=True)
class Colleague:
    """Who somebody is, for showing who it was: names reach further than a colleague's record."""

    id: UUID
    username: str
    name_zh: str
    name_en: str

    @classmethod
    def read(cls, found: dict[str, str] | None) -> Colleague | None:
        """Read what ``tongke_colleague`` gives."""
        return None if found is None else cls(UUID(found["id"]), found["username"], found["zh"], found["en"])


class StaffSecret(models.Model):
    """What proves a second factor: kept apart from the person, because the audit trail must never hold it.

    ``totp_secret`` is sealed; ``totp_last_step`` is the last time step that was used, so that a code works
    once; ``recovery_hashes`` are keyed digests of the unused recovery codes.
    """

    staff = models.OneToOneField(Staff, primary_key=True, on_delete=models.PROTECT, related_name="+")
    totp_secret = models.BinaryField(null=True)
    totp_last_step = models.BigIntegerField(default=0)
    recovery_hashes = ArrayField(models.CharField(max_length=64), default=list)

    class Meta:
        db_table = "staff_secret"

    def __str__(self) -> str:
        return str(self.staff_id)


class Role(models.Model):
    """A named set of permission codes, edited as data. ``seeded`` remembers which codes the product itself
    once put in, so that a later seed adds what is new and never what an administrator took out.
    """

    code = models.CharField(max_length=40, primary_key=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)
    permissions = ArrayField(models.CharField(max_length=60), default=list)
    seeded = ArrayField(models.CharField(max_length=60), default=list)
    home = models.CharField(max_length=40, default="clerk")
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "staff_role"

    def __str__(self) -> str:
        return self.code


class Post(models.Model):
    """A person's place of work with its roles: scope and permissions follow from the post signed in at."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    org = models.ForeignKey(Org, on_delete=models.PROTECT, related_name="+")
    roles = ArrayField(models.CharField(max_length=40), default=list)
    title = models.CharField(max_length=60, blank=True)
    own_rows_only = models.BooleanField(default=False)
    primary = models.BooleanField(default=False)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "staff_post"

    def __str__(self) -> str:
        return f"{self.staff_id}@{self.org_id}"


class PostRight(models.Model):
    """What follows from a post, worked out by the database whenever post, role or tree change: read-only here."""

    post = models.OneToOneField(Post, primary_key=True, on_delete=models.CASCADE, related_name="+")
    staff_id = models.UUIDField()
    base_org_id = models.IntegerField()
    scope = models.TextField()
    own = models.TextField()
    clear = models.TextField()
    permissions = ArrayField(models.TextField())
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)
    document = models.JSONField()

    class Meta:
        db_table = "staff_post_right"

    def __str__(self) -> str:
        return str(self.post_id)
