"""Organisation, people, posts, roles, sessions, approvals and the log of looks at personal data."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models

from tongke.areas.staff.states import ApprovalState, OrgKind
from tongke.kernel.ids import uuid7


class Org(models.Model):
    """A node of the operator's tree. The id is the public code: 1 the group, 33 a province, 3301 a local
    network, 330101 a unit; it never changes, so rows may carry it. ``path`` is ``/1/33/3301/``.
    """

    id = models.IntegerField(primary_key=True)
    kind = models.CharField(max_length=20, choices=OrgKind.choices)
    parent = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    path = models.CharField(max_length=120, db_collation="C", unique=True)
    name_zh = models.CharField(max_length=100)
    name_en = models.CharField(max_length=100)
    area_code = models.CharField(max_length=10, blank=True)
    zone = models.CharField(max_length=40, default="Asia/Shanghai")
    active = models.BooleanField(default=True)

    class Meta:
        db_table = "staff_org"

    def __str__(self) -> str:
        return f"{self.id} {self.name_zh}"


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


class Approval(models.Model):
    """A request that a second person must approve: role grants, bulk exports, rating overrides and the like."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=60)
    org_id = models.IntegerField()
    subject = models.CharField(max_length=200)
    payload = models.JSONField(default=dict)
    permission = models.CharField(max_length=60, default="staff.approve")
    reason = models.TextField()
    state = models.CharField(max_length=12, choices=ApprovalState.choices, default=ApprovalState.REQUESTED)
    requested_by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_note = models.TextField(blank=True)
    expires_at = models.DateTimeField()

    class Meta:
        db_table = "staff_approval"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(decided_by__isnull=True) | ~models.Q(decided_by=models.F("requested_by")),
                name="approval_takes_two",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["state", "requested_at"], name="approval_open")]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject}"

    @property
    def asker(self) -> Colleague | None:
        """Who asked, where the row was read with names."""
        return Colleague.read(getattr(self, "requested_name", None))

    @property
    def decider(self) -> Colleague | None:
        """Who decided, where the row was read with names and somebody did."""
        return Colleague.read(getattr(self, "decided_name", None))


class Look(models.Model):
    """A look at a customer's data: who, whom, what for, and which personal data came unmasked.
    Partitioned by month.
    """

    pk = models.CompositePrimaryKey("at", "id")
    id = models.UUIDField(default=uuid7)
    at = models.DateTimeField()
    staff_id = models.UUIDField(null=True)
    actor = models.TextField()
    org_id = models.IntegerField(null=True)
    kind = models.CharField(max_length=20)
    customer_id = models.UUIDField(null=True)
    purpose = models.CharField(max_length=60)
    clear = models.TextField(blank=True)
    detail = models.JSONField(null=True)

    class Meta:
        db_table = "staff_look"
        managed = False

    def __str__(self) -> str:
        return f"{self.at} {self.actor} {self.kind}"


class Notification(models.Model):
    """A line in a person's notification tray."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    text = models.JSONField()
    link = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "staff_notification"
        indexes: ClassVar = [models.Index(fields=["staff", "-at"], name="notification_tray")]

    def __str__(self) -> str:
        return f"{self.staff_id} {self.at}"


class SavedFilter(models.Model):
    """A list page's filter that a person keeps or shares with the unit."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    staff = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="+")
    page = models.CharField(max_length=60)
    name = models.CharField(max_length=60)
    query = models.TextField()
    created_at = models.DateTimeField()

    class Meta:
        db_table = "staff_saved_filter"
        constraints: ClassVar = [models.UniqueConstraint(fields=["staff", "page", "name"], name="saved_filter_once")]

    def __str__(self) -> str:
        return f"{self.page} {self.name}"


class PolicyFigure(models.Model):
    """One figure of the room's policy from a day on; the newest that has begun holds."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    code = models.CharField(max_length=60)
    value = models.JSONField()
    valid_from = models.DateTimeField()
    set_by = models.CharField(max_length=150)
    set_at = models.DateTimeField()

    class Meta:
        db_table = "staff_policy"
        constraints: ClassVar = [models.UniqueConstraint(fields=["code", "valid_from"], name="policy_figure_once")]

    def __str__(self) -> str:
        return f"{self.code} {self.valid_from}"


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
