"""People and organisations, and the dated trees in which they stand."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from tongke.areas.party.states import PartyKind, PartyState, TreeKind
from tongke.kernel.ids import uuid7


class Party(models.Model):
    """A person or an organisation. The three name keys are what search by name compares with:
    ``name_key`` normalised (NFKC, lower case, no spaces), ``pinyin_full`` without tones, ``pinyin_initials``.
    ``retired`` is true of a closed record that is given to no other system any more. ``family_name`` and ``given_name`` are set where somebody told them apart; ``trading_name`` is an organisation's.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    kind = models.CharField(max_length=12, choices=PartyKind.choices)
    state = models.CharField(max_length=12, choices=PartyState.choices, default=PartyState.INITIALIZED)
    name = models.CharField(max_length=200)
    name_key = models.CharField(max_length=200, db_collation="C")
    pinyin_full = models.CharField(max_length=400, db_collation="C", blank=True)
    pinyin_initials = models.CharField(max_length=100, db_collation="C", blank=True)
    family_name = models.CharField(max_length=100, blank=True, db_default="")
    given_name = models.CharField(max_length=100, blank=True, db_default="")
    trading_name = models.CharField(max_length=200, blank=True, db_default="")
    gender = models.CharField(max_length=10, blank=True)
    birth_on = models.DateField(null=True)
    nationality = models.CharField(max_length=2, default="CN")
    occupation = models.CharField(max_length=60, blank=True)
    industry = models.CharField(max_length=60, blank=True)
    language = models.CharField(max_length=10, default="zh-hans")
    characteristics = models.JSONField(default=dict)
    completeness = models.SmallIntegerField(default=0)
    missing = models.JSONField(default=list)
    retired = models.BooleanField(null=True)
    verified_on = models.DateField(null=True)
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="+")
    version = models.IntegerField(default=1)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        db_table = "party_party"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(name=""), name="party_has_a_name"),
            models.CheckConstraint(condition=models.Q(completeness__range=(0, 100)), name="party_completeness_percent"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["name_key", "id"], name="party_by_name"),
            models.Index(fields=["pinyin_full", "id"], name="party_by_pinyin"),
            models.Index(fields=["org_id", "name_key", "id"], name="party_by_org_name"),
            models.Index(fields=["org_id", "completeness", "id"], name="party_repair_worklist"),
        ]

    def __str__(self) -> str:
        return str(self.id)


class PartyRelation(models.Model):
    """``child`` belongs to ``parent`` in one tree from ``valid_from`` until ``valid_until`` (excluded).
    For ``key_person`` the child is the person and ``role`` says what they are to the organisation.
    """

    id = models.UUIDField(primary_key=True, default=uuid7)
    org_id = models.IntegerField()
    tree = models.CharField(max_length=12, choices=TreeKind.choices)
    parent = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    child = models.ForeignKey(Party, on_delete=models.PROTECT, related_name="+", db_index=False)
    role = models.CharField(max_length=60, blank=True)
    share_percent = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    valid_from = models.DateTimeField()
    valid_until = models.DateTimeField(null=True)

    class Meta:
        db_table = "party_relation"
        constraints: ClassVar = [
            models.CheckConstraint(condition=~models.Q(parent=models.F("child")), name="relation_of_two"),
            models.UniqueConstraint(
                fields=["tree", "child"], name="one_parent_at_a_time",
                condition=models.Q(valid_until__isnull=True) & ~models.Q(tree="key_person"),
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["parent", "tree"], name="relation_children"),
            models.Index(fields=["child", "tree"], name="relation_parents"),
        ]

    def __str__(self) -> str:
        return f"{self.tree} {self.parent_id}>{self.child_id}"
