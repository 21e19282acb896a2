"""Records of the kernel. Rows of growing tables live in monthly partitions made by ``partition``."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.kernel.ids import uuid7


class OutboxEvent(models.Model):
    """A fact announced by an area, written in the transaction that made it true. Partitioned by month."""

    pk = models.CompositePrimaryKey("occurred_at", "id")
    id = models.UUIDField(default=uuid7)
    occurred_at = models.DateTimeField()
    name = models.CharField(max_length=120)
    org_id = models.IntegerField(null=True)
    customer_id = models.UUIDField(null=True)
    subject_id = models.UUIDField(null=True)
    actor = models.CharField(max_length=150)
    payload = models.JSONField()

    class Meta:
        db_table = "kernel_outbox"
        managed = False

    def __str__(self) -> str:
        return f"{self.name} {self.id}"


class ReactionRun(models.Model):
    """One reaction to one event; the unique pair makes a repeated delivery do nothing."""

    id = models.BigAutoField(primary_key=True)
    event_id = models.UUIDField()
    event_at = models.DateTimeField()
    reaction = models.CharField(max_length=150)
    state = models.CharField(max_length=10, default="waiting")
    attempts = models.IntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kernel_reaction_run"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["event_id", "reaction"], name="reaction_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=["waiting", "done", "failed"]), name="reaction_state_known"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["created_at"], name="reaction_open", condition=~models.Q(state="done")),
        ]

    def __str__(self) -> str:
        return f"{self.reaction} {self.state}"


class AuditRow(models.Model):
    """Before and after of one row change, written by the database's own triggers. Partitioned by month."""

    pk = models.CompositePrimaryKey("at", "chain", "seq", "ordinal")
    at = models.DateTimeField()
    chain = models.SmallIntegerField()
    seq = models.BigIntegerField()
    ordinal = models.IntegerField()
    actor = models.TextField()
    table_name = models.TextField()
    op = models.CharField(max_length=1)
    row_id = models.TextField()
    org_id = models.IntegerField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)

    class Meta:
        db_table = "kernel_audit_row"
        managed = False

    def __str__(self) -> str:
        return f"{self.op} {self.table_name} {self.row_id}"


class AuditLink(models.Model):
    """One statement's link in its hash chain: digest of its rows, hash over the link before."""

    pk = models.CompositePrimaryKey("at", "chain", "seq")
    at = models.DateTimeField()
    chain = models.SmallIntegerField()
    seq = models.BigIntegerField()
    txid = models.BigIntegerField()
    table_name = models.TextField()
    op = models.CharField(max_length=1)
    rows = models.IntegerField()
    digest = models.BinaryField()
    prev = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        db_table = "kernel_audit_link"
        managed = False

    def __str__(self) -> str:
        return f"{self.chain}/{self.seq}"


class StateChange(models.Model):
    """One move of a life cycle: who moved what from where to where, and why."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    machine = models.CharField(max_length=60)
    subject_id = models.UUIDField()
    verb = models.CharField(max_length=60)
    from_state = models.CharField(max_length=40)
    to_state = models.CharField(max_length=40)
    reason = models.TextField(blank=True)
    actor = models.CharField(max_length=150)
    at = models.DateTimeField()

    class Meta:
        db_table = "kernel_state_change"
        indexes: ClassVar = [models.Index(fields=["subject_id", "at"], name="state_change_subject")]

    def __str__(self) -> str:
        return f"{self.machine} {self.from_state}→{self.to_state}"


class IdempotencyKey(models.Model):
    """The answer already given to a repeatable create, found again by its key."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    scope = models.CharField(max_length=150)
    key = models.CharField(max_length=200)
    request_hash = models.CharField(max_length=64)
    answer = models.JSONField(null=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "kernel_idempotency_key"
        constraints: ClassVar = [models.UniqueConstraint(fields=["scope", "key"], name="idempotency_once")]

    def __str__(self) -> str:
        return f"{self.scope} {self.key}"


class NumberSeries(models.Model):
    """A printed number series: prefix, period and the last number given."""

    id = models.BigAutoField(primary_key=True)
    series = models.CharField(max_length=40)
    period = models.CharField(max_length=10)
    last = models.BigIntegerField(default=0)

    class Meta:
        db_table = "kernel_number_series"
        constraints: ClassVar = [models.UniqueConstraint(fields=["series", "period"], name="number_series_once")]

    def __str__(self) -> str:
        return f"{self.series} {self.period} {self.last}"


class BulkJob(models.Model):
    """One run over many rows: what it read, did and rejected, and where it resumes."""

    id = models.UUIDField(primary_key=True, default=uuid7)
    kind = models.CharField(max_length=80)
    title = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)
    state = models.CharField(max_length=12, default="waiting")
    dry_run = models.BooleanField(default=False)
    parameters = models.JSONField(default=dict)
    total = models.BigIntegerField(null=True)
    position = models.BigIntegerField(default=0)
    read = models.BigIntegerField(default=0)
    created = models.BigIntegerField(default=0)
    updated = models.BigIntegerField(default=0)
    unchanged = models.BigIntegerField(default=0)
    rejected = models.BigIntegerField(default=0)
    sums = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    actor = models.CharField(max_length=150)
    staff_id = models.UUIDField(null=True)
    org_id = models.IntegerField(null=True)
    created_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    heartbeat_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "kernel_bulk_job"
        indexes: ClassVar = [models.Index(fields=["kind", "created_at"], name="bulk_job_kind")]

    def __str__(self) -> str:
        return f"{self.title} {self.state}"


class BulkReject(models.Model):
    """One source row that was not taken: where it stood, what was wrong, what mends it."""

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(BulkJob, on_delete=models.PROTECT, related_name="+")
    source = models.CharField(max_length=200)
    row_number = models.BigIntegerField()
    column = models.CharField(max_length=120, blank=True)
    value = models.TextField(blank=True)
    code = models.CharField(max_length=20)
    reason = models.TextField()
    mend = models.TextField(blank=True)
    raw = models.JSONField(default=dict)

    class Meta:
        db_table = "kernel_bulk_reject"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["job", "source", "row_number", "code", "column"], name="bulk_reject_once"),
        ]

    def __str__(self) -> str:
        return f"{self.source}:{self.row_number} {self.code}"
